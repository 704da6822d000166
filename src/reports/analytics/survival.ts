// Kaplan-Meier: what share of those who began is still there after so many days, where some have not been watched that long. Pure.

/** How many left after so many whole days, and how many were watched just so long and had not left. */
export interface Watched {
  days: number
  left: number
  censored: number
}

/**
 * The share that left within so many days, by Kaplan and Meier (1958): those who were watched for less count as long as they
 * were. Whoever left on a day left before those who were watched until then went out of sight.
 * @returns undefined where nobody was watched that long
 */
export function leftWithin(watched: readonly Watched[], days: number): number | undefined {
  let stayed = 1
  for (const { at, share } of curve(watched)) {
    if (at > days) break
    stayed = share
  }
  const longest = Math.max(-1, ...watched.map((one) => one.days))
  return longest < days && stayed > 0 ? undefined : 1 - stayed
}

/** The day by which half have left; undefined where that was not seen. */
export function medianStay(watched: readonly Watched[]): number | undefined {
  return curve(watched).find(({ share }) => share <= 0.5 + 1e-12)?.at
}

function curve(watched: readonly Watched[]): { at: number; share: number }[] {
  const sorted = [...watched].sort((a, b) => a.days - b.days)
  let atRisk = sorted.reduce((sum, { left, censored }) => sum + left + censored, 0)
  let share = 1
  const steps: { at: number; share: number }[] = []
  for (let place = 0; place < sorted.length;) {
    const at = sorted[place]!.days
    let [left, gone] = [0, 0]
    for (; sorted[place]?.days === at; place++) {
      left += sorted[place]!.left
      gone += sorted[place]!.left + sorted[place]!.censored
    }
    if (left > 0) {
      share *= 1 - left / atRisk
      steps.push({ at, share })
    }
    atRisk -= gone
  }
  return steps
}
