// Provenance is stored short and read back whole.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { packProvenance, unpackProvenance } from './provenance.ts'

const word = fc.tuple(fc.constantFrom(1, 2, 3, 4), fc.constantFrom(1000, 2000))

it('what is packed is unpacked to the same words, whatever is filled, emptied or unsigned', () => {
  fc.assert(
    fc.property(
      fc.record({
        email: fc.constantFrom('a@example.com', null),
        company: fc.constantFrom('Acme', null),
        city: fc.constantFrom('Ulm', null),
        fields: fc.dictionary(fc.constantFrom('plan', 'size', '*', 'notes'), fc.constantFrom('x', 0, false)),
        provenance: fc.dictionary(
          fc.constantFrom(
            'email',
            'company',
            'city',
            'fields.plan',
            'fields.size',
            'fields.*',
            'fields.notes',
          ),
          word,
        ),
      }),
      (row) => {
        const stored = { ...row, provenance: packProvenance(row) }
        expect(unpackProvenance(stored)).toEqual(row.provenance)
      },
    ),
  )
})

it('one word behind twenty values is stored once', () => {
  const fields = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`f${i}`, 'x']))
  const provenance = Object.fromEntries(
    Object.keys(fields).map((key) => [`fields.${key}`, [2, 1000] as [number, number]]),
  )
  expect(packProvenance({ fields, provenance })).toEqual({ '*': [2, 1000] })
})
