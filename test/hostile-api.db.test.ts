// Every declared endpoint with hostile values in each place that it declares: an answer in words, never a failure of ours.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { sendOpenBatches } from '../src/events/index.ts'
import { createLead } from '../src/leads/contract.ts'
import type { Endpoint } from '../src/lib/endpoint.ts'
import { ask as askLog } from '../src/platform/clickhouse.ts'
import { rows, sql } from '../src/platform/postgres.ts'
import { understandNow } from '../src/understand.ts'
import { serve } from './deployment.ts'
import type { Reply, Served } from './deployment.ts'
import { sampleOf } from './samples.ts'

let served: Served
let endpoints: Endpoint[]
let leadId: string

beforeAll(async () => {
  // Nobody works the jobs: what an endpoint starts in the background is not the matter here.
  served = await serve({ worker: false })
  endpoints = served.app.api.endpoints
  const made = await served.call('POST', createLead.path, { email: 'ann@shop.example' })
  leadId = String(made.body.id)
  // What is said of a lead that nobody has understood waits for the log, which nobody fills here.
  const { services } = served
  while ((await sendOpenBatches(services.db, services.clickhouse)).closed > 0) continue
  expect(await understandNow(services, served.workspaceId, [leadId])).toBe(true)
})
afterAll(() => served.stop())

const SQL = `'; drop table leads; -- " \\ $1 {x:UUID} %s`

/** Values as JSON text, since not all of them can be written otherwise. */
const VALUES = [
  '"a\\u0000b"',
  '"\\ud83d"',
  '"\\udc00 and \\ud83d\\ude00"',
  JSON.stringify(SQL),
  JSON.stringify('x'.repeat(100_000)),
  '""',
  '"  "',
  '"9999-99-99T99:99:99Z"',
  '"+275760-09-13T00:00:00.000Z"',
  '"0000-01-01T00:00:00.000Z"',
  '1e999',
  '-1e308',
  '-1',
  '0.5',
  '9007199254740993',
  'true',
  'null',
  '[]',
  '{}',
  '{"__proto__":{"isAdmin":true},"constructor":1,"toString":2}',
  '[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]',
  '['.repeat(50_000) + ']'.repeat(50_000),
  JSON.stringify(Array.from({ length: 5_000 }, (_, n) => n)),
]

const QUERY_VALUES = [
  '',
  '%00',
  '%',
  '%ed%a0%80',
  '%f0%9f',
  encodeURIComponent(SQL),
  'x'.repeat(3_000),
  '-1',
  '0',
  '1e999',
  '99999999999999999999',
  'NaN',
  'true',
  'null',
  '%5B%5D',
  '%7B%7D',
  encodeURIComponent('{"__proto__":{}}'),
  encodeURIComponent('['.repeat(2_000)),
  encodeURIComponent('{"all":'.repeat(300) + '[]' + '}'.repeat(300)),
  ...[
    '9999999999999999.00000000-0000-0000-0000-000000000000',
    '-9999999999999999.00000000-0000-0000-0000-000000000000',
    '0.not-an-id',
    '[]',
    '{}',
    'null',
    '["a",null,{}]',
    '["2026-99-99","x"]',
    '{"at":"x","id":"x"}',
    '\u0000',
    '',
  ].map((text) => Buffer.from(text).toString('base64url')),
]

const PATH_VALUES = [
  '%00',
  '%',
  '%ed%a0%80',
  encodeURIComponent(SQL),
  'x'.repeat(500),
  '..%2f..%2fetc%2fpasswd',
  '%2e%2e',
  '00000000-0000-0000-0000-000000000000',
  'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
  '__proto__',
  '-1',
]

const title = ({ method, path }: Endpoint) => `${method} ${path}`

/** Words of the library that reads requests, which are none for a person. */
const LIBRARY_WORDS =
  /\b(Invalid|Unrecognized|Too small|Too big)\b|: expected (one of|to |string|number|int|boolean|array|object|record|null|undefined)|, received |\(all\)/

/** What is wrong with an answer, if anything. */
function complaint(reply: Reply): string[] {
  const isProblem = /^application\/problem\+json/.test(String(reply.headers['content-type']))
  if (reply.status >= 500) return [`${reply.status} ${reply.text.slice(0, 200)}`]
  if (reply.status >= 400 && !(isProblem && /\w+ \w+/.test(String(reply.body.detail)))) {
    return [`${reply.status} without words: ${reply.text.slice(0, 200)}`]
  }
  const told = JSON.stringify([reply.body.detail, reply.body.problems])
  if (reply.status >= 400 && LIBRARY_WORDS.test(told)) {
    return [`${reply.status} in a library's words: ${told.slice(0, 300)}`]
  }
  return []
}

