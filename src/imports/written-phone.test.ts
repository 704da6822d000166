// A phone number is found in a row of a file however it was written there, and nobody else's is.
import { expect, test } from 'vitest'
import { writtenPhone } from './written-phone.ts'

const finds = (text: string) => new RegExp(writtenPhone('+4915112345678')!).test(text)

test.each([
  '["Ann","+49 151 12345678"]',
  '["Ann","0151/123 456 78"]',
  '["Ann","(0151) 123-456-78"]',
  '["Ann","+49 (0)151.12.34.56.78",""]',
  '["Ann","0049 151 12345678"]',
  '["Ann","15112345678"]',
])('is found in %s', (cells) => expect(finds(cells)).toBe(true))

test.each(['["Ann","+49 151 12345679"]', '["151123456781"]', '["1511","2345678"]', '["0151 1234567"]'])(
  'is not found in %s',
  (cells) => expect(finds(cells)).toBe(false),
)

test.each(['ann@shop.example', 'customer-4711', '+12', '4711'])('%s is no phone number', (value) =>
  expect(writtenPhone(value)).toBeNull(),
)
