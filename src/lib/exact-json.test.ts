// Ids beyond 2^53 survive, and everything else reads as JSON.parse reads it.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseExactJson } from './exact-json.ts'

test('a whole number that a double would round is kept as its digits', () => {
  expect(parseExactJson('{"id":910000000000000001,"ids":[9007199254740993,-9007199254740993]}')).toEqual({
    id: '910000000000000001',
    ids: ['9007199254740993', '-9007199254740993'],
  })
})

test('digits within texts, fractions and small numbers stay as they are', () => {
  expect(parseExactJson('{"a":"x \\"910000000000000001","b":12,"c":0.1234567890123456789,"d":1e21}')).toEqual(
    {
      a: 'x "910000000000000001',
      b: 12,
      c: 0.12345678901234568,
      d: 1e21,
    },
  )
})

test('whatever has no large whole number reads as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      fc.pre(!/\d{16}/.test(text))
      expect(parseExactJson(text)).toEqual(JSON.parse(text))
    }),
  )
})

test('what is no JSON throws', () => {
  for (const text of ['', '{', '{"a":}', 'oops']) expect(() => parseExactJson(text)).toThrow(SyntaxError)
})
