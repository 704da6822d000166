// Synthetic leads and events by the million, written into both stores at once, and the questions that the list is held to.
import { operators, valueShape } from '../src/conditions/contract.ts'
import type { Condition, FactType, Operator, Value } from '../src/conditions/contract.ts'
import { leadSorts } from '../src/leads/contract.ts'
import type { Product } from './product.ts'

/** Days over which leads and events are spread, backwards from this instant. */
export const NOW = Date.now()
const DAY_MS = 86_400_000

/** The id of lead `n` in ClickHouse, as PostgreSQL makes it. */
export const leadIdSql = `toUUID(replaceRegexpOne(lower(hex(MD5(toString(n)))), '(.{8})(.{4}).(.{3}).(.{3})(.{12})', '\\\\1-\\\\2-7\\\\3-8\\\\4-\\\\5'))`

/**
 * Writes leads with their activity, and events, straight into the stores; both are told the same by the same formulas. The
 * triggers rest meanwhile, since what they would owe is written at once.
 */
export async function fillLeads(product: Product, leads: number, events: number): Promise<void> {
  const { workspaceId, postgres, clickhouse } = product
  const connection = await postgres.pool.connect()
  try {
    for (const table of ['leads', 'lead_activity'])
      await connection.query(`alter table ${table} disable trigger user`)
    await connection.query(
      `insert into custom_fields (workspace_id, key, label, type) values ($1, 'plan', 'Plan', 'text'),
         ($1, 'account_manager', 'Account manager', 'text'), ($1, 'seats', 'Seats', 'number'),
         ($1, 'annual_value', 'Annual value', 'number'), ($1, 'renewal', 'Renewal', 'date'), ($1, 'trial', 'Trial', 'boolean')
       on conflict do nothing`,
      [workspaceId],
    )
    await connection.query(
      `insert into leads (id, workspace_id, is_known, email, phone, first_name, last_name, company, job_title, city, country,
         tags, fields, source, created_at, updated_at)
       select overlay(overlay(md5(n::text) placing '7' from 13) placing '8' from 17)::uuid, $1, true, 'person' || n || '@example.com', '+4915' || (100000000 + n),
         'First' || n % 977, 'Last' || n % 7919, 'Company ' || n % 50021, 'Job ' || n % 97, 'City ' || n % 211,
         (array['DE','FR','US','GB'])[1 + n % 4], case when n % 20 = 0 then array['vip','t' || n % 50] else array['t' || n % 50] end,
         jsonb_build_object('plan', (array['Free','Pro','Team'])[1 + n % 3], 'account_manager', 'Manager ' || n % 400,
           'seats', n % 500, 'annual_value', (n::bigint * 137) % 1000000, 'renewal', to_char(date '2024-01-01' + (n % 1500), 'YYYY-MM-DD'),
           'trial', n % 7 = 0),
         'import', to_timestamp(($2::bigint - (n::bigint * 7919 % 1000) * 86400000 - n % 86400000) / 1000.0), to_timestamp($2::bigint / 1000.0)
       from generate_series(1, $3::int) n`,
      [workspaceId, NOW, leads],
    )
    await connection.query(
      `insert into lead_activity (lead_id, workspace_id, version, first_seen_at, last_seen_at, event_count, session_count, state)
       select overlay(overlay(md5(n::text) placing '7' from 13) placing '8' from 17)::uuid, $1, 1, to_timestamp(($2::bigint - (n % 300 + 60) * 86400000::bigint) / 1000.0),
         to_timestamp(($2::bigint - (n % 60) * 86400000::bigint - n % 86400000) / 1000.0), 1 + n % 40, 1 + n % 9,
         jsonb_build_object('pageCount', n % 20, 'firstTouch', jsonb_build_object('channel', (array['Direct','Email','Paid Search'])[1 + n % 3]),
           'lastTouch', jsonb_build_object('channel', (array['Direct','Email','Organic Search'])[1 + n % 3]))
       from generate_series(1, $3::int) n where n % 5 > 0`,
      [workspaceId, NOW, leads],
    )
    for (const table of ['leads', 'lead_activity'])
      await connection.query(`alter table ${table} enable trigger user`)
    await connection.query('analyze leads')
    await connection.query('analyze lead_activity')
  } finally {
    connection.release()
  }
  const id = leadIdSql
  const at = (ms: string) => `fromUnixTimestamp64Milli(toInt64(${ms}), 'UTC')`
  const params = { workspace: workspaceId, now: NOW, day: DAY_MS }
  for (let from = 1; from <= leads; from += CHUNK) {
    await clickhouse.command({
      query: `insert into lead_facts (workspace_id, lead_id, version, state, is_known, email, phone, first_name, last_name, company,
          job_title, city, country, tags, fields, source, created_at, updated_at, first_seen_at, last_seen_at, event_count,
          session_count, page_count, first_channel, last_channel, name_key, search_text)
        select {workspace:UUID}, ${id}, 1, 'active', true, concat('person', toString(n), '@example.com') as email,
          concat('+4915', toString(100000000 + n)) as phone, concat('first', toString(n % 977)) as first_name, concat('last', toString(n % 7919)) as last_name,
          concat('company ', toString(n % 50021)) as company, concat('job ', toString(n % 97)), concat('city ', toString(n % 211)),
          ['DE','FR','US','GB'][1 + n % 4], if(n % 20 = 0, ['vip', concat('t', toString(n % 50))], [concat('t', toString(n % 50))]),
          concat('{"t_plan":"', ['free','pro','team'][1 + n % 3], '","t_account_manager":"manager ', toString(n % 400),
            '","n_seats":', toString(n % 500), '.0,"n_annual_value":', toString((n * 137) % 1000000), '.0,"t_renewal":"',
            toString(toDate('2024-01-01') + (n % 1500)), '","d_renewal":"', toString(toDate('2024-01-01') + (n % 1500)),
            '","b_trial":', if(n % 7 = 0, 'true', 'false'), '}')::JSON,
          'import', ${at('{now:Int64} - (n * 7919 % 1000) * {day:Int64} - n % 86400000')}, ${at('{now:Int64}')},
          if(n % 5 > 0, ${at('{now:Int64} - (n % 300 + 60) * {day:Int64}')}, null),
          if(n % 5 > 0, ${at('{now:Int64} - (n % 60) * {day:Int64} - n % 86400000')}, null),
          if(n % 5 > 0, 1 + n % 40, 0), if(n % 5 > 0, 1 + n % 9, 0), if(n % 5 > 0, n % 20, 0),
          if(n % 5 > 0, ['Direct','Email','Paid Search'][1 + n % 3], ''), if(n % 5 > 0, ['Direct','Email','Organic Search'][1 + n % 3], ''),
          concat(first_name, ' ', last_name), concat(first_name, ' ', last_name, ' ', email, ' ', company, ' ', phone)
        from (select number + {from:UInt64} as n from numbers({count:UInt64}))`,
      query_params: { ...params, from, count: Math.min(CHUNK, leads - from + 1) },
      clickhouse_settings: { input_format_try_infer_dates: 0, input_format_try_infer_datetimes: 0 },
    })
  }
  for (let from = 0; from < events; from += EVENT_CHUNK) {
    await clickhouse.command({
      query: `insert into events (workspace_id, lead_id, occurred_at, event_id, batch_id, received_at, name, category, call, source,
          channel, value_minor, currency, properties)
        select {workspace:UUID}, ${id}, ${at('{now:Int64} - (e % 365) * {day:Int64} - e % 86400000')} as moment,
          generateUUIDv4(), {workspace:UUID}, moment, ['page_viewed','page_viewed','product_viewed','form_submitted','order_completed'][1 + e % 5],
          ['page','page','commerce','form','commerce'][1 + e % 5], 'track', 'tracker', ['Direct','Email','Paid Search'][1 + e % 3],
          if(e % 5 = 4, e % 20000, 0), if(e % 5 = 4, 'EUR', ''),
          if(e % 5 = 4, concat('{"total":', toString(e % 200), ',"coupon":"c', toString(e % 9), '"}'), '{}')
        from (select number + {from:UInt64} as e, 1 + intDiv(e * {leads:UInt64}, {events:UInt64}) as n from numbers({count:UInt64}))`,
      query_params: { ...params, from, leads, events, count: Math.min(EVENT_CHUNK, events - from) },
    })
  }
}

