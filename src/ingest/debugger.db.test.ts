// The debugger on the real stores: what came in, what became of it, replay, the live stream, and the state of tracking.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../test/stores.ts'
import { listEvents as listEndpoint } from '../events/contract.ts'
import type { InboxItem } from '../events/contract.ts'
import { logEvents, sendOpenBatches, systemEvent } from '../events/index.ts'
import { newId } from '../lib/ids.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import { Refusal } from '../lib/refusal.ts'
import { openClickHouse } from '../platform/clickhouse.ts'
import type { ClickHouse } from '../platform/clickhouse.ts'
import { createLog } from '../platform/log.ts'
import { openPostgres, rows, run, sql } from '../platform/postgres.ts'
import type { Postgres } from '../platform/postgres.ts'
import { createApi } from '../platform/server.ts'
import type { Api, Caller } from '../platform/server.ts'
import { readSettings } from '../platform/settings.ts'
import type { Message } from './contract.ts'
import { debuggerRoutes } from './routes/debugger.ts'
import { insertMessages, settleMessages, turnInboxDays } from './store.ts'
import type { Settled } from './store.ts'
import { trackingStatus } from './status.ts'
import { listEvents, replayEvents, retryRefused } from './view.ts'

const workspaceId = newId<WorkspaceId>()
const otherWorkspaceId = newId<WorkspaceId>()
const caller: Caller = {
  actor: `user:${newId()}`,
  userId: newId(),
  role: 'owner',
  workspaceId,
  teamId: newId(),
}

let postgres: Postgres
let clickhouse: ClickHouse
beforeAll(async () => {
  const stores = await freshDatabase()
  postgres = openPostgres(stores.databaseUrl, { max: 4 })
  clickhouse = openClickHouse(stores.clickhouseUrl)
  await turnInboxDays(postgres.db, new Date(), { payloadDays: 14, keyDays: 30 })
})
afterAll(() => Promise.all([postgres.close(), clickhouse.close()]))
beforeEach(async () => {
  for (const table of ['inbox', 'inbox_keys', 'batches', 'leads'])
    await run(postgres.db, sql`delete from ${sql.table(table)}`)
})

/** Puts a message into the inbox. @returns its id */
async function arrive(
  message: Partial<Message>,
  more: { workspace?: string; refused?: string } = {},
): Promise<string> {
  const id = newId()
  const messageId = message.messageId ?? randomUUID()
  await insertMessages(postgres.db, [
    {
      id,
      receivedAt: new Date(),
      workspaceId: more.workspace ?? workspaceId,
      lane: 'live',
      source: 'http',
      connection: 'tracking',
      messageId,
      sender: 'someone',
      origin: {},
      text: JSON.stringify({ type: 'track', anonymousId: 'a', ...message, messageId }),
      ...(more.refused ? { ended: { status: 'refused' as const, reason: more.refused } } : {}),
    },
  ])
  return id
}

async function settle(id: string, outcome: Partial<Settled>): Promise<void> {
  const receivedOn = new Date().toISOString().slice(0, 10)
  await settleMessages(postgres.db, [
    { id, receivedOn, status: 'logged', reason: null, leadId: null, batchId: null, trace: null, ...outcome },
  ])
}

async function openBatch(): Promise<string> {
  const id = newId()
  await run(postgres.db, sql`insert into batches (id, row_count) values (${id}, 1)`)
  return id
}

const list = (query: Record<string, unknown> = {}) =>
  listEvents(postgres.db, workspaceId, listEndpoint.query!.parse(query))
const namesOf = async (query: Record<string, unknown>) => (await list(query)).items.map((item) => item.name)

