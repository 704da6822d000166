// Input that nobody means well: every answer is a clear one, nothing around it is lost, and no request fails on our side.
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createApiKey, createWriteKey } from '../src/accounts/contract.ts'
import { ask } from '../src/platform/clickhouse.ts'
import { rows, sql } from '../src/platform/postgres.ts'
import { ask as exchange, basic, serve } from './deployment.ts'
import type { Reply, Served } from './deployment.ts'

let served: Served
/** Makes ids of this test's own, since all tests share one workspace. */
let tag = ''
let count = 0

beforeAll(async () => {
  served = await serve({ bodySeconds: 1 })
})
afterAll(() => served.stop())
beforeEach(() => {
  tag = `t${++count}`
  served.errors.length = 0
})

const JSON_CALLS = [createApiKey.path, createWriteKey.path]

/** A good event beside the bad ones, to see that it lives. */
const witness = () => ({ type: 'track', event: 'Witness', anonymousId: tag, messageId: `${tag}-witness` })

async function witnessed(): Promise<void> {
  await served.settled()
  const found = await ask<{ name: string }>(
    served.services.clickhouse,
    'select name from events where workspace_id = {w:UUID} and anonymous_id = {a:String}',
    { w: served.workspaceId, a: tag },
  )
  expect(found).toEqual([{ name: 'Witness' }])
  expect(served.errors).toEqual([])
}

/** Neither taken silently nor failed on our side: refused with a code and a sentence. */
function expectRefusal(reply: Reply, status?: number): void {
  expect(reply.status, reply.text).toBeGreaterThanOrEqual(400)
  expect(reply.status, reply.text).toBeLessThan(500)
  if (status !== undefined) expect(reply.status).toBe(status)
  expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/)
  expect(reply.body.code).toMatch(/^[a-z_]+$/)
  expect(String(reply.body.detail)).toMatch(/\w+ \w+/)
}

const nested = (levels: number, open = '[', close = ']') => open.repeat(levels) + close.repeat(levels)

const NO_JSON: [string, string | Buffer][] = [
  ['nothing', ''],
  ['half an object', '{"batch":['],
  ['single quotes', "{'batch':[]}"],
  ['a comma too many', '{"batch":[],}'],
  ['NaN', '{"batch":NaN}'],
  ['a bare NUL', '{"batch":["\u0000"]}'],
  ['bytes of no text', Buffer.from([0xff, 0xfe, 0x00, 0x7b])],
  ['a number', '1e999'],
  ['a list', '[]'],
  ['null', 'null'],
  ['a text', '"batch"'],
  ['100,000 levels left open', '{"batch":'.repeat(50_000)],
]

test.each(NO_JSON)('a body that is %s is refused in words', async (_what, body) => {
  expectRefusal(await served.post('/v1/batch', body), 400)
  expectRefusal(await served.post('/v1/track', body), 400)
  for (const path of JSON_CALLS) expectRefusal(await served.call('POST', path, body), 400)
  expect(served.errors).toEqual([])
})

test('100,000 levels of nesting are refused wherever they stand', async () => {
  const lists = nested(100_000)
  const half = '\\ud83d'
  for (const body of [
    `{"batch":${lists}}`,
    `{"batch":[${JSON.stringify(witness())}],"context":${nested(70_000, '{"a":', '}').replace('{"a":}', '{}')}}`,
    `{"batch":[{"type":"track","event":"X","anonymousId":"a","properties":{"a":${lists},"b":"${half}"}}]}`,
  ]) {
    const reply = await served.post('/v1/batch', body)
    expect([200, 400]).toContain(reply.status)
  }
  expectRefusal(await served.post('/v1/track', lists), 400)
  for (const path of JSON_CALLS) {
    for (const body of [lists, `{"name":${lists}}`, `{"name":"${half}","other":${lists}}`]) {
      expectRefusal(await served.call('POST', path, body), 400)
      expectRefusal(
        await served.call('POST', path, body, { 'idempotency-key': `${tag}-${body.length}` }),
        400,
      )
    }
  }
  await served.post('/v1/batch', { batch: [witness()] })
  await witnessed()
})

