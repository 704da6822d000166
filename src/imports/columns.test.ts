// The whole column decides how its cells are read, not its first rows.
import { expect, test } from 'vitest'
import { createColumnScan } from './columns.ts'
import { suggestMapping } from './presets.ts'

function examplesOf(text: string, columns: number[], pieceSize = 1000): Map<number, string[]> {
  const scan = createColumnScan({ encoding: 'utf-8', delimiter: ',', headerRow: 1 }, columns)
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += pieceSize) scan.add(bytes.subarray(at, at + pieceSize))
  return scan.examples()
}

const around = { region: null, timeZone: 'UTC', fields: [] }

test('one example of each shape is kept, however many rows there are', () => {
  const rows = Array.from(
    { length: 10_000 },
    (_, n) => `${String(1 + (n % 12)).padStart(2, '0')}/06/2024,${n}`,
  )
  rows.push('25/06/2024,12.5')
  const found = examplesOf(`Date,Count\n${rows.join('\n')}\n`, [0, 1])
  expect(found.get(0)).toEqual(['01/06/2024', '10/06/2024', '25/06/2024'])
  expect(found.get(1)).toContain('12.5')
  expect(found.get(1)!.length).toBeLessThan(20)
})

test('a column of words is watched no longer than it takes to see that it is one', () => {
  const rows = Array.from({ length: 5_000 }, (_, n) => `word ${(n * 7919).toString(36)}`)
  expect(examplesOf(`Note\n${rows.join('\n')}\n`, [0]).get(0)).toHaveLength(300)
})

test('a cell that settles a column counts though the first rows would settle it otherwise', () => {
  const headers = ['Email', 'Member since', 'Ref', 'Umsatz']
  const rows = [['a@x.org', '01/06/2024', '17', '1.234']]
  const read = (examples: Map<number, string[]>) =>
    suggestMapping({ headers, rows, examples }, around).columns.map(({ type, dateOrder, decimal }) => ({
      type,
      dateOrder,
      decimal,
    }))
  expect(read(new Map())[3]).toMatchObject({ type: 'number', decimal: '.' })
  expect(
    read(
      new Map([
        [1, ['01/06/2024', '25/06/2024']],
        [2, ['17', 'north 17']],
        [3, ['1.234', '9,50']],
      ]),
    ).slice(1),
  ).toEqual([
    { type: 'date', dateOrder: 'DMY', decimal: undefined },
    { type: 'text', dateOrder: undefined, decimal: undefined },
    { type: 'number', dateOrder: undefined, decimal: ',' },
  ])
})
