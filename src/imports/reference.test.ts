// Real exports of other tools, with the answers that a careful reading gives.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
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

type Expected = Record<string, unknown>

const withoutZone = (instant: string | undefined) => instant?.replace('.000Z', '')
const minor = (amount: unknown) => Math.round(Number(amount) * 100)

/** How each thing that the list of answers says of a file shows in what was read. */
const shows: Record<string, (found: Read, said: unknown) => void> = {
  preset: ({ reading }, said) => expect(reading.mapping.preset).toBe(said ?? 'generic'),
  data_rows: ({ dataRows }, said) => expect(dataRows).toBe(said),
  valid_rows: ({ batch }, said) => expect(batch.items).toHaveLength(Number(said)),
  surfaced_problem_rows: (found, said) => expect(rejected(found)).toHaveLength(Number(said)),
  rows_without_email: (found, said) => expect(rejected(found)).toHaveLength(Number(said)),
  footnote_lines: ({ batch }, said) => expect(batch.footerRows).toBe(said),
  preamble_lines: ({ reading }, said) => expect(reading.headerRow - 1).toBe(said),
  columns: ({ reading }, said) => expect(reading.mapping.columns).toHaveLength(Number(said)),
  first_header: ({ reading }, said) => expect(reading.mapping.columns[0]?.header).toBe(said),
  delimiter: ({ reading }, said) => expect(reading.delimiter).toBe(said),
  encoding: ({ reading }, said) =>
    expect(reading.encoding).toBe(String(said).toLowerCase().replace(' with bom', '')),
  default_region: ({ reading }, said) => expect(reading.mapping.region).toBe(said),
  date_order: ({ reading }, said) =>
    expect(reading.mapping.columns.find(({ target }) => target === 'created_at')?.dateOrder).toBe(
      String(said).slice(0, 3),
    ),
  orders: ({ batch }, said) => expect(batch.items.filter(({ order }) => order)).toHaveLength(Number(said)),
  customers: ({ batch }, said) => expect(new Set(batch.items.map(({ email }) => email)).size).toBe(said),
  order: ({ batch }, said) => {
    const order = batch.items[0]?.order
    const answer = said as Expected
    expect({
      name: order?.number,
      subtotal: order?.subtotalMinor,
      shipping: order?.shippingMinor,
      total: order?.totalMinor,
      currency: order?.currency,
      created_at: order?.placedAt.replace('.000Z', 'Z'),
      lines: order?.lines.length,
      refunded: order?.refundedMinor,
    }).toEqual({
      ...answer,
      subtotal: minor(answer.subtotal),
      shipping: minor(answer.shipping),
      total: minor(answer.total),
      refunded: minor(answer.refunded),
    })
  },
  consent: (found, said) =>
    each(found, said, ({ consents }) => consents.find(isForEmail)?.state === 'granted'),
  unsubscribed: ({ batch }, said) =>
    expect(
      batch.items
        .filter(({ consents }) => consents.find(isForEmail)?.state === 'denied')
        .map(({ email }) => email),
    ).toEqual(said),
  phone: (found, said) => each(found, said, ({ phone }) => phone),
  tags: (found, said) => each(found, said, ({ tags }) => [...tags]),
  created: (found, said) => {
    const { zone, answers } = withZone(said as Record<string, string>)
    each(found, answers, ({ createdAt, consents }) =>
      withoutZone(createdAt ?? consents.find(isForEmail)?.actedAt)?.concat(zone),
    )
  },
  stage: (found, said) => each(found, said, ({ custom }) => custom.stage),
  revenue: (found, said) => each(found, said, ({ custom }) => custom.umsatz),
  external_id: (found, said) => each(found, said, ({ custom }) => custom.id),
  emails: ({ batch }, said) => expect(batch.items.map(({ email }) => email)).toEqual(said),
  primary_email: ({ batch }, said) => expect(batch.items[0]?.email).toBe(said),
  secondary_email: ({ batch }, said) => expect(batch.items[0]?.custom.email_2).toBe(said),
  must_refuse: ({ reading }, said) => {
    expect(said).toBe('no email or phone column')
    expect(obstacleOf(reading.mapping)).toMatch(/No column holds an e-mail address, a phone number/)
  },
  note: () => undefined,
}

function isForEmail({ purpose }: { purpose: string }): boolean {
  return purpose === 'email_marketing'
}

function each(found: Read, said: unknown, of: (item: ImportItem) => unknown): void {
  const answers = said as Expected
  const shown = Object.keys(answers).map((email) => {
    const item = found.byEmail[email]
    return [email, item && of(item)]
  })
  expect(Object.fromEntries(shown)).toEqual(answers)
}

// Some answers name the zone of an instant and some leave it out.
function withZone(answers: Record<string, string>): { zone: string; answers: Record<string, string> } {
  return { zone: Object.values(answers).every((at) => at.endsWith('Z')) ? 'Z' : '', answers }
}

describe.skipIf(!atHand)('reference exports', () => {
  const expected = atHand
    ? (JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<string, Expected>)
    : {}

  test.each(Object.entries(expected))(
    '%s comes out as the list of answers says, word for word',
    async (name, answers) => {
      const found = await read(
        name,
        typeof answers.default_region === 'string' ? answers.default_region : null,
      )
      for (const [key, said] of Object.entries(answers)) {
        const show = shows[key]
        if (!show) throw new Error(`nothing compares ${key}`)
        show(found, said)
      }
      const itemRows = found.batch.items.reduce((sum, item) => sum + item.rows, 0)
      expect(itemRows + rejected(found).length).toBe(found.dataRows)
    },
  )

  test('each file of the folder has its answers', () => {
    expect(
      readdirSync(folder)
        .filter((name) => name.endsWith('.csv'))
        .sort(),
    ).toEqual(Object.keys(expected).sort())
  })

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
    expect(batch.footerRows).toBe(3)
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
