// The list of many leads, read from ClickHouse's copy: the same leads as PostgreSQL finds, each once, shown as they are now.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../test/stores.ts'
import { newId } from '../lib/ids.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import { openClickHouse } from '../platform/clickhouse.ts'
import type { ClickHouse } from '../platform/clickhouse.ts'
import { openPostgres, run, sql } from '../platform/postgres.ts'
import type { Postgres } from '../platform/postgres.ts'
import { listLeads as endpoint } from './contract.ts'
import { recordSorts } from './store/list.ts'
import { decodeCursor } from './cursor.ts'
import { feedLeadFacts, owedState } from './fact-feed.ts'
import { listFacets, listLeads, showChanged } from './list.ts'
import { previewLeads } from './preview.ts'

const now = new Date('2026-06-30T12:00:00.000Z')
const workspaceId = newId<WorkspaceId>()
const teamId = newId()
const MANY = 20_100

let postgres: Postgres
let clickhouse: ClickHouse
beforeAll(async () => {
  const stores = await freshDatabase()
  postgres = openPostgres(stores.databaseUrl, { max: 4 })
  clickhouse = openClickHouse(stores.clickhouseUrl)
  const { db } = postgres
  await run(db, sql`insert into teams (id, name) values (${teamId}, 'Team')`)
  await run(
    db,
    sql`insert into workspaces (id, team_id, mode, name, slug) values (${workspaceId}, ${teamId}, 'live', 'Shop', 'shop')`,
  )
  await run(
    db,
    sql`insert into custom_fields (workspace_id, key, label, type) values
        (${workspaceId}, 'plan', 'Plan', 'text'), (${workspaceId}, 'seats', 'Seats', 'number')`,
  )
  // Many equal values and many missing ones, so that ties and the step from the last value to none are crossed by pages.
  await run(
    db,
    sql`insert into leads (id, workspace_id, is_known, first_name, last_name, email, company, phone, country, tags, fields, source, created_at, updated_at)
        select gen_random_uuid(), ${workspaceId}, n % 100 <> 0,
          case when n % 4 > 0 then (array['Émile', 'emil', 'Zoë'])[1 + n % 3] end, case when n % 4 > 0 then 'No ' || n % 50 end,
          case when n % 3 > 0 then 'p' || n || '@example.com' end, 'Firm ' || n % 40, '+4930' || (1000000 + n),
          (array['DE', 'AT'])[1 + n % 2], case when n % 10 = 0 then array['vip'] else '{}' end,
          jsonb_build_object('plan', (array['Gold', 'free'])[1 + n % 2], 'seats', n % 7), 'manual',
          ${now}::timestamptz - make_interval(secs => n % 5), ${now}
        from generate_series(1, ${MANY}) n`,
  )
  await run(
    db,
    sql`insert into lead_activity (lead_id, workspace_id, version, first_seen_at, last_seen_at, event_count, session_count, state)
        select id, workspace_id, 1, ${now}, ${now}::timestamptz - make_interval(mins => (substr(phone, 6)::int % 7)), substr(phone, 6)::int % 4, 1, '{}'
        from leads where substr(phone, 6)::int % 3 <> 1`,
  )
  await feedAll()
})
afterAll(() => Promise.all([postgres.close(), clickhouse.close()]))

async function feedAll(): Promise<void> {
  const stores = { db: postgres.db, clickhouse }
  while ((await owedState(postgres.db)).leads > 0) {
    await feedLeadFacts(stores, 'live')
    await feedLeadFacts(stores, 'bulk')
  }
}

const inCopy = (query: Record<string, unknown>) =>
  listLeads(postgres.db, workspaceId, endpoint.query!.parse(query), now, clickhouse)
const inRecords = (query: Record<string, unknown>) =>
  listLeads(postgres.db, workspaceId, endpoint.query!.parse(query), now)
const filter = (condition: unknown) => ({ filter: JSON.stringify(condition) })

