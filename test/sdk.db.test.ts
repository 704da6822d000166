// The tracking API as Segment's SDKs and documentation use it, from the call to the event under a lead.
import { gzipSync } from 'node:zlib'
import { Analytics } from '@segment/analytics-node'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ask } from '../src/platform/clickhouse.ts'
import { rows, sql } from '../src/platform/postgres.ts'
import { basic, ask as exchange, serve } from './deployment.ts'
import type { Served } from './deployment.ts'

let served: Served
/** Makes ids of this test's own, since all tests share one workspace. */
let tag = ''
let count = 0

beforeAll(async () => {
  served = await serve()
})
afterAll(async () => {
  await served.stop()
  expect(served.errors).toEqual([])
})
beforeEach(() => {
  tag = `t${++count}`
})

interface Logged {
  lead_id: string
  name: string
  call: string
  anonymous_id: string
  occurred_ms: number
  received_ms: number
  page_url: string
  value_minor: number
  currency: string
  properties: string
}

async function logged(anonymousId: string): Promise<Logged[]> {
  await served.settled()
  return ask<Logged>(
    served.services.clickhouse,
    `select lead_id, name, call, anonymous_id, toUnixTimestamp64Milli(occurred_at) as occurred_ms,
            toUnixTimestamp64Milli(received_at) as received_ms, page_url, value_minor, currency, properties
     from events where workspace_id = {w:UUID} and anonymous_id = {a:String} order by occurred_at, event_id`,
    { w: served.workspaceId, a: anonymousId },
  )
}

async function lead(email: string): Promise<Record<string, unknown> | undefined> {
  await served.settled()
  const [found] = await rows<Record<string, unknown>>(
    served.services.db,
    sql`select * from leads where workspace_id = ${served.workspaceId} and email = ${email} and status = 'active'`,
  )
  return found
}

async function inboxOf(
  prefix: string,
): Promise<{ messageId: string; status: number; reason: string | null }[]> {
  await served.settled()
  return (await served.inbox())
    .filter((line) => line.messageId.startsWith(prefix))
    .map(({ messageId, status, reason }) => ({ messageId, status, reason }))
}

describe('@segment/analytics-node', () => {
  test('with only its host changed, all its calls end as events under one lead', async () => {
    const analytics = new Analytics({
      writeKey: served.writeKey,
      host: served.url,
      flushAt: 10,
      maxRetries: 0,
    })
    const failures: unknown[] = []
    analytics.on('error', (error) => failures.push(error))
    const anonymousId = `${tag}-anon`
    const userId = `${tag}-user`
    analytics.page({
      anonymousId,
      name: 'Home',
      properties: { url: 'https://shop.example/?utm_source=news', path: '/' },
    })
    analytics.identify({
      anonymousId,
      userId,
      traits: { email: 'Nora@Shop.example', firstName: 'Nora', plan: 'pro' },
    })
    analytics.track({
      anonymousId,
      userId,
      event: 'Order Completed',
      properties: { order_id: `${tag}-1`, total: 25.5, currency: 'EUR' },
    })
    analytics.screen({ anonymousId, userId, name: 'Basket' })
    analytics.group({ anonymousId, userId, groupId: 'acme', traits: { name: 'Acme GmbH' } })
    analytics.alias({ userId: `${tag}-new`, previousId: userId })
    await analytics.closeAndFlush()
    expect(failures).toEqual([])
    const events = await logged(anonymousId)
    expect(events.map((event) => event.name).sort()).toEqual(
      ['grouped', 'identified', 'order_completed', 'page_viewed', 'screen_viewed'].sort(),
    )
    expect(new Set(events.map((event) => event.lead_id)).size).toBe(1)
    expect(events.find((event) => event.name === 'order_completed')).toMatchObject({
      value_minor: 2550,
      currency: 'EUR',
    })
    expect(await lead('nora@shop.example')).toMatchObject({
      id: events[0]?.lead_id,
      first_name: 'Nora',
      company: 'Acme GmbH',
      fields: { plan: 'pro' },
    })
    const [alias] = await rows<{ reason: string | null; status: number }>(
      served.services.db,
      sql`select status, reason from inbox where payload like ${`%"previousId":"${userId}"%`}`,
    )
    expect(alias).toEqual({ status: 1, reason: null })
    // The id before was a user's, and a write key that browsers hold merges no two of them.
    expect(
      await rows(
        served.services.db,
        sql`select p.reason, p.evidence ->> 'value' as value, n.kind from merge_proposals p
            join identifiers n on n.lead_id in (p.lead_a, p.lead_b) and n.value = ${`${tag}-new`}
            where ${events[0]!.lead_id} in (p.lead_a, p.lead_b)`,
      ),
    ).toEqual([{ reason: 'alias', value: userId, kind: 1 }])
  })

  test('it sends again what met an outage, and the log has it once', async () => {
    let outages = 1
    const analytics = new Analytics({
      writeKey: served.writeKey,
      host: served.url,
      flushAt: 1,
      maxRetries: 3,
      httpClient: async (url, init) => {
        const reply = await fetch(url, init as RequestInit)
        // The message is kept, but its sender never learns.
        return outages-- > 0 ? new Response('', { status: 503 }) : reply
      },
    })
    analytics.track({ anonymousId: `${tag}-anon`, event: 'Heard Once' })
    await analytics.closeAndFlush()
    expect((await logged(`${tag}-anon`)).map((event) => event.name)).toEqual(['Heard Once'])
  })
})

