// A conversion in GA4's form, by the rules that its live endpoint does not tell of.
import { expect, test } from 'vitest'
import { contractTest } from '../../../test/contracts.ts'
import { schemaProblems } from '../../../test/json-schema.ts'
import type { JsonSchema } from '../../../test/json-schema.ts'
import { play } from '../exchange.ts'
import { sha256 } from '../hash.ts'
import { sampleConversion, sampleProducts } from '../samples.ts'
import { defaults } from './events.ts'
import { buildRequest, clientIdOf } from './payload.ts'
import { groupByPerson, requestOf, validate } from './send.ts'

const AT = '2026-11-20T10:00:00.000Z'
const sample = sampleConversion(AT)
const purchase = {
  name: 'purchase',
  parameters: { value: 31, currency: 'GBP', transaction_id: '1001', items: sampleProducts },
}

test('a purchase carries client, session, consent, hashed words of the person and items', () => {
  const { payload, problems } = buildRequest(sample, purchase)
  expect(problems).toEqual([])
  expect(payload).toMatchObject({
    client_id: '1234567890.1718000000',
    user_id: 'customer-1001',
    timestamp_micros: Date.parse(AT) * 1000,
    consent: { ad_user_data: 'GRANTED', ad_personalization: 'GRANTED' },
    user_data: {
      sha256_email_address: [sha256('jane.doe@shop.example')],
      sha256_phone_number: [sha256('+442079460958')],
    },
    events: [
      {
        name: 'purchase',
        params: {
          session_id: '1718000000',
          transaction_id: '1001',
          items: [
            { item_id: 'tea-01', item_name: 'Green tea', quantity: 2, price: 9.5 },
            { item_id: 'cup-07', item_name: 'Cup', quantity: 1, price: 12 },
          ],
        },
      },
    ],
  })
})

test('who refused the use of their data for ads is not hashed either, and the refusal is told', () => {
  const { payload } = buildRequest(
    { ...sample, consent: { ...sample.consent, ad_user_data: 'denied' } },
    purchase,
  )
  expect(payload).not.toHaveProperty('user_data')
  expect(payload.consent).toMatchObject({ ad_user_data: 'DENIED' })
})

test('whoever no browser told of has a client id of their own, the same for good', () => {
  expect(clientIdOf('lead-1')).toMatch(/^\d+\.\d+$/)
  expect(clientIdOf('lead-1')).toBe(clientIdOf('lead-1'))
  expect(clientIdOf('lead-1')).not.toBe(clientIdOf('lead-2'))
})

test.each([
  ['session_start', {}, /keeps the name session_start/],
  ['1st_event', {}, /takes no event called/],
  ['ga_event', {}, /takes no event called/],
  ['purchase', { value: 1, currency: 'GBP' }, /needs the id of its transaction/],
  ['add_to_cart', { value: 1 }, /needs its currency/],
  ['search', { 'search term': 'x' }, /takes no parameter called/],
  ['search', Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`p${n}`, n])), /takes 25 parameters/],
])(
  '%s with %o is refused here, since the live endpoint would drop it without a word',
  (name, parameters, words) => {
    expect(buildRequest(sample, { name, parameters }).problems.join(' ')).toMatch(words)
  },
)

test('events of one person that are too long for one request travel in several', () => {
  const items = Array.from({ length: 200 }, (_, nth) => ({ id: `tea-${nth}`, name: 'é'.repeat(100) }))
  const { payload, problems } = buildRequest(sample, { name: 'add_to_cart', parameters: { items } })
  expect(problems).toEqual([])
  const payloads = Array.from({ length: 5 }, () => payload)
  const groups = groupByPerson(payloads)
  expect(groups.flat().sort()).toEqual([0, 1, 2, 3, 4])
  for (const group of groups) {
    const request = requestOf(group.map((place) => payloads[place]!))
    expect(Buffer.byteLength(JSON.stringify(request))).toBeLessThan(130_000)
  }
})

test('events of one person share a request of up to 25, each with its own time; those of two do not', () => {
  const of = (userId: string, at: string) =>
    buildRequest({ ...sampleConversion(at), person: { ...sample.person, userId } }, purchase).payload
  const payloads = [of('a', AT), of('b', AT), of('a', '2026-11-20T11:00:00.000Z')]
  expect(groupByPerson(payloads)).toEqual([[0, 2], [1]])
  expect(requestOf([payloads[0]!, payloads[2]!])).toMatchObject({
    user_id: 'a',
    events: [
      { name: 'purchase', timestamp_micros: Date.parse(AT) * 1000 },
      { name: 'purchase', timestamp_micros: Date.parse('2026-11-20T11:00:00.000Z') * 1000 },
    ],
  })
  const many = Array.from({ length: 60 }, () => payloads[0]!)
  expect(groupByPerson(many).map((group) => group.length)).toEqual([25, 25, 10])
})

