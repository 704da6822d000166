// A number in plain form is read as libphonenumber-js reads it, or left to it.
import fc from 'fast-check'
import { getCountries, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { CountryCode } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { describe, expect, it } from 'vitest'
import { readPlainNumber } from './phone-plans.ts'

const countries = getCountries()

function byLibrary(text: string, region: CountryCode | undefined) {
  const number = parsePhoneNumberFromString(text, { defaultCountry: region, extract: false })
  return number?.isValid() ? { phone: number.number, region: number.country, extension: number.ext } : null
}

function agree(text: string, region: CountryCode | undefined): boolean {
  const plain = readPlainNumber(text, region)
  if (plain === null) return false
  expect(plain, `${text} in ${region ?? 'no country'}`).toEqual(byLibrary(text, region))
  return true
}

describe('numbers in plain form', () => {
  it('read as the library reads them, over all countries, calling codes and lengths', () => {
    let read = 0
    fc.assert(
      fc.property(
        fc.constantFrom(...countries),
        fc.stringMatching(/^[0-9]{4,13}$/),
        fc.constantFrom('+', '', '0'),
        fc.constantFrom(undefined, ...countries),
        (country, national, before, other) => {
          const text = before === '+' ? `+${getCountryCallingCode(country)}${national}` : before + national
          if (agree(text, before === '+' ? other : country)) read++
        },
      ),
      { numRuns: 8000, seed: 20, endOnFailure: true },
    )
    expect(read).toBeGreaterThan(100)
  })

  it("read as the library reads them, around each country's own mobile numbers", () => {
    let read = 0
    const tail = fc.integer({ min: 0, max: 9999 })
    fc.assert(
      fc.property(fc.constantFrom(...countries), tail, fc.boolean(), (country, end, isAbroad) => {
        const example = examples[country]
        const national = example.slice(0, -4) + String(end).padStart(4, '0')
        const text = isAbroad
          ? `+${getCountryCallingCode(country)} ${national.slice(0, 3)}-${national.slice(3)}`
          : `0${national}`
        if (agree(text, country)) read++
      }),
      { numRuns: 4000, seed: 21, endOnFailure: true },
    )
    expect(read).toBeGreaterThan(2000)
  })

  it('is the quick way for the forms that exports write', () => {
    for (const [text, region] of [
      ['+46701112233', undefined],
      ['+49 1512 3000001', undefined],
      ['+1 201-555-0123', undefined],
      ['+447400123456', undefined],
      ['070-111 22 33', 'SE'],
      ['0171 1234567', 'DE'],
    ] as const)
      expect(agree(text, region), text).toBe(true)
  })

  it.each([
    '',
    '+',
    '-',
    '+-46701112233',
    '070--1112233',
    '+46 (0)70 111 22 33',
    '0046701112233',
    '+46 70 111 22 33 ',
    '12',
  ])('%j is left to the library', (text) => expect(readPlainNumber(text, 'SE')).toBeNull())
})
