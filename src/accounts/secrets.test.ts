// Guarantees of fresh secrets.
import { expect, test } from 'vitest'
import { newApiKey, newTypedCode, newWriteKey, readTypedCode } from './secrets.ts'

test('keys say what they are and for which mode', () => {
  expect(newApiKey('live').key).toMatch(/^tl_live_[\w-]{43}$/)
  expect(newApiKey('test').prefix).toMatch(/^tl_test_[\w-]{4}$/)
  expect(newWriteKey('test')).toMatch(/^wk_test_[0-9a-f]{24}$/)
})

test('a code that a person types has no letters that look like digits, and may be typed in any case, with or without the dash', () => {
  const code = newTypedCode()
  expect(code).toMatch(/^[2-9A-HJ-NP-TV-Z]{5}-[2-9A-HJ-NP-TV-Z]{5}$/)
  expect(readTypedCode(` ${code.toLowerCase().replace('-', ' ')} `)).toBe(code)
})
