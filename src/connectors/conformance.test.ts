// What every connector must do, whoever wrote it: the suite runs over the registry.
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { addressOf } from '../platform/http.ts'
import { baseAddress, hiding } from './address.ts'
import type { Connector, Link } from './connector.ts'
import { play } from './exchange.ts'
import type { Answer, VendorRequest } from './exchange.ts'
import { fieldsOf, secretNames } from './fields.ts'
import { connectors } from './registry.ts'
import { sampleConversion, sampleProducts, sampleSettings } from './samples.ts'

const AT = '2026-11-20T10:00:00.000Z'
const installation = { sandboxUrl: 'http://127.0.0.1:4010', vendorUrls: {} }

const ANSWERS: Record<string, Answer> = {
  '200': answered(200, '{}'),
  '204': answered(204, ''),
  '400': answered(400, '{"error":{"message":"bad","code":100}}'),
  '401': answered(401, '{"error":{"message":"who","code":190}}'),
  '403': answered(403, 'Forbidden'),
  '429': answered(429, '{"error":{"message":"slow down","code":4}}', { 'retry-after': '7' }),
  '500': answered(500, 'oops'),
  '503': answered(503, ''),
  'time-out': { kind: 'lost', words: 'No answer within the time allowed.' },
  unreached: { kind: 'unreached', words: 'ECONNREFUSED' },
  'broken JSON': answered(200, '{"events_received":'),
  'a page of HTML': answered(200, '<!doctype html><title>Sign in</title>'),
}
/** What an answer may never be taken for. */
const NEVER: Record<string, string[]> = {
  '400': ['sent', 'later', 'unknown'],
  '401': ['sent', 'later', 'unknown'],
  '403': ['sent', 'later', 'unknown'],
  '429': ['sent', 'refused', 'unknown'],
  '503': ['sent', 'refused'],
  '500': ['sent', 'refused'],
  'time-out': ['sent', 'refused', 'later'],
  unreached: ['sent', 'refused', 'unknown'],
}

