// Our SHA-256 against the one of Node.
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { firstWord } from './sha256.ts'

const reference = (text: string) => createHash('sha256').update(text, 'latin1').digest().readUInt32BE(0)

test('the first word of the hash is that of the standard, for every length of text', () => {
  for (let length = 0; length < 247; length++)
    expect(firstWord('a'.repeat(length))).toBe(reference('a'.repeat(length)))
})

test('and for every text of ASCII', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii', maxLength: 200 }), (text) => {
      expect(firstWord(text)).toBe(reference(text))
    }),
  )
})
