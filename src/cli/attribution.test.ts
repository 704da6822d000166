// The command `attribution` on files of one's own, from the file to the JSON.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { addAttribution } from './attribution.ts'

const folder = mkdtempSync(join(tmpdir(), 'attribution-'))
afterAll(() => rmSync(folder, { recursive: true }))

let told = ''
beforeEach(() => {
  told = ''
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((told += String(text)), true))
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
})

interface Result {
  kind: string
  totals: {
    conversions: number
    value: number
    nulls: number
    paths: number
    unattributed: { conversions: number; value: number }
  }
  journeys: { joinedTouches: number } | null
  models: {
    model: string
    caution?: string
    modelUsed?: Record<string, number>
    resamples?: number
    channels: {
      channel: string
      conversions: number
      value: number
      ledger: { conversionMillionths: number; valueUnits: number }
      intervals?: { conversions: [number, number] }
    }[]
  }[]
  unsupported: { model: string; reason: string }[]
}

async function run(csv: string, ...more: string[]): Promise<string> {
  const [file, out] = [join(folder, 'in.csv'), join(folder, 'out.json')]
  writeFileSync(file, csv)
  const program = new Command('throughline').exitOverride()
  program.configureOutput({ writeErr: () => undefined })
  addAttribution(program)
  for (const command of program.commands)
    command.exitOverride().configureOutput({ writeErr: () => undefined })
  await program.parseAsync(['node', 'throughline', 'attribution', file, '--json', out, ...more])
  return readFileSync(out, 'utf8')
}

const resultOf = async (csv: string, ...more: string[]) => JSON.parse(await run(csv, ...more)) as Result

const creditsOf = (result: Result, model: string) =>
  Object.fromEntries(
    (result.models.find((found) => found.model === model)?.channels ?? []).map((row) => [row.channel, row]),
  )

const header = 'person,occurred_at,channel,conversion,value'
const rows = [
  'ann,2026-01-01T10:00:00Z,Email,0,',
  'ann,2026-01-10T10:00:00Z,Paid Search,0,',
  'ann,2026-01-31T10:00:00Z,Direct,1,100.01',
  'bob,2026-01-05T10:00:00Z,Paid Search,0,',
  'cid,2026-01-05T10:00:00Z,,1,50',
]

test('touch rows are credited by journey, and what nothing led to is unattributed', async () => {
  const result = await resultOf([header, ...rows].join('\n'))
  expect([result.kind, result.totals]).toEqual([
    'touches',
    {
      conversions: 2,
      value: 150.01,
      valueDecimals: 2,
      nulls: 1,
      paths: 2,
      unattributed: { conversions: 1, value: 50 },
    },
  ])
  expect(creditsOf(result, 'first')).toMatchObject({
    Email: { conversions: 1, value: 100.01 },
    '(unattributed)': {
      conversions: 1,
      value: 50,
      ledger: { conversionMillionths: 1_000_000, valueUnits: 5_000 },
    },
  })
  expect(creditsOf(result, 'last_non_direct')['Paid Search']?.conversions).toBe(1)
  for (const { channels } of result.models) {
    expect(channels.reduce((sum, { ledger }) => sum + ledger.valueUnits, 0)).toBe(15_001)
    expect(channels.reduce((sum, { ledger }) => sum + ledger.conversionMillionths, 0)).toBe(2_000_000)
  }
  expect(result.unsupported.map(({ model }) => model)).toEqual(['w_shaped', 'position'])
})

test('rows in another order, and rows delivered twice, give the same bytes; equal rows are counted and told', async () => {
  const once = await run([header, ...rows].join('\n'), '--intervals')
  expect(told).toContain('0 equal to another row')
  const twice = await run([header, ...[...rows, ...rows].reverse()].join('\n'), '--intervals')
  expect(twice).toBe(once)
  expect(told).toContain('10 touch rows of 3 persons; 5 equal to another row in every column, counted once.')
})

