// Real exports of other tools, with the answers that a careful reading gives.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createEncodingScan } from '../lib/csv/encoding.ts'
import type { ImportBatch, ImportItem } from './contract.ts'
import { inspectHead } from './inspect.ts'
import type { FileHead, Reading } from './inspect.ts'
import { obstacleOf } from './presets.ts'
import { readImport } from './reader.ts'

const folder = process.env.REFERENCE_DIR ? join(process.env.REFERENCE_DIR, 'csv') : ''
const atHand = folder !== '' && existsSync(join(folder, 'expected.json'))
if (!atHand) process.stdout.write('reference exports are not at hand (set REFERENCE_DIR), skipped\n')

interface Read {
  reading: Reading
  batch: ImportBatch
  dataRows: number
  byEmail: Record<string, ImportItem | undefined>
}

async function read(name: string, region: string | null = null): Promise<Read> {
  const bytes = readFileSync(join(folder, name))
  const scan = createEncodingScan()
  scan.add(bytes)
  const head: FileHead = { bytes, isWhole: true, encoding: scan.verdict() }
  const reading = inspectHead(head, { region, timeZone: 'UTC', fields: [] }, {})
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7)
  }
  const reader = readImport({ importId: 'i', workspaceId: 'w', afterRow: 0, pieces: pieces(), ...reading })
  const batch = await reader.take(1000)
  expect(batch.done).toBe(true)
  const byEmail = Object.fromEntries(batch.items.map((item) => [item.email ?? '', item]))
  return { reading, batch, dataRows: batch.rows, byEmail }
}

const rejected = ({ batch }: Read) => batch.problems.filter(({ severity }) => severity === 'rejected')

