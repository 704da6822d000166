// What every source of leads must do, whoever wrote it: over the registry, and for each vendor what its contract demands.
import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { contractTest } from '../../test/contracts.ts'
import type { Link } from './connector.ts'
import { play } from './exchange.ts'
import type { Answer, Exchange } from './exchange.ts'
import type { Asked } from './lead-source.ts'
import { leadTargets } from './lead-source.ts'
import { connectorOf, connectors } from './registry.ts'
import { sampleSettings } from './samples.ts'

const found = connectors.flatMap((one) => (one.leads ? [[one.id, one, one.leads] as const] : []))

const answered = (status: number, text: string): Answer => ({ kind: 'answered', status, text, headers: {} })
const TROUBLE: [string, Answer, string[]][] = [
  ['400', answered(400, '{"error":{"message":"bad","code":100}}'), ['refused']],
  ['401', answered(401, '{"error":{"message":"who","code":190}}'), ['reauthorise']],
  ['403', answered(403, 'Forbidden'), ['refused']],
  ['404', answered(404, '{}'), ['refused']],
  ['429', answered(429, '{"error":{"message":"slow down","code":4}}'), ['later']],
  ['500', answered(500, 'oops'), ['later', 'unknown']],
  ['503', answered(503, ''), ['later', 'unknown']],
  ['a time-out', { kind: 'lost', words: 'No answer within the time allowed.' }, ['unknown']],
  ['nobody there', { kind: 'unreached', words: 'ECONNREFUSED' }, ['later']],
  ['broken JSON', answered(200, '{"data":'), ['unknown']],
  ['a page of HTML', answered(200, '<!doctype html>'), ['unknown']],
]

describe.each(found)('the lead source %s', (_id, connector, leads) => {
  const settings = sampleSettings(connector)
  const link: Link = { settings, accessToken: 'access-token-of-the-sample' }

  test('takes no webhook that nobody signed, and none with a wrong signature', () => {
    const raw = Buffer.from(JSON.stringify({ ...(leads.example as object), google_key: 'wrong' }))
    expect(leads.verify({ raw, headers: {} }, settings)).toBe(false)
    const wrong = `sha256=${'0'.repeat(64)}`
    expect(
      leads.verify({ raw, headers: { 'x-hub-signature-256': wrong, 'x-li-signature': wrong } }, settings),
    ).toBe(false)
  })

  test('reads a payload the same way each time, unknown fields left aside', () => {
    const first = leads.read(leads.example, settings)
    expect(first).toMatchObject({ notices: [{ act: 'left', leadId: expect.any(String) }] })
    expect(leads.read(leads.example, settings)).toEqual(first)
    expect(leads.read({ ...(leads.example as object), something_new: { a: [1] } }, settings)).toEqual(first)
  })

  test('refuses a malformed payload in words and never throws', () => {
    for (const payload of [
      null,
      1,
      'text',
      [],
      {},
      { entry: [null], object: 'page' },
      { type: 'LEAD_ACTION', owner: 3 },
    ]) {
      const read = leads.read(payload, settings)
      if ('refused' in read) expect(read.refused).toMatch(/\S/)
      else expect(read.notices).toEqual([])
    }
  })

  test('fills only fields that leads have, and says what to do at the vendor without telling a secret', () => {
    for (const target of Object.values(leads.standard)) expect(leadTargets).toContain(target)
    const steps = JSON.stringify(leads.setUp(settings, 'https://throughline.example/hook'))
    expect(steps).toContain('https://throughline.example/hook')
    for (const name of ['accessToken', 'appSecret', 'clientSecret', 'key'])
      if (name in settings) expect(steps).not.toContain(String(settings[name]))
  })

  const asking: [string, (() => Exchange<Asked<unknown>>) | undefined][] = [
    ['reads a lead', leads.retrieve && (() => leads.retrieve!({ leadId: '12', formId: '7001' }, link))],
    ['catches up', leads.catchUp && (() => leads.catchUp!(new Date(0), null, link))],
    ['lists forms', leads.forms && (() => leads.forms!(link))],
    ['listens', leads.listen && (() => leads.listen!(link, 'https://throughline.example/hook'))],
    ['sends a test', leads.sendTest && (() => leads.sendTest!('7001', link))],
  ]
  for (const [what, make] of asking) {
    if (!make) continue
    test.each(TROUBLE)(`${what} and says what %s means`, (_name, answer, kinds) => {
      const { result } = play(make(), () => answer)
      expect(kinds).toContain(result.kind)
    })
  }
})

