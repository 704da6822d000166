// What conditions find in the stores is what they find in memory, over random leads with every fact that leads have.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../test/stores.ts'
import {
  checkCondition,
  chSql,
  conditionSql,
  postgresSql,
  predicateOf,
  written,
} from '../conditions/index.ts'
import { operators, valueShape } from '../conditions/contract.ts'
import type { Comparison, Condition, FactType, Operator, Value } from '../conditions/contract.ts'
import { newId } from '../lib/ids.ts'
import { ask, openClickHouse } from '../platform/clickhouse.ts'
import type { ClickHouse } from '../platform/clickhouse.ts'
import { openPostgres, rows, run, sql } from '../platform/postgres.ts'
import type { Postgres } from '../platform/postgres.ts'
import { purposes } from './contract.ts'
import { factsLine } from './fact-row.ts'
import { leadFacts } from './facts.ts'
import type { CustomField, LeadSubject } from './facts.ts'
import { listColumns } from './list-columns.ts'
import { newLeadRow } from './record.ts'
import { insertLeadRows } from './store.ts'
import { insertFacts } from './store/lead-facts.ts'

const asOf = { now: new Date('2026-06-30T12:00:00.000Z'), timeZone: 'America/New_York' }
const workspaceId = newId()
const customFields: CustomField[] = [
  { key: 'plan', label: 'Plan', type: 'text' },
  { key: 'seats', label: 'Seats', type: 'number' },
  { key: 'renewal', label: 'Renewal', type: 'date' },
  { key: 'vip', label: 'VIP', type: 'boolean' },
  { key: "o'hara; --.ü", label: 'Odd', type: 'text' },
]
const facts = leadFacts({
  customFields,
  consentDefaults: { DE: 'granted', US: 'denied', '*': 'granted' },
  currency: 'EUR',
})

// Few values, so that comparisons hold often; among them wildcards, letters whose case is special, and SQL.
const words = ['', 'Ann', 'ANN', 'anna', '%', '_', 'a_n', '\\', 'ß', 'SS', 'İ', 'ΣΑΣ', 'σας', 'ümit', 'Ümit']
const texts = fc.constantFrom(...words, "x' or '1'='1")
const addresses = fc.constantFrom(
  ...[
    'ann@works.example',
    'info@works.example',
    'Info+fair@Works.Example',
    '+sales@works.example',
    'ann@gmail.com',
  ],
  ...[
    'hello@gmail.com',
    'ann@uni.gmail.com',
    'ann@yahoo.co.uk',
    'ann@yahoo.co.works',
    'ann@yahoo.a.b.c',
    'ann@mx.gmx.at',
  ],
  ...[
    'ann@mailinator.com',
    'info@yopmail.com',
    'noreply@gmail.com',
    'ann@gmail.mailinator.com',
    'ann@yahoo.yopmail.fr',
  ],
  ...[
    'ann@shop.invalid',
    'ann@test.com',
    'a@b@mailinator.com',
    'ümit@bücher.example',
    'gmail.com',
    '@',
    'ann@',
    '@gmail.com',
  ],
)
const instants = fc
  .constantFrom(-400, -30, -7.0000001, -7, -1, 0, 1)
  .map((days) => new Date(asOf.now.getTime() + days * 86_400_000).toISOString())
const days = fc.constantFrom('2026-06-30', '2026-06-29', '2025-05-26', '1992-02-29')
const numbers = fc.constantFrom(0, 1, 2, 2.5, -3, 1e21, 0.1)
const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null })
const anything = fc.oneof(texts, numbers, fc.boolean(), instants, days, fc.constantFrom('2026-06-3', 'soon'))
const tagWords = ['vip', 'VIP', 'a,b', '{x}', '"q"']
const countries = fc.constantFrom('DE', 'AT', 'US', 'XXL')

const subjects = fc.record({
  record: fc
    .record({
      email: orNull(fc.oneof(texts, addresses)),
      first_name: orNull(texts),
      country: orNull(countries),
      owner_id: orNull(texts),
      tags: fc.uniqueArray(fc.constantFrom(...tagWords), { maxLength: 3 }),
      is_known: fc.boolean(),
      created_at: instants,
      fields: fc.dictionary(fc.constantFrom(...customFields.map((field) => field.key)), anything),
    })
    .map((given) => ({
      ...newLeadRow({
        id: newId(),
        workspaceId,
        source: 'manual',
        at: asOf.now,
        now: asOf.now,
        isKnown: true,
      }),
      ...given,
    })),
  consents: fc.dictionary(fc.constantFrom(...purposes), fc.constantFrom('granted', 'denied')),
  activity: fc.option(
    fc.record({
      first_seen_at: instants,
      last_seen_at: instants,
      event_count: fc.nat(3),
      session_count: fc.nat(3),
      page_count: fc.nat(3),
      first_channel: orNull(texts),
      last_channel: orNull(texts),
    }),
    { nil: undefined },
  ),
  orders: fc.option(
    fc.record({
      count: fc.integer({ min: 1, max: 3 }),
      revenue: fc.dictionary(fc.constantFrom('EUR', 'USD'), fc.constantFrom(100, 250, -300, 10)),
      firstAt: instants,
      lastAt: instants,
    }),
    { nil: undefined },
  ),
})

