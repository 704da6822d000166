// Jaro-Winkler against published figures, and the quick ways against the slow ones.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { commonWords, edits, jaroWinkler, mayBeAlike, signsOf, withinOneEdit } from './similarity.ts'

const word = fc.string({ unit: fc.constantFrom(...'abcde1'), maxLength: 9 })

describe('Jaro-Winkler', () => {
  // W. E. Winkler, "Overview of record linkage and current research directions" (2006), table 6.
  test.each([
    ['shackleford', 'shackelford', 0.982],
    ['dunningham', 'cunnigham', 0.896],
    ['nichleson', 'nichulson', 0.956],
    ['massey', 'massie', 0.933],
    ['abroms', 'abrams', 0.922],
    ['jeraldine', 'geraldine', 0.926],
    ['marhta', 'martha', 0.961],
    ['michelle', 'michael', 0.921],
    ['julies', 'julius', 0.933],
    ['dwayne', 'duane', 0.84],
  ])('of %s and %s is %d, as published', (a, b, published) => {
    expect(jaroWinkler(a, b)).toBeCloseTo(published, 3)
  })

  test('is the same both ways, between 0 and 1, and 1 only of equal texts', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const likeness = jaroWinkler(a, b)
        expect(likeness).toBeCloseTo(jaroWinkler(b, a), 12)
        expect(likeness).toBeGreaterThanOrEqual(0)
        expect(likeness).toBeLessThanOrEqual(1)
        expect(likeness === 1).toBe(a === b)
      }),
    )
  })

  test('is never missed by the look at the letters alone', () => {
    fc.assert(
      fc.property(word, word, fc.constantFrom(0.78, 0.88, 0.92), (a, b, least) => {
        fc.pre(a !== '' && b !== '' && jaroWinkler(a, b) >= least)
        expect(mayBeAlike(a, signsOf(a), b, signsOf(b), least)).toBe(true)
      }),
    )
  })
})

describe('edits', () => {
  test('count an exchange of neighbours once, and stop at the limit', () => {
    expect(edits('smith', 'simth', 3)).toBe(1)
    expect(edits('kitten', 'sitting', 3)).toBe(3)
    expect(edits('kitten', 'sitting', 2)).toBe(3)
    expect(edits('', 'ab', 2)).toBe(2)
  })

  test('of one at most are told the same by the quick way', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(withinOneEdit(a, b)).toBe(edits(a, b, 1) <= 1)
      }),
    )
  })
})

describe('common words', () => {
  const text = (...words: string[]) => ({
    words,
    signs: words.map(signsOf),
    weights: words.map(() => 1),
    total: words.length,
  })

  test('do not mind the order, and count each word once', () => {
    expect(commonWords(text('north', 'wind'), text('wind', 'north'))).toBe(1)
    expect(commonWords(text('wind', 'wind'), text('wind'))).toBeCloseTo(2 / 3)
    expect(commonWords(text('north'), text('south'))).toBe(0)
  })

  test('take a slip or a short form for nearly the word, and never one number for another', () => {
    expect(commonWords(text('industries'), text('industires'))).toBeGreaterThan(0.9)
    expect(commonWords(text('corp'), text('corporation'))).toBeCloseTo(0.93)
    expect(commonWords(text('1234'), text('1235'))).toBe(0)
  })
})
