// Every kind of issue that a schema can have, said in words for the sender of the value.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { placeOf, plainWords } from './plain-words.ts'

const before = z.config().localeError
beforeAll(() => void z.config({ localeError: plainWords }))
afterAll(() => void z.config({ localeError: before }))

function said(schema: z.ZodType, value: unknown): string {
  const issue = schema.safeParse(value).error?.issues[0]
  return issue ? `${placeOf(issue.path)} ${issue.message}`.trim() : 'taken'
}

test.each([
  ['a number that is too small', z.number().min(1), 0, 'must be at least 1'],
  ['one that must be larger', z.number().positive(), 0, 'must be more than 0'],
  ['a number that is too large', z.number().max(200), 201, 'must be at most 200'],
  ['one that must be smaller', z.number().lt(5), 5, 'must be less than 5'],
  ['a fraction', z.number().int(), 0.5, 'must be a whole number'],
  ['text for a number', z.number(), 'x', 'must be a number'],
  ['a word in an address where a number belongs', z.coerce.number(), 'x', 'must be a number'],
  ['no number at all', z.number(), Infinity, 'must be a number'],
  ['a step that does not fit', z.number().multipleOf(5), 7, 'must be a multiple of 5'],
  ['an empty text', z.string().min(1), '', 'must not be empty'],
  ['a short text', z.string().min(8), 'x', 'must have at least 8 characters'],
  ['a long text', z.string().max(3), 'four', 'must have at most 3 characters'],
  ['a text of another length', z.string().length(2), 'DEU', 'must have exactly 2 characters'],
  ['an empty list', z.array(z.string()).min(1), [], 'must not be empty'],
  ['a long list', z.array(z.string()).max(1), ['a', 'b'], 'must have at most 1 entry'],
  ['an object for a list', z.array(z.string()), {}, 'must be a list'],
  ['nothing for an object', z.object({}), null, 'must be an object'],
  ['a word for a yes', z.boolean(), 'yes', 'must be true or false'],
  ['an unknown choice', z.enum(['asc', 'desc']), 'up', 'must be one of asc or desc'],
  ['another than the only choice', z.literal('all'), 'one', 'must be all'],
  ['no e-mail address', z.email(), 'x', 'must be an e-mail address, like ann@shop.example'],
  ['no id', z.uuid(), '1', 'must be an id, like 01a2074b-5c1e-7d3f-8a6b-9c0d1e2f3a4b'],
  ['no instant', z.iso.datetime(), 'today', 'must be an instant, like 2026-03-01T09:30:00Z'],
  ['no date', z.iso.date(), 'today', 'must be a date, like 2026-03-01'],
  ['no web address', z.url(), 'x', 'must be a web address, like https://shop.example/page'],
  ['a wrong beginning', z.string().startsWith('tl_'), 'x', 'must begin with “tl_”'],
  [
    'a form that only a pattern tells',
    z.string().regex(/^a$/),
    'x',
    'is not written in a form that is taken here',
  ],
  ['a missing field', z.object({ name: z.string() }), {}, 'name is missing; it must be text'],
  [
    'a field within',
    z.object({ a: z.array(z.object({ b: z.number() })) }),
    { a: [{ b: 'x' }] },
    'a.0.b must be a number',
  ],
  ['a field that nobody knows', z.strictObject({}), { nmae: 1 }, 'has no field named “nmae”'],
  ['two of them', z.strictObject({}), { a: 1, b: 2 }, 'has no field named “a” or “b”'],
  [
    'neither of several kinds',
    z.union([z.string(), z.number(), z.null()]),
    true,
    'must be text, a number or null',
  ],
  [
    'something within one of several kinds',
    z.union([z.string(), z.object({ days: z.number() })]),
    { days: 'x' },
    'is not valid: days must be a number',
  ],
  [
    'an unknown kind of several',
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('tag') }),
      z.object({ kind: z.literal('set') }),
    ]),
    { kind: 'other' },
    'kind must be one of tag or set',
  ],
  [
    'a date that is too early',
    z.date().min(new Date(0)),
    new Date(-1),
    'must be at least 1970-01-01T00:00:00.000Z',
  ],
  [
    'a key that is not allowed',
    z.record(z.string().max(1), z.number()),
    { long: 1 },
    'long has a key that is not allowed',
  ],
  [
    'what the schema says itself',
    z.string().refine(() => false, 'is not a time zone'),
    'x',
    'is not a time zone',
  ],
] as const)('%s', (_title, schema, value, words) => {
  expect(said(schema, value)).toBe(words)
})
