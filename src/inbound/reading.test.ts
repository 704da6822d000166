// Payloads under mappings: paths, lists, times, consents, and what is the same when it comes again.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mappingSchema } from './nouns.ts'
import type { Mapping } from './nouns.ts'
import { offerPaths, readPath } from './path.ts'
import { dedupeOf, readBody, readPayload } from './reading.ts'

const mapping = (more: object): Mapping =>
  mappingSchema.parse({ fields: [{ fills: 'email', path: 'contact.email' }], ...more })
const entriesOf = (given: Mapping, payload: unknown) => {
  const read = readPayload(given, payload, 'd')
  if ('parked' in read) throw new Error(read.parked)
  return read.entries
}

const example = {
  id: 'evt_1',
  contact: { email: 'ada@example.com', tags: ['vip', 'b2b'], 'odd.key': 7 },
  answers: [
    { q: 'Budget', a: 1200 },
    { q: 'Start', a: null },
  ],
}

test('every value of an example is offered with its path, and every list of objects with its length', () => {
  expect(offerPaths(example)).toEqual([
    { path: 'id', example: 'evt_1', entries: null },
    { path: 'contact.email', example: 'ada@example.com', entries: null },
    { path: 'contact.tags[0]', example: 'vip', entries: null },
    { path: 'contact.tags[1]', example: 'b2b', entries: null },
    { path: 'contact["odd.key"]', example: 7, entries: null },
    { path: 'answers', example: null, entries: 2 },
    { path: 'answers[0].q', example: 'Budget', entries: null },
    { path: 'answers[0].a', example: 1200, entries: null },
    { path: 'answers[1].q', example: 'Start', entries: null },
  ])
})

test('a list that is read entry by entry is offered once', () => {
  expect(offerPaths([{ mail: 'a@b.ch' }, { mail: 'c@d.ch' }], '').map(({ path }) => path)).toEqual([
    '',
    '[].mail',
  ])
})

test('whatever path is offered for JSON leads to the value that it was offered with', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      for (const { path, example: shown, entries } of offerPaths(value)) {
        const found = readPath(value, path)
        if (entries !== null) expect(found).toHaveLength(entries)
        else expect(typeof found === 'string' ? found.slice(0, 200) : found).toBe(shown)
      }
    }),
  )
})

test('a path that leads nowhere, or into what every object has, finds nothing', () => {
  for (const path of ['contact.phone', 'contact.email.x', 'answers[9].q', 'constructor.name', '__proto__.x'])
    expect(readPath(example, path)).toBeUndefined()
})

test('fields, event, properties, campaign and time come from where the mapping says', () => {
  const given = mapping({
    fields: [
      { fills: 'email', path: 'contact.email' },
      { fills: 'custom.budget', path: 'answers[0].a' },
      { fills: 'campaign.source', path: 'utm' },
      { fills: 'jobTitle', path: 'contact.tags' },
    ],
    event: { name: 'quote_requested', path: 'kind' },
    properties: [{ name: 'plan', path: 'plan' }],
    occurredAt: 'at',
  })
  const payload = { ...example, utm: 'mag', plan: true, at: 1_700_000_000, kind: '' }
  expect(entriesOf(given, payload)).toMatchObject([
    {
      traits: { email: 'ada@example.com', budget: 1200, jobTitle: 'vip, b2b' },
      event: 'quote_requested',
      properties: { plan: true },
      campaign: { source: 'mag' },
      occurredAt: '2023-11-14T22:13:20.000Z',
    },
  ])
  expect(entriesOf(given, { ...payload, kind: 'demo_requested' })[0]?.event).toBe('demo_requested')
})

test.each([
  [1_700_000_000, '2023-11-14T22:13:20.000Z'],
  ['1700000000123', '2023-11-14T22:13:20.123Z'],
  ['2026-01-02T03:04:05+01:00', '2026-01-02T02:04:05.000Z'],
  ['soon', null],
  [1e20, null],
])('the time %o is %o', (at, expected) => {
  expect(entriesOf(mapping({ occurredAt: 'at' }), { ...example, at })[0]?.occurredAt).toBe(expected)
})