describe('the list of events', () => {
  test('shows what came in, newest first, page by page, and of this workspace alone', async () => {
    for (let i = 0; i < 7; i++) await arrive({ event: `Event ${i}` })
    await arrive({ event: 'Theirs' }, { workspace: otherWorkspaceId })
    const found: string[] = []
    let cursor: string | undefined
    do {
      const page = await list({ limit: 3, cursor })
      found.push(...page.items.map((item) => item.name))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    expect(found).toEqual([6, 5, 4, 3, 2, 1, 0].map((i) => `Event ${i}`))
    await expect(list({ cursor: 'made up' })).rejects.toMatchObject({ code: 'cursor_invalid', status: 400 })
  })

  test('says what became of each message, why, and whether the log has confirmed it', async () => {
    const leadId = newId()
    await run(
      postgres.db,
      sql`insert into leads (id, workspace_id, first_name, last_name, source, created_at, updated_at)
          values (${leadId}, ${workspaceId}, 'Jane', 'Doe', 'tracking', now(), now())`,
    )
    const batchId = await openBatch()
    await arrive({ event: 'Waits' })
    await arrive({ event: '' }, { refused: 'event_missing' })
    await settle(await arrive({ event: 'Parked' }), {
      status: 'parked',
      reason: 'step_failed',
      trace: '{"error":"out of cheese"}',
    })
    await settle(await arrive({ type: 'page' }), {
      leadId,
      batchId,
      trace: '{"channel":"Email","channelRule":"utm:email"}',
    })
    const [page, parked, refused, waiting] = (await list()).items
    expect(page).toMatchObject({
      status: 'logged',
      stored: false,
      call: 'page',
      name: 'page_viewed',
      leadLabel: 'Jane Doe',
      trace: { channel: 'Email' },
    })
    expect(parked).toMatchObject({
      status: 'parked',
      reason: 'step_failed',
      explanation: expect.stringContaining('out of cheese') as string,
    })
    expect(refused).toMatchObject({
      status: 'refused',
      explanation: expect.stringContaining('`event`') as string,
    })
    expect(waiting).toMatchObject({
      status: 'waiting',
      reason: null,
      explanation: null,
      lane: 'live',
      payload: { event: 'Waits' },
    })
    await run(postgres.db, sql`update batches set closed_at = now() where id = ${batchId}`)
    expect((await list({ status: 'logged' })).items).toMatchObject([{ stored: true }])
    await run(postgres.db, sql`delete from batches`)
    expect((await list({ leadId })).items).toMatchObject([{ stored: true, leadId }])
  })

  test('is searched by part of a name and by message id, for which any text is just text', async () => {
    await arrive({ event: 'Order "Completed" (50% off) \\ 東京', messageId: 'm-1' })
    await arrive({ type: 'page', properties: { event: 'hidden' } })
    await arrive({ event: 'Other' })
    expect(await namesOf({ search: 'completed" (50% OFF) \\ 東' })).toEqual([
      'Order "Completed" (50% off) \\ 東京',
    ])
    expect(await namesOf({ search: 'page_v' })).toEqual(['page_viewed'])
    expect(await namesOf({ search: 'm-1' })).toHaveLength(1)
    for (const search of ['.*', '(', "'; drop table inbox; --", '%', '[a', '\\']) {
      expect((await list({ search })).items.length, search).toBeLessThanOrEqual(1)
    }
    expect((await list()).items).toHaveLength(3)
  })
})

describe('a search', () => {
  test('looks through 50,000 messages at a time, says how far back it looked, and goes on from there', async () => {
    const sought = await arrive({ event: 'Sought' })
    await run(
      postgres.db,
      sql`insert into inbox (id, received_on, received_at, workspace_id, lane, shard, source, message_id, payload, status)
          select (lpad(to_hex(n), 8, '0') || substr(${newId()}, 9))::uuid, i.received_on, i.received_at, i.workspace_id, 0, 0, 'http',
                 'm-' || n, '{"event":"Other"}', 1
          from generate_series(x'7fff0000'::bigint, x'7fff0000'::bigint + 50000) n, inbox i where i.id = ${sought}`,
    )
    const first = await list({ search: 'sought' })
    expect(first.items).toEqual([])
    expect(first.searchedBackTo).toEqual(expect.any(String))
    const second = await list({ search: 'sought', cursor: first.nextCursor! })
    expect(second).toMatchObject({ items: [{ id: sought }], nextCursor: null, searchedBackTo: null })
    expect((await list({ limit: 1 })).searchedBackTo).toBeNull()
  })
})

describe('replay', () => {
  test('lets parked and dropped messages of the workspace wait again, and no others', async () => {
    const parked = await arrive({ event: 'Parked' })
    await settle(parked, { status: 'parked', reason: 'step_failed', trace: '{"error":"x"}' })
    const logged = await arrive({ event: 'Logged' })
    await settle(logged, { batchId: await openBatch() })
    const theirs = await arrive({ event: 'Theirs' }, { workspace: otherWorkspaceId })
    await settle(theirs, { status: 'parked', reason: 'step_failed' })
    expect(await replayEvents(postgres.db, caller, [parked, logged, theirs, newId()])).toBe(1)
    expect((await list({ status: 'waiting' })).items).toMatchObject([
      { id: parked, reason: null, trace: null },
    ])
    expect(
      await rows(postgres.db, sql`select actor, after from audit_log where action = 'events_replayed'`),
    ).toEqual([{ actor: caller.actor, after: { replayed: 1 } }])
  })
})

describe('events that the log refused', () => {
  test('are not shown as stored, and sent again they are put on record and their leads are folded anew', async () => {
    const id = await arrive({ event: 'Refused' })
    const batchId = await openBatch()
    await settle(id, { batchId, leadId: newId() })
    await run(postgres.db, sql`update batches set closed_at = now() where id = ${batchId}`)
    const leadId = newId()
    const line = JSON.stringify([workspaceId, leadId, 'never', id, batchId])
    await run(
      postgres.db,
      sql`insert into refused_events (id, workspace_id, lead_id, event_id, batch_id, place, name, occurred_at, line, words)
          values (${newId()}, ${workspaceId}, ${leadId}, ${id}, ${batchId}, 0, 'refused', 'never', ${line}, 'Cannot read')`,
    )
    expect((await list()).items).toMatchObject([{ status: 'logged', stored: false }])

    const told: unknown[] = []
    const reactions = {
      relogged: (_tx: unknown, leadIds: string[], workspace: string) =>
        Promise.resolve(void told.push([leadIds, workspace])),
    }
    const theirs = { ...caller, workspaceId: otherWorkspaceId }
    expect(await retryRefused(postgres.db, theirs, reactions)).toBe(0)
    expect(await retryRefused(postgres.db, caller, reactions)).toBe(1)
    expect(told).toEqual([[[leadId], workspaceId]])
    expect(
      await rows(
        postgres.db,
        sql`select actor, after from audit_log where action = 'refused_events_retried'`,
      ),
    ).toEqual([{ actor: caller.actor, after: { retried: 1 } }])
    await run(postgres.db, sql`delete from batches where closed_at is null`)
  })
})

describe('the state of tracking', () => {
  const clock = () => new Date('2026-06-30T12:00:00.000Z')

  test('knows the first page view, the last event and how many came since midnight of the workspace', async () => {
    const services = { db: postgres.db, clickhouse, clock }
    expect(await trackingStatus(services, workspaceId, 'Asia/Tokyo')).toEqual({
      firstPageViewAt: null,
      lastEventAt: null,
      eventsToday: 0,
    })
    const at = ['2026-06-29T14:59:00.000Z', '2026-06-29T15:01:00.000Z', '2026-06-30T09:00:00.000Z']
    await postgres.db.transaction().execute((tx) =>
      logEvents(
        tx,
        at.map((instant, i) => ({
          workspaceId,
          leadId: newId(),
          event: systemEvent({
            eventId: newId(),
            at: new Date(instant),
            name: i === 0 ? 'Clicked' : 'page_viewed',
            category: 'page',
            call: i === 0 ? 'track' : 'page',
            source: 'tracker',
          }),
        })),
      ),
    )
    expect((await sendOpenBatches(postgres.db, clickhouse)).closed).toBe(1)
    expect(await trackingStatus(services, workspaceId, 'Asia/Tokyo')).toEqual({
      firstPageViewAt: at[1],
      lastEventAt: at[2],
      eventsToday: 2,
    })
    expect((await trackingStatus(services, otherWorkspaceId, 'UTC')).eventsToday).toBe(0)
  })
})

describe('the live stream', () => {
  let api: Api
  let url: string
  beforeEach(async () => {
    api = await createApi({
      log: createLog('silent'),
      db: postgres.db,
      trustProxy: false,
      authorise: () => Promise.resolve(caller),
    })
    const services = {
      db: postgres.db,
      clickhouse,
      clock: () => new Date(),
      settings: readSettings({}),
      secretKey: Buffer.alloc(32, 7),
      log: createLog('silent'),
    }
    debuggerRoutes(api, services, {
      everyMs: 20,
      reactions: { relogged: () => Promise.resolve() },
      authorise: (request) =>
        request.headers['x-workspace'] === 'shop'
          ? Promise.resolve(caller)
          : Promise.reject(new Refusal('workspace_missing', 404, 'There is no such workspace.')),
    })
    url = await api.raw.listen({ port: 0, host: '127.0.0.1' })
    return () => api.raw.close()
  })

  interface Told {
    event: string
    id: string | undefined
    data: unknown
  }

  /** Listens, and gives one message after the other; undefined when the stream is over. */
  async function listen(
    headers: Record<string, string> = {},
  ): Promise<{ next(): Promise<Told | undefined>; response: Response; stop(): void }> {
    const stopping = new AbortController()
    const response = await fetch(`${url}/api/events/live?workspace=shop`, {
      headers,
      signal: stopping.signal,
    })
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    const next = async (): Promise<Told | undefined> => {
      for (;;) {
        const end = text.indexOf('\n\n')
        if (end >= 0) {
          const block = text.slice(0, end)
          text = text.slice(end + 2)
          const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
          const event = field('event')
          if (event !== undefined)
            return { event, id: field('id'), data: JSON.parse(field('data') ?? 'null') }
          continue
        }
        const { value, done } = await reader.read()
        if (done) return undefined
        text += value
      }
    }
    return { next, response, stop: () => stopping.abort() }
  }

  test('tells each message as it comes, then each step of what becomes of it', async () => {
    const before = await arrive({ event: 'Before' })
    const { next, response, stop } = await listen()
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    expect(response.headers.get('cache-control')).toContain('no-transform')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await next()).toMatchObject({ event: 'ready' })
    await arrive({ event: 'Theirs' }, { workspace: otherWorkspaceId })
    const id = await arrive({ event: 'Fresh' })
    expect(await next()).toMatchObject({ event: 'item', id, data: { id, name: 'Fresh', status: 'waiting' } })
    const batchId = await openBatch()
    await settle(id, { batchId })
    expect(await next()).toMatchObject({
      event: 'change',
      id: undefined,
      data: { id, status: 'logged', stored: false },
    })
    await run(postgres.db, sql`update batches set closed_at = now() where id = ${batchId}`)
    expect(await next()).toMatchObject({ event: 'change', data: { id, stored: true } })
    await settle(before, { status: 'dropped', reason: 'nobody_named' })
    expect(await next()).toMatchObject({ event: 'change', data: { id: before, status: 'dropped' } })
    stop()
  })

  test('goes on after the message that the listener saw last', async () => {
    const seen = await arrive({ event: 'Seen' })
    const missed = await arrive({ event: 'Missed' })
    const { next, stop } = await listen({ 'last-event-id': seen })
    const told: (string | undefined)[] = []
    for (let message = await next(); message?.event === 'item'; message = await next()) told.push(message.id)
    expect(told).toContain(missed)
    stop()
  })

  test('counts what comes too fast to be told one by one', async () => {
    const { next, stop } = await listen()
    await next()
    const receivedAt = new Date()
    await insertMessages(
      postgres.db,
      Array.from({ length: 350 }, (_, i) => ({
        id: newId(),
        receivedAt,
        workspaceId,
        lane: 'live' as const,
        source: 'http',
        connection: 'tracking',
        messageId: `many-${i}`,
        sender: 'someone',
        origin: {},
        text: JSON.stringify({ type: 'track', event: `Many ${i}` }),
      })),
    )
    expect(await next()).toEqual({ event: 'more', id: undefined, data: { count: 150 } })
    const items: InboxItem[] = []
    for (let i = 0; i < 200; i++) items.push((await next())!.data as InboxItem)
    expect(items.map((item) => item.name)).toEqual(Array.from({ length: 200 }, (_, i) => `Many ${i + 150}`))
    stop()
  })

  test('ends when the server stops, and is refused to whoever may not read', async () => {
    const { next } = await listen()
    expect(await next()).toMatchObject({ event: 'ready' })
    const refused = await fetch(`${url}/api/events/live?workspace=elsewhere`)
    expect([refused.status, (await refused.json()) as unknown]).toMatchObject([
      404,
      { code: 'workspace_missing' },
    ])
    const closed = api.raw.close()
    expect(await next()).toBeUndefined()
    await closed
  })
})
