// What headers and cells become: by word, by export, by content.
import { describe, expect, test } from 'vitest'
import type { Mapping } from './contract.ts'
import { readNumber } from '../lib/csv/values.ts'
import { readCountry, readTags } from './cells.ts'
import { targetOfHeader } from './headers.ts'
import { compileMapping } from './mapping.ts'
import { obstacleOf, suggestMapping } from './presets.ts'
import { mappingProblem } from './reading-checks.ts'

const around = { region: 'SE', timeZone: 'Europe/Stockholm', fields: [] }

function read(headers: string[], cells: string[], change: Partial<Mapping> = {}) {
  const mapping = { ...suggestMapping({ headers, rows: [cells] }, around), ...change }
  return compileMapping(mapping)(2, cells)
}

describe('headers', () => {
  test.each([
    ['E-Mail-Adresse', 'email'],
    ['Email Address', 'email'],
    ['Vorname', 'first_name'],
    ['Efternamn', 'last_name'],
    ['Prénom', 'first_name'],
    ['Mobil', 'phone'],
    ['Ort', 'city'],
    ['Företag', 'company'],
    ['firstName', 'first_name'],
    ['Contact Email', 'email'],
    ['Has Opted Out Of Email', 'email_unsubscribed'],
    ['Favourite colour', null],
  ])('%s fills %s', (header, target) => {
    expect(targetOfHeader(header)).toBe(target)
  })

  test('of two e-mail columns the first is the address and the second a custom field', () => {
    const { item } = read(['Email', 'Email (2)'], ['pia@gmail.com', 'pia.alt@gmail.com'])
    expect(item).toMatchObject({ email: 'pia@gmail.com', custom: { email_2: 'pia.alt@gmail.com' } })
  })

  test('a column without a telling header is the address where addresses stand in it', () => {
    const mapping = suggestMapping({ headers: ['Column 1', 'Column 2'], rows: [['Anna', 'a@x.se']] }, around)
    expect(mapping.columns.map(({ target }) => target)).toEqual(['custom', 'email'])
  })

  test('a file in which nobody could be recognised has an obstacle', () => {
    const mapping = suggestMapping({ headers: ['Username', 'Profile URL'], rows: [['a', 'b']] }, around)
    expect(obstacleOf(mapping)).toMatch(/No column holds an e-mail address/)
  })

  test('a custom field that exists already keeps its type', () => {
    const fields = [{ key: 'points', label: 'Points', type: 'text' as const }]
    const mapping = suggestMapping(
      { headers: ['Email', 'Points'], rows: [['a@x.se', '12']] },
      { ...around, fields },
    )
    expect(mapping.columns[1]).toMatchObject({ key: 'points', type: 'text' })
  })

  test('a column called as a field that was merged into another fills that one', () => {
    const fields = [{ key: 'plan', label: 'Plan', type: 'text' as const, formerKeys: ['tier'] }]
    const mapping = suggestMapping(
      { headers: ['Email', 'Tier', 'Plan'], rows: [['a@x.se', 'gold', 'x']] },
      { ...around, fields },
    )
    expect(mapping.columns.map(({ key }) => key)).toEqual([undefined, 'plan', 'plan_2'])
  })

  test('codes stay text, so that no leading zero and no long id is lost', () => {
    const mapping = suggestMapping(
      { headers: ['Email', 'Zip', 'Points', 'Ref'], rows: [['a@x.se', '21122', '1200', '0042']] },
      around,
    )
    expect(mapping.columns.map(({ type }) => type)).toEqual([undefined, 'text', 'number', 'text'])
  })

  test('a mapping of another file is refused with the column that differs', () => {
    const found = suggestMapping({ headers: ['Email', 'Name'], rows: [] }, around)
    expect(mappingProblem(found, found)).toBeNull()
    expect(mappingProblem(found, { ...found, columns: [...found.columns].reverse() })).toMatch(
      /Column 1 of the file/,
    )
    expect(mappingProblem(found, { ...found, timeZone: 'Mars' })).toMatch(/time zone/)
  })
})