test('of a list each entry is somebody, with what stands around the list; who names nobody is counted', () => {
  const given = mapping({
    each: 'leads',
    fields: [
      { fills: 'email', path: 'leads[].mail' },
      { fills: 'company', path: 'form.company' },
    ],
    dedupe: 'leads[].id',
  })
  const payload = {
    form: { company: 'Acme' },
    leads: [{ id: 1, mail: 'a@b.ch' }, { id: 2 }, { id: 3, mail: 'c@d.ch' }],
  }
  const read = readPayload(given, payload, 'd')
  expect(read).toMatchObject({
    unnamed: 1,
    entries: [
      { traits: { email: 'a@b.ch', company: 'Acme' } },
      { traits: { email: 'c@d.ch', company: 'Acme' } },
    ],
  })
  // The same entry in another call is the same.
  const again = readPayload(given, { ...payload, leads: [{ id: 3, mail: 'c@d.ch' }] }, 'other')
  expect('entries' in read && 'entries' in again && read.entries[1]?.key === again.entries[0]?.key).toBe(true)
})

test.each([
  ['a mapping that nobody made', null, example, 'mapping_missing'],
  ['a body that is nothing', mapping({}), undefined, 'body_unreadable'],
  ['another shape', mapping({}), { person: { mail: 'a@b.ch' } }, 'nobody_found'],
  ['an address that is none', mapping({}), { contact: { email: 'ada' } }, 'nobody_found'],
  ['a list that is not there', mapping({ each: 'leads' }), example, 'list_missing'],
])('%s is parked for its reason', (_what, given, payload, reason) => {
  expect(readPayload(given, payload, 'd')).toEqual({ parked: reason })
})

test('a consent is what the words mean: silence and words that nobody explained are neither yes nor no', () => {
  const said = (value: unknown, yes: string[] = []) =>
    entriesOf(mapping({ consents: [{ purpose: 'email_marketing', path: 'ok', yes }] }), {
      ...example,
      ok: value,
    })[0]?.consents[0]?.state
  expect([true, 'Yes', 1, 'on'].map((value) => said(value))).toEqual(Array(4).fill('granted'))
  expect([false, 'no', 0].map((value) => said(value))).toEqual(Array(3).fill('denied'))
  expect([undefined, null, '', 'perhaps', 'maybe yes'].map((value) => said(value))).toEqual(
    Array(5).fill(undefined),
  )
  expect([said('Send me news', ['send me news']), said('true', ['send me news'])]).toEqual([
    'granted',
    undefined,
  ])
})

test('a call is known again by what the mapping names, else by its body', () => {
  const named = mapping({ dedupe: 'id' })
  expect(dedupeOf(named, example, 'x')).toBe(dedupeOf(named, { id: 'evt_1' }, 'y'))
  expect(dedupeOf(named, { id: 'evt_2' }, 'x')).not.toBe(dedupeOf(named, example, 'x'))
  expect(dedupeOf(named, {}, 'x')).toBe(dedupeOf(null, example, 'x'))
  expect(dedupeOf(null, example, 'x')).not.toBe(dedupeOf(null, example, 'y'))
})

test('ids longer than a double holds stay what they were, and a posted form is read as one', () => {
  expect(readBody('{"id": 12345678901234567890}', 'application/json')).toEqual({ id: '12345678901234567890' })
  expect(readBody('email=a%40b.ch&x=1', 'application/x-www-form-urlencoded; charset=utf-8')).toEqual({
    email: 'a@b.ch',
    x: '1',
  })
  expect([readBody('no', 'text/plain'), readBody('7', 'application/json'), readBody('', '')]).toEqual(
    Array(3).fill(undefined),
  )
})
