// Texts that stores can hold: cuts, nesting, and what no column takes.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clipText, isDeeperThan, textProblem } from './text.ts'

test('a cut text is a beginning of the text, at most as long as asked, and holds no half of a pair that was whole', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, max) => {
      const cut = clipText(text, max)
      expect(text.startsWith(cut)).toBe(true)
      expect(cut.length).toBeLessThanOrEqual(max)
      expect(text.length <= max || cut.length >= max - 1).toBe(true)
      expect(textProblem(JSON.stringify(cut))).toBeUndefined()
    }),
  )
})

test('nesting is measured no deeper than the limit', () => {
  expect(isDeeperThan([[[1]]], 3)).toBe(false)
  expect(isDeeperThan({ a: [{ b: {} }] }, 3)).toBe(true)
  expect(isDeeperThan('text', 0)).toBe(false)
  expect(isDeeperThan(JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)), 20)).toBe(true)
})

test('a NUL or half a pair is found however it is written, and harmless look-alikes are not', () => {
  for (const json of ['"\\u0000"', '"a\\\\\\u0000"', '"\\ud83d"', '{"\\udc00":1}', '["\ud83d"]']) {
    expect(textProblem(json), json).toMatch(/Remove|Send/)
  }
  for (const json of ['"\\\\u0000"', '"\\ud83d\\ude00"', '"😀"', '"\\u0001"']) {
    expect(textProblem(json), json).toBeUndefined()
  }
})
