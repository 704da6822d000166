// Benches of imports: files of 100,000 and of a million rows x 20 columns through the API, and live calls beside them.
import { createWriteStream, openAsBlob } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { FormData, request } from 'undici'
import { peakOf, proportionalMemory } from './memory.ts'
import { freshness } from './tracking.ts'
import type { Product } from './product.ts'

const COLUMNS = [
  'Email',
  'First Name',
  'Last Name',
  'Phone',
  'Company',
  'Job Title',
  'City',
  'Country',
  'Tags',
  'Accepts Email Marketing',
  'Plan',
  'Industry',
  'Employees',
  'Annual Revenue',
  'Lead Score',
  'Last Campaign',
  'Newsletter Topic',
  'Account Manager',
  'Signup Date',
  'Notes',
]

/** A contacts export; the same number always gives the same row. */
export function contactsFile(rows: number, run: string): string {
  const lines = [COLUMNS.join(',')]
  for (let n = 0; n < rows; n++) lines.push(contactRow(n, run))
  return `${lines.join('\n')}\n`
}

function contactRow(n: number, run: string): string {
  return [
    `contact${n}.${run}@example.com`,
    `First${n % 977}`,
    `Last${n % 7919}`,
    // Each run its own people: a known phone with the same surname would be the same person.
    `+49 1512 ${(run === 'b' ? 5 : run === 'c' ? 7 : 3) * 1_000_000 + n}`,
    `"Company ${n % 5003}, Inc."`,
    'Head of Marketing',
    `City ${n % 211}`,
    'DE',
    n % 3 === 0 ? '"customer, newsletter"' : 'prospect',
    n % 4 === 0 ? 'no' : 'yes',
    ['free', 'pro', 'team'][n % 3],
    ['retail', 'software', 'services', 'health'][n % 4],
    n % 500,
    (n * 137) % 1_000_000,
    n % 100,
    `autumn-${n % 12}`,
    ['news', 'offers'][n % 2],
    `Manager ${n % 40}`,
    `2026-0${1 + (n % 9)}-1${n % 10}`,
    'met at the fair',
  ].join(',')
}

/** Of every hundred rows one names nobody and five tell of somebody again, as the exports of a team of some years do. */
function* untidyRows(rows: number, run: string): Generator<string> {
  yield `${COLUMNS.join(',')}\n`
  for (let n = 0; n < rows; n++) {
    const row = contactRow(n % 20 === 19 ? n - 10 : n, run)
    yield n % 100 === 50
      ? `nobody at all,${row.split(',').slice(1, 3).join(',')},,Nowhere Ltd.,,,,,,,,,,,,,,,\n`
      : `${row}\n`
  }
}

/**
 * What importing a million rows comes to: into an empty store, again beside what the first brought once all of that is in both
 * stores, and how fresh live calls are beside a third file.
 */
export async function importMillion(product: Product, rows: number): Promise<Million> {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-bench-file-'))
  const write = async (run: string, count: number) => {
    const path = join(folder, `${run}.csv`)
    await pipeline(Readable.from(untidyRows(count, run)), createWriteStream(path))
    return path
  }
  try {
    const before = await proportionalMemory(product)
    const first = await write('a', rows)
    const { result: rowsPerSecond, peak } = await peakOf(product, () => importFile(product, first, rows))
    await copied(product)
    const second = await importFile(product, await write('b', rows), rows)
    await copied(product)
    const third = await write('c', rows / 4)
    const importing = importFile(product, third, rows / 4)
    const live = await freshness(product, { perSecond: 100, seconds: 20, probesPerSecond: 5 })
    await importing
    return { rowsPerSecond, again: second / rowsPerSecond, memoryMb: peak - before, p99Ms: live.p99Ms }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export interface Million {
  rowsPerSecond: number
  /** the speed beside the leads of the first file, as a part of the first's */
  again: number
  /** how much more memory the product had at its peak in the first than before it */
  memoryMb: number
  /** how long a live call takes to its lead and the log while the third file is read */
  p99Ms: number
}

/** Waits until ClickHouse has every lead as it is. */
export async function copied(product: Product): Promise<void> {
  for (;;) {
    const owed = await product.postgres.pool.query('select 1 from lead_facts_owed limit 1')
    if (owed.rowCount === 0) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** Waits until ClickHouse has nothing left to do about the copy: a minute without changes makes its parts one. */
export async function settled(product: Product): Promise<void> {
  await copied(product)
  for (;;) {
    const reply = await product.clickhouse.query({
      query: "select count() as parts from system.parts where table = 'lead_facts' and active",
      format: 'JSONEachRow',
    })
    const [found] = await reply.json<{ parts: number | string }>()
    if (Number(found?.parts) <= 1) return
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}

async function importFile(product: Product, path: string, rows: number): Promise<number> {
  const startedAt = performance.now()
  const id = await upload(product, await openAsBlob(path, { type: 'text/csv' }))
  await finished(product, id, rows)
  return rows / ((performance.now() - startedAt) / 1000)
}

/** @returns rows per second from the first byte sent to the last row settled and logged */
export async function importContacts(product: Product, rows: number): Promise<number> {
  const file = contactsFile(rows, `i${Date.now().toString(36)}`)
  const startedAt = performance.now()
  const id = await upload(product, new Blob([file], { type: 'text/csv' }))
  await finished(product, id, rows)
  return rows / ((performance.now() - startedAt) / 1000)
}

/** Freshness of live calls while a file is imported; both in the result. */
export async function freshnessBesideImport(
  product: Product,
  options: { rows: number; perSecond: number },
): Promise<{ p99Ms: number; rowsPerSecond: number }> {
  const file = contactsFile(options.rows, `j${Date.now().toString(36)}`)
  const startedAt = performance.now()
  const id = await upload(product, new Blob([file], { type: 'text/csv' }))
  let importSeconds = 0
  const importing = finished(product, id, options.rows).then(() => {
    importSeconds = (performance.now() - startedAt) / 1000
  })
  const live = await freshness(product, { perSecond: options.perSecond, seconds: 15, probesPerSecond: 5 })
  await importing
  return { p99Ms: live.p99Ms, rowsPerSecond: options.rows / importSeconds }
}

async function upload(product: Product, file: Blob): Promise<string> {
  const form = new FormData()
  form.append('file', file, 'contacts.csv')
  const reply = await request(`${product.url}/api/lead-sources/csv/import`, {
    method: 'POST',
    dispatcher: product.agent,
    headers: { cookie: product.cookie, 'x-workspace': 'bench' },
    body: form,
  })
  const body = (await reply.body.json()) as { import?: { id: string }; detail?: string }
  if (!body.import) throw new Error(`the upload was answered with ${reply.statusCode}: ${body.detail}`)
  return body.import.id
}

async function finished(product: Product, id: string, rows: number): Promise<void> {
  for (;;) {
    const { body } = await product.call('GET', `/api/imports/${id}`)
    const state = body as {
      status: string
      error?: string
      counts: Record<'created' | 'updated' | 'skipped' | 'rejected', number>
    }
    if (state.status === 'failed') throw new Error(`the import failed: ${state.error}`)
    if (state.status === 'done') {
      const { created, updated, skipped, rejected } = state.counts
      if (created + updated + skipped + rejected !== rows)
        throw new Error(`rows are missing: ${JSON.stringify(state.counts)}`)
      break
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  for (;;) {
    const open = await product.postgres.pool.query('select 1 from batches where closed_at is null limit 1')
    if (open.rowCount === 0) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