describe.skipIf(!atHand)('reference exports', () => {
  const expected = atHand
    ? (JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<
        string,
        { preset: string | null; data_rows?: number; delimiter?: string }
      >)
    : {}

  test.each(Object.entries(expected).filter(([, { preset }]) => preset !== null))(
    '%s is recognised, and all its rows are accounted for',
    async (name, { preset, data_rows: dataRows, delimiter }) => {
      const found = await read(name)
      expect(found.reading.mapping.preset).toBe(preset)
      if (dataRows !== undefined) expect(found.dataRows).toBe(dataRows)
      if (delimiter !== undefined) expect(found.reading.delimiter).toBe(delimiter)
      const itemRows = found.batch.items.reduce((sum, item) => sum + item.rows, 0)
      expect(itemRows + rejected(found).length).toBe(found.dataRows)
    },
  )

  test('the orders export is one order of 34.98 with two lines', async () => {
    const { batch } = await read('shopify_orders_export.csv')
    expect(batch.items).toHaveLength(1)
    expect(batch.items[0]).toMatchObject({
      rows: 2,
      email: 'ann@example.com',
      fields: { firstName: 'Ann', lastName: 'Example', country: 'US', city: 'Springfield' },
      consents: [{ purpose: 'email_marketing', state: 'denied' }],
      order: {
        number: '#1001',
        externalId: '5001',
        status: 'paid',
        currency: 'USD',
        subtotalMinor: 2998,
        shippingMinor: 500,
        totalMinor: 3498,
        refundedMinor: 0,
        placedAt: '2024-05-01T09:58:12.000Z',
        cancelledAt: null,
        isTest: false,
        lines: [
          { title: 'Crew Tee - Black / S', sku: 'TEE-BLK-S', quantity: 2, priceMinor: 999 },
          { title: 'Mug', sku: 'MUG', quantity: 1, priceMinor: 1000 },
        ],
      },
    })
  })

  test('the customers export keeps consent both ways and frees phones of their apostrophe', async () => {
    const { byEmail } = await read('shopify_customers_export.csv')
    expect(byEmail['lina.lund@gmail.com']).toMatchObject({
      phone: '+46761234567',
      vendorCustomerId: 'shopify:6001',
      tags: ['stamkund', 'vip'],
      consents: [
        { purpose: 'email_marketing', state: 'granted' },
        { purpose: 'sms_marketing', state: 'denied' },
      ],
    })
    expect(byEmail['mans@malm.se']?.consents).toMatchObject([{ state: 'denied' }, { state: 'denied' }])
  })

  test('the audience export gives tags out of one cell and the opt-in as evidence', async () => {
    const { byEmail } = await read('mailchimp_audience_export.csv', 'SE')
    expect(byEmail['fia@gmail.com']).toMatchObject({
      tags: ['VIP', 'newsletter'],
      phone: '+46709876543',
      fields: { country: 'SE', timeZone: 'Europe/Stockholm' },
      consents: [
        {
          purpose: 'email_marketing',
          state: 'granted',
          actedAt: '2025-11-02T18:22:11.000Z',
          proof: { OPTIN_IP: '10.0.0.1', CONFIRM_TIME: '2025-11-02 18:23:00' },
        },
      ],
    })
  })

  test('the report with a footer has three people, and 25/06 settles 01/06 for the column', async () => {
    const { batch, byEmail } = await read('salesforce_leads_report.csv')
    expect(batch.footerRows).toBe(2)
    expect(byEmail['t.anderson@matrix.com']?.createdAt).toBe('2024-06-01T00:00:00.000Z')
    expect(byEmail['morpheus@matrix.com']?.createdAt).toBe('2024-06-25T00:00:00.000Z')
  })

  test('the blacklist export unsubscribes, and its phones get their plus', async () => {
    const { byEmail } = await read('brevo_contacts_export.csv')
    expect(byEmail['br@x.fr']).toMatchObject({
      phone: '+33611111111',
      createdAt: '2022-04-12T09:30:00.000Z',
      consents: [{ purpose: 'email_marketing', state: 'denied' }],
    })
  })

  test('the lead form export is UTF-16 with tabs, and its prefixes are taken off', async () => {
    const { reading, byEmail } = await read('facebook_lead_ads_export_utf16le_tab.csv')
    expect(reading).toMatchObject({ encoding: 'utf-16le', delimiter: '\t' })
    expect(byEmail['orjan@gmail.com']).toMatchObject({
      phone: '+46700005566',
      fields: { firstName: 'Örjan', lastName: 'Öberg' },
      custom: { id: '1234567890', ad_id: '1', campaign_id: '1' },
    })
  })

  test('encodings of spreadsheets are told apart, and the decimal comma is decided by the column', async () => {
    const german = await read('german_excel_cp1252.csv')
    expect(german.reading.encoding).toBe('windows-1252')
    expect(german.byEmail['juergen@example.de']).toMatchObject({
      fields: { firstName: 'Jürgen', lastName: 'Müller' },
      custom: { umsatz: 1234.56, geburtsdatum: '1980-12-31' },
    })
    expect(german.byEmail['zoe@example.de']?.custom.umsatz).toBe(0.99)
    const japanese = await read('japanese_shift_jis.csv', 'JP')
    expect(japanese.reading.encoding).toBe('shift_jis')
    expect(japanese.byEmail['tanaka@example.jp']).toMatchObject({
      phone: '+819012345678',
      fields: { lastName: '田中' },
    })
  })

  test('sep= lines, byte order marks, several lines in a cell and wrapped addresses are read', async () => {
    const swedish = await read('swedish_excel_semicolon_sep_hint.csv', 'SE')
    expect(swedish.byEmail['britt.berg@gmail.com']?.phone).toBe('+46701112233')
    const marked = await read('utf8_bom_header.csv')
    expect(marked.reading.mapping.columns[0]?.header).toBe('Name')
    expect((await read('multiline_quoted.csv')).byEmail['ida@gmail.com']?.custom.address).toMatch(/\n/)
    const wrapped = await read('angle_bracket_mailto.csv')
    expect(wrapped.batch.items.map(({ email }) => email)).toEqual(['nea.nord@gmail.com', 'olle@orm.se'])
  })

  test('a row with cells too many is shown, duplicate headers keep both addresses, rows without one are rejected', async () => {
    const ragged = await read('ragged_and_blank_rows.csv')
    expect([ragged.batch.items.length, rejected(ragged).length]).toEqual([2, 1])
    const twice = await read('duplicate_blank_headers.csv')
    expect(twice.reading.mapping.columns).toHaveLength(4)
    expect(twice.byEmail['pia@gmail.com']?.custom.email_2).toBe('pia.alt@gmail.com')
    const connections = await read('linkedin_connections_preamble.csv')
    expect(connections.reading.headerRow).toBe(4)
    expect(rejected(connections)).toHaveLength(1)
  })

  test('a file of followers without any address has an obstacle that says why', async () => {
    const { reading } = await read('instagram_followers_no_email.csv')
    expect(obstacleOf(reading.mapping)).toMatch(/No column holds an e-mail address/)
  })
})