describe('the HTTP API', () => {
  test.each([
    ['identify', 'i', { traits: { plan: 'pro' } }, 'identified'],
    ['track', 't', { event: 'Did It' }, 'Did It'],
    ['page', 'p', { name: 'Home' }, 'page_viewed'],
    ['screen', 's', { name: 'Home' }, 'screen_viewed'],
    ['group', 'g', { groupId: 'acme' }, 'grouped'],
    ['alias', 'a', { userId: 'after' }, 'aliased'],
  ])('/v1/%s and its short form /v1/%s are the same call', async (long, short, fields, name) => {
    for (const path of [long, short]) {
      const anonymousId = `${tag}-${path}`
      const body = {
        ...fields,
        ...(long === 'alias' ? { previousId: anonymousId, userId: `${tag}-u` } : { anonymousId }),
      }
      const reply = await served.post(`/v1/${path}`, body)
      expect([reply.status, reply.body]).toEqual([200, { success: true }])
    }
    await served.settled()
    const found = await ask<{ name: string }>(
      served.services.clickhouse,
      'select name from events where call = {call:String} and (anonymous_id like {like:String} or {call:String} = {alias:String})',
      { call: long, like: `${tag}-%`, alias: 'alias' },
    )
    expect(found.filter((event) => event.name === name).length).toBeGreaterThanOrEqual(2)
  })

  test.each(['batch', 'b', 'import'])('/v1/%s takes several calls at once', async (path) => {
    const batch = [
      { type: 'track', event: 'One', anonymousId: tag },
      { type: 'page', name: 'Two', anonymousId: tag },
    ]
    const reply = await served.post(`/v1/${path}`, { batch, sentAt: new Date().toISOString() })
    expect([reply.status, reply.body]).toEqual([200, { success: true }])
    expect((await logged(tag)).map((event) => event.name).sort()).toEqual(['One', 'page_viewed'])
  })

  test('the key is basic auth or writeKey in the body, the body JSON by any name, plain or gzip', async () => {
    const message = (n: number) => ({ event: `E${n}`, anonymousId: tag, writeKey: served.writeKey })
    const url = `${served.url}/v1/track`
    const replies = [
      await exchange(url, 'POST', message(1), { authorization: basic(served.writeKey) }),
      await exchange(url, 'POST', message(2)),
      await exchange(url, 'POST', JSON.stringify(message(3)), { 'content-type': 'text/plain' }),
      await exchange(url, 'POST', JSON.stringify(message(4)), { 'content-type': 'text/plain;charset=UTF-8' }),
      await exchange(url, 'POST', JSON.stringify(message(5)), {
        'content-type': 'application/x-www-form-urlencoded',
      }),
      await exchange(url, 'POST', gzipSync(JSON.stringify(message(6))), { 'content-encoding': 'gzip' }),
      await exchange(url, 'POST', gzipSync(JSON.stringify(message(7))), { 'content-encoding': 'GZIP' }),
    ]
    expect(replies.map((reply) => [reply.status, reply.text])).toEqual(
      replies.map(() => [200, '{"success":true}']),
    )
    const events = await logged(tag)
    expect(events.map((event) => event.name).sort()).toEqual(['E1', 'E2', 'E3', 'E4', 'E5', 'E6', 'E7'])
    // The key is the sender's; it is kept nowhere.
    expect(JSON.stringify(await served.inbox())).not.toContain(served.writeKey)
  })

  test('a call without a key, or with an unknown one, is refused with 401 and says what to do', async () => {
    for (const authorization of [
      '',
      'Basic !!!',
      basic('nope'),
      basic('a\u0000b'),
      basic("' or 1=1 --"),
      'Bearer x',
    ]) {
      const reply = await served.post('/v1/track', { event: 'X', anonymousId: 'a' }, { authorization })
      expect([reply.status, reply.body.code]).toEqual([401, 'write_key_invalid'])
    }
    expect(
      (await served.post('/v1/batch', { batch: [], writeKey: 'x\u0000' }, { authorization: '' })).status,
    ).toBe(401)
    expect((await exchange(`${served.url}/v1/projects/nope/settings`, 'GET')).status).toBe(401)
  })

  test('a page on another origin may call: the preflight allows it, and the answer too', async () => {
    const origin = 'https://shop.example'
    const preflight = await exchange(`${served.url}/v1/t`, 'OPTIONS', undefined, {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-headers': expect.stringContaining('authorization') as string,
      'access-control-allow-methods': expect.stringContaining('POST') as string,
    })
    for (const body of [{ event: 'X', anonymousId: tag }, '{']) {
      const reply = await served.post('/v1/t', body, { origin })
      expect(reply.headers['access-control-allow-origin']).toBe(origin)
    }
  })

  test('a bad item is refused alone, with its reason in the inbox; the rest of its batch lives', async () => {
    const circle: Record<string, unknown> = {}
    let inner = circle
    for (let i = 0; i < 30; i++) inner = inner.next = {}
    const bad: [string, Record<string, unknown>, string][] = [
      ['type', { type: 'nope', anonymousId: 'a' }, 'type_unknown'],
      ['event', { type: 'track', anonymousId: 'a' }, 'event_missing'],
      ['blank', { type: 'track', event: '  ', anonymousId: 'a' }, 'event_missing'],
      ['nobody', { type: 'page' }, 'identity_missing'],
      ['alias', { type: 'alias', userId: 'a' }, 'alias_incomplete'],
      ['group', { type: 'group', userId: 'a' }, 'group_incomplete'],
      ['list', { type: 'track', event: 'X', anonymousId: 'a', properties: [1] }, 'field_wrong_type'],
      ['id', { type: 'track', event: 'X', anonymousId: { a: 1 } }, 'field_wrong_type'],
      ['deep', { type: 'track', event: 'X', anonymousId: 'a', properties: circle }, 'nested_too_deep'],
      [
        'large',
        { type: 'track', event: 'X', anonymousId: 'a', properties: { x: 'x'.repeat(33_000) } },
        'event_too_large',
      ],
      ['nul', { type: 'track', event: 'a\u0000b', anonymousId: 'a' }, 'text_malformed'],
      ['half', { type: 'track', event: 'X', anonymousId: 'a\ud83d' }, 'text_malformed'],
    ]
    const batch = [
      { type: 'track', event: 'First', anonymousId: tag, messageId: `${tag}-first` },
      ...bad.map(([id, message]) => ({ ...message, messageId: `${tag}-${id}` })),
      { type: 'track', event: 'Last', anonymousId: tag, messageId: `${tag}-last` },
    ]
    const reply = await served.post('/v1/batch', { batch })
    expect([reply.status, reply.body]).toEqual([200, { success: true }])
    const lines = await inboxOf(`${tag}-`)
    expect(
      Object.fromEntries(lines.map((line) => [line.messageId.slice(tag.length + 1), line.reason])),
    ).toEqual({
      first: null,
      ...Object.fromEntries(bad.map(([id, , reason]) => [id, reason])),
      last: null,
    })
    expect((await logged(tag)).map((event) => event.name).sort()).toEqual(['First', 'Last'])
  })

  test('a message that was refused may come again in good shape under its own id', async () => {
    const message = { type: 'track', anonymousId: tag, messageId: `${tag}-m` }
    await served.post('/v1/batch', { batch: [message] })
    await served.post('/v1/batch', { batch: [{ ...message, event: 'Mended' }] })
    expect((await logged(tag)).map((event) => event.name)).toEqual(['Mended'])
  })

  test('a message id counts once: in a batch, in a second request, and in many at a time', async () => {
    const message = { type: 'track', event: 'Once', anonymousId: tag, messageId: `${tag}-m` }
    await served.post('/v1/batch', { batch: [message, message] })
    await Promise.all(Array.from({ length: 20 }, () => served.post('/v1/batch', { batch: [message] })))
    await served.post('/v1/track', message)
    expect(await logged(tag)).toHaveLength(1)
    expect(await inboxOf(`${tag}-`)).toHaveLength(1)
  })

  test('an event is dated receivedAt - (sentAt - timestamp), so that a wrong clock does not matter', async () => {
    const hour = 3_600_000
    const wrong = Date.now() + 9 * hour
    const batch = [
      { type: 'track', event: 'A', anonymousId: tag, timestamp: new Date(wrong - 2 * hour).toISOString() },
      { type: 'track', event: 'B', anonymousId: tag, timestamp: new Date(wrong - hour).toISOString() },
      { type: 'track', event: 'C', anonymousId: tag },
      { type: 'track', event: 'D', anonymousId: tag, timestamp: 'yesterday' },
      { type: 'track', event: 'E', anonymousId: tag, timestamp: '9999-12-31T23:59:59Z' },
      { type: 'track', event: 'F', anonymousId: tag, timestamp: '0001-01-01T00:00:00Z' },
    ]
    await served.post('/v1/batch', { batch, sentAt: new Date(wrong).toISOString() })
    const events = await logged(tag)
    const ages = Object.fromEntries(
      events.map((event) => [
        event.name,
        Math.round((Number(event.received_ms) - Number(event.occurred_ms)) / 60_000),
      ]),
    )
    expect(ages).toEqual({ A: 120, B: 60, C: 0, D: 0, E: 0, F: 0 })
  })

  test('a request over 500 kB is refused with 413, packed or not; one just below is taken', async () => {
    const item = (n: number) => ({
      type: 'track',
      event: `E${n}`,
      anonymousId: tag,
      properties: { x: 'x'.repeat(30_000) },
    })
    const batchOf = (items: number) => ({ batch: Array.from({ length: items }, (_, n) => item(n)) })
    expect((await served.post('/v1/batch', batchOf(16))).status).toBe(200)
    const large = await served.post('/v1/batch', batchOf(18))
    expect([large.status, large.body.code]).toEqual([413, 'body_too_large'])
    const packed = await served.post('/v1/batch', gzipSync(JSON.stringify(batchOf(18))), {
      'content-encoding': 'gzip',
    })
    expect([packed.status, packed.body.code]).toEqual([413, 'body_too_large'])
    expect(await logged(tag)).toHaveLength(16)
  })

  test('the settings that a browser SDK asks for name this host and the key', async () => {
    const reply = await exchange(`${served.url}/v1/projects/${served.writeKey}/settings`, 'GET', undefined, {
      origin: 'https://shop.example',
    })
    expect(reply.headers['access-control-allow-origin']).toBe('https://shop.example')
    expect(reply.body).toMatchObject({
      integrations: {
        'Segment.io': {
          apiKey: served.writeKey,
          apiHost: `${new URL(served.url).host}/v1`,
          protocol: 'http',
        },
      },
    })
  })
})
