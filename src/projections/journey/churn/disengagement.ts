// Disengagement risk of people who never bought: the calibrated chance of no human event in the next 30 days.
import { corrected, learnCorrection } from './correction.ts'
import type { Correction } from './correction.ts'
import { judge } from './judge.ts'
import type { Judged } from './judge.ts'

export const disengagementHorizonDays = 30

/** A person by day (days since 1970-01-01 in the workspace's zone); sorted. */
export interface Visitor {
  /** days with at least one human event */
  activeDays: readonly number[]
  /** null where the person never bought */
  firstOrderDay: number | null
}

export interface DisengagementOutlook {
  asOfDay: number
  sentence: string
  /** null where too few people are known to calibrate */
  correction: Correction | null
  /** how the same, learned 30 days earlier, did in the last 30 days; null where that is too long ago */
  judged: Judged | null
}

/** People below whom nothing is calibrated. */
export const fewestVisitors = 500

/**
 * Learns from who came back in the last 30 days and who did not, by what was known of them before.
 *
 * The chance starts from active days as a Poisson count whose rate is gamma distributed (half an active day in 30 days
 * as prior): no event in h days has chance ((30 + w) / (30 + w + h))^(1/2 + c) after c active days in w days, w at most
 * 84. A logistic regression corrects it: on silence, active days in 28 and 84 days, days since the first, and silence
 * measured in the person's own gaps, as it is and squared.
 */
export function learnDisengagement(visitors: Iterable<Visitor>, asOfDay: number): DisengagementOutlook {
  const people = [...visitors]
  const learned = learnOn(people, asOfDay - disengagementHorizonDays)
  if (!learned) {
    return {
      asOfDay,
      sentence: `Disengagement risk is told once ${fewestVisitors} people who never bought were known 30 days ago, some of whom came back and some did not.`,
      correction: null,
      judged: null,
    }
  }
  const earlier = learnOn(people, asOfDay - 2 * disengagementHorizonDays)
  return {
    asOfDay,
    sentence: `The chance of no human event in ${disengagementHorizonDays} days, calibrated to the last ${disengagementHorizonDays} days.`,
    correction: learned.correction,
    judged:
      earlier &&
      judge(
        learned.seen.map(({ told, features }) => corrected(earlier.correction, told, features)),
        learned.seen.map(({ outcome }) => outcome),
      ),
  }
}

/** The risk of one person on the outlook's day; null for buyers, for people without a human event, and without calibration. */
export function disengagementRiskOf(outlook: DisengagementOutlook, visitor: Visitor): number | null {
  const seen = seenOn(visitor, outlook.asOfDay)
  return outlook.correction && seen ? corrected(outlook.correction, seen.told, seen.features) : null
}

interface Seen {
  told: number
  features: number[]
  outcome: 0 | 1
}

function learnOn(people: readonly Visitor[], day: number): { correction: Correction; seen: Seen[] } | null {
  const seen = people.flatMap((visitor) => seenOn(visitor, day) ?? [])
  const gone = seen.filter(({ outcome }) => outcome === 1).length
  if (seen.length < fewestVisitors || gone === 0 || gone === seen.length) return null
  const correction = learnCorrection(
    seen.map(({ told }) => told),
    seen.map(({ features }) => features),
    seen.map(({ outcome }) => outcome),
    1,
  )
  return { correction, seen }
}

function seenOn({ activeDays, firstOrderDay }: Visitor, day: number): Seen | null {
  const first = activeDays[0]
  if (first === undefined || first > day || (firstOrderDay !== null && firstOrderDay <= day)) return null
  const tenure = day - first + 1
  let last = first
  let inFour = 0
  let inTwelve = 0
  let later = 0
  let inAll = 0
  for (const active of activeDays) {
    if (active > day) {
      if (active <= day + disengagementHorizonDays) later++
      continue
    }
    last = active
    inAll++
    if (active > day - 28) inFour++
    if (active > day - 84) inTwelve++
  }
  const silence = Math.log1p(((day - last) * inAll) / tenure)
  const window = Math.min(84, tenure)
  const told = ((30 + window) / (30 + window + disengagementHorizonDays)) ** (0.5 + inTwelve)
  return {
    told,
    features: [
      Math.log1p(day - last),
      Math.log1p(inFour),
      Math.log1p(inTwelve),
      Math.log1p(tenure),
      silence,
      silence ** 2,
    ],
    outcome: later === 0 ? 1 : 0,
  }
}
