// Packed ids come out as they went in.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countPacked, packedDifference, unpacked } from './packed-ids.ts'

test('ids come out in their order, each once, however many at a time', () => {
  fc.assert(
    fc.property(fc.array(fc.uuid(), { maxLength: 20 }), fc.integer({ min: 1, max: 7 }), (ids, size) => {
      const packed = Buffer.from(ids.join('').replaceAll('-', ''), 'hex')
      const pages = [...unpacked(packed, size)]
      expect(pages.flat()).toEqual(ids)
      expect(countPacked(packed)).toBe(ids.length)
      expect(pages.slice(0, -1).every((page) => page.length === size)).toBe(true)
    }),
  )
})

test('the difference of two sorted lists is what the first has alone, as sets say it', () => {
  const ids = fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { maxLength: 30 })
  const packed = (numbers: number[]) =>
    Buffer.concat(
      numbers
        .toSorted((a, b) => a - b)
        .map((number) => Buffer.concat([Buffer.alloc(15, 7), Buffer.from([number])])),
    )
  fc.assert(
    fc.property(ids, ids, (first, second) => {
      const difference = first.filter((number) => !second.includes(number))
      expect(packedDifference(packed(first), packed(second))).toEqual(packed(difference))
    }),
  )
})