const CHUNK = 100_000
const EVENT_CHUNK = 500_000

/**
 * Asks each named question, and of the long ones the fiftieth page too. @returns milliseconds of each answer
 */
export async function askLists(product: Product, rounds: number): Promise<number[]> {
  const waits: number[] = []
  const list = async (query: Record<string, string>) => {
    const startedAt = performance.now()
    const { status, body } = await product.call('GET', `/api/leads?${new URLSearchParams(query)}`)
    const ms = performance.now() - startedAt
    if (status !== 200) throw new Error(`the list answered ${JSON.stringify(query)} with ${status}`)
    return { ms, next: (body as { nextCursor: string | null }).nextCursor }
  }
  for (const { name, query } of namedQueries()) {
    const isLong = name === 'no filter' || name.startsWith('sort')
    let cursor: string | null = null
    for (let page = 1; isLong && page < 50; page++) {
      cursor = (await list(cursor === null ? query : { ...query, cursor })).next
      if (cursor === null) throw new Error(`${name} has no page ${page + 1}`)
    }
    for (let round = 0; round < rounds; round++) {
      waits.push((await list(query)).ms)
      if (cursor !== null) waits.push((await list({ ...query, cursor })).ms)
    }
  }
  return waits
}

/** Asks for the count and the examples of each condition. @returns milliseconds of each answer */
export async function askPreviews(product: Product, rounds: number): Promise<number[]> {
  const waits: number[] = []
  for (const [name, condition] of previewed) {
    for (let round = 0; round < rounds; round++) {
      const startedAt = performance.now()
      const { status } = await product.call('POST', '/api/leads/preview', { condition })
      waits.push(performance.now() - startedAt)
      if (status !== 200) throw new Error(`the preview of "${name}" was answered with ${status}`)
    }
  }
  return waits
}

