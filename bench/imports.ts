// Benches of imports: a file of 100,000 rows x 20 columns through the API, and live calls beside it.
import { FormData, request } from 'undici'
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
  for (let n = 0; n < rows; n++) {
    lines.push(
      [
        `contact${n}.${run}@example.com`,
        `First${n % 977}`,
        `Last${n % 7919}`,
        `+49 1512 ${String(3_000_000 + n).padStart(7, '0')}`,
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
      ].join(','),
    )
  }
  return `${lines.join('\n')}\n`
}

/** @returns rows per second from the first byte sent to the last row settled and logged */
export async function importContacts(product: Product, rows: number): Promise<number> {
  const file = contactsFile(rows, `i${Date.now().toString(36)}`)
  const startedAt = performance.now()
  const id = await upload(product, file)
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
  const id = await upload(product, file)
  let importSeconds = 0
  const importing = finished(product, id, options.rows).then(() => {
    importSeconds = (performance.now() - startedAt) / 1000
  })
  const live = await freshness(product, { perSecond: options.perSecond, seconds: 15, probesPerSecond: 5 })
  await importing
  return { p99Ms: live.p99Ms, rowsPerSecond: options.rows / importSeconds }
}

async function upload(product: Product, file: string): Promise<string> {
  const form = new FormData()
  form.append('file', new Blob([file], { type: 'text/csv' }), 'contacts.csv')
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
      counts: { rows: number; created: number; rejected: number }
    }
    if (state.status === 'failed') throw new Error(`the import failed: ${state.error}`)
    if (state.status === 'done') {
      if (state.counts.created + state.counts.rejected !== rows)
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