test('rows that differ in a column of no meaning here stay two', async () => {
  const csv = [`${header},note`, 'ann,2026-01-01,,1,5,x', 'ann,2026-01-01,,1,5,y', 'ann,2026-01-01,,1,5,y']
  expect((await resultOf(csv.join('\n'))).totals.conversions).toBe(2)
})

test('the look-back reaches exactly as far as it says, or any way back', async () => {
  const csv = [
    header,
    'ann,2026-01-01T09:59:59.999Z,A,,',
    'ann,2026-01-01T10:00:00Z,B,,',
    'ann,2026-01-31T10:00:00Z,,yes,1',
  ].join('\n')
  const first = async (...more: string[]) => {
    const rows = creditsOf(await resultOf(csv, '--models', 'first', '--session', 'none', ...more), 'first')
    return Object.keys(rows).filter((name) => rows[name]?.conversions === 1)
  }
  expect(await first()).toEqual(['B'])
  expect(await first('--lookback', 'none')).toEqual(['A'])
  expect(await first('--lookback', '29d')).toEqual(['(unattributed)'])
})

test('a second conversion starts anew, or uses the touches again', async () => {
  const csv = [header, 'ann,2026-01-01,A,,', 'ann,2026-01-02,,order,1', 'ann,2026-01-03,,order,1'].join('\n')
  expect((await resultOf(csv)).totals.unattributed.conversions).toBe(1)
  expect((await resultOf(csv, '--repeat', 'reuse')).totals.unattributed.conversions).toBe(0)
})

test('milestones anchor a W, and a journey without them falls back', async () => {
  const csv = [
    `${header},milestone`,
    'ann,2026-01-01,A,,,',
    'ann,2026-01-02,B,,,lead',
    'ann,2026-01-03,C,,,',
    'ann,2026-01-04,D,,,opportunity',
    'ann,2026-01-05,,1,1000,',
    'bob,2026-01-01,A,1,10,',
  ].join('\n')
  const result = await resultOf(csv, '--models', 'w-shaped')
  expect(result.models[0]?.modelUsed).toEqual({ u_shaped_fallback: 1, w_shaped: 1 })
  expect(creditsOf(result, 'w_shaped')).toMatchObject({
    A: { value: expect.closeTo(310, 9) },
    B: { value: expect.closeTo(300, 9) },
    C: { value: expect.closeTo(100, 9) },
    D: { value: expect.closeTo(300, 9) },
  })
})

describe('paths', () => {
  test.each([
    ['path,conversions,value,nulls', ' > '],
    ['path,total_conversions,total_conversion_value,total_null', ' > '],
    ['nulls;Path;value;Conversions', '|'],
  ])('are read under %s', async (names, sign) => {
    const cells: Record<string, string> = { path: `A${sign}B`, conversions: '2', value: '30.5', nulls: '8' }
    const key = (name: string) =>
      ({ total_conversions: 'conversions', total_conversion_value: 'value', total_null: 'nulls' })[name] ??
      name.toLowerCase()
    const delimiter = names.includes(';') ? ';' : ','
    const line = names
      .split(delimiter)
      .map((name) => cells[key(name)])
      .join(delimiter)
    const result = await resultOf([names, line, line].join('\n'), '--separator', sign)
    expect([result.kind, result.totals]).toMatchObject([
      'paths',
      { conversions: 4, value: 61, nulls: 16, paths: 1 },
    ])
    expect(creditsOf(result, 'linear')).toMatchObject({ A: { conversions: 2 }, B: { value: 30.5 } })
    expect(told).toContain('2 rows of paths; 1 had the path of another row and were added to it.')
  })

  test('have no times and no milestones, and without nulls no Shapley: each is listed with its reason', async () => {
    const result = await resultOf('path,conversions\nA > B,2\nB,1\n')
    expect(result.unsupported).toEqual([
      { model: 'time_decay', reason: expect.stringContaining('occurred_at') },
      { model: 'w_shaped', reason: expect.stringContaining('milestone') },
      { model: 'position', reason: expect.stringContaining('weights') },
      { model: 'shapley', reason: expect.stringContaining('unique_linear') },
    ])
    expect(result.models.find(({ model }) => model === 'markov_2')?.caution).toContain('10,000')
  })

  test('give the same bytes in any order, whatever decimals their values have', async () => {
    const lines = [
      'A > B,1,0.1,1',
      'B,2,0.7000000000000001,3',
      'A > B,1,0.2,0',
      'A,3,1e-7,2',
      'A > B,1,0.3,0',
    ]
    const csv = (list: string[]) => ['path,conversions,value,nulls', ...list].join('\n')
    expect(await run(csv([...lines].reverse()))).toBe(await run(csv(lines)))
  })

  test('that are cut by another sign are refused with the option to name it', async () => {
    await expect(run('path,conversions\nA>B,2\nB>A,1\n')).rejects.toThrow('--separator')
  })
})