test('what the debug endpoint complains of is shown in its words', () => {
  const linked = { settings: { measurementId: 'G-1', apiSecret: 's' } }
  const text = JSON.stringify({
    validationMessages: [
      {
        fieldPath: 'events',
        description: 'Event at index: [0] has invalid name',
        validationCode: 'NAME_INVALID',
      },
    ],
  })
  const { result } = play(validate({}, linked), () => ({ kind: 'answered', status: 200, headers: {}, text }))
  expect(result).toEqual({ kind: 'refused', words: 'events: Event at index: [0] has invalid name' })
})

test('somebody whom nobody knows is one client by their address, whatever events they are told in', () => {
  const { leadId: _leadId, userId: _userId, ...unknown } = sample.person
  const of = (eventId: string, email: string) =>
    buildRequest({ ...sample, eventId, person: { ...unknown, email }, browser: { clicks: {} } }, purchase)
      .payload.client_id
  expect(of('e1', 'Jane@shop.example')).toBe(of('e2', 'jane@shop.example'))
  expect(of('e1', 'jane@shop.example')).not.toBe(of('e1', 'john@shop.example'))
})

test('what describes the person travels as a user property, and one that GA4 would drop is refused', () => {
  const of = (parameters: Record<string, unknown>) => buildRequest(sample, { name: 'login', parameters })
  const { payload, problems } = of({
    'user_properties.tier': 'gold',
    'user_properties.orders': 3,
    method: 'mail',
  })
  expect(problems).toEqual([])
  expect(payload.user_properties).toEqual({ tier: { value: 'gold' }, orders: { value: 3 } })
  expect(payload.events).toMatchObject([{ params: { method: 'mail' } }])
  expect(JSON.stringify(payload.events)).not.toContain('user_properties')
  expect(of({ 'user_properties.ga_tier': 'x' }).problems.join()).toMatch(/no user property called ga_tier/)
  expect(of({ [`user_properties.${'x'.repeat(25)}`]: 'x' }).problems.join()).toMatch(/24 letters/)
  expect(of({ 'user_properties.tier': 'x'.repeat(37) }).problems.join()).toMatch(/36 characters/)
  const many = Object.fromEntries(Array.from({ length: 26 }, (_, nth) => [`user_properties.p${nth}`, nth]))
  expect(of(many).problems.join()).toMatch(/25 user properties/)
})

/** Fields that the published schema is too old to know. */
const NEWER = ['consent', 'user_data']

contractTest(
  'requests fit the schema that Google’s own event builder validates with',
  'ga4/mp-payload.schema.json',
  (text) => {
    const schema = JSON.parse(text) as JsonSchema
    const values: Record<string, unknown> = {
      value: 31,
      currency: 'GBP',
      order_id: '1001',
      products: sampleProducts,
      page_url: sample.pageUrl,
    }
    const requests = defaults.map(({ name, parameters }) => {
      const given = parameters.flatMap(({ parameter, from }) =>
        from in values
          ? [[parameter, values[from]]]
          : from.startsWith('property:')
            ? [[parameter, ['tax', 'shipping'].includes(parameter) ? 1 : 'x']]
            : [],
      )
      return buildRequest(sample, {
        name,
        parameters: { ...Object.fromEntries(given), 'user_properties.tier': 'gold' },
      })
    })
    expect(requests.length).toBeGreaterThan(10)
    for (const { payload, problems } of [
      ...requests,
      { payload: requestOf(requests.slice(0, 3).map((one) => one.payload)), problems: [] },
    ]) {
      expect(problems).toEqual([])
      const known = Object.fromEntries(Object.entries(payload).filter(([name]) => !NEWER.includes(name)))
      expect(schemaProblems(schema, known), JSON.stringify(known)).toEqual([])
    }
    const { payload } = buildRequest(sample, {
      name: 'purchase',
      parameters: { value: 'much', currency: 'GBP' },
    })
    expect(schemaProblems(schema, payload).length).toBeGreaterThan(0)
  },
)
