// Which phone numbers are read, into what, and which are flagged instead of guessed.
import fc from 'fast-check'
import { getCountries } from 'libphonenumber-js/max'
import { describe, expect, it } from 'vitest'
import { referenceTest } from '../../test/reference.ts'
import { normalisePhone } from './phone.ts'

const read = (raw: string, region?: string) => {
  const result = normalisePhone(raw, region)
  return 'phone' in result ? result.phone : null
}

describe('a number is read the way exports and people write it', () => {
  it.each([
    ["'+46761234567", undefined, '+46761234567'],
    ['p:+46700005566', undefined, '+46700005566'],
    ['070-111 22 33', 'SE', '+46701112233'],
    ['070-111 22 33', 'se', '+46701112233'],
    ['+46 (0)70-111 22 33', undefined, '+46701112233'],
    ['33611111111', 'FR', '+33611111111'],
    ['46761234567.0', 'SE', '+46761234567'],
    ['0171/1234567', 'DE', '+491711234567'],
    ['0012015550123', 'US', '+12015550123'],
    ['0046761234567', undefined, '+46761234567'],
    ['tel:+44-20-7946-0958', undefined, '+442079460958'],
    ['\u202a+1 (201) 555-0123\u202c', undefined, '+12015550123'],
    ['+٤٦٧٦١٢٣٤٥٦٧', undefined, '+46761234567'],
  ])('%j in %s becomes %s', (raw, region, phone) => expect(read(raw, region)).toBe(phone))

  it('keeps the extension apart from the number', () => {
    expect(normalisePhone('+1 201 555 0123 ext. 45')).toEqual({
      phone: '+12015550123',
      region: 'US',
      extension: '45',
      valid: true,
    })
  })
})

describe('what cannot be read for sure is flagged', () => {
  it.each([
    ['', 'SE', 'The phone number is empty.'],
    ['-', 'SE', 'The phone number has no digits.'],
    ['4.67612E+10', 'SE', 'A spreadsheet has rounded the phone number; export the column as text.'],
    ['030 123456/78', 'DE', 'The field holds more than one phone number; give each its own.'],
    [
      '070-111 22 33',
      undefined,
      'The phone number has no country code; write it with + and the country code, or set a default country.',
    ],
    [
      '+4670',
      undefined,
      'The phone number is not in the numbering plan of its country; check the digits and the country code.',
    ],
    [
      'call 070-111 22 33 after five',
      'SE',
      'The phone number is not in the numbering plan of its country; check the digits and the country code.',
    ],
    ['9'.repeat(5000), 'SE', 'The phone number is too long to be one.'],
  ])('%.30j in %s', (raw, region, problem) => expect(normalisePhone(raw, region)).toEqual({ problem }))

  it.each(['0701112233, 0702223344', '000000', '1234567', '0000000000', '070111223'])('%s in SE', (raw) =>
    expect(read(raw, 'SE')).toBeNull(),
  )
})

it('a number once read is read as itself, whatever the region', () => {
  const regions = fc.constantFrom(...getCountries())
  fc.assert(
    fc.property(fc.stringMatching(/^\+?[0-9 ()/-]{5,15}$/), regions, regions, (raw, region, other) => {
      const phone = read(raw, region)
      if (phone !== null) expect(read(phone, other)).toBe(phone)
    }),
    { numRuns: 300 },
  )
})

referenceTest(
  'where the reference library reads the true number so do we, and no row becomes a different number',
  'phone/libphonenumber_examples.csv',
  (text) => {
    const rows = text.trim().split(/\r?\n/).slice(1)
    const missed: string[] = []
    const wrong: string[] = []
    for (const row of rows) {
      const [region = '', , , input = '', expected = '', , parsed = ''] = row.split(',')
      const phone = read(input, region)
      if (parsed === expected && phone !== expected) missed.push(row)
      if (phone !== null && phone !== expected) wrong.push(row)
    }
    expect({ missed, wrong }).toEqual({ missed: [], wrong: [] })
    expect(rows.length).toBeGreaterThan(2000)
  },
)
