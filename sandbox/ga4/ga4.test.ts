// GA4 answers 204 to everything and records what it may; only the debug endpoint says what is wrong.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openSandbox, SANDBOX_NOW } from '../../test/sandbox.ts'
import type { SandboxUnderTest } from '../../test/sandbox.ts'

const QUERY = 'measurement_id=G-SANDBOX001&api_secret=sandbox-ga4-secret'

let sandbox: SandboxUnderTest
beforeAll(async () => {
  sandbox = await openSandbox()
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.call('POST', '/control/reset', {}))

type Fields = Record<string, unknown>

function purchase(changes: Fields = {}): Fields {
  return {
    name: 'purchase',
    params: {
      transaction_id: 'order-1',
      currency: 'EUR',
      value: 9.9,
      items: [{ item_id: 'p1', quantity: 1, price: 9.9 }],
      session_id: '1718000000',
      engagement_time_msec: 100,
      ...changes,
    },
  }
}

const collect = (body: unknown, query = QUERY) => sandbox.call('POST', `/ga4/mp/collect?${query}`, body)
const request = (event: unknown, changes: Fields = {}) => ({ client_id: '1.2', events: [event], ...changes })

async function complaints(body: unknown) {
  const { status, json } = await sandbox.call('POST', '/ga4/debug/mp/collect', body)
  expect(status).toBe(200)
  return (json as { validationMessages: { fieldPath: string; validationCode: string }[] }).validationMessages
}

const books = async () =>
  (await sandbox.call('GET', '/control/books/ga4?keys=true')).json as Record<string, Fields>

describe('collect', () => {
  test('answers 204 with an empty body, whether the request is good, malformed, secretless or somebody else’s', async () => {
    const answers = await Promise.all([
      collect(request(purchase())),
      collect('{'),
      collect(request(purchase()), 'measurement_id=G-SANDBOX001'),
      collect(request(purchase()), 'measurement_id=G-OTHER&api_secret=x'),
      collect({ events: [] }),
    ])
    expect(answers.map(({ status, text }) => [status, text])).toEqual(Array(5).fill([204, '']))
  })

  test('records a purchase once for its transaction_id, and everything else each time', async () => {
    await collect(request(purchase()))
    await collect(request(purchase()))
    await collect(request({ name: 'sign_up', params: {} }))
    await collect(request({ name: 'sign_up', params: {} }))
    expect(await books()).toMatchObject({
      streams: { 'G-SANDBOX001': { requests: 4, recorded: 3, purchases: 1, duplicatePurchases: 1 } },
      purchases: [{ transactionId: 'order-1', times: 2 }],
    })
  })

  test('does not record what comes without the right id, secret, client or a name of its own', async () => {
    await collect(request(purchase()), 'measurement_id=G-OTHER&api_secret=x')
    await collect(request(purchase()), 'measurement_id=G-SANDBOX001&api_secret=wrong')
    await collect(request(purchase(), { client_id: undefined }))
    await collect(request({ name: 'session_start', params: {} }))
    expect(await books()).toMatchObject({
      dropped: {
        'no such measurement_id': 1,
        'wrong api_secret': 1,
        'no client_id': 1,
        'event name session_start is not allowed': 1,
      },
    })
  })

  test('a stream can be added', async () => {
    await sandbox.call('POST', '/control/ga4/streams', { measurementId: 'G-MINE1', apiSecret: 'mine' })
    await collect(request(purchase()), 'measurement_id=G-MINE1&api_secret=mine')
    expect(await books()).toMatchObject({ streams: { 'G-MINE1': { recorded: 1 } } })
  })
})

describe('debug', () => {
  test('has nothing to say about a good request', async () => {
    const good = request(purchase(), {
      user_id: 'u1',
      timestamp_micros: SANDBOX_NOW * 1000,
      consent: { ad_user_data: 'GRANTED', ad_personalization: 'DENIED' },
      user_properties: { tier: { value: 'gold' } },
      user_data: { sha256_email_address: ['a'.repeat(64)] },
      user_location: { city: 'Vienna' },
      validation_behavior: 'ENFORCE_RECOMMENDATIONS',
    })
    expect(await complaints(good)).toEqual([])
  })

  test('asks for neither id nor secret, and records nothing', async () => {
    expect(await complaints(request(purchase()))).toEqual([])
    expect(await books()).toMatchObject({ streams: {}, dropped: {} })
  })

  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, place) => [`p${place}`, 1]))
  test.each<[string, unknown, string, string]>([
    ['no client_id', request(purchase(), { client_id: undefined }), 'client_id', 'VALUE_REQUIRED'],
    ['no events', { client_id: '1.2' }, 'events', 'VALUE_REQUIRED'],
    ['26 events', { client_id: '1', events: Array(26).fill(purchase()) }, 'events', 'EXCEEDED_MAX_ENTITIES'],
    ['a field that does not exist', request(purchase(), { color: 1 }), 'color', 'VALUE_INVALID'],
    ['an event without a name', request({ params: {} }), 'events[0].name', 'VALUE_REQUIRED'],
    ['a name with a hyphen', request({ name: 'sign-up' }), 'events[0].name', 'NAME_INVALID'],
    ['a name of 41 letters', request({ name: 'a'.repeat(41) }), 'events[0].name', 'NAME_INVALID'],
    ['a reserved name', request({ name: 'session_start' }), 'events[0].name', 'NAME_RESERVED'],
    ['a reserved prefix', request({ name: 'ga_mine' }), 'events[0].name', 'NAME_RESERVED'],
    ['26 parameters', request({ name: 'x', params: many(26) }), 'events[0].params', 'EXCEEDED_MAX_ENTITIES'],
    [
      'a parameter name with a space',
      request({ name: 'x', params: { 'a b': 1 } }),
      'events[0].params.a b',
      'NAME_INVALID',
    ],
    [
      'a reserved parameter',
      request({ name: 'x', params: { google_x: 1 } }),
      'events[0].params.google_x',
      'NAME_RESERVED',
    ],
    [
      'a value of 101 characters',
      request({ name: 'x', params: { mine: 'x'.repeat(101) } }),
      'events[0].params.mine',
      'VALUE_OUT_OF_BOUNDS',
    ],
    ['a value in words', request(purchase({ value: '9.90' })), 'events[0].params.value', 'VALUE_INVALID'],
    [
      'a currency in small letters',
      request(purchase({ currency: 'eur' })),
      'events[0].params.currency',
      'VALUE_INVALID',
    ],
    [
      'a value without currency',
      request(purchase({ currency: undefined })),
      'events[0].params.currency',
      'VALUE_REQUIRED',
    ],
    [
      'a purchase without transaction_id',
      request(purchase({ transaction_id: undefined })),
      'events[0].params.transaction_id',
      'VALUE_REQUIRED',
    ],
    [
      'a lead without value',
      request({ name: 'generate_lead', params: {} }),
      'events[0].params.value',
      'VALUE_REQUIRED',
    ],
    ['no items in the list', request(purchase({ items: [] })), 'events[0].params.items', 'VALUE_INVALID'],
    [
      'an item without id and name',
      request(purchase({ items: [{ price: 1 }] })),
      'events[0].params.items[0]',
      'VALUE_REQUIRED',
    ],
    [
      'an item with 11 parameters of its own',
      request(purchase({ items: [{ item_id: '1', ...many(11) }] })),
      'events[0].params.items[0]',
      'EXCEEDED_MAX_ENTITIES',
    ],
    [
      'consent in other words',
      request(purchase(), { consent: { ad_user_data: 'YES' } }),
      'consent.ad_user_data',
      'VALUE_INVALID',
    ],
    [
      'an address in the clear',
      request(purchase(), { user_data: { sha256_email_address: ['mary@example.com'] } }),
      'user_data.sha256_email_address',
      'VALUE_INVALID',
    ],
    [
      'a user property whose name has 25 letters',
      request(purchase(), { user_properties: { ['a'.repeat(25)]: { value: 1 } } }),
      `user_properties.${'a'.repeat(25)}`,
      'NAME_INVALID',
    ],
    [
      'a user property of 37 characters',
      request(purchase(), { user_properties: { tier: { value: 'x'.repeat(37) } } }),
      'user_properties.tier.value',
      'VALUE_OUT_OF_BOUNDS',
    ],
    [
      'an event of four days ago, where recommendations are enforced',
      request(purchase(), {
        validation_behavior: 'ENFORCE_RECOMMENDATIONS',
        timestamp_micros: (SANDBOX_NOW - 4 * 86_400_000) * 1000,
      }),
      'timestamp_micros',
      'VALUE_OUT_OF_BOUNDS',
    ],
    ['130,000 bytes', { ...request(purchase()), user_agent: 'x'.repeat(130_000) }, '', 'VALUE_OUT_OF_BOUNDS'],
    ['no JSON', '{', '', 'VALUE_INVALID'],
  ])('complains of %s', async (_name, body, fieldPath, validationCode) => {
    expect(await complaints(body)).toContainEqual({
      fieldPath,
      validationCode,
      description: expect.any(String),
    })
  })

  test('an event of four days ago passes where nothing is enforced: GA4 moves it to its limit', async () => {
    const old = request(purchase(), { timestamp_micros: (SANDBOX_NOW - 4 * 86_400_000) * 1000 })
    expect(await complaints(old)).toEqual([])
  })
})
