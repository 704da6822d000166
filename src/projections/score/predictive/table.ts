// Gathers a file's rows into what a model can learn from: columns, outcomes, an order in time.
import { Refusal } from '../../../lib/refusal.ts'
import { createGatherer } from './gather.ts'
import type { GatheredColumn } from './gather.ts'
import { createOutcomeReader } from './outcomes.ts'

export interface TableOptions {
  /** the column that says how it ended */
  label: string
  /** which of its values is the conversion, where its words do not tell */
  conversion?: string | undefined
  /** the moment of prediction: orders the rows, and dates count back from it. The order of the file where none is told */
  time?: string | undefined
  /** when the outcome came; columns whose `... updated at` lies behind it are leaks */
  outcomeTime?: string | undefined
  ignore?: readonly string[] | undefined
}

export interface Table {
  /** the label column's name, as the file has it */
  label: string
  conversion: string
  other: string
  read: number
  withoutOutcome: number
  outcomes: Uint8Array
  /** for each row used, its number among the rows read, the first being 1 */
  rowNumbers: Int32Array
  /** columns that may tell something: all but label, times and what is ignored */
  columns: (GatheredColumn & { name: string })[]
  ignored: (GatheredColumn & { name: string })[]
  /** instants in ms, or numbers; NaN where a row has none. Null where no column was told */
  time: { column: string; isDate: boolean; values: Float64Array } | null
  /** by column the share of conversions of which it was changed after the outcome; what is absent is not known */
  changedAfterOutcome: ReadonlyMap<string, number>
  /** a score by rules per row, which few data are drawn towards; null where there is none */
  ruleScores: Float64Array | null
}

export interface TableGatherer {
  add(cells: readonly string[]): void
  finish(): Table
}

/** Refuses a column that the header does not have, and a label that is no label. */
export function createTableGatherer(headers: readonly string[], options: TableOptions): TableGatherer {
  const placeOf = (name: string, use: string): number => {
    const exact = headers.indexOf(name)
    const bare = name.trim().toLowerCase()
    const at = exact >= 0 ? exact : headers.findIndex((header) => header.toLowerCase() === bare)
    if (at < 0)
      throw new Refusal(
        'column_missing',
        422,
        `There is no column ${name} to take as ${use}. The file has ${listed(headers)}.`,
      )
    return at
  }
  const label = placeOf(options.label, 'label')
  const time = options.time === undefined ? null : placeOf(options.time, 'time')
  const outcomeTime =
    options.outcomeTime === undefined ? null : placeOf(options.outcomeTime, 'time of the outcome')
  const ignored = new Set((options.ignore ?? []).map((name) => placeOf(name, 'a column to ignore')))
  const outcome = createOutcomeReader(headers[label] as string, options.conversion)
  const gatherers = headers.map((name, at) => (at === label ? null : createGatherer(name)))
  let read = 0
  let rowNumbers: number[] = []

  return {
    add(cells) {
      read++
      if (!outcome.add(cells[label] ?? '')) return
      rowNumbers.push(read)
      gatherers.forEach((gatherer, at) => gatherer?.add(cells[at] ?? ''))
    },
    finish() {
      const { outcomes, ...told } = outcome.finish()
      const gathered = headers.map((name, at) => {
        const found = gatherers[at]?.finish()
        return found ? { ...found, name } : null
      })
      const numbers = Int32Array.from(rowNumbers)
      rowNumbers = []
      const isTaken = (at: number) => at === label || at === time || at === outcomeTime
      const pick = (wanted: (at: number) => boolean) =>
        gathered.flatMap((column, at) => (column && !isTaken(at) && wanted(at) ? [column] : []))
      const columns = pick((at) => !ignored.has(at))
      const outcomesAt =
        outcomeTime === null
          ? null
          : instantsOf(headers[outcomeTime] as string, gathered[outcomeTime] ?? null)
      return {
        ...told,
        label: headers[label] as string,
        read,
        outcomes,
        rowNumbers: numbers,
        columns,
        ignored: pick((at) => ignored.has(at)),
        time: time === null ? null : instantsOf(headers[time] as string, gathered[time] ?? null),
        changedAfterOutcome: outcomesAt ? changesAfter(columns, outcomes, outcomesAt.values) : new Map(),
        ruleScores: null,
      }
    },
  }
}

// By column the share of conversions of which a date column named after it (`Budget`, `Budget updated at`) lies behind the outcome.
function changesAfter(
  columns: Table['columns'],
  outcomes: Uint8Array,
  outcomesAt: Float64Array,
): Map<string, number> {
  const shares = new Map<string, number>()
  const bareName = (name: string) =>
    name
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()
  const names = new Map(columns.map(({ name }) => [bareName(name), name]))
  for (const { name, kind, numbers } of columns) {
    const about = /^(.+?) (?:last )?(?:updated|modified|changed|edited)(?: (?:at|on|date|time))?$/.exec(
      bareName(name),
    )?.[1]
    const target = about === undefined ? undefined : names.get(about)
    if (target === undefined || kind !== 'date' || numbers === null) continue
    let conversions = 0
    let after = 0
    outcomes.forEach((outcome, row) => {
      if (outcome === 0) return
      conversions++
      if ((numbers[row] as number) > (outcomesAt[row] as number)) after++
    })
    shares.set(target, after / Math.max(1, conversions))
  }
  return shares
}

function instantsOf(name: string, found: GatheredColumn | null): NonNullable<Table['time']> {
  if (!found?.numbers)
    throw new Refusal(
      'time_unreadable',
      422,
      `Column ${name} holds no dates or numbers that can be read as a time: choose another column, or leave it out, and the order of the file is taken.`,
    )
  return { column: name, isDate: found.kind === 'date', values: found.numbers }
}

function listed(headers: readonly string[]): string {
  const shown = headers.slice(0, 40).join(', ')
  return headers.length > 40 ? `${shown} and ${headers.length - 40} more` : shown
}
