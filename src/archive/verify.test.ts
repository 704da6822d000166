// An archive on disk, damaged in every way that a copy or a disk damages files.
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { beginFolder, openFolder, sealFolder } from './folder.ts'
import { PartWriter, readPart, unzip } from './parts.ts'
import { verifyArchive } from './verify.ts'

const home = await mkdtemp(join(tmpdir(), 'throughline-archive-'))
let folder: string
let made = 0

afterAll(() => rm(home, { recursive: true, force: true }))

beforeEach(async () => {
  folder = (await beginFolder(join(home, `archive ${made++}`))).folder
  const writer = new PartWriter(folder, 'postgres/leads', () => undefined)
  for (const line of lines) await writer.add(Buffer.from(line))
  const parts = await writer.end()
  await sealFolder(folder, {
    format: 'throughline-archive',
    formatVersion: 1,
    id: '01900000-0000-7000-8000-000000000001',
    productVersion: '0.1.0',
    exportedAt: '2026-11-23T09:00:00.000Z',
    keyCheck: '0'.repeat(32),
    schema: { postgres: ['0001_workspaces.sql'], clickhouse: [] },
    postgres: {
      tables: [{ name: 'leads', columns: ['id', 'email'], rows: lines.length, parts }],
      partitions: [],
      sequences: [],
    },
    clickhouse: { tables: [] },
  })
})

// Two parts and a bit: lines of 1 kB.
const lines = Array.from({ length: 9_000 }, (_, n) => `${n}\t${String(n).padEnd(1_000, 'x')}\n`)

test('an archive that nobody touched is whole, and its parts hold the lines in their order', async () => {
  expect(await verifyArchive(folder)).toMatchObject({ archive: { rows: 9_000, files: 3 }, problems: [] })
  const { manifest } = await openFolder(folder)
  const parts = manifest.postgres.tables[0]!.parts
  const texts = await Promise.all(
    parts.map(async (part) => (await unzip(await readPart(folder, part))).toString()),
  )
  expect(texts.every((text) => text.endsWith('\n'))).toBe(true)
  expect(texts.join('') === lines.join('')).toBe(true)
})

test('one flipped bit in any part is found and named', async () => {
  const path = join(folder, 'postgres/leads.00002.tsv.gz')
  const bytes = await readFile(path)
  bytes[bytes.length >> 1]! ^= 1
  await writeFile(path, bytes)
  expect((await verifyArchive(folder)).problems).toEqual([
    expect.stringMatching(/^postgres\/leads\.00002.*was changed/),
  ])
})

test('a missing, a shortened and a foreign file are each found and named', async () => {
  await rm(join(folder, 'postgres/leads.00001.tsv.gz'))
  await truncate(join(folder, 'postgres/leads.00003.tsv.gz'), 100)
  await writeFile(join(folder, 'clickhouse/events.00001.tsv.gz'), '')
  expect((await verifyArchive(folder)).problems.sort()).toEqual([
    expect.stringMatching(/^clickhouse\/events\.00001.*is no part of the archive/),
    expect.stringMatching(/^postgres\/leads\.00001.*is missing/),
    expect.stringMatching(/^postgres\/leads\.00003.*has 100 bytes instead of/),
  ])
})

test('a changed manifest is no manifest', async () => {
  await appendFile(join(folder, 'manifest.json'), ' ')
  await expect(verifyArchive(folder)).rejects.toMatchObject({ code: 'archive_damaged' })
})

test('what an export left that was broken off is no archive, and the next export takes its place', async () => {
  const place = join(home, 'broken')
  await beginFolder(place)
  await writeFile(join(place, 'postgres/leads.00001.tsv.gz'), 'half')
  await expect(verifyArchive(place)).rejects.toMatchObject({ code: 'archive_unfinished' })
  await beginFolder(place)
  await expect(readFile(join(place, 'postgres/leads.00001.tsv.gz'))).rejects.toMatchObject({ code: 'ENOENT' })
})

test('a folder that holds an archive or anything else is not written into', async () => {
  await expect(beginFolder(folder)).rejects.toMatchObject({ code: 'archive_exists' })
  await expect(beginFolder(home)).rejects.toMatchObject({ code: 'folder_filled' })
  await expect(verifyArchive(home)).rejects.toMatchObject({ code: 'archive_missing' })
})
