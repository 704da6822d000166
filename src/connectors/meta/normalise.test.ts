// Meta's normalisation, by its documented examples and, where they are at hand, by the vectors of its own library.
import { expect, test } from 'vitest'
import { contractTest } from '../../../test/contracts.ts'
import { normalisePhone } from '../../lib/phone.ts'
import { hashed, normalise } from './normalise.ts'
import type { PersonKey } from './normalise.ts'

test.each([
  ['em', ' Jane.Doe+News@Shop.Example ', 'jane.doe+news@shop.example'],
  ['em', 'no address', null],
  ['ph', '+44 (0)20 7946 0958', '4402079460958'],
  ['fn', 'Anne-Marie', 'annemarie'],
  ['ln', 'Valéry', 'valéry'],
  ['ct', 'São Paulo', 'sãopaulo'],
  ['st', 'West Virginia', 'wv'],
  ['zp', '94025-1234', '94025'],
  ['zp', 'M1 1AE', 'm11ae'],
  ['country', 'Germany', 'de'],
  ['db', '1997-02-16', '19970216'],
  ['ge', 'Woman', 'f'],
  ['external_id', ' U 1 ', 'u1'],
] as const)('%s %s is normalised to %s', (key, given, expected) => {
  expect(normalise(key, given)).toBe(expected)
})

test('what is hashed already is not hashed again', () => {
  const hash = hashed('em', 'jane@shop.example')!
  expect(hashed('em', hash)).toBe(hash)
  expect(hashed('em', hash.toUpperCase())).toBe(hash)
})

interface Vector {
  field: string
  input: unknown
  normalized: string | null
  sha256: string | null
  case?: string
}

const keysOf: Record<string, PersonKey> = { 'fn/ln': 'fn', EMAIL: 'em', PHONE: 'ph' }

contractTest(
  'all of Meta’s own vectors of normalisation and hashing pass',
  'meta/vectors/capi-normalisation.json',
  (text) => {
    const { vectors } = JSON.parse(text) as { vectors: Vector[] }
    const failures = vectors.flatMap((vector) => {
      const { field, input, normalized, sha256 } = vector
      if (typeof input !== 'string') return []
      // The library takes letters beyond ASCII out of places, which the documentation allows.
      if (['ct', 'st'].includes(field) && /[^\p{ASCII}]/u.test(input)) return []
      const key = keysOf[field] ?? (field as PersonKey)
      const ours = { normalized: normalise(key, input), sha256: hashed(key, input) }
      const theirs = { normalized: normalized || null, sha256: sha256?.toLowerCase() ?? null }
      return JSON.stringify(ours) === JSON.stringify(theirs)
        ? []
        : [{ key, input, ours, theirs, why: vector.case }]
    })
    expect(failures).toEqual([])
    expect(vectors.length).toBeGreaterThan(900)
  },
)

contractTest(
  'the examples of Meta’s documentation pass',
  'meta/vectors/official-doc-examples.json',
  (text) => {
    const { vectors } = JSON.parse(text) as { vectors: Vector[] }
    for (const { field, input, sha256 } of vectors) {
      const [, national, country] = /^(.*) \((US)\)$/.exec(String(input)) ?? []
      const read = national === undefined ? null : normalisePhone(national, country)
      const given = read && 'phone' in read ? read.phone : String(input)
      expect(hashed(keysOf[field] ?? (field as PersonKey), given), `${field} ${String(input)}`).toBe(sha256)
    }
  },
)
