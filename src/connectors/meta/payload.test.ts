// A conversion in Meta's form, by its rules.
import { expect, test } from 'vitest'
import type { Conversion } from '../conversions.ts'
import { play } from '../exchange.ts'
import type { VendorRequest } from '../exchange.ts'
import { sha256 } from '../hash.ts'
import { sampleConversion, sampleProducts } from '../samples.ts'
import { buildEvent } from './payload.ts'
import { qualityOf } from './quality.ts'
import { sendEvents } from './send.ts'

const AT = '2026-11-20T10:00:00.000Z'
const settings = { limitedDataUse: 'when_refused' as const }
const purchase = {
  name: 'Purchase',
  parameters: { value: 31, currency: 'GBP', contents: sampleProducts, content_ids: sampleProducts },
}
const sample = sampleConversion(AT)
const american = (change: Partial<Conversion>): Conversion => ({
  ...sample,
  person: { ...sample.person, country: 'US' },
  ...change,
})

test('an event on a website carries page, browser, click and hashed words of the person', () => {
  const { payload, problems } = buildEvent(sample, purchase, settings)
  expect(problems).toEqual([])
  expect(payload).toMatchObject({
    event_name: 'Purchase',
    event_time: Date.parse(AT) / 1000,
    event_id: sample.eventId,
    action_source: 'website',
    user_data: {
      em: [sha256('jane.doe@shop.example')],
      ph: [sha256('442079460958')],
      fbc: `fb.1.${Date.parse(AT)}.IwAR_Example`,
      client_ip_address: '192.0.2.10',
    },
    custom_data: {
      value: 31,
      content_ids: ['tea-01', 'cup-07'],
      contents: [
        { id: 'tea-01', quantity: 2, item_price: 9.5 },
        { id: 'cup-07', quantity: 1, item_price: 12 },
      ],
    },
  })
})

test('an event without page or browser is one of the system', () => {
  const { payload } = buildEvent({ ...sample, pageUrl: undefined }, purchase, settings)
  expect(payload.action_source).toBe('system_generated')
})

test('too little to find a person by is a problem here, before it costs a batch', () => {
  const bare = { ...sample, person: { leadId: '', country: 'GB', city: 'London' }, browser: { clicks: {} } }
  expect(buildEvent(bare, purchase, settings).problems.join(' ')).toMatch(/Too little is known/)
})

test('whoever refused personalised ads is told so, and in the United States limited', () => {
  const refused = { ...sample.consent, ad_personalisation: 'denied' as const }
  const european = buildEvent({ ...sample, consent: refused }, purchase, settings).payload
  expect(european).toMatchObject({ opt_out: true })
  expect(european).not.toHaveProperty('data_processing_options')
  expect(buildEvent(american({ consent: refused }), purchase, settings).payload).toMatchObject({
    data_processing_options: ['LDU'],
    data_processing_options_country: 0,
    data_processing_options_state: 0,
  })
  const noAddress = american({ consent: refused, browser: { clicks: {} } })
  expect(buildEvent(noAddress, purchase, settings).payload).toMatchObject({
    data_processing_options_country: 1,
    data_processing_options_state: 1000,
  })
  expect(buildEvent(american({}), purchase, settings).payload).not.toHaveProperty('data_processing_options')
})

test('a British postcode is sent as area, district and sector', () => {
  const of = (postalCode: string) =>
    (
      buildEvent({ ...sample, person: { ...sample.person, postalCode } }, purchase, settings).payload
        .user_data as { zp: string[] }
    ).zp
  expect(of('M1 1AE')).toEqual(of('M1 1ZZ'))
  expect(of('M1 1AE')).not.toEqual(of('M1 2AE'))
})

test('the match quality is ten with everything, and says what each missing word would add', () => {
  const whole = buildEvent(sample, purchase, settings).payload.user_data as Record<string, unknown>
  expect(qualityOf(whole)).toEqual({ score: 10, has: expect.any(Array), missing: [] })
  const { em: _em, ...without } = whole
  expect(qualityOf(without)).toMatchObject({ score: 7, missing: [{ what: 'E-mail', wouldAdd: 3 }] })
})

const linked = {
  settings: { datasetId: '1', accessToken: 'token', limitedDataUse: 'never' as const },
}
const idsIn = ({ body }: VendorRequest) =>
  (body as { json: { data: { event_id: string }[] } }).json.data.map((event) => event.event_id)

test('a batch that is refused is halved until the event that is to blame is alone', () => {
  const payloads = ['a', 'b', 'bad', 'c', 'd'].map((event_id) => ({ event_id }))
  const { result, requests } = play(sendEvents(payloads, linked), (request) =>
    idsIn(request).includes('bad')
      ? {
          kind: 'answered',
          status: 400,
          headers: {},
          text: '{"error":{"code":100,"message":"Invalid parameter"}}',
        }
      : { kind: 'answered', status: 200, headers: {}, text: '{"events_received":1}' },
  )
  expect(result.map(({ kind }) => kind)).toEqual(['sent', 'sent', 'refused', 'sent', 'sent'])
  expect(requests.length).toBeLessThan(8)
})

test('a dataset that is unknown is asked once: no smaller batch would help', () => {
  const text = '{"error":{"code":100,"error_subcode":33,"message":"Unsupported post request."}}'
  const payloads = ['a', 'b', 'c'].map((event_id) => ({ event_id }))
  const { result, requests } = play(sendEvents(payloads, linked), () => ({
    kind: 'answered',
    status: 400,
    headers: {},
    text,
  }))
  expect(requests.length).toBe(1)
  expect(result.map(({ kind }) => kind)).toEqual(['refused', 'refused', 'refused'])
})

test.each([
  [190, 401, 'reauthorise'],
  [4, 400, 'later'],
  [80004, 400, 'later'],
  [200, 403, 'refused'],
  [10, 403, 'refused'],
])('the error code %i under the status %i means %s', (code, status, kind) => {
  const text = JSON.stringify({ error: { code, message: 'x' } })
  const { result } = play(sendEvents([{ event_id: 'a' }], linked), () => ({
    kind: 'answered',
    status,
    headers: {},
    text,
  }))
  expect(result[0]?.kind).toBe(kind)
})

test('a batch of nothing but bad events costs 64 calls, and what is undecided comes later', () => {
  const bad = { error: { code: 100, message: 'Invalid parameter' } }
  const payloads = Array.from({ length: 1000 }, (_, nth) => ({ event_id: String(nth) }))
  const linked = { settings: { datasetId: '1', accessToken: 'x', ...settings } }
  const { result, requests } = play(sendEvents(payloads, linked), () => ({
    kind: 'answered',
    status: 400,
    headers: {},
    text: JSON.stringify(bad),
  }))
  expect(requests).toHaveLength(64)
  expect(result).toHaveLength(1000)
  const kinds = new Set(result.map(({ kind }) => kind))
  expect(kinds).toEqual(new Set(['refused', 'later']))
  expect(result.filter(({ kind }) => kind === 'refused').length).toBeGreaterThan(20)
})

test('of somebody whom nobody knows Meta is told no id of its own', () => {
  const { leadId: _leadId, userId: _userId, ...unknown } = sample.person
  const { payload } = buildEvent({ ...sample, person: unknown }, purchase, settings)
  expect(payload.user_data).not.toHaveProperty('external_id')
  expect(payload.user_data).toHaveProperty('em')
})
