// Every data row of a file becomes part of an item or is rejected, however it is cut, wherever reading goes on.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvLine } from '../lib/csv/write.ts'
import type { ImportBatch, Mapping } from './contract.ts'
import { halveBatch, outcomeCounts } from './batches.ts'
import { suggestMapping } from './presets.ts'
import { readImport } from './reader.ts'

const around = { region: 'SE', timeZone: 'UTC', fields: [] }

function mappingFor(text: string, change: Partial<Mapping> = {}): Mapping {
  const [headers = [], ...rows] = text.split(/\r?\n/).map((line) => line.split(','))
  return { ...suggestMapping({ headers, rows }, around), ...change }
}

async function readAll(
  text: string,
  options: { limit?: number; pieceSize?: number; afterRow?: number; mapping?: Mapping } = {},
): Promise<ImportBatch[]> {
  const bytes = Buffer.from(text)
  const size = options.pieceSize ?? bytes.length
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }
  const reader = readImport({
    importId: 'i',
    workspaceId: 'w',
    encoding: 'utf-8',
    delimiter: ',',
    headerRow: 1,
    mapping: options.mapping ?? mappingFor(text),
    afterRow: options.afterRow ?? 0,
    pieces: pieces(),
  })
  const batches: ImportBatch[] = []
  do batches.push(await reader.take(options.limit ?? 1000))
  while (!batches.at(-1)?.done)
  return batches
}

const items = (batches: ImportBatch[]) => batches.flatMap((batch) => batch.items)
const rejected = (batches: ImportBatch[]) =>
  batches.flatMap((batch) => batch.problems).filter(({ severity }) => severity === 'rejected')
const warned = (batches: ImportBatch[]) =>
  batches.flatMap((batch) => batch.problems).filter(({ severity }) => severity === 'warning')

const ordersHeader =
  'Name,Email,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price'

describe('rows of people', () => {
  const row = fc.constantFrom(
    'Anna,anna@x.se,070-111 22 33',
    'Bo,not an address,',
    'Cia,,',
    'Dan,dan@x.se',
    'Eva,eva@x.se,,,',
    'Fia,fia@x.se,,extra',
    '',
    ',,',
    '"Gun\nnar",gunnar@x.se,08',
    'H\u0000,h@x.se,',
    'I\ufffd,i@x.se,',
  )
  const isData = (line: string) => line.replaceAll(',', '').trim() !== ''

  test('each data row is part of one item or rejected, whatever the limit and the pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 25 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 50 }),
        async (lines, limit, pieceSize) => {
          const text = `Name,Email,Phone\n${lines.map((line) => `${line}\n`).join('')}`
          const batches = await readAll(text, { limit, pieceSize })
          const covered = [
            ...items(batches).map(({ row: at }) => at),
            ...rejected(batches).map(({ row: at }) => at),
          ]
          const expected = lines.flatMap((line, index) => (isData(line) ? [index + 2] : []))
          expect(covered.sort((a, b) => a - b)).toEqual(expected)
          expect(batches.reduce((sum, batch) => sum + batch.rows, 0)).toBe(expected.length)
          for (const [index, batch] of batches.entries()) {
            expect(batch.fromRow).toBe(index === 0 ? 0 : batches[index - 1]?.toRow)
            expect(batch.rows).toBeLessThanOrEqual(limit)
          }
        },
      ),
      { numRuns: 150 },
    )
  })

  test('reading on from any checkpoint gives exactly the rest', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 25 }),
        fc.integer({ min: 1, max: 5 }),
        async (lines, limit) => {
          const text = `Name,Email,Phone\n${lines.join('\n')}\n`
          const batches = await readAll(text, { limit })
          for (const [index, batch] of batches.entries()) {
            const rest = await readAll(text, { limit, afterRow: batch.toRow })
            expect(items(rest)).toEqual(items(batches.slice(index + 1)))
            expect(rejected(rest)).toEqual(rejected(batches.slice(index + 1)))
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  test('a cell that cannot be read is a warning, and the row comes in without it', async () => {
    const batches = await readAll('Name,Email,Phone\nAnna,anna@x.se,12\n')
    expect(items(batches)).toMatchObject([{ row: 2, email: 'anna@x.se' }])
    expect(items(batches)[0]?.phone).toBeUndefined()
    expect(warned(batches)).toMatchObject([{ row: 2, column: 'Phone' }])
  })

  test('a row that nobody can be recognised by is rejected with the reason of its address', async () => {
    const batches = await readAll('Name,Email\nAnna,anna at x\n')
    expect(rejected(batches)).toMatchObject([
      { row: 2, column: 'Email', problem: 'The e-mail address has no @.' },
    ])
  })

  test('a cell that swallowed rows behind an open quotation mark is rejected, not imported as a note', async () => {
    const lines = Array.from({ length: 4 }, (_, index) => `P${index},p${index}@x.se,ordinary note`)
    const batches = await readAll(`Name,Email,Note\nAnna,anna@x.se,"open ${lines.join('\n')}"\n`)
    expect(rejected(batches)).toMatchObject([{ row: 2, column: 'Note' }])
  })

  test('the lines of totals and copyright after the data are footers, the same words among the data are not', async () => {
    const footer = '"Grand Totals (1 records)"\n"Copyright (c) 2024"\n'
    const atEnd = await readAll(`Name,Email,City\nAnna,anna@x.se,Malmö\n\n${footer}`)
    expect(atEnd.at(-1)?.footerRows, 'the blank line before them counts with them').toBe(3)
    expect(rejected(atEnd)).toEqual([])
    const inside = await readAll(`Name,Email,City\n${footer}Anna,anna@x.se,Malmö\n`)
    expect(rejected(inside).map(({ row: at }) => at)).toEqual([2, 3])
  })

  test('an unclosed quotation mark ends the import as failed after the rows before it', async () => {
    const batches = await readAll('Name,Email\nAnna,anna@x.se\nBo,"bo@x.se\n')
    expect(items(batches)).toHaveLength(1)
    expect(batches.at(-1)).toMatchObject({ done: true })
    expect(batches.at(-1)?.failure).toMatch(/row 3 is never closed/)
  })
})

