// Files that are made to break a reader, or were broken on their way: refused as a file or row by row, with a sentence.
import { describe, expect, test } from 'vitest'
import type { ImportBatch } from './contract.ts'
import { encodingOf, inspectHead } from './inspect.ts'
import type { FileHead } from './inspect.ts'
import { readImport } from './reader.ts'

const around = { region: null, timeZone: 'UTC', fields: [] }

function headOf(bytes: Buffer): FileHead {
  const head = bytes.subarray(0, 1_048_576)
  return { bytes: head, isWhole: head.length === bytes.length, encoding: encodingOf(bytes) }
}

async function read(bytes: Buffer): Promise<ImportBatch[]> {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += 1_048_576) yield bytes.subarray(at, at + 1_048_576)
  }
  const reading = inspectHead(headOf(bytes), around, {})
  const reader = readImport({ importId: 'i', workspaceId: 'w', afterRow: 0, pieces: pieces(), ...reading })
  const batches: ImportBatch[] = []
  do batches.push(await reader.take(1000))
  while (!batches.at(-1)?.done)
  return batches
}

async function outcome(bytes: Buffer) {
  const batches = await read(bytes)
  const problems = batches
    .flatMap((batch) => batch.problems)
    .filter(({ severity }) => severity === 'rejected')
  return {
    emails: batches.flatMap((batch) => batch.items).map(({ email }) => email),
    rejected: problems.map(({ row, problem }) => [row, problem]),
    rows: batches.reduce((sum, batch) => sum + batch.rows, 0),
    failure: batches.at(-1)?.failure,
  }
}

const between = (middle: Buffer | string) =>
  Buffer.concat([
    Buffer.from('Email,City,Note\nann@x.org,Ååååååå,first\n'),
    Buffer.from(middle),
    Buffer.from('\nbo@x.org,Öööööö,last\n'),
  ])
const others = ['ann@x.org', 'bo@x.org']

describe('one row among others is rejected alone', () => {
  test.each([
    ['a cell of 10 MB', `c@x.org,Lund,${'x'.repeat(10_485_760)}`, /longer than 1,048,576 characters/],
    [
      'a cell of 10 MB in quotation marks',
      `c@x.org,Lund,"${'x,'.repeat(5_242_880)}"`,
      /longer than 1,048,576 characters/,
    ],
    ['100,000 cells', `c@x.org,Lund${',x'.repeat(100_000)}`, /has 100002 cells, but the file has 3 columns/],
    ['a NUL byte', 'c@x.org,Lu\u0000nd,x', /NUL character/],
    [
      'bytes of another encoding',
      Buffer.from([...Buffer.from('c@x.org,L'), 0xf6, ...Buffer.from('nd,x')]),
      /no characters in the encoding of the file/,
    ],
    ['nobody', 'no address,Lund,x', /has no @/],
  ])('%s', async (_, middle, sentence) => {
    const found = await outcome(between(middle))
    expect(found).toMatchObject({ emails: others, rows: 3, failure: null })
    expect(found.rejected).toEqual([[3, expect.stringMatching(sentence) as string]])
  })
})

test('a formula is text like any other', async () => {
  const [batch] = await read(between('c@x.org,"=HYPERLINK(""http://x.org"")",@SUM(A1)'))
  expect(batch?.items[1]).toMatchObject({
    fields: { city: '=HYPERLINK("http://x.org")' },
    custom: { note: '@SUM(A1)' },
  })
})

describe('a file that cannot be read on ends with the sentence that says why, after the rows before', () => {
  test('a quotation mark that is never closed', async () => {
    const found = await outcome(between(`"c@x.org,Lund,x${'\nmore,lines,of text'.repeat(1_200_000)}`))
    expect(found).toMatchObject({
      emails: ['ann@x.org'],
      failure: expect.stringMatching(/row 3 is never closed/) as string,
    })
  })

  test('a row that has no end', async () => {
    const found = await outcome(between(`c@x.org,Lund,${'x'.repeat(20_000_000)}`))
    expect(found).toMatchObject({
      emails: ['ann@x.org'],
      failure: expect.stringMatching(/Row 3 is longer than 16 MB/) as string,
    })
  })
})

describe('a file that is no table of people is refused as a whole', () => {
  test.each([
    ['nothing', Buffer.alloc(0), 'file_empty', /empty/],
    ['blank lines', Buffer.from('\n\n\n'), 'file_empty', /holds no row/],
    [
      '100,000 columns',
      Buffer.from(`${'Email,'.repeat(99_999)}Email\n`),
      'file_too_wide',
      /100000 columns; 2000 are the most/,
    ],
    ['NUL bytes', Buffer.alloc(5_000), 'file_unreadable', /not text but binary/],
    [
      'a workbook',
      Buffer.concat([Buffer.from([0x50, 0x4b, 0x03, 0x04]), Buffer.alloc(100)]),
      'file_unreadable',
      /Save as, "CSV UTF-8/,
    ],
    [
      'an old workbook',
      Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), Buffer.alloc(100)]),
      'file_unreadable',
      /Save as, "CSV UTF-8/,
    ],
  ])('%s', (_, bytes, code, sentence) => {
    expect(() => inspectHead(headOf(bytes), around, {})).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(sentence) as string }) as Error,
    )
  })
})