function valueFor(type: FactType, op: Operator): fc.Arbitrary<Value | undefined> {
  switch (valueShape(type, op)) {
    case 'none':
      return fc.constant(undefined)
    case 'text':
      return fc.oneof(
        texts.filter((text) => text !== ''),
        countries,
        fc.constantFrom('gmail.com', 'works', '@'),
      )
    case 'texts':
      return fc.uniqueArray(
        fc.constantFrom(
          ...(type === 'tags'
            ? tagWords
            : [
                'ANN',
                'σΑΣ',
                'DE',
                'US',
                'manual',
                'free',
                'role',
                'business',
                'placeholder',
                'disposable',
                'GMAIL.com',
              ]),
        ),
        { minLength: 1, maxLength: 3 },
      )
    case 'number':
      return numbers
    case 'numbers':
      return fc.tuple(numbers, numbers).map((pair) => pair.sort((a, b) => a - b))
    case 'day':
      return days
    case 'days':
      return fc.tuple(days, days).map((pair) => pair.sort())
    case 'span':
    case 'future_span':
      return fc.constantFrom(1, 7, 30).map((count) => ({ count, unit: 'days' as const }))
  }
}

const all = [...facts.byName.values()]
function comparisonsOf(among: typeof all): fc.Arbitrary<Comparison> {
  return fc
    .constantFrom(...among)
    .chain((fact) =>
      fc
        .constantFrom<Operator>(...operators[fact.type])
        .chain((op) => valueFor(fact.type, op).map((value) => ({ fact: fact.name, op, value }))),
    )
}
function conditionsOf(among: typeof all): fc.Arbitrary<Condition> {
  return fc.letrec<{ tree: Condition }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      comparisonsOf(among),
      fc.record({ and: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ or: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ not: tie('tree') }),
    ),
  })).tree
}
const many = (conditions: fc.Arbitrary<Condition>) =>
  fc.array(conditions, { minLength: 1, maxLength: 25, size: 'max' })

describe('a condition on leads', () => {
  let postgres: Postgres
  let clickhouse: ClickHouse
  let leads: LeadSubject[]
  beforeAll(async () => {
    const stores = await freshDatabase()
    postgres = openPostgres(stores.databaseUrl, { max: 1 })
    clickhouse = openClickHouse(stores.clickhouseUrl)
    const made = fc.sample(subjects, { numRuns: 300, seed: 7 })
    leads = made
    await insertFacts(
      clickhouse,
      leads.map((lead) => factsLine(lead, 1)),
    )
    await insertLeadRows(
      postgres.db,
      made.map(({ record }) => record),
    )
    for (const { record, activity } of leads) {
      if (!activity) continue
      const state = {
        firstTouch: { channel: activity.first_channel },
        lastTouch: { channel: activity.last_channel },
      }
      await run(
        postgres.db,
        sql`insert into lead_activity (lead_id, workspace_id, version, first_seen_at, last_seen_at, event_count, session_count, state)
            values (${record.id}, ${workspaceId}, 1, ${activity.first_seen_at}, ${activity.last_seen_at}, ${activity.event_count}, ${activity.session_count}, ${JSON.stringify(state)}::jsonb)`,
      )
    }
  })
  afterAll(() => Promise.all([postgres.close(), clickhouse.close()]))

  const idsWhere = (condition: Condition) => {
    const held = predicateOf(checkCondition(condition, facts), asOf)
    return leads
      .filter(held)
      .map(({ record }) => record.id)
      .sort()
  }

  test('finds in ClickHouse exactly the leads for which it holds in memory', async () => {
    const askAll = async (conditions: Condition[]) => {
      const parts = conditions.map((condition, at) =>
        written(
          conditionSql(checkCondition(condition, facts), { ...asOf, workspaceId, leadId: chSql`lead_id` }),
          `p${at}_`,
        ),
      )
      const found = await ask<{ lead_id: string; held: number[] }>(
        clickhouse,
        `select lead_id, [${parts.map(({ text }) => `toUInt8(${text})`).join(', ')}] as held from lead_facts final order by lead_id`,
        Object.assign({}, ...parts.map(({ params }) => params)) as Record<string, unknown>,
      )
      for (const [at, condition] of conditions.entries()) {
        const ids = found.filter(({ held }) => held[at] === 1).map((row) => row.lead_id)
        expect({ condition, found: ids.sort() }).toEqual({ condition, found: idsWhere(condition) })
      }
    }
    await fc.assert(fc.asyncProperty(many(conditionsOf(all)), askAll), { numRuns: 15 })
    await fc.assert(fc.asyncProperty(many(comparisonsOf(all)), askAll), { numRuns: 20 })
  })

  test('finds the same in PostgreSQL, where that is asked', async () => {
    const columns = listColumns(customFields)
    const answered = all.filter(({ name }) => columns(name))
    const askOne = async (condition: Condition) => {
      const found = await rows<{ id: string }>(
        postgres.db,
        sql`select l.id from leads l left join lead_activity a on a.lead_id = l.id
            where l.workspace_id = ${workspaceId} and ${postgresSql(checkCondition(condition, facts), asOf, columns)} order by l.id`,
      )
      expect(found.map((row) => row.id)).toEqual(idsWhere(condition))
    }
    await fc.assert(fc.asyncProperty(conditionsOf(answered), askOne), { numRuns: 300 })
  })
})
