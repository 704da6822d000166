// The dashboard on the real stores: listed events, leads and orders, and the numbers they must come to.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../test/stores.ts'
import { logEvents, sendOpenBatches, systemEvent } from '../events/index.ts'
import type { LoggedEvent } from '../events/contract.ts'
import { feedLeadFacts } from '../leads/index.ts'
import { newId } from '../lib/ids.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import { openClickHouse } from '../platform/clickhouse.ts'
import type { ClickHouse } from '../platform/clickhouse.ts'
import { openPostgres, run, sql } from '../platform/postgres.ts'
import type { Postgres } from '../platform/postgres.ts'
import { dashboardSchema } from './contract.ts'
import { readDashboard } from './dashboard.ts'

const workspaceId = newId<WorkspaceId>()
const otherWorkspaceId = newId<WorkspaceId>()
// Tuesday 30 June, 21:00 in Tokyo.
const clock = () => new Date('2026-06-30T12:00:00.000Z')

let postgres: Postgres
let clickhouse: ClickHouse

beforeAll(async () => {
  const stores = await freshDatabase()
  postgres = openPostgres(stores.databaseUrl, { max: 6 })
  clickhouse = openClickHouse(stores.clickhouseUrl)
  const teamId = newId()
  await run(postgres.db, sql`insert into teams (id, name) values (${teamId}, 'Team')`)
  for (const [id, mode] of [
    [workspaceId, 'live'],
    [otherWorkspaceId, 'test'],
  ]) {
    await run(
      postgres.db,
      sql`insert into workspaces (id, team_id, mode, name, slug, time_zone) values (${id}, ${teamId}, ${mode}, 'Shop', ${`shop-${mode}`}, 'Asia/Tokyo')`,
    )
  }
  await tracked([
    ['2026-06-30T11:00:00Z', 'page_viewed', { sessionStart: true, channel: 'Email' }],
    ['2026-06-30T11:01:00Z', 'page_viewed', {}],
    // 00:30 on the 30th in Tokyo, the 29th in UTC.
    ['2026-06-29T15:30:00Z', 'page_viewed', { sessionStart: true, channel: 'Direct' }],
    ['2026-06-24T02:00:00Z', 'signed_up', { sessionStart: true, channel: 'Email', category: 'form' }],
    // The seven days before, once up to this time of day and once past it.
    ['2026-06-23T11:00:00Z', 'page_viewed', { sessionStart: true, channel: 'Email' }],
    ['2026-06-23T13:00:00Z', 'page_viewed', { sessionStart: true, channel: 'Email' }],
    // No visits: a machine's, and our own record keeping.
    ['2026-06-30T11:00:00Z', 'page_viewed', { sessionStart: true, channel: 'Direct', isBot: true }],
    ['2026-06-30T11:00:00Z', 'lead_updated', { category: 'record' }],
    ['2026-06-30T11:00:00Z', 'lead_merged', { category: 'identity' }],
  ])
  await tracked(
    [['2026-06-30T11:00:00Z', 'page_viewed', { sessionStart: true, channel: 'Email' }]],
    otherWorkspaceId,
  )
  const jane = await lead('2026-06-30T01:00:00Z', { first_name: 'Jane', last_name: 'Doe' }, 'Email')
  const part = await lead('2026-06-01T01:00:00Z', { status: 'merged', merged_into: jane })
  await lead('2026-06-23T01:00:00Z', { email: 'b@shop.example' })
  await lead('2026-06-30T01:00:00Z', { is_known: false })
  // What somebody in the bin did and ordered counts nowhere, nor what did who is part of them.
  const binned = await lead('2026-06-30T01:00:00Z', { status: 'binned' })
  const within = await lead('2026-06-20T01:00:00Z', { status: 'merged', merged_into: binned })
  await alias(within, binned)
  for (const id of [binned, within]) {
    const visit = { sessionStart: true, channel: 'Email' }
    await tracked([['2026-06-30T11:00:00Z', 'page_viewed', visit]], workspaceId, id)
    await order(id, '2026-06-29T02:00:00Z', { total_minor: 7777 })
    await order(id, '2026-06-23T02:00:00Z', { total_minor: 7777 })
  }
  await lead('2026-06-30T01:00:00Z', { workspace_id: otherWorkspaceId })
  await order(jane, '2026-06-30T02:00:00Z', { total_minor: 5000, refunded_minor: 1000 })
  await order(part, '2026-06-29T02:00:00Z', { total_minor: 700 })
  await order(jane, '2026-06-29T02:00:00Z', { total_minor: 900, currency: 'USD' })
  await order(jane, '2026-06-23T02:00:00Z', { total_minor: 300 })
  await order(jane, '2026-06-30T02:00:00Z', { total_minor: 99, is_test: true })
  await order(jane, '2026-06-30T02:00:00Z', { total_minor: 99, cancelled_at: '2026-06-30T03:00:00Z' })
  while (await feedLeadFacts({ db: postgres.db, clickhouse }, 'live'));
})
afterAll(() => Promise.all([postgres.close(), clickhouse.close()]))