describe('a list of many leads', () => {
  test.each(recordSorts.flatMap((sort) => (['asc', 'desc'] as const).map((order) => [sort, order] as const)))(
    'shows on its pages each lead once, sorted by %s %s',
    async (sort, order) => {
      const query = { sort, order, limit: 150, ...filter({ fact: 'company', op: 'is', value: 'FIRM 7' }) }
      const ids: string[] = []
      const values: unknown[] = []
      let cursor: string | undefined
      do {
        const page = await inCopy({ ...query, cursor })
        expect(page).toMatchObject({ total: 503, totalIsExact: true })
        ids.push(...page.items.map((item) => item.id))
        values.push(...page.items.map((item) => (sort === 'name' ? item.firstName : item[sort])))
        cursor = page.nextCursor ?? undefined
        if (cursor) expect(decodeCursor(cursor, sort, order).from).toBe('copy')
      } while (cursor)
      const all: string[] = []
      do {
        const page = await inRecords({ ...query, cursor })
        all.push(...page.items.map((item) => item.id))
        cursor = page.nextCursor ?? undefined
      } while (cursor)
      expect(new Set(ids).size).toBe(503)
      expect([...ids].sort()).toEqual(all.sort())
      const known = values.slice(0, values.includes(null) ? values.indexOf(null) : undefined)
      expect(values.slice(known.length).every((value) => value === null)).toBe(true)
      if (sort === 'name') return
      const sorted = [...known].sort((a, b) => (a === b ? 0 : a! < b! === (order === 'asc') ? -1 : 1))
      expect(known).toEqual(sorted)
    },
  )

  test.each([
    [{}],
    [{ audience: 'all' }],
    [{ audience: 'anonymous' }],
    [{ search: 'firm 12' }],
    [{ search: 'ÉMILE no 4' }],
    [{ search: '30 1000123' }],
    [{ search: "'; drop" }],
    [{ status: 'binned' }],
    [filter({ fact: 'tags', op: 'has_any', value: ['vip'] })],
    [filter({ fact: 'fields.plan', op: 'is', value: 'GOLD' })],
    [
      filter({
        and: [
          { fact: 'fields.seats', op: 'at_least', value: 5 },
          { not: { fact: 'country', op: 'is', value: 'DE' } },
        ],
      }),
    ],
  ])('counts and finds the same as PostgreSQL does: %j', async (query) => {
    const [copy, records] = await Promise.all([
      inCopy({ ...query, sort: 'createdAt', limit: 200 }),
      inRecords({ ...query, sort: 'createdAt', limit: 200 }),
    ])
    expect({ total: copy.total, exact: copy.totalIsExact, shown: copy.items.length }).toEqual({
      total: records.total,
      exact: records.totalIsExact,
      shown: records.items.length,
    })
    if (records.total < 200)
      expect(copy.items.map((item) => item.id).sort()).toEqual(records.items.map((item) => item.id).sort())
  })

  test('shows a lead as it is now, leaves out one that went to the bin, and knows of a change that was shown', async () => {
    const wanted = { ...filter({ fact: 'lastName', op: 'is', value: 'No 17' }), limit: 200 }
    const before = await inCopy(wanted)
    const [first, second] = before.items
    await run(postgres.db, sql`update leads set city = 'Ulm' where id = ${first!.id}`)
    await run(postgres.db, sql`update leads set status = 'binned' where id = ${second!.id}`)
    const meanwhile = await inCopy(wanted)
    expect(meanwhile.items.find((item) => item.id === first!.id)?.city).toBe('Ulm')
    expect(meanwhile.items.some((item) => item.id === second!.id)).toBe(false)
    expect(meanwhile.total).toBe(before.total)
    await showChanged({ db: postgres.db, clickhouse }, workspaceId, [first!.id, second!.id])
    expect((await inCopy(wanted)).total).toBe(before.total - 1)
    expect((await inCopy({ ...filter({ fact: 'city', op: 'is', value: 'ulm' }) })).items).toHaveLength(1)
  })

  test('has its filters offered from the copy what PostgreSQL would offer', async () => {
    const offered = await listFacets(postgres.db, workspaceId, clickhouse)
    const away = openClickHouse('http://throughline:x@127.0.0.1:1/nothing')
    expect(await listFacets(postgres.db, workspaceId, away)).toEqual(offered)
    expect(offered).toMatchObject({ tags: ['vip'], countries: ['AT', 'DE'], sources: ['manual'] })
    await away.close()
  })

  test('says what still works while ClickHouse is away', async () => {
    const away = openClickHouse('http://throughline:x@127.0.0.1:1/nothing')
    const list = (query: Record<string, unknown>) =>
      listLeads(postgres.db, workspaceId, endpoint.query!.parse(query), now, away)
    expect((await list({ sort: 'createdAt' })).items).toHaveLength(50)
    await expect(list({ search: 'firm' })).rejects.toMatchObject({ code: 'leads_unreachable', status: 503 })
    await away.close()
  })
})

test('a condition is previewed with its exact count and the 20 leads seen last', async () => {
  const preview = await previewLeads(
    { db: postgres.db, clickhouse },
    workspaceId,
    { condition: { fact: 'eventCount', op: 'at_least', value: 1 }, audience: 'all' },
    now,
  )
  expect(preview.isPartial).toBe(false)
  expect(preview.count).toBeGreaterThan(9_000)
  expect(preview.examples).toHaveLength(20)
  expect(preview.examples.every((lead) => lead.eventCount >= 1)).toBe(true)
  const seen = preview.examples.map((lead) => lead.lastSeenAt!)
  expect(seen).toEqual([...seen].sort().reverse())
})