test('the context of a batch is measured before it is copied into each item', async () => {
  const batch = Array.from({ length: 2000 }, (_, n) => ({ type: 'page', anonymousId: `${tag}-${n}` }))
  const context = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`k${n}`, n]))
  expect((await served.post('/v1/batch', { batch, context })).status).toBe(200)
  await served.post('/v1/batch', { batch: [witness()] })
  await witnessed()
  const [refused] = await rows<{ count: number }>(
    served.services.db,
    sql`select count(*)::int as count from inbox where reason = 'event_too_large'`,
  )
  expect(refused?.count).toBe(2000)
})

test('a NUL or half a surrogate pair in any text is refused alone', async () => {
  const places: ((text: string) => Record<string, unknown>)[] = [
    (text) => ({ messageId: text }),
    (text) => ({ anonymousId: text }),
    (text) => ({ userId: text }),
    (text) => ({ event: text }),
    (text) => ({ type: text }),
    (text) => ({ timestamp: text }),
    (text) => ({ properties: { text } }),
    (text) => ({ properties: { [text]: 1 } }),
    (text) => ({ properties: { list: [{ text }] } }),
    (text) => ({ context: { page: { url: text }, userAgent: text, timezone: text } }),
    (text) => ({ context: { throughline: { clickIds: { [text]: { value: text, at: 1 } } } } }),
    (text) => ({ traits: { email: text, name: text } }),
  ]
  const batch = ['a\u0000b', 'a\ud83d', '\udc00b', 'ok\ud83d\u0000'].flatMap((text, i) =>
    places.map((place, n) => ({
      type: 'track',
      event: 'X',
      anonymousId: 'a',
      messageId: `${tag}-${i}-${n}`,
      ...place(text),
    })),
  )
  const before = await served.inbox()
  const reply = await served.post('/v1/batch', { batch: [...batch, witness()] })
  expect([reply.status, reply.body]).toEqual([200, { success: true }])
  await witnessed()
  const came = (await served.inbox()).slice(before.length)
  expect(came.filter((line) => line.status !== 4).map((line) => line.messageId)).toEqual([`${tag}-witness`])
  expect(came).toHaveLength(batch.length + 1)
  expect(new Set(came.map((line) => line.reason))).toEqual(new Set(['text_malformed', 'type_unknown', null]))
})

test('the same in one statement with others: their requests are acknowledged', async () => {
  const bad = { type: 'track', event: 'X', anonymousId: 'a', messageId: `${tag}\u0000` }
  const replies = await Promise.all([
    ...Array.from({ length: 10 }, () => served.post('/v1/batch', { batch: [bad] })),
    served.post('/v1/batch', { batch: [witness()] }),
  ])
  expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([200]))
  await witnessed()
})

test('text that is cut to fit is never cut through a character', async () => {
  const lengths = [20, 35, 40, 60, 64, 100, 200, 300, 320, 500, 1000, 2000]
  const cut = (length: number) => `${'x'.repeat(length - 1)}😀😀`
  const batch = lengths.flatMap((length, n) => {
    const text = cut(length)
    const who = { anonymousId: `${text}-${tag}`, userId: `${tag}-${text}`, messageId: `${tag}-${n}-${text}` }
    return [
      {
        ...who,
        type: 'page',
        name: text,
        properties: { url: text, path: text, title: text, referrer: text },
        context: {
          userAgent: text,
          locale: text,
          timezone: text,
          campaign: { name: text, source: text, medium: text, term: text, content: text },
          consent: { categoryPreferences: { analytics: true } },
          throughline: {
            sessionId: text,
            fbp: text,
            fbc: text,
            ga: { clientId: text, sessionId: text },
            clickIds: { [text]: { value: text, at: '2026-01-01' } },
          },
        },
      },
      {
        ...who,
        messageId: `i${who.messageId}`,
        type: 'identify',
        traits: {
          email: `${text}@shop.example`,
          phone: text,
          firstName: text,
          lastName: text,
          company: text,
          title: text,
          language: text,
          address: { city: text, country: text },
          custom: text + 'x'.repeat(3000),
        },
      },
      { ...who, messageId: `t${who.messageId}`, type: 'track', event: text },
      {
        ...who,
        messageId: `o${who.messageId}`,
        type: 'track',
        event: 'Order Completed',
        properties: {
          order_id: text,
          order_number: text,
          total: 1,
          products: [{ name: text, sku: text, price: 1 }],
        },
      },
      {
        ...who,
        messageId: `c${who.messageId}`,
        type: 'track',
        event: 'Consent Changed',
        properties: { purposes: { email_marketing: 'granted' }, proof: text },
      },
    ]
  })
  for (let i = 0; i < batch.length; i += 10) {
    expect((await served.post('/v1/batch', { batch: batch.slice(i, i + 10) })).status).toBe(200)
  }
  await served.post('/v1/batch', { batch: [witness()] })
  await witnessed()
  const troubled = (await served.inbox()).filter((line) => line.payload.includes(tag) && line.status !== 1)
  expect(troubled.map((line) => [line.reason, line.trace])).toEqual([])
})