describe.each(connectors.map((one) => [one.id, one] as const))('the connector %s', (id, connector) => {
  const settings = sampleSettings(connector)
  const link: Link = { settings, accessToken: 'access-token-of-the-sample' }
  const secrets = secretNames(connector.settings).map((name) => String(settings[name] ?? ''))

  test('lives in a folder of its name and stands in the registry once', () => {
    expect(existsSync(new URL(`./${id}/index.ts`, import.meta.url))).toBe(true)
    expect(connectors.filter((one) => one.id === id)).toHaveLength(1)
    expect(connector.initials).toMatch(/^\p{L}{2}$/u)
    expect(connector.summary).toMatch(/\.$/)
  })

  test('labels every setting, marks what is secret, and takes its own examples', () => {
    for (const { key, label, isSecret } of fieldsOf(connector.settings)) {
      expect(label, key).not.toBe('')
      if (/secret|token|password|private/i.test(key)) expect(isSecret, key).toBe(true)
    }
    expect(connector.settings.safeParse(settings).error).toBeUndefined()
  })

  test('has addresses that fill from its settings, the sandbox’s included', () => {
    for (const name of Object.keys(connector.bases)) {
      expect(baseAddress(connector, name, settings, false, installation).url).toMatch(/^https:\/\/\S+[^/]$/)
      expect(baseAddress(connector, name, settings, true, installation).url).toMatch(
        /^http:\/\/127\.0\.0\.1:4010\//,
      )
    }
  })

  test.each(Object.keys(ANSWERS))(
    'checks with one harmless call, and says in words what %s means',
    (name) => {
      const { result, requests } = play(connector.check(link), () => ANSWERS[name]!)
      // A vendor that only calls us has no address to ask.
      const isAsked = Object.keys(connector.bases).length > 0
      expect(requests).toHaveLength(isAsked ? 1 : 0)
      expect(requests.every(isHarmless)).toBe(true)
      if (!isAsked) return
      if (!result.ok) expect(result.problem).toMatch(/\S/)
      if (!/^20|JSON|HTML/.test(name)) expect(result.ok).toBe(false)
    },
  )

  const { conversions, shop, oauth } = connector
  if (conversions) {
    const mapped = { name: conversions.defaults[0]!.name, parameters: PURCHASE }
    const build = (place: number) =>
      conversions.build({ ...sampleConversion(AT), eventId: `event-${place}` }, mapped, settings).payload

    test('builds the same payload for the same conversion, without complaints about the sample', () => {
      const first = conversions.build(sampleConversion(AT), mapped, settings)
      expect(conversions.build(sampleConversion(AT), mapped, settings)).toEqual(first)
      expect(first.problems).toEqual([])
      expect(JSON.stringify(first.payload)).toContain(sampleConversion(AT).eventId)
    })

    test('refuses no conversion by a throw, however little or strange is known', () => {
      const bare = {
        eventId: 'e',
        event: 'x',
        occurredAt: AT,
        person: { leadId: 'l' },
        browser: { clicks: {} },
      }
      const consent = { analytics: 'denied', ad_user_data: 'denied', ad_personalisation: 'denied' } as const
      for (const parameters of [
        {},
        { value: 'a lot', currency: 3, items: [null], contents: 'x', order_id: {} },
      ])
        expect(() =>
          conversions.build({ ...bare, consent }, { name: '', parameters }, settings),
        ).not.toThrow()
    })

    test('sends no address, name or number unhashed', () => {
      const text = JSON.stringify(build(1)).toLowerCase()
      const { email, phone, firstName, lastName } = sampleConversion(AT).person
      for (const word of [
        email!,
        phone!.slice(1),
        `"${firstName!.toLowerCase()}"`,
        `"${lastName!.toLowerCase()}"`,
      ])
        expect(text.includes(word), word).toBe(connector.sendsPlainAddresses === true)
    })

    test('puts every payload into one group, and no more into one than a batch may hold', () => {
      const payloads = Array.from({ length: conversions.batchLimit * 2 + 1 }, (_, place) => build(place))
      const slice = payloads.slice(0, conversions.batchLimit)
      const groups = conversions.group(slice)
      expect(groups.flat().sort((a, b) => a - b)).toEqual(slice.map((_, place) => place))
      for (const group of groups) expect(group.length).toBeLessThanOrEqual(conversions.batchLimit)
    })

    test.each(Object.keys(ANSWERS))(
      'has one outcome for each payload, in order, where the answer is %s',
      (name) => {
        for (const count of [1, Math.min(3, conversions.batchLimit)]) {
          const payloads = Array.from({ length: count }, (_, place) => build(place))
          const { result, requests } = play(conversions.send(payloads, link), () => ANSWERS[name]!)
          expect(result).toHaveLength(count)
          for (const { kind, words } of result) {
            expect(NEVER[name] ?? [], words).not.toContain(kind)
            expect(typeof words).toBe('string')
          }
          expectSafe(requests)
        }
      },
    )

    test('maps events of ours to names that the vendor takes, each once', () => {
      const known = new Set(conversions.names.map(({ name }) => name))
      const events = conversions.defaults.map(({ event }) => event)
      expect(new Set(events).size).toBe(events.length)
      for (const { name } of conversions.defaults)
        expect(known.has(name) || (conversions.customName?.test(name) ?? false), name).toBe(true)
    })
  }

  if (shop) {
    const read = (topic: string, payload: unknown) => shop.read({ topic, triggeredAt: AT }, payload, 'GBP')

    test.each(Object.entries(shop.examples))(
      'reads the webhook %s the same way each time, unknown fields left aside',
      (topic, payload) => {
        const first = read(topic, payload)
        expect(first).toHaveProperty('words')
        expect(read(topic, payload)).toEqual(first)
        expect(read(topic, { ...(payload as object), something_new: { a: [1] } })).toEqual(first)
      },
    )

    test('refuses a malformed webhook in words and never throws', () => {
      for (const topic of Object.keys(shop.examples))
        for (const payload of [
          null,
          1,
          'text',
          [],
          {},
          { id: {}, email: [], customer: 7, line_items: 'x', updated_at: 'never', refunds: [null] },
        ]) {
          const found = read(topic, payload)
          if ('refused' in found) expect(found.refused).toMatch(/\S/)
          else expect(Array.isArray(found.words)).toBe(true)
        }
    })

    test('takes no webhook that nobody signed', () => {
      expect(shop.verify({ raw: Buffer.from('{}'), headers: {} }, settings)).toBe(false)
    })

    test.each(Object.keys(ANSWERS))('writes to the shop with one outcome where the answer is %s', (name) => {
      const change = { customerId: '1', addTags: ['vip'], email: { state: 'granted' as const, at: AT } }
      const { result, requests } = play(shop.write(link, change), () => ANSWERS[name]!)
      expect(NEVER[name] ?? [], result.outcome.words).not.toContain(result.outcome.kind)
      expectSafe(requests)
    })
  }

  if (oauth) {
    test('names its scopes and its client', () => {
      expect(oauth.scopes.length).toBeGreaterThan(0)
      expect(oauth.client(settings).id).toMatch(/\S/)
    })
  }

  test('shows no secret in an address or in what is kept of a call', () => {
    const { requests } = play(connector.check(link), () => ANSWERS['200']!)
    expectSafe(requests)
  })

  // A vendor that takes a secret nowhere but in the query names the parameter, and it is hidden wherever the address is shown.
  function expectSafe(requests: VendorRequest[]): void {
    const hide = hiding([...secrets, link.accessToken!])
    for (const request of requests) {
      const query = Object.fromEntries(
        Object.entries(request.query ?? {}).filter(([name]) => !connector.secretQuery?.includes(name)),
      )
      const plain = addressOf({ url: request.path, query })
      const shown = hide(addressOf({ url: request.path, query: request.query }))
      for (const secret of [...secrets, link.accessToken!].filter((one) => one !== '')) {
        expect(plain).not.toContain(secret)
        expect(shown).not.toContain(secret)
        expect(shown).not.toContain(encodeURIComponent(secret))
      }
    }
  }
})

const PURCHASE = {
  value: 31,
  currency: 'GBP',
  contents: sampleProducts,
  items: sampleProducts,
  content_ids: sampleProducts,
  order_id: '1001',
  transaction_id: '1001',
}

function answered(status: number, text: string, headers: Record<string, string> = {}): Answer {
  return { kind: 'answered', status, text, headers }
}

// What may be asked without changing anything: a read, a question in GraphQL, or what the connector itself calls repeatable.
function isHarmless({ method, isRepeatable, body }: VendorRequest): boolean {
  const query = body && 'json' in body && (body.json as { query?: unknown } | null)?.query
  return (
    method === 'GET' || isRepeatable === true || (typeof query === 'string' && !/^\s*mutation\b/.test(query))
  )
}

test('no two connectors share an id or an address of the API', () => {
  const ids = connectors.map(({ id }) => id)
  const doors = connectors.flatMap(
    ({ conversions }: Connector) => conversions?.doors.map(({ path }) => path) ?? [],
  )
  expect(new Set(ids).size).toBe(ids.length)
  expect(new Set(doors).size).toBe(doors.length)
})
