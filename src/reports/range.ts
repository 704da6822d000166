// The days of a report in the workspace's zone, and the instants where they begin and end.
import { instantToLocal, localToInstant } from '../lib/instant.ts'

/** `[from, to)` in ms since 1970 UTC. */
export interface Span {
  from: number
  to: number
}

export interface ReportRange {
  timeZone: string
  /** calendar days, `YYYY-MM-DD`, oldest first; the last is today */
  days: string[]
  now: Span
  /** the same number of days before, up to the same time of day, so that a day that is not over is compared fairly */
  before: Span
}

/** The last `days` days up to `now`, today among them. */
export function lastDays(days: number, now: number, timeZone: string): ReportRange {
  const today = instantToLocal(now, timeZone)
  const midnight = (back: number) => startOf(today.year, today.month, today.day - back, timeZone)
  const sinceMidnight = now - midnight(0)
  return {
    timeZone,
    days: Array.from({ length: days }, (_, i) => {
      const shifted = new Date(Date.UTC(today.year, today.month - 1, today.day - (days - 1 - i)))
      return shifted.toISOString().slice(0, 10)
    }),
    now: { from: midnight(days - 1), to: now },
    before: { from: midnight(2 * days - 1), to: midnight(days) + sinceMidnight },
  }
}

function startOf(year: number, month: number, day: number, timeZone: string): number {
  const date = new Date(Date.UTC(year, month - 1, day))
  const at = localToInstant(
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    0,
    0,
    0,
    timeZone,
  )
  if (at === null) throw new Error(`no midnight on ${date.toISOString()} in ${timeZone}`)
  return at
}
