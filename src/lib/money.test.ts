// Amounts are read, written and split to the last minor unit.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  currencyExponent,
  decimalSeparatorOf,
  decimalString,
  formatMoney,
  parseMoney,
  splitMoney,
} from './money.ts'

describe('an amount is read to the minor unit', () => {
  it.each([
    ['1.234,56', 'EUR', 123456],
    ['1,234.56', 'USD', 123456],
    ['1 234,56 kr', 'SEK', 123456],
    ['1\u202f234,56 €', 'EUR', 123456],
    ["CHF 1'234.50", 'CHF', 123450],
    ['12,34,567.8', 'INR', 123456780],
    ['1,234,567', 'USD', 123456700],
    ['1.234,-', 'EUR', 123400],
    ['12,-', 'EUR', 1200],
    ['$29.98', 'USD', 2998],
    [29.98, 'USD', 2998],
    [0.1, 'KWD', 100],
    [1.005, 'USD', null],
    ['0.07', 'USD', 7],
    ['.5', 'USD', 50],
    ['0,99', 'EUR', 99],
    ['29.9800', 'USD', 2998],
    ['500', 'JPY', 500],
    ['500.00', 'JPY', 500],
    ['500.5', 'JPY', null],
    ['1.5', 'KWD', 1500],
    ['-12.00', 'USD', -1200],
    ['\u221212.00', 'USD', -1200],
    ['(12.00)', 'USD', -1200],
    ['12.00-', 'USD', -1200],
    ['-0.00', 'USD', 0],
    ['4503599627370.49', 'USD', 450359962737049],
    ['99999999999999999.00', 'USD', null],
    ['', 'USD', null],
    ['.', 'USD', null],
    ['abc', 'USD', null],
    ['1-2', 'USD', null],
    ['12.345.6', 'USD', null],
    ['1,23,4', 'USD', null],
    ['1e5', 'USD', null],
    [1e21, 'USD', null],
    [NaN, 'USD', null],
    ['12', 'ABC', null],
  ])('%j %s is %j', (raw, currency, minor) => {
    const result = parseMoney(raw, currency)
    expect('minor' in result ? result.minor : null).toBe(minor)
  })

  it('an amount that can be read in two ways is settled by its column, never guessed', () => {
    expect(parseMoney('1.234', 'EUR')).toEqual({
      problem: '1.234 can be read in two ways; say whether the comma or the point parts the decimals.',
    })
    expect(parseMoney('1.234', 'EUR', ',')).toEqual({ minor: 123400 })
    expect(parseMoney('1.234', 'KWD', '.')).toEqual({ minor: 1234 })
    expect(parseMoney(1.234, 'KWD')).toEqual({ minor: 1234 })
  })

  it.each([
    [['1.234', '12,50'], ','],
    [['1.234', '12.50'], '.'],
    [['1,234,567'], '.'],
    [['1.234', '5.678'], null],
    [['10', ''], null],
  ])('the column %j has the decimal separator %j', (column, separator) =>
    expect(decimalSeparatorOf(column)).toBe(separator),
  )
})

describe('an amount is written with the decimals of its currency', () => {
  it.each([
    [2998, 'USD', '29.98', '$29.98'],
    [-5, 'USD', '-0.05', '-$0.05'],
    [500, 'JPY', '500', '¥500'],
    [1234567, 'KWD', '1234.567', 'KWD\u00a01,234.567'],
  ])('%i %s is %s and %s', (minor, currency, plain, shown) => {
    expect(decimalString(minor, currency)).toBe(plain)
    expect(formatMoney(minor, currency)).toBe(shown)
  })

  it('knows how many decimals a currency has', () => {
    const codes = ['USD', 'JPY', 'KWD', 'IQD', 'CLF', 'ISK', 'usd', 'XXX']
    expect(codes.map(currencyExponent)).toEqual([2, 0, 3, 3, 4, 0, null, null])
  })

  it('reads back every amount it writes', () => {
    const currencies = fc.constantFrom('USD', 'JPY', 'KWD', 'CLF')
    fc.assert(
      fc.property(fc.maxSafeInteger(), currencies, (minor, currency) => {
        expect(parseMoney(decimalString(minor, currency), currency, '.')).toEqual({
          minor: minor === 0 ? 0 : minor,
        })
      }),
    )
  })
})

describe('a split adds up to the amount', () => {
  it('gives the units left over to the largest remainders', () => {
    // 100 * (1/3) = 33.3 each, one unit left, the tie goes to the first.
    expect(splitMoney(100, [1, 1, 1])).toEqual([34, 33, 33])
    // Quotas 17519.52, 28743.76, 57487.52, 341704.50, 754544.71: three units are left, for .76, .71 and .519.
    expect(
      splitMoney(
        1_200_000,
        [38, 33, 26, 8, 0].map((age) => 2 ** (-age / 7)),
      ),
    ).toEqual([17519, 28744, 57488, 341704, 754545])
    expect(splitMoney(-100, [1, 1, 1])).toEqual([-34, -33, -33])
    expect(splitMoney(7, [0, 0])).toEqual([4, 3])
    expect(splitMoney(0, [0.2, 0.8])).toEqual([0, 0])
  })

  it('always, whatever the weights, and no part is off by a unit or more', () => {
    const weights = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), weights, (minor, given) => {
        const parts = splitMoney(minor, given)
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(minor)
        const total = given.reduce((sum, weight) => sum + weight, 0)
        if (total > 1e-3) {
          parts.forEach((part, i) =>
            expect(Math.abs(part - (minor * (given[i] ?? 0)) / total)).toBeLessThan(1.01),
          )
        }
      }),
    )
    fc.assert(
      fc.property(fc.maxSafeInteger(), weights, (minor, given) => {
        expect(splitMoney(minor, given).reduce((sum, part) => sum + BigInt(part), 0n)).toBe(BigInt(minor))
      }),
    )
  })

  it('refuses weights that mean nothing', () => {
    expect(() => splitMoney(1, [])).toThrow(RangeError)
    expect(() => splitMoney(1, [-1, 2])).toThrow(RangeError)
    expect(() => splitMoney(1, [NaN])).toThrow(RangeError)
    expect(() => splitMoney(1.5, [1])).toThrow(RangeError)
  })
})
