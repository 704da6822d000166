// Features of many leads as columns: gathered for training, and read by the same shape when open leads are scored. Pure.
import type { Column, NumberColumn } from './columns.ts'
import { columnsOfDate } from './dates.ts'
import { countName, windowsDays } from './features.ts'
import type { Features } from './features.ts'
import { createGatherer, readAs } from './gather.ts'
import type { ColumnKind, GatheredColumn, Gatherer } from './gather.ts'

/** Which columns a model was trained on and what was read from them; plain data, kept with the model. */
export type Shape = {
  name: string
  from: 'number' | 'count' | 'word'
  /** what the column was taken for */
  kind: ColumnKind
}[]

export interface FeatureGatherer {
  add(features: Features): void
  finish(): { columns: (GatheredColumn & { name: string })[]; shape: Shape }
}

/** Acts of which there is a column: the most frequent ones that this many leads or more have. */
const fewestLeads = 20
const mostActs = 40

/** Gathers features, a row per call: numbers, counts of what many do, touches and fields. */
export function createFeatureGatherer(): FeatureGatherer {
  let rows = 0
  const numbers = new Map<string, Sparse<number>>()
  const counts = new Map<string, Sparse<number[]>>()
  const words = new Map<string, Gatherer>()
  return {
    add(features) {
      for (const [name, value] of features.numbers) push(numbers, name, rows, value)
      for (const [name, value] of features.counts) push(counts, name, rows, value)
      for (const name of features.words.keys())
        if (!words.has(name)) words.set(name, lateGatherer(name, rows))
      for (const [name, gatherer] of words) gatherer.add(features.words.get(name) ?? '')
      rows++
    },
    finish() {
      const frequent = [...counts]
        .filter(([, { at }]) => at.length >= fewestLeads)
        .sort(([one, left], [other, right]) => right.at.length - left.at.length || (one < other ? -1 : 1))
        .slice(0, mostActs)
      const made = [
        ...[...numbers].map(([name, sparse]) => ({
          from: 'number' as const,
          ...numberColumn(
            name,
            dense(sparse, rows, (value) => value),
          ),
        })),
        ...frequent.flatMap(([event, sparse]) =>
          windowsDays.map((window, place) => ({
            from: 'count' as const,
            ...numberColumn(
              countName(event, window),
              dense(sparse, rows, (values) => values[place] as number),
            ),
          })),
        ),
        ...[...words].map(([name, gatherer]) => ({ from: 'word' as const, ...gatherer.finish(), name })),
      ]
      return {
        columns: made.map(({ from: _, ...column }) => column),
        shape: made.map(({ name, from, kind }) => ({ name, from, kind })),
      }
    },
  }
}

/**
 * The columns of leads at a moment for a model that was trained on this shape, a row per lead. An act that a lead did not do
 * counts 0, a word that it does not have is missing.
 */
export function columnsByShape(features: readonly Features[], at: number, shape: Shape): Column[] {
  const counted = features.map(({ counts }) => {
    const named = new Map<string, number>()
    for (const [event, values] of counts)
      windowsDays.forEach((window, place) => named.set(countName(event, window), values[place] as number))
    return named
  })
  const moments = new Float64Array(features.length).fill(at)
  return shape.flatMap(({ name, from, kind }): Column[] => {
    if (from !== 'word') {
      const valueOf = (row: number) =>
        (from === 'count' ? counted[row]?.get(name) : features[row]?.numbers.get(name)) ?? 0
      return [
        numbersOf(
          name,
          Float64Array.from(features, (_, row) => valueOf(row)),
        ),
      ]
    }
    const words = features.map((one) => one.words.get(name) ?? '')
    if (kind === 'number' || kind === 'date') {
      const column = numbersOf(
        name,
        Float64Array.from(words, (word) => readAs(kind, word)),
      )
      return kind === 'date' ? columnsOfDate(column, moments) : [column]
    }
    const values = kind === 'category' ? [...new Set(words.filter((word) => word !== ''))] : ['filled']
    const codes = new Map(values.map((value, code) => [value, code]))
    const codeOf = (word: string) => (word === '' ? -1 : (codes.get(word) ?? 0))
    return [{ kind: 'category', name, source: name, codes: Int32Array.from(words, codeOf), values }]
  })
}

interface Sparse<Value> {
  at: number[]
  values: Value[]
}

function push<Value>(map: Map<string, Sparse<Value>>, name: string, row: number, value: Value): void {
  const sparse = map.get(name) ?? { at: [], values: [] }
  sparse.at.push(row)
  sparse.values.push(value)
  map.set(name, sparse)
}

function dense<Value>(sparse: Sparse<Value>, rows: number, read: (value: Value) => number): Float64Array {
  const numbers = new Float64Array(rows)
  sparse.at.forEach((row, place) => (numbers[row] = read(sparse.values[place] as Value)))
  return numbers
}

function numberColumn(name: string, numbers: Float64Array): GatheredColumn & { name: string } {
  const column = numbersOf(name, numbers)
  const known = numbers.filter((value) => !Number.isNaN(value))
  const distinct = new Set(known).size
  const kind =
    known.length === 0 ? 'empty' : distinct === 1 && known.length === numbers.length ? 'constant' : 'number'
  return { name, kind, column, numbers, filled: known.length, distinct }
}

function numbersOf(name: string, numbers: Float64Array): NumberColumn {
  return { kind: 'number', name, source: name, numbers }
}

// A word that comes up late was missing in all rows before.
function lateGatherer(name: string, rows: number): Gatherer {
  const gatherer = createGatherer(name)
  for (let row = 0; row < rows; row++) gatherer.add('')
  return gatherer
}
