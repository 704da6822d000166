// A file of aggregated paths: rows of a path, its conversions, their value, and journeys along it that did not convert.
import { Refusal } from '../../lib/refusal.ts'
import { columnsOf, decimalsFor, mostExamples, readAmount, readCount } from './file-cells.ts'
import type { Rejected } from './file-cells.ts'
import { mostChannels, tooManyChannels } from './names.ts'
import { collectPaths, pathAt } from './paths.ts'
import type { CountedJourney } from './report.ts'

export interface PathRows {
  add(cells: readonly string[]): void
  end(): PathTable
}

export interface PathTable {
  /** names by number, in order */
  channels: string[]
  rows: number
  rejected: Rejected
  /** rows whose path came before; they were added up */
  repeated: number
  /** values are whole numbers of 10 ** -decimals */
  decimals: number
  /** one for each distinct path, in their order */
  journeys(): Generator<CountedJourney>
}

/** The columns of paths, under either of their names. */
export function pathColumns(headers: readonly string[]) {
  return columnsOf(headers, {
    path: ['path'],
    conversions: ['conversions', 'total_conversions'],
    value: ['value', 'total_conversion_value'],
    nulls: ['nulls', 'total_null'],
  })
}

/**
 * Takes paths in; equal paths add up. Blanks around a channel's name are no part of it, and nothing between two
 * separators is no touch.
 */
export function collectPathRows(headers: readonly string[], separator: string): PathRows {
  const columns = pathColumns(headers)
  const numbers = new Map<string, number>()
  /** by the path's provisional numbers; amounts are added once all are known, since only whole numbers add up in any order */
  const places: number[] = []
  const amounts: number[] = []
  const collector = collectPaths()
  const rejected: Rejected = { rows: 0, examples: [] }
  let rows = 0
  let decimals = 0
  let sum = 0
  let looksCutElsewhere = false

  function reject(reason: string): void {
    rejected.rows++
    if (rejected.examples.length < mostExamples) rejected.examples.push({ row: rows, reason })
  }

  function add(cells: readonly string[]): void {
    rows++
    const cell = (index: number) => (index < 0 ? '' : (cells[index] ?? ''))
    const conversions = readCount(cell(columns.conversions))
    const nulls = readCount(cell(columns.nulls))
    const value = readAmount(cell(columns.value))
    if (conversions === null) return reject('The conversions are no whole number from zero.')
    if (nulls === null) return reject('The journeys without conversion are no whole number from zero.')
    if (!value) return reject('The value is no amount.')
    const names = cell(columns.path)
      .split(separator)
      .map((name) => name.trim())
      .filter((name) => name !== '')
    if (names.length === 1 && /[>|;→]/.test(names[0] ?? '')) looksCutElsewhere = true
    places.push(collector.add(names.map(numberOf), { conversions, value: 0, nulls }))
    amounts.push(value.amount)
    decimals = Math.max(decimals, value.decimals)
    sum += Math.abs(value.amount)
  }

  function numberOf(name: string): number {
    const known = numbers.get(name)
    if (known !== undefined) return known
    if (numbers.size >= mostChannels) throw tooManyChannels()
    numbers.set(Buffer.from(name).toString(), numbers.size)
    return numbers.size - 1
  }

  function end(): PathTable {
    const [first] = rejected.examples
    if (places.length === 0)
      throw new Refusal(
        'rows_unreadable',
        422,
        first
          ? `No row can be used. Row ${first.row}: ${first.reason}`
          : 'The file has no rows below its header: there is nothing to attribute.',
      )
    const isCut = collector.longest() > 1
    if (!isCut && looksCutElsewhere)
      throw new Refusal(
        'separator_absent',
        422,
        `No path contains the separator ${JSON.stringify(separator)}: name the one that stands between channels with --separator.`,
      )
    const scale = decimalsFor(decimals, sum)
    places.forEach((place, i) => collector.addValue(place, Math.round((amounts[i] ?? 0) * 10 ** scale)))
    const channels = [...numbers.keys()].sort((a, b) => (a < b ? -1 : 1))
    const rank = new Map(channels.map((name, place) => [name, place]))
    const ranks = [...numbers.keys()].map((name) => rank.get(name) ?? 0)
    const { paths } = collector.paths([...numbers.keys()])
    return {
      channels,
      rows,
      rejected,
      repeated: places.length - collector.size(),
      decimals: scale,
      *journeys() {
        const ranked = { ...paths, ids: paths.ids.map((id) => ranks[id] ?? 0) }
        const order = Array.from({ length: collector.size() }, (_, place) => place)
        order.sort((a, b) => comparePaths(pathAt(ranked, a), pathAt(ranked, b)))
        for (const place of order)
          yield {
            ids: pathAt(ranked, place),
            agesDays: null,
            leadIndex: null,
            opportunityIndex: null,
            conversions: paths.conversions[place] ?? 0,
            valueMinor: paths.value[place] ?? 0,
            nulls: paths.nulls[place] ?? 0,
          }
      },
    }
  }

  return { add, end }
}

function comparePaths(a: Uint16Array, b: Uint16Array): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}
