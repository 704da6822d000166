// What values become as another type, and which stay as they are.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fieldTypes } from './contract.ts'
import type { FieldType, Reading } from './contract.ts'
import { convertValue, isOfType, readingOf, settledValue } from './convert.ts'

const convert = (value: unknown, type: FieldType, reading: Reading = {}) =>
  convertValue(value, type, reading, 'Europe/Berlin')

describe('a value becomes', () => {
  test.each([
    ['12', 'number', {}, 12],
    [' 1.234,5 ', 'number', { decimal: ',' }, 1234.5],
    [true, 'number', {}, 1],
    ['Yes', 'boolean', {}, true],
    ['nein', 'boolean', {}, false],
    [0, 'boolean', {}, false],
    ['31.12.2024', 'date', { dateOrder: 'DMY' }, '2024-12-31'],
    ['2024-06-01 10:00:00', 'date', {}, '2024-06-01T08:00:00.000Z'],
    ['2024-06-01', 'date', {}, '2024-06-01'],
    [12.5, 'text', {}, '12.5'],
    [false, 'text', {}, 'No'],
  ] as [unknown, FieldType, Reading, unknown][])('%j as %s', (value, type, reading, expected) => {
    expect(convert(value, type, reading)).toBe(expected)
  })
})

test.each([
  ['007', 'number'],
  ["'12", 'number'],
  ['12345678901234567', 'number'],
  ['a lot', 'number'],
  ['', 'number'],
  [2, 'boolean'],
  ['perhaps', 'boolean'],
  ['01/06/2024', 'date'],
  [20240601, 'date'],
] as [unknown, FieldType][])('%j stays as it is where the field becomes a %s', (value, type) => {
  expect(convert(value, type)).toBeNull()
})

test('what was read is of the type, and reading it again changes nothing', () => {
  const value = fc.oneof(
    fc.string(),
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.date({ noInvalidDate: true }).map(String),
  )
  fc.assert(
    fc.property(value, fc.constantFrom(...fieldTypes), (given, type) => {
      const read = convert(given, type)
      if (read === null) return
      expect(isOfType(read, type)).toBe(true)
      expect(convert(read, type)).toBe(read)
    }),
  )
})

test('a number and a yes or no come back from a text as they were', () => {
  fc.assert(
    fc.property(fc.oneof(fc.integer({ min: -1e9, max: 1e9 }), fc.boolean()), (value) => {
      expect(convert(convert(value, 'text'), typeof value === 'number' ? 'number' : 'boolean')).toBe(value)
    }),
  )
})

test('values tell how they are written, and say nothing where they could be read in two ways', () => {
  expect(readingOf(['12', '1,5'], 'number')).toEqual({ decimal: ',' })
  expect(readingOf(['03/04/2024', '25/04/2024'], 'date')).toEqual({ dateOrder: 'DMY' })
  expect(readingOf(['03/04/2024'], 'date')).toEqual({})
  expect(readingOf(['2024-04-03'], 'date')).toEqual({ dateOrder: 'YMD' })
})

test('what comes in is read only where it can be read in one way', () => {
  expect(settledValue('12.5', 'number')).toBe(12.5)
  expect(settledValue('1,234', 'number')).toBe('1,234')
  expect(settledValue('yes', 'boolean')).toBe(true)
  expect(settledValue('01/06/2024', 'date')).toBe('01/06/2024')
  expect(settledValue(5, 'text')).toBe('5')
})