const addressOf = (endpoint: Endpoint, value = leadId) => endpoint.path.replaceAll(/:\w+/g, value)

// All that must still stand after each test.
async function expectWhole(): Promise<void> {
  expect(served.errors).toEqual([])
  expect(await rows(served.services.db, sql`select id from leads where id = ${leadId}`)).toEqual([
    { id: leadId },
  ])
  expect(await askLog(served.services.clickhouse, 'select 1 as one from events limit 0')).toEqual([])
}

test('in each field of each body', { timeout: 180_000 }, async () => {
  const found: string[] = []
  let calls = 0
  for (const endpoint of endpoints.filter((one) => one.body !== undefined && one.id !== 'signIn')) {
    const sample = sampleOf(endpoint.body!, leadId, { isWhole: true })
    for (const place of placesIn(sample)) {
      const replies = await Promise.all(
        VALUES.map((value) =>
          served.call(endpoint.method, addressOf(endpoint), withValue(sample, place, value)),
        ),
      )
      calls += replies.length
      for (const [at, reply] of replies.entries())
        found.push(
          ...complaint(reply).map(
            (words) => `${title(endpoint)} ${place.join('.')} = ${VALUES[at]!.slice(0, 40)}: ${words}`,
          ),
        )
    }
  }
  expect(found).toEqual([])
  expect(calls).toBeGreaterThan(500)
  await expectWhole()
})

/** Calls at a time: fewer than the database has connections. */
const AT_ONCE = 6

test('in each parameter of each query', { timeout: 180_000 }, async () => {
  const found: string[] = []
  for (const endpoint of endpoints) {
    if (!(endpoint.query instanceof z.ZodObject)) continue
    for (const name of [...Object.keys(endpoint.query.shape), '__proto__', 'nobody']) {
      const queries = QUERY_VALUES.flatMap((value) => [
        `${name}=${value}`,
        `${name}=${value}&${name}=${value}`,
      ])
      for (let at = 0; at < queries.length; at += AT_ONCE) {
        const asked = queries.slice(at, at + AT_ONCE).map(async (query) => {
          const reply = await served.call(endpoint.method, `${addressOf(endpoint)}?${query}`)
          return complaint(reply).map((words) => `${title(endpoint)} ?${query.slice(0, 80)}: ${words}`)
        })
        found.push(...(await Promise.all(asked)).flat())
      }
    }
  }
  expect(found).toEqual([])
  await expectWhole()
})

// Whoever fetches `/api/segments/../members` asks for `/api/members`: that is an address of its own.
function isOther(address: string): boolean {
  const { pathname } = new URL(address, 'http://localhost')
  return pathname !== address && endpoints.some(({ path }) => path === pathname)
}

test('in each place of each path', async () => {
  const found: string[] = []
  for (const endpoint of endpoints.filter((one) => one.path.includes(':'))) {
    const body = endpoint.body && sampleOf(endpoint.body, leadId)
    for (const value of PATH_VALUES) {
      const reply = await served.call(endpoint.method, addressOf(endpoint, value), body)
      const words = complaint(reply)
      if (reply.status < 400 && !isOther(addressOf(endpoint, value)))
        words.push(`${reply.status}: ${reply.text.slice(0, 100)}`)
      found.push(...words.map((text) => `${title(endpoint)} with ${value.slice(0, 40)}: ${text}`))
    }
  }
  expect(found).toEqual([])
  await expectWhole()
})

/** The places of a value: each field and each element, and the whole. */
function placesIn(value: unknown): string[][] {
  if (value === null || typeof value !== 'object') return [[]]
  return [
    [],
    ...Object.entries(value).flatMap(([name, inner]) => placesIn(inner).map((place) => [name, ...place])),
  ]
}

/** JSON text of the sample with another value in a place. */
function withValue(sample: unknown, place: string[], json: string): string {
  const hole = 'b3f1c0de-hole'
  const copy = structuredClone({ root: sample }) as Record<string, unknown>
  let inner = copy
  for (const name of ['root', ...place].slice(0, -1)) inner = inner[name] as Record<string, unknown>
  inner[place.at(-1) ?? 'root'] = hole
  return JSON.stringify(copy.root).replace(`"${hole}"`, () => json)
}