test('a body that only claims to be gzip, or unpacks to more than 500 kB, is refused', async () => {
  const packed = { 'content-encoding': 'gzip' }
  const bomb = gzipSync(Buffer.alloc(400_000_000, 0x20))
  expect(bomb.length).toBeLessThan(500_000)
  const before = process.memoryUsage().rss
  for (const [body, status] of [
    [Buffer.from('{"batch":[]}'), 400],
    [gzipSync('{"batch":[]}').subarray(0, 20), 400],
    [Buffer.alloc(0), 400],
    [bomb, 413],
  ] as const) {
    expectRefusal(await served.post('/v1/batch', body, packed), status)
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000)
  expectRefusal(await served.post('/v1/batch', Buffer.from('x'), { 'content-encoding': 'br' }), 415)
})

test('a body larger than the limit is refused before it is read', async () => {
  const large = 'x'.repeat(2_000_000)
  expectRefusal(await served.post('/v1/batch', large), 413)
  for (const path of JSON_CALLS) expectRefusal(await served.call('POST', path, `"${large}"`), 413)
})

test('a client that trickles its body is cut off, and holds up nobody meanwhile', async () => {
  const { hostname, port } = new URL(served.url)
  const answers = await Promise.all(
    ['/v1/batch', createWriteKey.path].map(
      (path) =>
        new Promise<string>((resolve) => {
          let answer = ''
          const socket = connect(Number(port), hostname, () => {
            socket.write(
              `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 400000\r\n` +
                `authorization: ${basic(served.writeKey)}\r\n\r\n{`,
            )
          })
          const trickle = setInterval(() => socket.write(' '), 50)
          socket.on('data', (bytes) => (answer += bytes.toString()))
          socket.on('error', () => undefined)
          socket.on('close', () => {
            clearInterval(trickle)
            resolve(answer)
          })
          void served
            .post('/v1/batch', { batch: [witness()] })
            .then((reply) => expect(reply.status).toBe(200))
        }),
    ),
  )
  for (const answer of answers) {
    expect(answer).toMatch(/^HTTP\/1.1 408 /)
    expect(answer).toContain('body_slow')
  }
  await witnessed()
})

test('SQL in every text stays text', async () => {
  const evil = `'); drop table leads; -- ${tag} \\' " $1 {x:UUID} %s`
  await served.post('/v1/batch', {
    batch: [
      {
        type: 'identify',
        anonymousId: `${evil}a`,
        userId: `${evil}u`,
        messageId: evil,
        traits: {
          firstName: evil,
          company: evil,
          [evil]: evil,
          email: `'or'1'='1@shop.example`,
          phone: evil,
        },
        context: {
          userAgent: evil,
          page: { url: evil, title: evil },
          campaign: { name: evil },
          locale: evil,
        },
      },
      {
        type: 'track',
        event: evil,
        anonymousId: `${evil}a`,
        messageId: `${evil}2`,
        properties: { order_id: evil, currency: evil, [evil]: evil },
      },
      {
        type: 'track',
        event: 'Order Completed',
        anonymousId: `${evil}a`,
        properties: { order_id: evil, total: evil },
      },
      witness(),
    ],
  })
  await witnessed()
  const [lead] = await rows<{ first_name: string; company: string }>(
    served.services.db,
    sql`select l.first_name, l.company from leads l join identifiers i on i.lead_id = l.id where i.value = ${`${evil}u`}`,
  )
  expect(lead).toEqual({ first_name: evil, company: evil })
  const events = await ask<{ name: string }>(
    served.services.clickhouse,
    'select name from events where anonymous_id = {a:String} and call = {call:String}',
    { a: `${evil}a`, call: 'track' },
  )
  expect(events.map((event) => event.name).sort()).toEqual([evil, 'order_completed'].sort())
})

