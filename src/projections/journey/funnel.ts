// A funnel: how many people took each step after the one before, within a window, who dropped off, and who still may.

/** One person's entries into steps: `step` is the index in the funnel, `at` ms since 1970 UTC; in any order. */
export interface FunnelPerson {
  entries: readonly { step: number; at: number }[]
}

export interface FunnelSettings {
  /** days from the first step within which the others count */
  windowDays: number
  /** true: a step that was left out is not passed; false: a later step passes those before it, and is flagged */
  isStrict: boolean
}

export const defaultFunnelSettings: FunnelSettings = { windowDays: 90, isStrict: false }

export interface FunnelStep {
  /** people who took it, or passed it by a later one */
  entered: number
  /** of those, who passed it by a later one */
  skipped: number
  /** of the step before: share that came here, share whose window closed without, share whose window is open; null on the first */
  conversion: number | null
  dropOff: number | null
  stillOpenShare: number | null
  droppedOff: number
  stillOpen: number
}

export interface Funnel {
  steps: FunnelStep[]
  /** days since the first step of the newest and of the oldest person in it; null for nobody */
  youngestDays: number | null
  oldestDays: number | null
}

const dayMs = 86_400_000

/**
 * Counts people through the steps. Each step is taken at its first entry at or after the step before (unless strict, a
 * later step that comes first passes it), and no later than the window after the first step; moves backward take nothing
 * away. `now` in ms since 1970 UTC; later entries are not seen.
 */
export function countFunnel(
  people: Iterable<FunnelPerson>,
  stepCount: number,
  now: number,
  settings: FunnelSettings = defaultFunnelSettings,
): Funnel {
  const steps = Array.from({ length: stepCount }, () => ({
    entered: 0,
    skipped: 0,
    droppedOff: 0,
    stillOpen: 0,
  }))
  let newest = -Infinity
  let oldest = Infinity
  for (const person of people) {
    const way = wayOf(person, stepCount, now, settings)
    const first = way[0]
    if (!first) continue
    newest = Math.max(newest, first.at)
    oldest = Math.min(oldest, first.at)
    way.forEach(({ isSkipped }, at) => {
      const step = steps[at]
      if (!step) return
      step.entered++
      if (isSkipped) step.skipped++
    })
    const missed = steps[way.length]
    if (!missed) continue
    if (now <= first.at + settings.windowDays * dayMs) missed.stillOpen++
    else missed.droppedOff++
  }
  return {
    steps: steps.map((step, at) => {
      const before = steps[at - 1]?.entered
      const shareOf = (count: number): number | null =>
        before === undefined || before === 0 ? null : count / before
      return {
        ...step,
        conversion: shareOf(step.entered),
        dropOff: shareOf(step.droppedOff),
        stillOpenShare: shareOf(step.stillOpen),
      }
    }),
    youngestDays: Number.isFinite(newest) ? (now - newest) / dayMs : null,
    oldestDays: Number.isFinite(oldest) ? (now - oldest) / dayMs : null,
  }
}

function wayOf(
  { entries }: FunnelPerson,
  stepCount: number,
  now: number,
  { windowDays, isStrict }: FunnelSettings,
): { at: number; isSkipped: boolean }[] {
  const way: { at: number; isSkipped: boolean }[] = []
  let after = -Infinity
  let until = now
  for (let step = 0; step < stepCount; step++) {
    let at = Infinity
    let isOwn = false
    for (const entry of entries) {
      const counts = entry.step === step || (!isStrict && entry.step > step && entry.step < stepCount)
      if (!counts || entry.at < after || entry.at > until || entry.at > at) continue
      // At one instant the step itself is taken rather than passed.
      isOwn = entry.step === step || (isOwn && entry.at === at)
      at = entry.at
    }
    if (at === Infinity) break
    way.push({ at, isSkipped: !isOwn })
    after = at
    if (step === 0) until = Math.min(now, at + windowDays * dayMs)
  }
  return way
}
