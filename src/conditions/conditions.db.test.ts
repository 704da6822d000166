// The two interpreters are held equal over random leads, events and trees, on the real ClickHouse.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../test/stores.ts'
import { newId } from '../lib/ids.ts'
import { ask, openClickHouse } from '../platform/clickhouse.ts'
import type { ClickHouse } from '../platform/clickhouse.ts'
import { eventDetails, operators, propertyTypes, valueShape } from './contract.ts'
import type { Comparison, Condition, EventComparison, PropertyComparison, Value } from './contract.ts'
import { checkCondition, chSql, conditionSql, factsOf, predicateOf, written } from './index.ts'
import type { AsOf, ConsentWord, Fact, SubjectEvent } from './index.ts'
import { fold } from './text.ts'

interface Person {
  leadId: string
  name: string
  nick: string
  plan: string
  visits: number | null
  seenAt: string | null
  renewal: string
  vip: boolean | null
  tags: string[]
  mail: ConsentWord
  events: (SubjectEvent & { leadId: string })[]
}

const list: Fact<Person>[] = [
  {
    name: 'name',
    label: 'Name',
    type: 'text',
    read: (p) => p.name,
    column: { sql: chSql`name`, isFolded: false },
  },
  {
    name: 'nick',
    label: 'Nick',
    type: 'text',
    read: (p) => p.nick,
    column: { sql: chSql`nick`, isFolded: true },
  },
  { name: 'plan', label: 'Plan', type: 'choice', read: (p) => p.plan, column: { sql: chSql`plan` } },
  { name: 'visits', label: 'Visits', type: 'number', read: (p) => p.visits, column: { sql: chSql`visits` } },
  {
    name: 'seenAt',
    label: 'Seen',
    type: 'date',
    read: (p) => p.seenAt,
    column: { sql: chSql`seen_at`, as: 'instant' },
  },
  {
    name: 'renewal',
    label: 'Renewal',
    type: 'date',
    read: (p) => p.renewal,
    column: { sql: chSql`renewal`, as: 'text' },
  },
  { name: 'vip', label: 'VIP', type: 'boolean', read: (p) => p.vip, column: { sql: chSql`vip` } },
  { name: 'tags', label: 'Tags', type: 'tags', read: (p) => p.tags, column: { sql: chSql`tags` } },
  {
    name: 'mail',
    label: 'E-mail consent',
    type: 'consent',
    read: (p) => p.mail,
    column: { stated: chSql`mail`, isAllowed: chSql`mail_allowed` },
  },
]
const facts = factsOf(list)
const workspaceId = newId()

// Clocks go forward in Berlin on 29 March 2026 at 01:00 UTC, back in New York on 1 November 2026 at 06:00 UTC; Lord Howe
// changes by half an hour, Apia lies across the date line.
const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia']
const nows = ['2026-03-29T10:00:00.000Z', '2026-11-01T06:30:00.123Z', '2028-02-29T23:59:59.999Z'].map(
  (at) => new Date(at),
)
const asOfs = fc.record({ now: fc.constantFrom(...nows), timeZone: fc.constantFrom(...zones) })

// Few values, so that comparisons hold often; among them wildcards, letters whose case is special, and SQL.
const words = [
  '',
  'Ann',
  'ANN',
  'anna',
  '%',
  '_',
  'a_n',
  '\\',
  '\\n',
  'a\nb',
  'ß',
  'SS',
  'İ',
  'ı',
  'ΣΑΣ',
  'σας',
]
const odd = ['Ümit', 'ümit', "x' or '1'='1", '{c0:String}', '日本', '👩‍👧', 'e\u0301', 'é', '12', '1.5']
const texts = fc.constantFrom(...words, ...odd)
const numbers = fc.constantFrom(0, -0, 1, 2, 2.5, -3, 0.1, 0.30000000000000004, 1e21, 5e-324, 12, 49.9)
const hour = 3_600_000
const instants = fc
  .tuple(
    fc.constantFrom(...nows),
    fc.constantFrom(0, 1, 23, 24, 25, 47, 48, 49, 168, 169, 720, 744, 8760, -1, -24, -25, -48, -200),
    fc.constantFrom(0, 1, -1, 1_800_000),
  )
  .map(([at, hours, ms]) => new Date(at.getTime() - hours * hour + ms).toISOString())
