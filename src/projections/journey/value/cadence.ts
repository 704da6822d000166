// How regularly a buyer orders: the gaps between days with an order. Pure.
import { medianOf } from '../../../lib/maths/quantile.ts'

export interface Cadence {
  /** gaps between days with an order: one less than those */
  gaps: number
  medianDays: number
  shortestDays: number
  longestDays: number
  sinceLastDays: number
  /** how regular: the standard deviation of the gaps divided by their mean; 0 is clockwork, 1 is chance; null with one gap */
  spread: number | null
}

/** @param days with an order, since 1970, the earliest first. @returns null for whoever ordered on one day at most */
export function cadenceOf(days: readonly number[], today: number): Cadence | null {
  const known = days.filter((day) => day <= today)
  const gaps = known.slice(1).map((day, i) => day - known[i]!)
  if (gaps.length === 0) return null
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / Math.max(1, gaps.length - 1)
  return {
    gaps: gaps.length,
    medianDays: medianOf(gaps),
    shortestDays: Math.min(...gaps),
    longestDays: Math.max(...gaps),
    sinceLastDays: today - known.at(-1)!,
    spread: gaps.length > 1 ? Math.sqrt(variance) / mean : null,
  }
}
