// What a date tells a model: how long before the moment of prediction it lay, its weekday and, over years, its month.
import type { CategoryColumn, Column, NumberColumn } from './columns.ts'

const dayMs = 86_400_000
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const months = 'January February March April May June July August September October November December'.split(
  ' ',
)
/** A month is told apart from the passing of time only by what spans it more than once. */
const fewestDaysForMonths = 550

/**
 * Columns made of a date column (milliseconds since 1970 UTC). An instant itself is none of them: a model that counts
 * on the calendar going on as it did misjudges everything new. `days before` needs the moment of prediction per row.
 */
export function columnsOfDate(date: NumberColumn, momentsMs: Float64Array | null): Column[] {
  const { name, source, numbers } = date
  const category = (what: string, values: string[], pick: (at: Date) => number): CategoryColumn => ({
    kind: 'category',
    name: `${name}: ${what}`,
    source,
    values,
    codes: Int32Array.from(numbers, (value) => (Number.isNaN(value) ? -1 : pick(new Date(value)))),
  })
  const made: Column[] = [category('weekday', weekdays, (at) => at.getUTCDay())]
  let first = Infinity
  let last = -Infinity
  for (const value of numbers) {
    if (value < first) first = value
    if (value > last) last = value
  }
  if (last - first >= fewestDaysForMonths * dayMs)
    made.push(category('month', months, (at) => at.getUTCMonth()))
  if (momentsMs !== null)
    made.push({
      kind: 'number',
      name: `${name}: days before`,
      source,
      numbers: numbers.map((value, row) => ((momentsMs[row] as number) - value) / dayMs),
    })
  return made
}
