// Guarantees of slugs.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { freeSlug, slugOf } from './slug.ts'

test.each([
  ['Café Élan & Co', 'cafe-elan-co'],
  ['Straße 7', 'strasse-7'],
  ['  --  ', 'workspace'],
  ['日本', 'workspace'],
])('%j asks for the slug %s', (name, slug) => expect(slugOf(name)).toBe(slug))

test('a slug is short and plain, whatever the name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => /^[a-z0-9][a-z0-9-]{0,39}$/.test(slugOf(name))),
  )
})

test('a free slug leaves room for its twin, and is never taken for one', () => {
  expect(freeSlug('shop', new Set())).toBe('shop')
  expect(freeSlug('shop', new Set(['shop', 'shop-test']))).toBe('shop-2')
  expect(freeSlug('shop', new Set(['shop-test']))).toBe('shop-2')
  expect(freeSlug('shop-test', new Set())).toBe('shop-test-2')
})