describe('rows of orders', () => {
  const order = (name: string, lines: number) =>
    Array.from({ length: lines }, (_, index) =>
      index === 0
        ? [
            name,
            `${name}@x.se`,
            'paid',
            'SEK',
            '10.00',
            '5.00',
            '1.00',
            '15.00',
            '2024-05-01 10:00:00 +0000',
            '1',
            'Mug',
            '10.00',
          ]
        : [name, '', '', '', '', '', '', '', '', '2', 'Tee', '1.00'],
    )
      .map((cells) => csvLine(cells))
      .join('')
  const read = (text: string, limit = 1000, afterRow = 0) =>
    readAll(text, { limit, afterRow, mapping: mappingFor(text) })

  test('the rows of one order become one order and are never split over batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 4 }),
        async (sizes, limit) => {
          const text = `${ordersHeader}\r\n${sizes.map((size, index) => order(`A${index}`, size)).join('')}`
          const batches = await read(text, limit)
          expect(
            items(batches).map(({ rows, order: made }) => [rows, made?.number, made?.lines.length]),
          ).toEqual(sizes.map((size, index) => [size, `A${index}`, size]))
          for (const [index, batch] of batches.entries()) {
            expect(items(await read(text, limit, batch.toRow))).toEqual(items(batches.slice(index + 1)))
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  test('an order with an amount that cannot be read is rejected with all its rows', async () => {
    const text = `${ordersHeader}\r\n${order('A1', 2).replace('15.00', 'fifteen')}${order('A2', 1)}`
    const batches = await read(text)
    expect(rejected(batches).map(({ row, column }) => [row, column])).toEqual([
      [2, 'Total'],
      [3, 'Total'],
    ])
    expect(items(batches)).toHaveLength(1)
  })

  test('an order counts in the minor units of its currency', async () => {
    const text = `${ordersHeader}\r\n${order('A1', 2)}`
    expect(items(await read(text))[0]?.order).toMatchObject({
      totalMinor: 1500,
      shippingMinor: 500,
      currency: 'SEK',
      placedAt: '2024-05-01T10:00:00.000Z',
      lines: [
        { title: 'Mug', quantity: 1, priceMinor: 1000 },
        { title: 'Tee', quantity: 2, priceMinor: 100 },
      ],
    })
  })
})

describe('batches', () => {
  test('two halves are the whole, and each continues the other', async () => {
    const lines = Array.from({ length: 9 }, (_, index) =>
      index % 4 === 2 ? 'x,,' : `P${index},p${index}@x.se,`,
    ).join('\n')
    const [batch] = await readAll(`Name,Email,Phone\n${lines}\n`)
    const halves = batch && halveBatch(batch)
    expect(halves).toBeDefined()
    if (!batch || !halves) return
    const [early, late] = halves
    expect([...early.items, ...late.items]).toEqual(batch.items)
    expect([...early.problems, ...late.problems]).toEqual(batch.problems)
    expect(early.rows + late.rows).toBe(batch.rows)
    expect([early.fromRow, late.fromRow, late.toRow]).toEqual([batch.fromRow, early.toRow, batch.toRow])
    expect([early.done, late.done]).toEqual([false, true])
    for (const half of halves) {
      const { counts } = outcomeCounts(half, {
        created: half.items.length,
        updated: 0,
        skipped: 0,
        rejected: [],
      })
      expect(counts.created + counts.rejected + counts.joined).toBe(half.rows)
    }
  })

  test('an outcome that leaves an item out is a bug that throws', async () => {
    const [batch] = await readAll('Name,Email\nAnna,anna@x.se\n')
    expect(() => batch && outcomeCounts(batch, { created: 0, updated: 0, skipped: 0, rejected: [] })).toThrow(
      /1 items/,
    )
  })
})