async function tracked(
  events: [at: string, name: string, more: Partial<LoggedEvent>][],
  workspace = workspaceId,
  leadId?: string,
): Promise<void> {
  const entries = events.map(([at, name, more]) => ({
    workspaceId: workspace,
    leadId: leadId ?? newId(),
    event: {
      ...systemEvent({
        eventId: newId(),
        at: new Date(at),
        name,
        category: 'page',
        call: 'page',
        source: 'tracker',
      }),
      ...more,
    },
  }))
  await postgres.db.transaction().execute((tx) => logEvents(tx, entries))
  await sendOpenBatches(postgres.db, clickhouse)
}

async function alias(leadId: string, targetId: string): Promise<void> {
  await clickhouse.insert({
    table: 'lead_aliases',
    format: 'JSONEachRow',
    values: [{ lead_id: leadId, target_id: targetId, version: 1, is_removed: 0 }],
  })
}

async function lead(at: string, more: Record<string, unknown>, channel?: string): Promise<string> {
  const id = newId()
  await insert('leads', {
    id,
    workspace_id: workspaceId,
    is_known: true,
    source: 'tracking',
    created_at: at,
    updated_at: at,
    ...more,
  })
  if (channel) {
    await insert('lead_activity', {
      lead_id: id,
      workspace_id: workspaceId,
      version: 1,
      first_seen_at: at,
      last_seen_at: at,
      event_count: 1,
      session_count: 1,
      state: JSON.stringify({ firstTouch: { channel }, lastTouch: { channel } }),
    })
  }
  return id
}

async function order(leadId: string, placedAt: string, more: Record<string, unknown>): Promise<void> {
  const id = newId()
  await insert('orders', {
    id,
    workspace_id: workspaceId,
    lead_id: leadId,
    source: 'shop',
    external_id: id,
    status: 'paid',
    currency: 'EUR',
    subtotal_minor: 0,
    shipping_minor: 0,
    tax_minor: 0,
    refunded_minor: 0,
    placed_at: placedAt,
    updated_at: placedAt,
    last_word: id,
    ...more,
  })
}

async function insert(table: string, row: Record<string, unknown>): Promise<void> {
  const names = Object.keys(row).map((name) => sql.ref(name))
  const values = Object.values(row).map((value) => sql`${value}`)
  await run(
    postgres.db,
    sql`insert into ${sql.table(table)} (${sql.join(names)}) values (${sql.join(values)})`,
  )
}

describe('the dashboard', () => {
  test('counts the last days in the zone of the workspace, and the same stretch before', async () => {
    const shown = dashboardSchema.parse(
      await readDashboard({ db: postgres.db, clickhouse, clock }, workspaceId, 7),
    )
    expect(shown.range).toEqual({ days: 7, fromOn: '2026-06-24', toOn: '2026-06-30', timeZone: 'Asia/Tokyo' })
    expect(shown).toMatchObject({
      logProblem: null,
      events: { now: 4, before: 1 },
      sessions: { now: 3, before: 1 },
      leads: { new: { now: 1, before: 1 }, known: 2, total: 3 },
      orders: { now: 3, before: 1 },
      revenue: [
        { currency: 'EUR', now: 4700, before: 300 },
        { currency: 'USD', now: 900, before: 0 },
      ],
    })
    expect(shown.byDay.map((day) => [day.on, day.newLeads, day.sessions, day.events, day.orders])).toEqual([
      ['2026-06-24', 0, 1, 1, 0],
      ['2026-06-25', 0, 0, 0, 0],
      ['2026-06-26', 0, 0, 0, 0],
      ['2026-06-27', 0, 0, 0, 0],
      ['2026-06-28', 0, 0, 0, 0],
      ['2026-06-29', 0, 0, 0, 2],
      ['2026-06-30', 1, 2, 3, 1],
    ])
    expect(shown.byChannel).toEqual([
      {
        channel: 'Email',
        sessions: 2,
        newLeads: 1,
        orders: 3,
        revenue: [
          { currency: 'EUR', minor: 4700 },
          { currency: 'USD', minor: 900 },
        ],
      },
      { channel: 'Direct', sessions: 1, newLeads: 0, orders: 0, revenue: [] },
    ])
    expect(shown.latestLeads.map((latest) => [latest.label, latest.firstChannel])).toEqual([
      ['Jane Doe', 'Email'],
      ['b@shop.example', null],
    ])
    expect(shown.attention).toEqual({
      parkedMessages: 0,
      openBatches: 0,
      refusedEvents: 0,
      proposedMerges: 0,
      failedJobs: 0,
    })
  })

  test('says what needs a person', async () => {
    await run(
      postgres.db,
      sql`insert into batches (id, opened_at, row_count) values (${newId()}, ${new Date('2026-06-30T11:58:00Z')}, 1), (${newId()}, ${clock()}, 1)`,
    )
    const { attention } = await readDashboard({ db: postgres.db, clickhouse, clock }, workspaceId, 7)
    expect(attention.openBatches).toBe(1)
  })

  test('answers without the log while ClickHouse is away, and says so', async () => {
    const away = openClickHouse('http://u:p@127.0.0.1:9/none')
    const shown = dashboardSchema.parse(
      await readDashboard({ db: postgres.db, clickhouse: away, clock }, workspaceId, 7),
    )
    await away.close()
    expect(shown).toMatchObject({ events: null, sessions: null, orders: { now: 3 }, leads: { known: 2 } })
    expect(shown.logProblem).toContain('event log')
    expect(shown.byDay.at(-1)).toMatchObject({ sessions: null, events: null, newLeads: 1 })
  })
})
