// Erasing on both real stores: nothing of the person is left in any column of any table, and nothing brings them back.
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { serve } from '../../../test/deployment.ts'
import type { Served } from '../../../test/deployment.ts'
import { ask } from '../../platform/clickhouse.ts'
import { rows, run, sql } from '../../platform/postgres.ts'
import { logEvents, systemEvent } from '../../events/index.ts'
import { reactions } from '../../flow.ts'
import { newId } from '../../lib/ids.ts'
import { purgeBin } from './index.ts'

let served: Served
beforeAll(async () => {
  served = await serve()
})
afterAll(() => served.stop())

const NAME = 'Wilhelmina'
const WORDS = [
  NAME,
  'wilhelmina@gone.example',
  '+4915112345678',
  '4915112345678',
  '0151 / 123 456-78',
  'customer-4711',
  'Kastanienallee',
]

/** Where any of the words stands, in any text of either store. */
async function traces(): Promise<string[]> {
  const found: string[] = []
  const columns = await rows<{ table: string; column: string; type: string }>(
    served.services.db,
    sql`select c.table_name as "table", c.column_name as "column", c.data_type as type
        from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
        where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
          and c.data_type in ('text', 'jsonb', 'json', 'ARRAY', 'character varying')`,
  )
  for (const { table, column } of columns) {
    const [hit] = await rows<{ text: string }>(
      served.services.db,
      sql`select ${sql.ref(column)}::text as text from ${sql.table(table)}
          where ${sql.ref(column)}::text ilike any(${WORDS.map((word) => `%${word}%`)}::text[]) limit 1`,
    )
    if (hit) found.push(`${table}.${column}: ${hit.text.slice(0, 200)}`)
  }
  const logged = await ask<{ table: string; name: string; type: string }>(
    served.services.clickhouse,
    `select table, name, type from system.columns where database = currentDatabase() and table not like '.inner%'
       and table in (select name from system.tables where database = currentDatabase() and engine like '%MergeTree')`,
  )
  for (const { table, name } of logged) {
    const [hit] = await ask<{ text: string }>(
      served.services.clickhouse,
      `select toString(${name}) as text from ${table}
       where multiSearchAnyCaseInsensitiveUTF8(toString(${name}), {words:Array(String)}) limit 1`,
      { words: WORDS },
    ).catch(() => [])
    if (hit) found.push(`${table}.${name}: ${hit.text.slice(0, 200)}`)
  }
  return found
}

async function sums(): Promise<Record<string, number>> {
  const [row] = await ask<Record<string, number>>(
    served.services.clickhouse,
    'select sum(events) as events, sum(sessions) as sessions, sum(value_minor) as minor from event_quarters',
  )
  return Object.fromEntries(Object.entries(row ?? {}).map(([name, value]) => [name, Number(value)]))
}

const identify = (messageId: string) =>
  served.post('/v1/identify', {
    messageId,
    userId: 'customer-4711',
    anonymousId: 'browser-4711',
    traits: {
      email: 'Wilhelmina@gone.example',
      firstName: NAME,
      phone: '+49 151 12345678',
      street: 'Kastanienallee 3',
    },
  })

async function leadId(email: string): Promise<string | undefined> {
  const [lead] = await rows<{ id: string }>(
    served.services.db,
    sql`select id from leads where email = ${email}`,
  )
  return lead?.id
}

async function importFile(text: string): Promise<Record<string, unknown>> {
  const upload = await served.call('POST', '/api/lead-sources/csv/import?fileName=people.csv', text, {
    'content-type': 'text/csv',
  })
  expect(upload.status, upload.text).toBe(202)
  const { id } = upload.body.import as { id: string }
  let done: Record<string, unknown> = {}
  await vi.waitFor(
    async () => {
      done = (await served.call('GET', `/api/imports/${id}`)).body
      expect(done.status).toBe('done')
    },
    { timeout: 20_000, interval: 100 },
  )
  return done
}

const cleared = () =>
  vi.waitFor(
    async () => {
      const open = await rows(served.services.db, sql`select 1 from erasures where log_cleared_at is null`)
      const owed = await rows(served.services.db, sql`select 1 from lead_facts_owed`)
      expect([open, owed]).toEqual([[], []])
    },
    { timeout: 20_000, interval: 100 },
  )

