// The journal of an export, read after its writer ended at any point.
import { appendFile, mkdtemp, readFile, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { MARK, noteWhole, readJournal, writeJournal } from './journal.ts'
import type { Beginning, WholeSlice } from './journal.ts'

const folder = await mkdtemp(join(tmpdir(), 'throughline-journal-'))
const path = join(folder, MARK)
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeEach(() => rm(path, { force: true }))

const beginning: Beginning = {
  closed: {
    settledBefore: new Date('2026-11-23T09:00:00Z'),
    open: ['01900000-0000-7000-8000-000000000001'],
    inPieces: [],
    eventsLeft: [],
    recent: [],
  },
  tables: [
    { name: 'events', columns: ['lead_id'], slices: [{ partition: '202611', after: null, upTo: null }] },
  ],
}
const slice = (n: number): WholeSlice => ({
  stem: `clickhouse/events.0000${n}`,
  digest: `${n}:1`,
  parts: [{ file: `clickhouse/events.0000${n}.00001.tsv.gz`, rows: n, bytes: 9, sha256: 'a'.repeat(64) }],
})

test('what was noted comes back, and where nothing was begun there is nothing', async () => {
  expect(await readJournal(folder)).toBeNull()
  await writeJournal(folder, null)
  expect(await readJournal(folder)).toBeNull()
  await writeJournal(folder, { beginning, whole: [slice(1)] })
  await noteWhole(folder, slice(2))
  expect(await readJournal(folder)).toEqual({ beginning, whole: [slice(1), slice(2)] })
})

test('a slice that was being noted when the power went is not whole, and those before it are', async () => {
  await writeJournal(folder, { beginning, whole: [slice(1)] })
  const before = (await readFile(path)).length
  await noteWhole(folder, slice(2))
  const after = (await readFile(path)).length
  for (const length of [before + 1, after - 10, after - 1]) {
    await truncate(path, length)
    expect((await readJournal(folder))?.whole).toEqual([slice(1)])
    await writeJournal(folder, { beginning, whole: [slice(1)] })
    await noteWhole(folder, slice(2))
  }
})

test('a line that is none is passed over', async () => {
  await writeJournal(folder, { beginning, whole: [] })
  await appendFile(path, '{"stem": 1}\n\0\0\0\n')
  await noteWhole(folder, slice(3))
  expect((await readJournal(folder))?.whole).toEqual([slice(3)])
})
