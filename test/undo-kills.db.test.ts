// Taking an import back, killed again and again in the midst of a batch: in the end each lead is taken back once.
import { spawn } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Import } from '../src/imports/contract.ts'
import { getImport } from '../src/imports/index.ts'
import { beginUndo } from '../src/imports/store/undo.ts'
import { nothingYet } from '../src/imports/undo.ts'
import type { WorkspaceId } from '../src/lib/ids.ts'
import { ask } from '../src/platform/clickhouse.ts'
import { inTransaction, rows, sql } from '../src/platform/postgres.ts'
import { serve } from './deployment.ts'
import type { Served } from './deployment.ts'
import { root } from './sources.ts'
import { freshDatabase } from './stores.ts'
import type { TestStores } from './stores.ts'

/** Known before the file, made by it, and made one by it: in three batches. */
const KNOWN = 1_000
const NEW = 5_000
const MERGED = 20

let stores: TestStores
let served: Served

beforeAll(async () => {
  stores = await freshDatabase()
  served = await serve({ stores })
})
afterAll(() => served.stop())

async function imported(lines: string[]): Promise<Import> {
  const path = '/api/lead-sources/csv/import?fileName=people.csv'
  const reply = await served.call('POST', path, lines.join('\n'), { 'content-type': 'text/csv' })
  expect(reply.status, reply.text).toBe(202)
  const { id } = reply.body.import as Import
  const read = () => getImport(served.services, served.workspaceId as WorkspaceId, id)
  await expect.poll(async () => (await read()).status, { timeout: 60_000, interval: 50 }).toBe('done')
  await served.settled()
  return read()
}

/** Runs the program, and kills it in the midst of the batch after so many. @returns whether it came to the end */
async function attempt(importId: string, batches: number): Promise<boolean> {
  const program = ['--import', 'tsx', `${root}/test/undo-program.ts`, stores.databaseUrl, importId]
  const child = spawn(process.execPath, program, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  let wrong = ''
  child.stderr.on('data', (piece) => (wrong += String(piece)))
  child.stdout.on('data', (piece) => {
    said += String(piece)
    if (!said.includes('done') && said.split('batch').length > batches) child.kill('SIGKILL')
  })
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    child.once('close', (...ended) => resolve(ended))
  })
  if (signal === 'SIGKILL') return said.includes('done')
  if (code !== 0) throw new Error(wrong)
  return true
}

const people = (from: number, count: number, more: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => `person${from + n}@kills.org,${more(from + n)}`)

test(
  'each lead goes to the bin, back to what it was or apart exactly once, however often the process is killed',
  { timeout: 240_000 },
  async () => {
    await imported(['Email,User ID,City', ...people(0, KNOWN, () => ',Rome')])
    const ids = Array.from({ length: MERGED }, (_, n) => `user-${n},visited`)
    await imported(['User ID,Tags', ...ids])
    const before = await contents()
    const { id, counts } = await imported([
      'Email,User ID,City',
      ...people(0, KNOWN, (n) => `${n < MERGED ? `user-${n}` : ''},Lima`),
      ...people(KNOWN, NEW, () => ',Lima'),
    ])
    expect(counts).toMatchObject({ created: NEW, updated: KNOWN })
    const merged = await rows(served.postgres.db, sql`select 1 from merges where undone_at is null`)
    expect(merged).toHaveLength(MERGED)

    // Begun without a job, so that the program is the only one at it.
    const begun = { undo: nothingYet, at: new Date(), by: 'operator' }
    await inTransaction(served.postgres.db, (tx) => beginUndo(tx, id, begun))
    let kills = 0
    // Killed before the first batch is through, and then after each one, in the midst of the next.
    for (let batches = 0; !(await attempt(id, batches)); batches = 1) kills++
    expect(kills).toBeGreaterThan(2)

    await served.settled()
    const { undo } = await getImport(served.services, served.workspaceId as WorkspaceId, id)
    expect(undo).toMatchObject({ status: 'done', binned: NEW, restored: KNOWN, parted: MERGED, kept: {} })
    expect(await contents()).toEqual(before)
    const told = await ask<{ name: string; events: string; leads: string }>(
      served.services.clickhouse,
      `select name, count() as events, uniqExact(lead_id) as leads from events
       where JSONExtractString(properties, 'takenBackImportId') = {id:String} group by name order by name`,
      { id },
    )
    expect(told.map(({ name, events, leads }) => [name, Number(events), Number(leads)])).toEqual([
      ['lead_binned', NEW, NEW],
      ['lead_unmerged', 2 * MERGED, 2 * MERGED],
      ['lead_updated', KNOWN, KNOWN],
    ])
  },
)

/** Active leads with what the files say of them. */
async function contents(): Promise<unknown> {
  return rows(
    served.postgres.db,
    sql`select l.id, l.email, l.city, l.tags, l.fields,
          (select array_agg(i.kind || ' ' || i.value order by i.kind, i.value) from identifiers i where i.lead_id = l.id) as identifiers
        from leads l where l.status = 'active' order by l.id`,
  )
}
