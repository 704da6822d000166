// Which days are counted and which are worked out anew, and what one lead adds to a day. Pure.
import { dayInZone, instantToLocal, localToInstant } from '../lib/instant.ts'
import type { FactState } from '../leads/index.ts'
import type { ScoreNow } from '../projections/score/index.ts'
import { HEALTHY_FROM, HIGH_RISK, WATCHED_FROM, sumColumns } from './contract.ts'
import type { DaySums } from './contract.ts'

/** From here on a count of the day stands for its evening. */
const EVENING = { hour: 23, minute: 30 }

/**
 * Whether the day of a zone is to be counted: for the first time, or for its evening.
 * @param now ms since 1970
 * @param takenAt of the latest count; undefined before the first
 */
export function isDue(now: number, takenAt: number | undefined, timeZone: string): boolean {
  if (takenAt === undefined || dayInZone(takenAt, timeZone) !== dayInZone(now, timeZone)) return true
  return isEvening(now, timeZone) && !isEvening(takenAt, timeZone)
}

/** Every day of so long is worked out anew, before that one in a week, for so long in all. */
const DAILY = 92
const LONGEST = 371
const DAY_MS = 86_400_000

/**
 * The days of the past that are worked out anew, oldest first, each with its last millisecond. Before the daily ones Sundays,
 * with which weeks end.
 * @param now ms since 1970; today is not among them
 */
export function pastDays(now: number, timeZone: string): { day: string; endsAt: number }[] {
  const local = instantToLocal(now, timeZone)
  const today = Date.UTC(local.year, local.month - 1, local.day)
  const days: { day: string; endsAt: number }[] = []
  for (let back = LONGEST; back >= 1; back--) {
    const date = new Date(today - back * DAY_MS)
    if (back > DAILY && date.getUTCDay() !== 0) continue
    const next = new Date(date.getTime() + DAY_MS)
    const endsAt = localToInstant(
      next.getUTCFullYear(),
      next.getUTCMonth() + 1,
      next.getUTCDate(),
      0,
      0,
      0,
      timeZone,
    )
    if (endsAt !== null) days.push({ day: date.toISOString().slice(0, 10), endsAt: endsAt - 1 })
  }
  return days
}

export function noSums(): DaySums {
  return Object.fromEntries(sumColumns.map((name) => [name, 0])) as DaySums
}

/** Adds a lead to the sums of a day. */
export function addLead(
  sums: DaySums,
  score: Pick<ScoreNow, 'total' | 'grade' | 'temperature'>,
  facts: FactState,
): void {
  sums.leads++
  if (score.total !== null) {
    sums.scored++
    sums.points += score.total
  }
  if (score.grade !== null) sums[gradeColumns[score.grade]]++
  sums[score.temperature]++
  const { health, churn_risk: risk } = facts
  if (health !== null && health !== undefined) {
    sums.health_known++
    sums.health_points += health
    sums[health >= HEALTHY_FROM ? 'healthy' : health >= WATCHED_FROM ? 'watched' : 'at_risk']++
  }
  if (risk !== null && risk !== undefined) {
    sums.risk_known++
    if (risk >= HIGH_RISK) sums.risk_high++
  }
}

const gradeColumns = {
  'A+': 'grade_a_plus',
  A: 'grade_a',
  B: 'grade_b',
  C: 'grade_c',
  D: 'grade_d',
} as const

function isEvening(at: number, timeZone: string): boolean {
  const { hour, minute } = instantToLocal(at, timeZone)
  return hour > EVENING.hour || (hour === EVENING.hour && minute >= EVENING.minute)
}