test('names that objects inherit, and keys twice, are ordinary text', async () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype']
  const batch = names.flatMap((name) => [
    `{"type":"track","event":"${name}","anonymousId":"${tag}-p","messageId":"${tag}-t-${name}","properties":{"order_id":"1","${name}":{"total":1},"__proto__":{"isBot":true}}}`,
    `{"type":"identify","anonymousId":"${tag}-p","userId":"${tag}-${name}","messageId":"${tag}-i-${name}","traits":{"${name}":"x","plan":"a","plan":"b"},"context":{"throughline":{"clickIds":{"${name}":{"value":"v","at":"2026-01-01"}}}}}`,
    `{"type":"${name}","anonymousId":"a","messageId":"${tag}-n-${name}"}`,
    `{"type":"page","anonymousId":"${tag}-p","messageId":"${tag}-c-${name}","context":{"consent":{"categoryPreferences":{"${name}":true}},"campaign":{"${name}":"x"},"page":{"__proto__":{"url":"x"}}}}`,
  ])
  const text = `{"batch":[${batch.join(',')},${JSON.stringify(witness())}],"__proto__":{"batch":[]}}`
  expect((await served.post('/v1/batch', text)).status).toBe(200)
  await witnessed()
  const lines = (await served.inbox()).filter((line) => line.messageId.startsWith(`${tag}-`))
  expect(
    lines.filter((line) => line.status !== 1).map((line) => [line.reason, line.messageId.slice(0, 5)]),
  ).toEqual(names.map(() => ['type_unknown', `${tag}-n-`.slice(0, 5)]))
  expect(Object.keys(Object.prototype)).toEqual([])
})

test('numbers and times beyond reason are taken as far as they can be read', async () => {
  const amounts = [
    '1e999',
    '-1e999',
    '1e308',
    '-5',
    '99999999999999999999',
    '0.005',
    '1e-320',
    '-0',
    '9007199254740993',
  ]
  const orders = amounts.map(
    (amount, n) =>
      `{"type":"track","event":"Order Completed","anonymousId":"${tag}-m","messageId":"${tag}-${n}","properties":{"order_id":"${tag}-${n}","total":${amount},"tax":${amount},"currency":"EUR","products":[{"name":"a","quantity":${amount},"price":${amount}}]}}`,
  )
  const refunds = amounts.map((_, n) =>
    JSON.stringify({
      type: 'track',
      event: 'Order Refunded',
      anonymousId: `${tag}-m`,
      messageId: `${tag}-r${n}`,
      properties: { order_id: `${tag}-${n}`, total: '90071992547409.91', currency: 'EUR' },
    }),
  )
  const times = [
    '9999-12-31T23:59:59-23:00',
    '0000-01-01',
    '-000001-01-01T00:00:00Z',
    '+275760-09-13T00:00:00Z',
    '1e999',
  ]
  const told = times.flatMap((time, n) => [
    JSON.stringify({
      type: 'page',
      anonymousId: `${tag}-m`,
      messageId: `${tag}-p${n}`,
      timestamp: time,
      sentAt: time,
      context: {
        consent: { categoryPreferences: { analytics: true, ad_user_data: false } },
        throughline: { consentAt: time, clickIds: { gclid: { value: 'x', at: time } } },
      },
    }),
  ])
  const body = `{"batch":[${[...orders, ...refunds, ...refunds.map((text) => text.replace(`${tag}-r`, `${tag}-s`)), ...told, JSON.stringify(witness())].join(',')}]}`
  expect((await served.post('/v1/batch', body)).status).toBe(200)
  await witnessed()
  const lines = (await served.inbox()).filter((line) => line.messageId.startsWith(`${tag}-`))
  expect(lines.filter((line) => line.status !== 1)).toEqual([])
  const [future] = await rows<{ count: number }>(
    served.services.db,
    sql`select count(*)::int as count from consents where acted_at > now() + interval '1 minute'`,
  )
  expect(future?.count).toBe(0)
})

