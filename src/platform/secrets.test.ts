// What sealing promises.
import { expect, test } from 'vitest'
import { seal, unseal } from './secrets.ts'

const key = Buffer.alloc(32, 1)

test('a sealed text opens under its key, for what it was sealed for, and for nothing else', () => {
  const sealed = seal(key, 'shpat_ß', 'connection-1')
  expect(sealed).not.toContain('shpat')
  expect(unseal(key, sealed, 'connection-1')).toBe('shpat_ß')
  expect(unseal(key, sealed, 'connection-2')).toBeNull()
  expect(unseal(Buffer.alloc(32, 2), sealed, 'connection-1')).toBeNull()
  expect(unseal(key, `${sealed.slice(0, -6)}AAAAA=`, 'connection-1')).toBeNull()
  expect(unseal(key, '', 'connection-1')).toBeNull()
})

test('the same text is sealed differently each time', () => {
  expect(seal(key, 'a', 'b')).not.toBe(seal(key, 'a', 'b'))
})