/** A question that the list is asked: the query of `GET /api/leads`. */
interface NamedQuery {
  name: string
  query: Record<string, string>
}

/** Each operator on a built-in and on a custom text, number and date; three combined; searches; each sort. */
function namedQueries(): NamedQuery[] {
  const filters: [string, Condition][] = comparisons.flatMap(([type, fact, samples]) =>
    operators[type].map((op): [string, Condition] => [
      `${fact} ${op}`,
      { fact, op, ...valueOf(type, op, samples) },
    ]),
  )
  filters.push([
    'three combined',
    {
      and: [
        { fact: 'company', op: 'contains', value: 'Company 12' },
        { fact: 'fields.seats', op: 'at_least', value: 100 },
        {
          or: [
            { fact: 'tags', op: 'has_any', value: ['vip'] },
            { fact: 'country', op: 'is', value: 'FR' },
          ],
        },
      ],
    },
  ])
  return [
    { name: 'no filter', query: {} },
    ...filters.map(([name, condition]) => ({ name, query: { filter: JSON.stringify(condition) } })),
    ...['last42', 'first7 last42', 'person77', 'company 777', 'nobody at all', 'person4242@example.com'].map(
      (search) => ({ name: `search ${search}`, query: { search } }),
    ),
    ...leadSorts.flatMap((sort) =>
      ['asc', 'desc'].map((order) => ({ name: `sort ${sort} ${order}`, query: { sort, order } })),
    ),
  ]
}

/** Conditions that the preview is asked, those over events included. */
const previewed: [name: string, condition: Condition][] = [
  ['a fact', { fact: 'fields.plan', op: 'is', value: 'pro' }],
  [
    'did an event in 30 days',
    { event: 'order_completed', op: 'did', within: { op: 'in_last', value: { count: 30, unit: 'days' } } },
  ],
  ['did an event ever', { event: 'order_completed', op: 'did' }],
  ['did not do an event', { event: 'form_submitted', op: 'did_not' }],
  ['did it 3 times', { event: 'page_viewed', op: 'count', test: { op: 'at_least', value: 3 } }],
  ['spent 100', { event: 'order_completed', op: 'sum', of: 'total', test: { op: 'at_least', value: 100 } }],
  [
    'with a property',
    {
      event: 'order_completed',
      op: 'did',
      where: [{ property: 'coupon', type: 'text', op: 'is', value: 'c3' }],
    },
  ],
  [
    'last did it',
    { event: 'product_viewed', op: 'last', test: { op: 'in_last', value: { count: 7, unit: 'days' } } },
  ],
  [
    'facts and events',
    {
      and: [
        { fact: 'country', op: 'is', value: 'DE' },
        {
          event: 'order_completed',
          op: 'did',
          within: { op: 'in_last', value: { count: 90, unit: 'days' } },
        },
        {
          event: 'form_submitted',
          op: 'did_not',
          within: { op: 'in_last', value: { count: 30, unit: 'days' } },
        },
      ],
    },
  ],
]

interface Samples {
  text?: string
  number?: number
}

const comparisons: ['text' | 'number' | 'date', string, Samples][] = [
  ['text', 'company', { text: 'Company 777' }],
  ['text', 'fields.account_manager', { text: 'Manager 77' }],
  ['number', 'eventCount', { number: 39 }],
  ['number', 'fields.annual_value', { number: 999_000 }],
  ['date', 'createdAt', {}],
  ['date', 'fields.renewal', {}],
]

function valueOf(type: FactType, op: Operator, { text = '', number = 0 }: Samples): { value?: Value } {
  const day = (ago: number) => new Date(NOW - ago * DAY_MS).toISOString().slice(0, 10)
  switch (valueShape(type, op)) {
    case 'none':
      return {}
    case 'text':
      return { value: text }
    case 'texts':
      return { value: [text, `${text}7`] }
    case 'number':
      return { value: number }
    case 'numbers':
      return { value: [number - 10, number] }
    case 'day':
      return { value: day(200) }
    case 'days':
      return { value: [day(220), day(200)] }
    case 'span':
    case 'future_span':
      return { value: { count: 30, unit: 'days' } }
  }
}
