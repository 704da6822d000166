// The two interpreters of conditions are held equal over random leads and random conditions, on the real database.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../test/stores.ts'
import { checkCondition, conditionSql, holds } from '../conditions/index.ts'
import { operators } from '../conditions/contract.ts'
import type { Comparison, Condition, Operator } from '../conditions/contract.ts'
import { newId } from '../lib/ids.ts'
import { openPostgres, rows, run, sql } from '../platform/postgres.ts'
import type { Postgres } from '../platform/postgres.ts'
import { leadFacts } from './facts.ts'
import type { CustomField, LeadSubject } from './facts.ts'
import { newLeadRow } from './record.ts'
import { insertLeadRows } from './store.ts'

const now = new Date('2026-06-30T12:00:00.000Z')
const workspaceId = newId()
const customFields: CustomField[] = [
  { key: 'plan', label: 'Plan', type: 'text' },
  { key: 'seats', label: 'Seats', type: 'number' },
  { key: 'renewal', label: 'Renewal', type: 'date' },
  { key: 'vip', label: 'VIP', type: 'boolean' },
  { key: "o'hara; --", label: 'Odd', type: 'text' },
]
const facts = leadFacts(customFields)

// Few values, so that comparisons hold often; among them wildcards, letters whose case is special, and SQL.
const texts = fc.constantFrom(
  '',
  'Ann',
  'ANN',
  'anna',
  '%',
  '_',
  'a_n',
  '\\',
  'ß',
  'SS',
  'İ',
  'ΣΑΣ',
  'σας',
  'ümit',
  'Ümit',
  "x' or '1'='1",
)
const instants = fc
  .constantFrom(-400, -30, -7.0000001, -7, -1, 0, 1)
  .map((days) => new Date(now.getTime() + days * 86_400_000).toISOString())
const numbers = fc.constantFrom(0, 1, 2, 2.5, -3, 1e21)
const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null })
const anything = fc.oneof(
  texts,
  numbers,
  fc.boolean(),
  instants,
  fc.constantFrom('2026-06-30', '2026-02-31', 'soon'),
)

const subjects = fc
  .record({
    email: orNull(texts),
    first_name: orNull(texts),
    country: orNull(fc.constantFrom('DE', 'AT')),
    owner_id: orNull(texts),
    tags: fc.uniqueArray(fc.constantFrom('vip', 'VIP', 'a,b', '{x}', '"q"'), { maxLength: 3 }),
    is_known: fc.boolean(),
    created_at: instants,
    fields: fc.dictionary(fc.constantFrom(...customFields.map((field) => field.key)), anything),
    activity: orNull(
      fc.record({
        first_seen_at: instants,
        last_seen_at: instants,
        event_count: fc.nat(3),
        session_count: fc.nat(3),
        first_channel: orNull(texts),
        last_channel: orNull(texts),
      }),
    ),
  })
  .map(({ activity, ...given }): LeadSubject => ({
    ...newLeadRow({ id: newId(), workspaceId, source: 'manual', at: now, now, isKnown: true }),
    ...given,
    ...(activity ?? {
      first_seen_at: null,
      last_seen_at: null,
      event_count: null,
      session_count: null,
      first_channel: null,
      last_channel: null,
    }),
  }))

const comparisons: fc.Arbitrary<Comparison> = fc
  .constantFrom(...facts.values())
  .chain((fact) => fc.tuple(fc.constant(fact), fc.constantFrom<Operator>(...operators[fact.type])))
  .chain(([fact, op]) => {
    const values: fc.Arbitrary<string | number> = op.includes('days')
      ? fc.constantFrom(1, 7, 30)
      : fact.type === 'number'
        ? numbers
        : fact.type === 'instant'
          ? instants
          : fact.type === 'tags'
            ? fc.constantFrom('vip', 'a,b', '{x}', '"q"')
            : texts.filter((text) => text !== '')
    return values.map((value) => ({ fact: fact.name, op, value }))
  })
const conditions: fc.Arbitrary<Condition> = fc.letrec<{ tree: Condition }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    comparisons,
    fc.record({ and: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ or: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('tree') }),
  ),
})).tree

describe('a condition on leads', () => {
  let postgres: Postgres
  beforeAll(async () => {
    postgres = openPostgres((await freshDatabase()).databaseUrl, { max: 1 })
  })
  afterAll(() => postgres.close())

  test('finds in PostgreSQL exactly the leads for which it holds in memory', async () => {
    const leads = fc.sample(subjects, { numRuns: 300, seed: 7 })
    await insertLeadRows(
      postgres.db,
      leads.map(
        ({
          first_seen_at: _1,
          last_seen_at: _2,
          event_count: _3,
          session_count: _4,
          first_channel: _5,
          last_channel: _6,
          ...row
        }) => row,
      ),
    )
    for (const lead of leads.filter((lead) => lead.last_seen_at !== null)) {
      const state = { firstTouch: { channel: lead.first_channel }, lastTouch: { channel: lead.last_channel } }
      await run(
        postgres.db,
        sql`insert into lead_activity (lead_id, workspace_id, version, first_seen_at, last_seen_at, event_count, session_count, state)
            values (${lead.id}, ${workspaceId}, 1, ${lead.first_seen_at}, ${lead.last_seen_at}, ${lead.event_count}, ${lead.session_count}, ${JSON.stringify(state)}::jsonb)`,
      )
    }
    const ask = async (condition: Condition) => {
      const checked = checkCondition(condition, facts)
      const found = await rows<{ id: string }>(
        postgres.db,
        sql`select l.id from leads l left join lead_activity a on a.lead_id = l.id
            where l.workspace_id = ${workspaceId} and ${conditionSql(checked, now)} order by l.id`,
      )
      const held = leads.filter((lead) => holds(checked, lead, now)).map((lead) => lead.id)
      expect(found.map((row) => row.id)).toEqual(held.sort())
    }
    await fc.assert(fc.asyncProperty(conditions, ask), { numRuns: 600 })
    for (const fact of facts.values()) {
      for (const op of operators[fact.type]) {
        const value = op.includes('days')
          ? 7
          : fact.type === 'number'
            ? 2
            : fact.type === 'instant'
              ? '2026-06-29'
              : 'ann'
        await ask({ fact: fact.name, op, value })
      }
    }
  })
})