test('whatever JSON stands where a message should, it is taken or refused, never failed', async () => {
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom(null, 0, '', [], {}, true, 1e308, 'x'.repeat(1000)),
  )
  const message = fc.record(
    {
      type: fc.oneof(fc.constantFrom('identify', 'track', 'page', 'screen', 'group', 'alias'), odd),
      event: fc.oneof(
        fc.constantFrom('Order Completed', 'Order Refunded', 'Consent Changed', 'Unsubscribed', 'X'),
        odd,
      ),
      anonymousId: fc.oneof(fc.constant('fuzz'), odd),
      userId: odd,
      groupId: odd,
      previousId: odd,
      name: odd,
      timestamp: odd,
      sentAt: odd,
      properties: fc.oneof(
        fc.record(
          {
            order_id: odd,
            total: odd,
            revenue: odd,
            currency: odd,
            products: odd,
            url: odd,
            path: odd,
            title: odd,
            email: odd,
            purposes: odd,
            proof: odd,
            $context: odd,
            $clickIds: odd,
          },
          { requiredKeys: [] },
        ),
        odd,
      ),
      traits: fc.oneof(
        fc.record(
          { email: odd, phone: odd, name: odd, address: odd, company: odd, plan: odd },
          { requiredKeys: [] },
        ),
        odd,
      ),
      context: fc.oneof(
        fc.record(
          {
            page: odd,
            campaign: odd,
            consent: odd,
            throughline: fc.oneof(fc.record({ clickIds: odd, ga: odd, consentAt: odd, sessionId: odd }), odd),
            timezone: odd,
            locale: odd,
            userAgent: odd,
            library: odd,
            traits: odd,
          },
          { requiredKeys: [] },
        ),
        odd,
      ),
    },
    { requiredKeys: [] },
  )
  const batches = fc.sample(fc.array(message, { minLength: 20, maxLength: 40 }), { numRuns: 25, seed: 7 })
  for (const batch of batches) {
    const reply = await served.post('/v1/batch', { batch })
    expect([reply.status, reply.text]).toEqual([200, '{"success":true}'])
    const single = await served.post('/v1/track', batch[0])
    expect(single.status).toBe(200)
  }
  await served.post('/v1/batch', { batch: [witness()] })
  await witnessed()
  const parked = (await served.inbox()).filter((line) => line.status === 3)
  expect(parked.map((line) => [line.trace, line.payload])).toEqual([])
})

test('the JSON API answers any body with a sentence', async () => {
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom(null, 0, '', [], {}, 'a\u0000', '\ud800', "' or 1=1 --"),
  )
  const bodies = fc.sample(
    fc.oneof(odd, fc.record({ name: odd, role: odd, scopes: odd, allowedDomains: odd })),
    {
      numRuns: 60,
      seed: 7,
    },
  )
  for (const body of bodies) {
    for (const path of JSON_CALLS) {
      const reply = await served.call('POST', path, JSON.stringify(body), {
        'idempotency-key': `${tag}-\u00ff${path}`,
      })
      expect(reply.status, reply.text).toBeLessThan(500)
    }
  }
  for (const path of [
    '/api/write-keys/%00',
    '/api/write-keys/%ed%a0%80',
    '/api/audit-log?cursor=%00',
    '/api/audit-log?cursor=%',
  ]) {
    expectRefusal(await served.call('DELETE', path))
    expectRefusal(await served.call('GET', path))
  }
  expectRefusal(
    await exchange(`${served.url}/api/write-keys`, 'GET', undefined, { authorization: 'Bearer \u00ff' }),
    401,
  )
  expectRefusal(await served.call('GET', '/api/write-keys', undefined, { 'x-workspace': "' or 1=1 --" }), 404)
  expect(served.errors).toEqual([])
})
