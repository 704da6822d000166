// Packed ids come out as they went in.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countPacked, unpacked } from './packed-ids.ts'

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