test('--order asks for Markov of one order, markov alone for the first, and intervals come where they are asked for', async () => {
  const csv = 'path,conversions,value,nulls\nA > B,20,1,80\nB,9,1,20\nA,5,1,50\n'
  const models = async (...more: string[]) => (await resultOf(csv, ...more)).models
  expect((await models('--models', 'all', '--order', '2')).map(({ model }) => model)).toContain('markov_2')
  expect((await models('--models', 'markov', '--order', '3')).map(({ model }) => model)).toEqual(['markov_3'])
  const [markov, shapley] = await models('--models', 'markov,shapley', '--intervals')
  expect([markov?.model, markov?.resamples, shapley?.resamples]).toEqual(['markov_1', 200, 200])
  const [low = 1, high = 0] = markov?.channels[0]?.intervals?.conversions ?? []
  expect(0 < low && low < high && high < 1).toBe(true)
})

test.each([
  ['what has neither kind of columns', 'name,amount\nx,1\n', [], 'person, occurred_at, channel'],
  ['an empty file', '', [], 'empty'],
  ['a header alone', `${header}\n`, [], 'nothing to attribute'],
  ['times that cannot be read', `${header}\nann,yesterday,A,1,5\n`, [], 'Row 1: "yesterday" is no time'],
  ['a model that there is not', `${header}\n${rows[0]}\n`, ['--models', 'magic'], 'There is no model magic'],
  ['a look-back that is no time', `${header}\n${rows[0]}\n`, ['--lookback', 'long'], '30d'],
  ['a zone that there is not', `${header}\n${rows[0]}\n`, ['--zone', 'Mars'], 'Europe/Berlin'],
])('%s is answered with a sentence that says what to do', async (_, csv, more, sentence) => {
  await expect(run(csv, ...more)).rejects.toThrow(sentence)
})

test('rows that cannot be used are left out and told, with their reasons', async () => {
  const csv = [header, ...rows, ',2026-01-01,A,,', 'dan,2026-01-01,A,-1,', 'dan,2026-01-01,A,1,much']
  const { totals } = await resultOf(csv.join('\n'))
  expect(totals.conversions).toBe(2)
  expect(told).toContain('3 rows cannot be used')
  expect(told).toContain('row 6 below the header: The person is empty.')
})

test('times without an offset are the clocks of the zone that is named', async () => {
  // 12:30 in Berlin is 11:30 UTC: the touch comes before the conversion only there.
  const csv = [header, 'ann,2026-01-01 12:30,A,,', 'ann,2026-01-01T12:00:00Z,,1,5'].join('\n')
  expect((await resultOf(csv)).totals.unattributed.conversions).toBe(1)
  expect((await resultOf(csv, '--zone', 'Europe/Berlin')).totals.unattributed.conversions).toBe(0)
})