describe('a person who was erased', () => {
  let before: Record<string, number>
  beforeAll(async () => {
    await served.post('/v1/identify', {
      userId: 'other',
      traits: { email: 'other@stays.example', firstName: 'Otto' },
    })
    await served.settled()
    before = await sums()

    await served.post('/v1/page', {
      anonymousId: 'browser-4711',
      properties: { url: 'https://shop.example/?name=wilhelmina@gone.example', title: NAME },
    })
    await identify('m-1')
    await served.post('/v1/track', {
      userId: 'customer-4711',
      event: 'Order Completed',
      properties: { order_id: 'o-1', total: 25, currency: 'EUR', note: NAME },
    })
    await served.post('/v1/track', { event: 'Nobody', properties: { email: 'wilhelmina@gone.example' } })
    await served.settled()
    await importFile(
      `Email,First Name,Phone\nWilhelmina@gone.example,${NAME},not a number\nbad address,wilhelmina@gone.example,1\nbad address,Nobody,0151 / 123 456-78\n`,
    )
    const made = await served.call(
      'POST',
      '/api/leads',
      { firstName: NAME, phone: '+49 151 12345678', lastName: 'Doppel' },
      { 'idempotency-key': 'once' },
    )
    const id = await leadId('wilhelmina@gone.example')
    expect(made.status).toBe(201)
    if (made.body.id !== id)
      await served.call('POST', '/api/leads/merge', { winnerId: id, loserId: made.body.id })
    await served.call('POST', `/api/leads/${id}/notes`, { body: `${NAME} called` })
    await served.call('POST', `/api/leads/${id}/consent`, {
      purpose: 'email_marketing',
      state: 'granted',
      proof: `${NAME} said so`,
    })
    await importFile(`Email,First Name\nwilhelmina@gone.example,${NAME} Rosa\n`)
    await served.call('POST', '/api/views', {
      name: 'Wilhelmina@gone.example',
      question: {
        search: NAME.toUpperCase() + '@gone.example',
        filter: JSON.stringify({ fact: 'email', op: 'is', value: 'wilhelmina@gone.example' }),
      },
    })
    const pair = sql`${served.workspaceId}, ${id}, ${'ffffffff-ffff-7fff-bfff-ffffffffffff'}`
    await run(
      served.services.db,
      sql`insert into kept_apart (workspace_id, lead_a, lead_b, kept_at) values (${pair}, now())`,
    )
    await run(
      served.services.db,
      sql`insert into merge_proposals (workspace_id, lead_a, lead_b, id, reason, evidence, proposed_at)
          values (${pair}, ${newId()}, 'same email', '{"value": "wilhelmina@gone.example"}', now())`,
    )
    await served.call('POST', '/api/leads/bulk', {
      selection: { search: 'wilhelmina@gone.example', audience: 'all' },
      action: { kind: 'tag', tags: ['vip'] },
    })
    await vi.waitFor(async () =>
      expect(await rows(served.services.db, sql`select 1 from bulk_jobs where status = 'running'`)).toEqual(
        [],
      ),
    )
    await served.settled()
    expect((await traces()).length).toBeGreaterThan(8)
    // A batch that ClickHouse refuses in part is open still when the person is erased.
    const event = systemEvent({
      eventId: newId(),
      at: new Date(),
      name: 'note_added',
      category: 'record',
      call: 'system',
      source: 'system',
      properties: { note: NAME },
    })
    await logEvents(served.services.db, [
      { workspaceId: served.workspaceId, leadId: id!, event: { ...event, occurredAt: 'never' } },
    ])
    const erased = await served.call('POST', `/api/leads/${id}/erase`)
    expect(erased.status, erased.text).toBe(200)
    await cleared()
  })

  test('stands in no column of any table of either store', async () => {
    expect(await traces()).toEqual([])
  })

  test('is taken out of the sums', async () => {
    expect(await sums()).toEqual(before)
  })

  test('leaves others alone', async () => {
    expect(await leadId('other@stays.example')).toBeDefined()
  })

  test.each([
    ['a call that names them', () => identify('m-2')],
    ['a call sent once more', () => identify('m-1')],
    ['a page view of their browser', () => served.post('/v1/page', { anonymousId: 'browser-4711' })],
  ])('is not brought back by %s', async (_what, send) => {
    await send()
    await served.settled()
    expect(await rows(served.services.db, sql`select 1 from leads where status <> 'merged'`)).toHaveLength(1)
    const kept = await rows<{ reason: string; payload: string }>(
      served.services.db,
      sql`select distinct reason, payload from inbox where status = 2`,
    )
    expect(kept).toEqual([{ reason: 'lead_erased', payload: '{}' }])
    expect(await traces()).toEqual([])
  })

  test('is not brought back by replay', async () => {
    const dropped = await rows<{ id: string }>(served.services.db, sql`select id from inbox where status = 2`)
    const reply = await served.call('POST', '/api/events/replay', { ids: dropped.map(({ id }) => id) })
    expect(reply.body.replayed).toBe(0)
  })

  test('is not brought back by an import, whose row is rejected with the reason', async () => {
    const done = await importFile(
      `Email,First Name\nwilhelmina@gone.example,${NAME}\nnew@stays.example,Nora\n`,
    )
    expect(done.counts).toMatchObject({ rows: 2, created: 1, rejected: 1 })
    const [refused] = await rows<{ problem: string }>(
      served.services.db,
      sql`select problem from import_errors where problem like 'The person was erased%' order by id desc limit 1`,
    )
    expect(refused).toBeDefined()
    expect(await traces()).toEqual([])
  })

  test('is not entered by hand, until the erasure of their address is lifted', async () => {
    const enter = () => served.call('POST', '/api/leads', { email: 'Wilhelmina@gone.example' })
    expect((await enter()).body.code).toBe('lead_erased')
    const lift = { kind: 'email', value: 'wilhelmina@GONE.example' }
    expect((await served.call('POST', '/api/leads/erasures/lift', lift)).body).toEqual({ wasErased: true })
    expect((await enter()).status).toBe(201)
  })
})

describe('the bin', () => {
  beforeEach(() => run(served.services.db, sql`delete from erasures`))
  test('is purged after 30 days, and who was purged may come again', async () => {
    const made = await served.call('POST', '/api/leads', { email: 'bin@stays.example' })
    await served.call('DELETE', `/api/leads/${String(made.body.id)}`)
    const later = (days: number) => ({
      ...served.services,
      clock: () => new Date(Date.now() + days * 86_400_000),
    })
    expect(await purgeBin(later(29), reactions)).toBe(0)
    expect(await purgeBin(later(31), reactions)).toBe(1)
    expect(await leadId('bin@stays.example')).toBeUndefined()
    await cleared()
    const left = await ask<{ events: number }>(
      served.services.clickhouse,
      'select count() as events from events where lead_id = {id:UUID}',
      { id: made.body.id },
    )
    expect(Number(left[0]?.events)).toBe(0)
    expect((await served.call('POST', '/api/leads', { email: 'bin@stays.example' })).status).toBe(201)
    const list = (await served.call('GET', '/api/leads/erasures')).body.items
    expect(list).toMatchObject([{ kind: 'purged', people: 1 }])
  })
})