describe('cells', () => {
  test('name, country, language and phone are read together', () => {
    const { item, warnings } = read(
      ['Name', 'Email', 'Phone', 'Country', 'Language'],
      ['Anna van der Berg', ' Anna <ANNA@X.SE> ', '070-111 22 33', 'Schweden', 'sv_SE'],
    )
    expect(warnings).toEqual([])
    expect(item).toMatchObject({
      email: 'anna@x.se',
      phone: '+46701112233',
      fields: { firstName: 'Anna', lastName: 'van der Berg', country: 'SE', language: 'sv-SE' },
    })
  })

  test("a phone without country code is read in the row's own country before the file's", () => {
    expect(read(['Email', 'Phone', 'Country'], ['a@x.se', '(212) 555-0123', 'US']).item.phone).toBe(
      '+12125550123',
    )
  })

  test('an opt-in with its instant is a consent with proof, a yes without one is told as such', () => {
    expect(
      read(['Email', 'Optin Time'], ['a@x.se', '2025-11-02 18:22:11'], { timeZone: 'UTC' }).item.consents,
    ).toEqual([
      {
        purpose: 'email_marketing',
        state: 'granted',
        actedAt: '2025-11-02T18:22:11.000Z',
        proof: { 'Optin Time': '2025-11-02 18:22:11' },
      },
    ])
    const [yes] = read(['Email', 'Accepts Marketing'], ['a@x.se', 'yes']).item.consents
    expect(yes).toMatchObject({ state: 'granted' })
    expect(yes?.actedAt).toBeUndefined()
  })

  test('an unsubscribe outweighs an opt-in in the same row, and "unsubscribed: no" is no consent', () => {
    const headers = ['Email', 'Newsletter', 'Unsubscribed']
    expect(read(headers, ['a@x.se', 'yes', 'yes']).item.consents).toMatchObject([{ state: 'denied' }])
    expect(read(['Email', 'Unsubscribed'], ['a@x.se', 'no']).item.consents).toEqual([])
    expect(read(['Email', 'Unsubscribed'], ['a@x.se', 'maybe'])).toMatchObject({
      item: { consents: [] },
      warnings: [{}],
    })
  })

  test('numbers follow their column', () => {
    expect([
      readNumber('1.234,56', ','),
      readNumber('1,234.56'),
      readNumber('0,99', ','),
      readNumber('12 %'),
    ]).toEqual([1234.56, 1234.56, 0.99, 12])
    expect([
      readNumber('1.2.3'),
      readNumber('12,34,5'),
      readNumber(''),
      readNumber('NaN'),
      readNumber('1e9'),
    ]).toEqual([null, null, null, null, null])
  })

  test('what stands beside a number is a sign of percent or currency, or it is no number but a code', () => {
    const read = (cells: string[]) => cells.map((cell) => readNumber(cell))
    expect(read(['$ 12', 'US$1,200', '€-5', 'SEK 7.5', '12 kr', '-3 EUR', "1'000", '1 000 %'])).toEqual([
      12, 1200, -5, 7.5, 12, -3, 1000, 1000,
    ])
    expect(read(['A-17', 'B12', '12B', '#12', '5 kg', '>100', '(12)', '17-'])).toEqual(Array(8).fill(null))
  })

  test('tags may be a list of quoted names inside the cell', () => {
    expect(readTags('"VIP","news, weekly"')).toEqual(['VIP', 'news, weekly'])
    expect(readTags('stamkund, vip ; vip')).toEqual(['stamkund', 'vip'])
  })

  test('countries are known by code and by name in several languages', () => {
    expect(
      ['se', 'Sverige', 'United States', 'USA', 'Deutschland', 'UK', 'Atlantis'].map(readCountry),
    ).toEqual(['SE', 'SE', 'US', 'US', 'DE', 'GB', null])
  })

  test('ids of two systems are told apart', () => {
    const columns = [{ header: 'Id', target: 'vendor_customer_id' as const }]
    expect(read(['Id'], ['7'], { columns, idSpace: 'shop_a' }).item.vendorCustomerId).toBe('shop_a:7')
  })
})
