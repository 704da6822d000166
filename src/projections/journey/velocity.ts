// Stage velocity: how long people stay in a stage, those who are still in it included.
import { zoneOffsetMs } from '../../lib/instant.ts'
import { quantileOf } from '../../lib/maths/quantile.ts'

/** One stay of a person in a stage, in ms since 1970 UTC; `leftAt` is null while it lasts. */
export interface Stay {
  personId: string
  stage: string
  enteredAt: number
  leftAt: number | null
}

export interface VelocitySettings {
  /** business days leave out Saturday and Sunday in the zone */
  days: 'calendar' | 'business'
  timeZone: string
}

/** Days in a stage. A person who came back has one stay: all times added up, open where the last one is. */
export interface StageVelocity {
  stage: string
  completed: number
  open: number
  /** of completed stays: type-7 quantiles and mean; null without any. Quick leavers are overrepresented in them */
  medianDays: number | null
  p75Days: number | null
  p90Days: number | null
  meanDays: number | null
  /** of all stays, open ones as far as they have come (Kaplan and Meier); null where fewer than half have ended by any age */
  survivalMedianDays: number | null
}

export interface Velocity {
  /** in order of the stages' first appearance */
  stages: StageVelocity[]
  /** stays that end before they begin, or begin in the future: counted nowhere, for somebody to mend */
  impossible: Stay[]
}

const dayMs = 86_400_000

/** Measures stays as of `now`, ms since 1970 UTC. */
export function measureVelocity(stays: Iterable<Stay>, now: number, settings: VelocitySettings): Velocity {
  const impossible: Stay[] = []
  const byStage = new Map<string, Map<string, { days: number; isOpen: boolean }>>()
  for (const stay of stays) {
    const until = stay.leftAt ?? now
    if (until < stay.enteredAt) {
      impossible.push(stay)
      continue
    }
    let people = byStage.get(stay.stage)
    if (!people) byStage.set(stay.stage, (people = new Map()))
    const before = people.get(stay.personId)
    people.set(stay.personId, {
      days: (before?.days ?? 0) + daysBetween(stay.enteredAt, until, settings),
      isOpen: (before?.isOpen ?? false) || stay.leftAt === null,
    })
  }
  const stages = [...byStage].map(([stage, people]) => velocityOf(stage, [...people.values()]))
  return { stages, impossible }
}

/** Times until an event or until nothing more is known: the share without the event, stepping down at each age with one. */
export function survivalOf(
  times: readonly { days: number; isOpen: boolean }[],
): { days: number; share: number }[] {
  const sorted = [...times].sort((a, b) => a.days - b.days)
  const curve: { days: number; share: number }[] = []
  let share = 1
  for (let at = 0; at < sorted.length;) {
    const { days } = sorted[at] as { days: number }
    const atRisk = sorted.length - at
    let ended = 0
    for (; at < sorted.length && sorted[at]?.days === days; at++) if (!sorted[at]?.isOpen) ended++
    if (ended === 0) continue
    share *= 1 - ended / atRisk
    curve.push({ days, share })
  }
  return curve
}

/** The first age by which the share without the event is a half or less; null where it never is. */
export function survivalMedian(times: readonly { days: number; isOpen: boolean }[]): number | null {
  return survivalOf(times).find(({ share }) => share <= 0.5 + 1e-12)?.days ?? null
}

/**
 * What a pipeline brings in a day, in minor units: open opportunities by the share that is won, by the mean value of one
 * won, over the days until half have ended. Null where nothing was decided or nothing says how long it takes.
 */
export function pipelineVelocity(of: {
  open: number
  won: number
  lost: number
  meanWonMinor: number
  cycleDays: number | null
}): number | null {
  const decided = of.won + of.lost
  if (decided === 0 || of.cycleDays === null || of.cycleDays <= 0) return null
  return (of.open * (of.won / decided) * of.meanWonMinor) / of.cycleDays
}

function velocityOf(stage: string, stays: { days: number; isOpen: boolean }[]): StageVelocity {
  const completed = stays
    .filter(({ isOpen }) => !isOpen)
    .map(({ days }) => days)
    .sort((a, b) => a - b)
  const quantile = (share: number): number | null =>
    completed.length > 0 ? quantileOf(completed, share) : null
  return {
    stage,
    completed: completed.length,
    open: stays.length - completed.length,
    medianDays: quantile(0.5),
    p75Days: quantile(0.75),
    p90Days: quantile(0.9),
    meanDays: completed.length > 0 ? completed.reduce((sum, days) => sum + days, 0) / completed.length : null,
    survivalMedianDays: survivalMedian(stays),
  }
}

function daysBetween(from: number, until: number, { days, timeZone }: VelocitySettings): number {
  if (days === 'calendar') return (until - from) / dayMs
  return (
    workMs(until + zoneOffsetMs(until, timeZone)) / dayMs -
    workMs(from + zoneOffsetMs(from, timeZone)) / dayMs
  )
}

// Time of Mondays to Fridays since Monday, 29 December 1969, by the wall clock.
function workMs(wall: number): number {
  const since = wall + 3 * dayMs
  const weeks = Math.floor(since / (7 * dayMs))
  return weeks * 5 * dayMs + Math.min(since - weeks * 7 * dayMs, 5 * dayMs)
}