const days = fc.oneof(
  instants.map((at) => at.slice(0, 10)),
  fc.constantFrom('1992-02-29', '1969-12-31', '1990-03-29', '2026-11-01'),
)
const dates = fc.oneof(instants, days, fc.constantFrom('', 'soon', '2026-3-1', '2026-03-01T00:00:00Z'))
const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null })
const tagWords = ['vip', 'VIP', 'a,b', "'x'", '"q"', 'é']
const tags = fc.uniqueArray(fc.constantFrom(...tagWords), { maxLength: 3 })

const properties = fc.record(
  {
    total: fc.oneof(numbers, fc.constantFrom('49.90', '12', '1e3', '', ' 1', '-0.5', '0.1', true, null)),
    note: fc.oneof(texts, numbers, dates, fc.boolean(), fc.constant({ city: 'Ann' }), fc.constant([1, '2'])),
    address: fc.oneof(fc.record({ city: texts, 'a"b': texts }), texts, fc.constant(null)),
    products: fc.oneof(
      fc.array(fc.oneof(fc.record({ sku: fc.oneof(texts, numbers), price: numbers }), texts, numbers), {
        maxLength: 3,
      }),
      fc.record({ sku: texts }),
    ),
  },
  { requiredKeys: [] },
)
const eventNames = ['order_completed', 'Ünïcode Event', 'page_viewed']
const event: fc.Arbitrary<Omit<SubjectEvent, 'isBot'> & { isBot: boolean }> = fc.record({
  name: fc.constantFrom(...eventNames),
  occurredAt: instants,
  isBot: fc.constantFrom(false, false, false, true),
  channel: texts,
  source: texts,
  utmSource: texts,
  utmMedium: texts,
  utmCampaign: texts,
  pageUrl: texts,
  pagePath: texts,
  pageTitle: texts,
  referrer: texts,
  device: texts,
  country: texts,
  properties,
})

const people = fc
  .record({
    name: texts,
    nick: texts,
    plan: fc.constantFrom('', 'pro', 'Pro', 'free'),
    visits: orNull(numbers),
    seenAt: orNull(instants),
    renewal: dates,
    vip: orNull(fc.boolean()),
    tags,
    mail: fc.record({
      stated: fc.constantFrom(null, 'granted', 'denied'),
      isAllowed: fc.boolean(),
    }),
    events: fc.array(fc.tuple(event, fc.boolean()), { maxLength: 6 }),
  })
  .map(({ events, ...given }): Person => {
    const leadId = newId()
    const merged = newId()
    return {
      ...given,
      leadId,
      // What was written before a merge bears the id of the lead that is no more.
      events: events.map(([one, wasBefore]) => ({ ...one, leadId: wasBefore ? merged : leadId })),
    }
  })

const spans = fc.record({
  count: fc.constantFrom(1, 2, 7, 30),
  unit: fc.constantFrom('days' as const, 'weeks' as const, 'months' as const),
})
const someText = texts.filter((text) => text !== '')

function valueFor(type: Fact<Person>['type'], op: Comparison['op']): fc.Arbitrary<Value | undefined> {
  switch (valueShape(type, op)) {
    case 'none':
      return fc.constant(undefined)
    case 'text':
      return type === 'choice' ? fc.constantFrom('pro', 'Pro') : someText
    case 'texts':
      return fc.uniqueArray(type === 'tags' ? fc.constantFrom(...tagWords) : someText, {
        minLength: 1,
        maxLength: 3,
      })
    case 'number':
      return numbers
    case 'numbers':
      return fc.tuple(numbers, numbers).map((pair) => pair.sort((a, b) => a - b))
    case 'day':
      return days
    case 'days':
      return fc.tuple(days, days).map((pair) => pair.sort())
    case 'span':
      return op === 'not_in_last'
        ? spans
        : fc.oneof(
            spans,
            fc.constantFrom(1, 24, 25).map((count) => ({ count, unit: 'hours' as const })),
          )
    case 'future_span':
      return spans
  }
}

const comparisons: fc.Arbitrary<Comparison> = fc
  .constantFrom(...list)
  .chain((fact) =>
    fc
      .constantFrom<Comparison['op']>(...operators[fact.type])
      .chain((op) => valueFor(fact.type, op).map((value) => ({ fact: fact.name, op, value }))),
  )

