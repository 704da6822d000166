// `throughline dedupe` on files as people have them: the report, in words and as JSON, and what is refused.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Command } from 'commander'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { dedupeReportSchema } from '../identity/duplicates/contract.ts'
import { addDedupe } from './dedupe.ts'

let folder: string
let said: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dedupe-'))
})
afterAll(() => rm(folder, { recursive: true }))
afterEach(() => {
  vi.restoreAllMocks()
  said = []
})

const people = `no,whose,First name,Last name,Born,Street,City,Created
a1,1,Nora,Quist,1980-02-03,12 Elm St,Leeds,2024-01-01
a2,2,Omar,Haddad,1971-05-21,9 Kings Rd,York,2024-01-02
a3,3,Katherine,Oduya,1987-01-30,33 Long Lane,Poole,2024-01-03
a4,3,Kate,Oduya,1987-01-30,33 Long Ln,Poole,2024-01-04
a5,4,Rosa,Mendes,1985-08-08,21 Station Rd,Derby,2024-01-05
a6,5,Samir,Khan,1993-03-12,5 High St,Oxford,2024-01-06
`

test('writes pairs, clusters and reasons as JSON, names rows by their id, and says the gist in words', async () => {
  const file = await write('people.csv', people)
  const out = join(folder, 'out.json')
  await dedupe(file, '--id', 'no', '--truth', 'whose', '--json', out)
  const report = dedupeReportSchema.parse(JSON.parse(await readFile(out, 'utf8')))
  expect(report).toMatchObject({ records: 6, subject: 'people', id: 'no' })
  expect(report.pairs).toHaveLength(1)
  expect(report.pairs[0]).toMatchObject({ a: 'a3', b: 'a4', merge: true, needsPerson: null })
  expect(report.clusters).toMatchObject([{ records: ['a3', 'a4'], merge: true }])
  expect(report.columns.filter(({ kind }) => kind === null)).toEqual([
    { column: 'no', kind: null, because: 'id' },
    { column: 'whose', kind: null, because: 'told_to' },
    { column: 'Created', kind: null, because: 'tells_when' },
  ])
  expect(report.measures?.clusterPairs).toEqual({ precision: 1, recall: 1, f1: 1 })
  expect(said.join('')).toMatch(
    /6 records of people.*1 pairs of at least 0\.8.*2 records are 1 people; 5 in all/s,
  )
})

test('names rows by their number without --id, and reads the same from a file packed with gzip', async () => {
  const text = people.replace(/^[^,]*,[^,]*,/gm, '')
  await dedupe(await write('plain.csv', text), '--json', '-')
  await dedupe(await write('packed.csv.gz', gzipSync(text)), '--json', '-')
  const report = dedupeReportSchema.parse(JSON.parse(said.slice(0, said.length / 2).join('')))
  expect(report.pairs[0]).toMatchObject({ a: '3', b: '4' })
  expect(said.slice(said.length / 2)).toEqual(said.slice(0, said.length / 2))
})

test.each([
  ['a file that is not there', () => Promise.resolve(join(folder, 'none.csv')), [], /There is no file/],
  ['an empty file', () => write('empty.csv', ''), [], /The file is empty/],
  [
    'a column that is not there',
    () => write('p.csv', people),
    ['--id', 'nobody'],
    /There is no column nobody for --id: the file has no, whose/,
  ],
  [
    'an id that names two rows',
    () => write('q.csv', people),
    ['--id', 'whose'],
    /whose does not name every row: rows 3 and 4 .* both have "3"/,
  ],
  [
    'a file of which every column is left out',
    () => write('r.csv', 'id,created at\n1,2024-01-01\n2,2024-01-02\n3,2024-01-03\n'),
    [],
    /No column is left/,
  ],
  [
    'thresholds the wrong way round',
    () => write('s.csv', people),
    ['--merge-at', '0.5'],
    /--merge-at is below --review-at/,
  ],
])('refuses %s with a sentence', async (_, file, options, sentence) => {
  await expect(dedupe(await file(), ...options)).rejects.toThrow(sentence)
})

async function write(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

async function dedupe(...args: string[]): Promise<void> {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  vi.spyOn(process.stdout, 'write').mockImplementation((text, encoding?, done?) => {
    said.push(String(text))
    const told = typeof encoding === 'function' ? encoding : done
    told?.()
    return true
  })
  const program = new Command('throughline').exitOverride()
  addDedupe(program)
  await program.parseAsync(['node', 'throughline', 'dedupe', ...args])
}
