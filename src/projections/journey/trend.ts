// Engagement trend: whether somebody is active on more or fewer days than before, as far as so few days can tell.
import { lnGamma } from '../../lib/maths/special.ts'

export type Trend = 'increasing' | 'stable' | 'declining' | 'insufficient'

export interface TrendFinding {
  trend: Trend
  /** active days in the last 28 days, and in the up to 84 before */
  recentDays: number
  earlierDays: number
  /** how many days the earlier window has: 84, or what tenure leaves */
  earlierWindowDays: number
  /** recent rate over earlier rate, half a day added to each; null where the trend is insufficient */
  rateRatio: number | null
  /** one-sided mid-p of a change in the direction of the ratio; null where the trend is insufficient */
  midP: number | null
}

const recentWindow = 28
const earlierWindow = 84

/**
 * The trend on the evening of a day. Counts active days, not events, which come in bursts.
 *
 * @param activeDays days with at least one human event, in days since 1970-01-01 in the workspace's zone, in any order
 * @param firstDay the day the person was first seen; tenure is counted from it, itself included
 */
export function trendOn(activeDays: Iterable<number>, firstDay: number, asOfDay: number): TrendFinding {
  const tenure = asOfDay - firstDay + 1
  const window = Math.max(0, Math.min(earlierWindow, tenure - recentWindow))
  const days = new Set(activeDays)
  let recentDays = 0
  let earlierDays = 0
  for (const day of days) {
    if (day > asOfDay || day <= asOfDay - recentWindow - window) continue
    if (day > asOfDay - recentWindow) recentDays++
    else earlierDays++
  }
  return trendOf(recentDays, earlierDays, tenure)
}

/** The same from counts: active days in the last 28 days and in the window before (84 days, or what tenure leaves). */
export function trendOf(recentDays: number, earlierDays: number, tenureDays: number): TrendFinding {
  const earlierWindowDays = Math.max(0, Math.min(earlierWindow, tenureDays - recentWindow))
  const counts = { recentDays, earlierDays, earlierWindowDays }
  if (tenureDays < 2 * recentWindow || recentDays + earlierDays < 3) {
    return { trend: 'insufficient', ...counts, rateRatio: null, midP: null }
  }
  const rateRatio = (recentDays + 0.5) / recentWindow / ((earlierDays + 0.5) / earlierWindowDays)
  const share = recentWindow / (recentWindow + earlierWindowDays)
  const midP = midPOf(recentDays, recentDays + earlierDays, share, rateRatio >= 1)
  return { trend: named(rateRatio, midP), ...counts, rateRatio, midP }
}

function named(rateRatio: number, midP: number): Trend {
  if (midP >= 0.05) return 'stable'
  if (rateRatio >= 1.25) return 'increasing'
  return rateRatio <= 0.8 ? 'declining' : 'stable'
}

// The chance of more (or fewer) recent days than counted, and half the chance of as many, all days being alike.
function midPOf(recent: number, all: number, share: number, isMore: boolean): number {
  const chanceOf = (count: number): number =>
    Math.exp(
      lnGamma(all + 1) -
        lnGamma(count + 1) -
        lnGamma(all - count + 1) +
        count * Math.log(share) +
        (all - count) * Math.log1p(-share),
    )
  let sum = chanceOf(recent) / 2
  if (isMore) for (let count = recent + 1; count <= all; count++) sum += chanceOf(count)
  else for (let count = 0; count < recent; count++) sum += chanceOf(count)
  return sum
}