const where: fc.Arbitrary<PropertyComparison> = fc
  .tuple(
    fc.constantFrom(
      'total',
      'note',
      'address.city',
      'address.a"b',
      'products[].sku',
      'products[].price',
      'products[]',
      'products.sku',
      ...eventDetails.map(({ name }) => name),
    ),
    fc.constantFrom(...propertyTypes),
  )
  .chain(([property, type]) => {
    const asked = property.startsWith('$') ? 'text' : type
    return fc
      .constantFrom<Comparison['op']>(...operators[asked])
      .chain((op) => valueFor(asked, op).map((value) => ({ property, type: asked, op, value })))
  })

const numberTests = fc
  .constantFrom(...operators.number.filter((op) => op !== 'is_set' && op !== 'is_not_set'))
  .chain((op) =>
    fc
      .tuple(fc.constantFrom(0, 1, 2, 3, 0.1, 49.9, -3, 50), fc.constantFrom(0, 1, 3, 100))
      .map((pair) => ({ op, value: op === 'between' ? pair.sort((a, b) => a - b) : pair[0] })),
  )
const instantTests = fc
  .constantFrom(
    'in_last' as const,
    'more_than_ago' as const,
    'today' as const,
    'on' as const,
    'before' as const,
  )
  .chain((op) => valueFor('date', op).map((value) => ({ op, value })))

const measures = fc.oneof(
  fc.constantFrom({ op: 'did' as const }, { op: 'did_not' as const }),
  numberTests.map((test) => ({ op: 'count' as const, test })),
  fc
    .tuple(fc.constantFrom('total', 'products[].price', 'note'), numberTests)
    .map(([of, test]) => ({ op: 'sum' as const, of, test })),
  fc
    .tuple(fc.constantFrom('first' as const, 'last' as const), instantTests)
    .map(([op, test]) => ({ op, test })),
)
const eventComparisons: fc.Arbitrary<EventComparison> = fc
  .tuple(
    fc.constantFrom(...eventNames, 'never_happened'),
    measures,
    fc.array(where, { maxLength: 2 }),
    fc.option(instantTests, { nil: undefined }),
  )
  .map(([name, measure, filters, within]) => ({ event: name, ...measure, where: filters, within }))

const conditions: fc.Arbitrary<Condition> = fc.letrec<{ tree: Condition }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    comparisons,
    eventComparisons,
    fc.record({ and: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ or: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('tree') }),
  ),
})).tree

interface Asked {
  condition: Condition
  asOf: AsOf
}

function many(arbitrary: fc.Arbitrary<Condition>, count: number): fc.Arbitrary<Asked[]> {
  return fc.array(fc.record({ condition: arbitrary, asOf: asOfs }), {
    minLength: 1,
    maxLength: count,
    size: 'max',
  })
}

