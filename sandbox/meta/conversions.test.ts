// What Meta refuses of conversions, and what its books make of those it takes.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openSandbox, SANDBOX_NOW } from '../../test/sandbox.ts'
import type { SandboxUnderTest } from '../../test/sandbox.ts'

const DATASET = '2000000000000001'
const TOKEN = 'EAASANDBOXDATASET0000000000000001'
const HASH = '62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f'
const DAY_S = 86_400

let sandbox: SandboxUnderTest
beforeAll(async () => {
  sandbox = await openSandbox()
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.call('POST', '/control/reset', {}))

type Fields = Record<string, unknown>

function event(changes: Fields = {}): Fields {
  return {
    event_name: 'Purchase',
    event_time: SANDBOX_NOW / 1000 - 60,
    event_id: 'order-1',
    action_source: 'website',
    event_source_url: 'https://shop.example/thanks',
    user_data: { em: [HASH], client_user_agent: 'Mozilla/5.0' },
    ...changes,
  }
}

function send(
  events: unknown,
  { token = TOKEN, version = 'v26.0', dataset = DATASET, ...more }: Fields = {},
) {
  return sandbox.call('POST', `/meta/${version}/${dataset}/events`, {
    access_token: token,
    data: events,
    ...more,
  })
}

async function books() {
  const { json } = await sandbox.call('GET', '/control/books/meta?keys=true')
  return json as { events: Record<string, Fields>; keys: Fields[] }
}

describe('what is accepted', () => {
  test('a batch is answered with the number of its events', async () => {
    const { status, json } = await send([event(), event({ event_id: 'order-2' })])
    expect(status).toBe(200)
    expect(json).toEqual({ events_received: 2, messages: [], fbtrace_id: expect.any(String) })
  })

  test('the token may stand in the header, the query, the body or a form', async () => {
    const path = `/meta/v26.0/${DATASET}/events`
    const data = [event()]
    const answers = await Promise.all([
      sandbox.call('POST', path, { data }, { authorization: `Bearer ${TOKEN}` }),
      sandbox.call('POST', `${path}?access_token=${TOKEN}`, { data }),
      sandbox.call(
        'POST',
        path,
        new URLSearchParams({ access_token: TOKEN, data: JSON.stringify(data) }).toString(),
        { 'content-type': 'application/x-www-form-urlencoded' },
      ),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  })

  test('hashes may carry the suffix of the parameter builder, and one value may stand without its list', async () => {
    const { status } = await send([event({ user_data: { em: `${HASH}.AQQAAQEA`, client_user_agent: 'x' } })])
    expect(status).toBe(200)
  })

  test('a sale in a store may be 62 days old', async () => {
    const sale = { action_source: 'physical_store', event_time: SANDBOX_NOW / 1000 - 61 * DAY_S }
    expect((await send([event(sale)])).status).toBe(200)
  })

  test('events with a test code count like any other', async () => {
    await send([event()], { test_event_code: 'TEST123' })
    expect((await books()).events[DATASET]).toMatchObject({ received: 1, counted: 1, test: 1 })
  })
})

describe('the books', () => {
  test('the same event name and id within 48 hours count once; after that they count again', async () => {
    await send([event(), event()])
    await send([event()])
    expect((await books()).events[DATASET]).toMatchObject({ received: 3, counted: 1, duplicates: 2 })
    expect((await books()).keys).toMatchObject([{ eventName: 'Purchase', eventId: 'order-1', times: 3 }])
    await sandbox.call('POST', '/control/clock', { advanceMs: 49 * 3_600_000 })
    await send([event()])
    expect((await books()).events[DATASET]).toMatchObject({ received: 4, counted: 2 })
    await sandbox.call('POST', '/control/clock', { advanceMs: -49 * 3_600_000 })
  })

  test('another event name with the same id is another conversion', async () => {
    await send([event(), event({ event_name: 'Lead' })])
    expect((await books()).events[DATASET]).toMatchObject({ counted: 2, duplicates: 0 })
  })

  test('events without an id all count', async () => {
    await send([event({ event_id: undefined }), event({ event_id: undefined })])
    expect((await books()).events[DATASET]).toMatchObject({ counted: 2, withoutId: 2 })
  })
})

describe('what is refused, with the whole batch', () => {
  const wrong: [string, Fields, number?][] = [
    ['an event without a name', { event_name: undefined }],
    ['an event without a time', { event_time: undefined }],
    ['an event whose time is a date in words', { event_time: '2026-11-20' }],
    ['an event without customer information', { user_data: undefined }],
    ['an event without an action source', { action_source: undefined }],
    ['an action source that does not exist', { action_source: 'web' }],
    ['an event more than 7 days old', { event_time: SANDBOX_NOW / 1000 - 8 * DAY_S }, 2804003],
    [
      'a sale in a store more than 62 days old',
      { action_source: 'physical_store', event_time: SANDBOX_NOW / 1000 - 63 * DAY_S },
      2804003,
    ],
    ['a website event without a user agent', { user_data: { em: HASH } }],
    ['a website event without its address', { event_source_url: undefined }],
    ['an e-mail address in the clear', { user_data: { em: 'mary@example.com', client_user_agent: 'x' } }],
    ['a hash in capitals', { user_data: { em: [HASH.toUpperCase()], client_user_agent: 'x' } }],
    ['a hash that is too short', { user_data: { ph: [HASH.slice(1)], client_user_agent: 'x' } }],
    ['no customer information at all', { action_source: 'other', user_data: {} }, 2804050],
    [
      'only a place, a gender and a user agent',
      { user_data: { ct: HASH, country: HASH, st: HASH, zp: HASH, ge: HASH, client_user_agent: 'x' } },
      2804050,
    ],
    ['only a birthday and a user agent', { user_data: { db: HASH, client_user_agent: 'x' } }, 2804050],
    [
      'only a first name and a gender',
      { action_source: 'other', user_data: { fn: HASH, ge: HASH } },
      2804050,
    ],
    ['only a last name and a gender', { action_source: 'other', user_data: { ln: HASH, ge: HASH } }, 2804050],
    ['Limited Data Use without country and state', { data_processing_options: ['LDU'] }],
  ]
  test.each(wrong)('%s', async (_name, changes, subcode) => {
    const { status, json } = await send([event(), event(changes)])
    expect(status).toBe(400)
    expect(json).toMatchObject({
      error: {
        message: 'Invalid parameter',
        type: 'OAuthException',
        code: 100,
        ...(subcode !== undefined && { error_subcode: subcode }),
        is_transient: false,
        error_user_title: expect.any(String),
        error_user_msg: expect.any(String),
        fbtrace_id: expect.any(String),
      },
    })
    expect((await books()).events).toEqual({})
  })

  test('a batch of none, or of more than 1,000', async () => {
    expect((await send([])).status).toBe(400)
    expect((await send(Array.from({ length: 1001 }, () => event()))).status).toBe(400)
    expect((await send(Array.from({ length: 1000 }, () => event()))).status).toBe(200)
  })

  test('a body without data', async () => {
    expect((await send(undefined)).json).toMatchObject({ error: { code: 100 } })
  })

  test('the answer does not say which event was wrong, but the page does', async () => {
    const { text } = await send([event(), event(), event({ event_name: '' })])
    expect(text).not.toMatch(/\b2\b/)
    const { json } = await sandbox.call('GET', '/control/requests?vendor=meta&limit=1')
    expect(json).toMatchObject([{ note: expect.stringContaining('event 2 of 3') }])
  })
})

describe('who is refused', () => {
  test.each([
    ['without a token', { token: '' }, 400, 104],
    ['with a token that nobody gave out', { token: 'EAA-other' }, 400, 190],
    ['for a dataset that is not theirs', { dataset: '42' }, 400, 100],
    ['with a version that has ended', { version: 'v20.0' }, 400, 2635],
  ])('a caller %s', async (_name, changes, status, code) => {
    const answer = await send([event()], changes)
    expect(answer.status).toBe(status)
    expect(answer.json).toMatchObject({ error: { code } })
  })

  test.each([
    ['expired', 401, { code: 190, error_subcode: 463 }],
    ['revoked', 401, { code: 190, error_subcode: 458 }],
  ])('a caller whose token is %s', async (state, status, error) => {
    await sandbox.call('POST', '/control/meta/tokens', { token: TOKEN, state })
    expect(await send([event()])).toMatchObject({ status, json: { error } })
  })

  test('a caller whose token lacks the permission', async () => {
    await sandbox.call('POST', '/control/meta/tokens', { token: TOKEN, state: 'valid', permissions: 'none' })
    expect(await send([event()])).toMatchObject({ status: 403, json: { error: { code: 200 } } })
  })
})

test('a dataset can be looked up by who may use it', async () => {
  const { json } = await sandbox.call('GET', `/meta/v26.0/${DATASET}?fields=id,name&access_token=${TOKEN}`)
  expect(json).toEqual({ id: DATASET, name: expect.any(String) })
})