describe('signatures', () => {
  const page = connectorOf('facebook')!
  const settings = { ...sampleSettings(page), appSecret: 'an-app-secret-of-ours' }
  const body = '{"object":"page","entry":[{"id":"1","changes":[],"note":"J\\u00f6rg \\u00e4"}]}'
  const sign = (text: string) =>
    `sha256=${createHmac('sha256', 'an-app-secret-of-ours').update(text).digest('hex')}`

  test('hold over the bytes as they came, escaped where they are not ASCII', () => {
    const verify = (raw: string, signature: string) =>
      page.leads!.verify({ raw: Buffer.from(raw), headers: { 'x-hub-signature-256': signature } }, settings)
    expect(verify(body, sign(body))).toBe(true)
    expect(verify(JSON.stringify(JSON.parse(body)), sign(body))).toBe(false)
  })

  test('of a challenge are answered bare, and only with the word that was agreed', () => {
    const token = page.leads!.setUp(settings, '').find(({ label }) => label === 'Verify token')!.value!
    const ask = (word: string) =>
      page.leads!.challenge!(
        { 'hub.mode': 'subscribe', 'hub.challenge': '1158201444', 'hub.verify_token': word },
        settings,
      )
    expect(ask(token)).toEqual({ type: 'text/plain', body: '1158201444' })
    expect(ask('wrong')).toBeNull()
    expect(token).not.toContain('an-app-secret')
  })
})

test('ids beyond 2^53 stay what they are', () => {
  const google = connectorOf('google')!.leads!
  const raw =
    '{"lead_id":"a","google_key":"a-long-word-of-yours-1234","form_id":9007199254740993123,"campaign_id":9007199254740993,"user_column_data":[]}'
  expect(google.verify({ raw: Buffer.from(raw), headers: {} }, { key: 'a-long-word-of-yours-1234' })).toBe(
    true,
  )
  expect(google.verify({ raw: Buffer.from(raw), headers: {} }, { key: 'another-word-of-yours' })).toBe(false)
})

test('a version that ends within three months is warned of', () => {
  const linkedin = connectorOf('linkedin')!
  const warn = (version: string) =>
    linkedin.leads!.warning!({ ...sampleSettings(linkedin), version }, new Date('2026-11-23T00:00:00Z'))
  expect(warn('202610')).toBeNull()
  expect(warn('202601')).toMatch(/10 months old/)
})

contractTest(
  'webhooks and challenges verify as in the recorded cases',
  'webhook-signatures/vectors.json',
  (text) => {
    const { self_made: cases } = JSON.parse(text) as { self_made: Record<string, Record<string, string>> }
    const verifies = (id: string, name: string, secret: object, header: string, changed = '') => {
      const one = connectorOf(id)!
      const raw = Buffer.from(cases[name]!.raw_body! + changed)
      return one.leads!.verify(
        { raw, headers: { [header]: cases[name]!.value! } },
        { ...sampleSettings(one), ...secret },
      )
    }
    const facebook = { appSecret: cases.meta_webhook!.app_secret }
    const linkedin = { clientSecret: cases.linkedin_event!.client_secret }
    expect(verifies('facebook', 'meta_webhook', facebook, 'x-hub-signature-256')).toBe(true)
    expect(verifies('facebook', 'meta_webhook', facebook, 'x-hub-signature-256', ' ')).toBe(false)
    expect(verifies('linkedin', 'linkedin_event', linkedin, 'x-li-signature')).toBe(true)
    expect(verifies('linkedin', 'linkedin_event', linkedin, 'x-li-signature', ' ')).toBe(false)
    const { challengeCode, challengeResponse, client_secret: clientSecret } = cases.linkedin_challenge!
    const one = connectorOf('linkedin')!
    expect(
      one.leads!.challenge!({ challengeCode: challengeCode! }, { ...sampleSettings(one), clientSecret }),
    ).toEqual({ type: 'application/json', body: JSON.stringify({ challengeCode, challengeResponse }) })
  },
)

contractTest(
  'every field of a lead that is asked for is one that the Graph has',
  'meta/specs/Lead.json',
  (text) => {
    const { fields } = JSON.parse(text) as { fields: { name: string }[] }
    const known = new Set(fields.map(({ name }) => name))
    const facebook = connectorOf('facebook')!
    const link = { settings: sampleSettings(facebook) }
    const { requests } = play(facebook.leads!.retrieve!({ leadId: '1', formId: '2' }, link), () =>
      answered(200, '{"id":"1","field_data":[]}'),
    )
    const asked = requests[0]!.query!.fields!.split(',')
    expect(asked.filter((name) => !known.has(name))).toEqual([])
  },
)