describe('a condition', () => {
  let clickhouse: ClickHouse
  let everybody: Person[]
  beforeAll(async () => {
    clickhouse = openClickHouse((await freshDatabase()).clickhouseUrl)
    everybody = fc.sample(people, { numRuns: 250, seed: 11 })
    await store(clickhouse, everybody)
  })
  afterAll(() => clickhouse.close())

  // Many at once, since a query costs more than what it asks.
  const askAll = async (asked: readonly Asked[]) => {
    const checked = asked.map(({ condition, asOf }) => ({ checked: checkCondition(condition, facts), asOf }))
    const parts = checked.map(({ checked, asOf }, at) =>
      written(conditionSql(checked, { ...asOf, workspaceId, leadId: chSql`lead_id` }), `p${at}_`),
    )
    const found = await ask<{ lead_id: string; held: number[] }>(
      clickhouse,
      `select lead_id, [${parts.map(({ text }) => `toUInt8(${text})`).join(', ')}] as held from people`,
      Object.assign({}, ...parts.map(({ params }) => params)) as Record<string, unknown>,
    )
    const predicates = checked.map(({ checked, asOf }) =>
      predicateOf(checked, asOf, ({ events }: Person) => events),
    )
    const held = new Map(found.map((row) => [row.lead_id, row.held.map((flag) => flag === 1)]))
    for (const [at, { condition, asOf }] of asked.entries()) {
      const inMemory = everybody.filter((person) => predicates[at]?.(person))
      const inClickHouse = everybody.filter(({ leadId }) => held.get(leadId)?.[at])
      expect({ condition, asOf, found: inClickHouse }).toEqual({ condition, asOf, found: inMemory })
    }
  }

  test('finds in ClickHouse exactly the leads for which it holds in memory', async () => {
    await fc.assert(fc.asyncProperty(many(conditions, 12), askAll), { numRuns: 15 })
  })

  test('finds the same by each operator of each type and by each way to ask for events', async () => {
    const each = fc.oneof({ weight: 2, arbitrary: comparisons }, { weight: 3, arbitrary: eventComparisons })
    await fc.assert(fc.asyncProperty(many(each, 25), askAll), { numRuns: 15 })
  })

  test('is answered from a list of values that no address could hold', async () => {
    const value = Array.from({ length: 500 }, (_, at) => `${at} ${'ü'.repeat(100)}`)
    const condition: Condition = { fact: 'name', op: 'none_of', value }
    await askAll([{ condition, asOf: { now: nows[0]!, timeZone: 'UTC' } }])
  })

  test('folds every character there is as ClickHouse does', async () => {
    const found = await ask<{ code: number; folded: string }>(
      clickhouse,
      `select number as code, replaceAll(lowerUTF8(char(number)), 'ς', 'σ') as folded from numbers(1, 127)
       union all
       select code, replaceAll(lowerUTF8(letter), 'ς', 'σ') as folded from letters where letter != replaceAll(lowerUTF8(letter), 'ς', 'σ')`,
    )
    const changed = new Map(found.map((row) => [row.code, row.folded]))
    const wrong = letters().filter(({ code, letter }) => fold(letter) !== (changed.get(code) ?? letter))
    expect(wrong).toEqual([])
  })
})

function letters(): { code: number; letter: string }[] {
  return Array.from({ length: 0x11_0000 }, (_, code) => code)
    .filter((code) => code > 0 && (code < 0xd800 || code > 0xdfff))
    .map((code) => ({ code, letter: String.fromCodePoint(code) }))
}

async function store(clickhouse: ClickHouse, everybody: readonly Person[]): Promise<void> {
  const tables = [
    `create table people (lead_id UUID, name String, nick String, plan LowCardinality(String), visits Nullable(Float64),
       seen_at Nullable(DateTime64(3, 'UTC')), renewal String, vip Nullable(Bool), tags Array(LowCardinality(String)),
       mail Enum8('unknown' = 0, 'granted' = 1, 'denied' = 2), mail_allowed Bool) engine = MergeTree order by lead_id`,
    'create table letters (code UInt32, letter String) engine = MergeTree order by code',
  ]
  for (const query of tables) await clickhouse.command({ query })
  const insert = (table: string, values: readonly unknown[]) =>
    clickhouse.insert({
      table,
      values: [...values],
      format: 'JSONEachRow',
      clickhouse_settings: { max_partitions_per_insert_block: '0' },
    })
  await insert('letters', letters())
  await insert(
    'people',
    everybody.map(({ leadId, seenAt, mail, nick, events: _, ...person }) => ({
      ...person,
      lead_id: leadId,
      nick: fold(nick),
      seen_at: seenAt,
      mail: mail.stated ?? 'unknown',
      mail_allowed: mail.isAllowed,
    })),
  )
  await insert(
    'lead_aliases',
    everybody.flatMap((person) =>
      [...new Set(person.events.map((one) => one.leadId))]
        .filter((id) => id !== person.leadId)
        .map((id) => ({ lead_id: id, target_id: person.leadId, version: 1, is_removed: 0 })),
    ),
  )
  await clickhouse.command({ query: 'system reload dictionary lead_alias' })
  await insert(
    'events',
    everybody.flatMap((person) =>
      person.events.map((one) => ({
        workspace_id: workspaceId,
        lead_id: one.leadId,
        event_id: newId(),
        batch_id: newId(),
        received_at: one.occurredAt,
        occurred_at: one.occurredAt,
        name: one.name,
        is_bot: one.isBot ? 1 : 0,
        properties: JSON.stringify(one.properties),
        ...Object.fromEntries(eventDetails.map(({ column, key }) => [column, one[key]])),
      })),
    ),
  )
}
