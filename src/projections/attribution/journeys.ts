// Makes journeys of what a person did: which touches led to which conversion, and which led to none.
import type { Conversion, JourneySettings, Milestone, Touch } from './contract.ts'

/** What is known of one person, in any order, anonymous times included. */
export interface PersonHistory<T extends Touch = Touch> {
  touches: readonly T[]
  conversions: readonly Conversion[]
  milestones: readonly Milestone[]
}

/** As much of a touch as a journey is made by. */
export interface Step {
  at: number
  channel: string | number
  kind?: Touch['kind']
}

/** The touches before one conversion, the earliest first; none where nothing led to it. */
export interface Journey<T extends Step = Touch> {
  touches: readonly T[]
  /** null where the journey has not converted */
  conversion: Conversion | null
  /** place of the last touch at or before the person became a lead; null where there is none such */
  leadIndex: number | null
  opportunityIndex: number | null
  /** touches that went into an earlier one of the same channel and session */
  joined: number
}

/**
 * All journeys of a person: one for each conversion, in order of time, and one that has not converted where touches
 * came after the last conversion.
 *
 * A conversion takes the touches from `lookbackMs` before it, that instant included, up to its own instant; under
 * `restart` only those after the previous conversion of its kind (conversions of one kind at one instant share theirs).
 * The journey without conversion takes those after the last conversion of any kind, back to `lookbackMs` before its last.
 * Within a journey, touches of one channel in a row are the first of them while no pause exceeds `sessionMs`.
 * What came twice under one id counts once; what happened at one instant is ordered by id.
 */
export function journeysOf<T extends Touch>(
  history: PersonHistory<T>,
  settings: JourneySettings,
): Journey<T>[] {
  const touches = once(history.touches.filter((touch) => countsAsTouch(touch, settings)))
  return journeysOfSorted(touches, once(history.conversions), history.milestones, settings)
}

/** The same for touches and conversions that are known to be in order, each there once, and all of them human. */
export function journeysOfSorted<T extends Step>(
  touches: readonly T[],
  conversions: readonly Conversion[],
  milestones: readonly Milestone[],
  settings: JourneySettings,
): Journey<T>[] {
  const journeys: Journey<T>[] = []
  /** by kind the instant of its latest conversion, and of the latest before that instant */
  const latest = new Map<string, { at: number; before: number }>()
  for (const conversion of conversions) {
    const { at, kind } = conversion
    const seen = latest.get(kind)
    if (!seen) latest.set(kind, { at, before: -Infinity })
    else if (seen.at < at) latest.set(kind, { at, before: seen.at })
    const after = settings.repeat === 'restart' ? (latest.get(kind)?.before ?? -Infinity) : -Infinity
    journeys.push(journeyUntil(touches, at, after, conversion, milestones, settings))
  }
  const converted = conversions.at(-1)?.at ?? -Infinity
  const last = touches.at(-1)
  if (last && last.at > converted)
    journeys.push(journeyUntil(touches, last.at, converted, null, milestones, settings))
  return journeys
}

const DAY_MS = 86_400_000

/** Days from the first touch to the conversion, or to the last touch where there is none; null without a touch. */
export function lengthDays({ touches, conversion }: Journey<Step>): number | null {
  const [first] = touches
  const end = conversion?.at ?? touches.at(-1)?.at
  return first === undefined || end === undefined ? null : (end - first.at) / DAY_MS
}

/** How old each touch was at the conversion, in days; without a conversion, at the last touch. */
export function agesDays({ touches, conversion }: Journey<Step>): number[] {
  const end = conversion?.at ?? touches.at(-1)?.at ?? 0
  return touches.map(({ at }) => (end - at) / DAY_MS)
}

/**
 * The places of the touch with the most weight and of the next one; of equal weights the earlier place goes first. Null
 * where there is no such touch, or where it has no weight.
 */
export function primaryAndSecondary(weights: ArrayLike<number>): {
  primary: number | null
  secondary: number | null
} {
  let primary: number | null = null
  let secondary: number | null = null
  const weight = (place: number | null) => (place === null ? 0 : (weights[place] ?? 0))
  for (let i = 0; i < weights.length; i++) {
    if (weight(i) > weight(primary)) {
      secondary = primary
      primary = i
    } else if (weight(i) > weight(secondary)) secondary = i
  }
  return { primary, secondary }
}

function countsAsTouch({ signal, kind }: Touch, { viewLookbackMs }: JourneySettings): boolean {
  return signal !== 'proxy' && signal !== 'bot' && (kind !== 'view' || viewLookbackMs !== null)
}

function once<E extends { at: number; id: string }>(entries: readonly E[]): E[] {
  const sorted = [...entries].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  const seen = new Set<string>()
  return sorted.filter(({ id }) => !seen.has(id) && seen.add(id))
}

function journeyUntil<T extends Step>(
  all: readonly T[],
  end: number,
  after: number,
  conversion: Conversion | null,
  milestones: readonly Milestone[],
  { lookbackMs, viewLookbackMs, sessionMs }: JourneySettings,
): Journey<T> {
  const touches: T[] = []
  let joined = 0
  let lastAt = -Infinity
  const from = lookbackMs === null ? -Infinity : end - lookbackMs
  const viewsFrom = viewLookbackMs === null ? -Infinity : end - viewLookbackMs
  for (let i = firstAfter(all, after); i < all.length; i++) {
    const touch = all[i] as T
    if (touch.at > end) break
    if (touch.at < (touch.kind === 'view' ? Math.max(viewsFrom, from) : from)) continue
    const goesOn =
      sessionMs !== null && touch.channel === touches.at(-1)?.channel && touch.at - lastAt <= sessionMs
    if (goesOn) joined++
    else touches.push(touch)
    lastAt = touch.at
  }
  const placeOf = (kind: Milestone['kind']) => lastAtOrBefore(touches, milestones, kind, end)
  return { touches, conversion, leadIndex: placeOf('lead'), opportunityIndex: placeOf('opportunity'), joined }
}

/** The place of the first touch after an instant. */
function firstAfter(touches: readonly { at: number }[], instant: number): number {
  let low = 0
  let high = touches.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((touches[middle]?.at ?? 0) > instant) high = middle
    else low = middle + 1
  }
  return low
}

// Of several milestones of a kind the latest up to the conversion counts: who became a lead anew did so for this one.
function lastAtOrBefore(
  touches: readonly { at: number }[],
  milestones: readonly Milestone[],
  kind: Milestone['kind'],
  end: number,
): number | null {
  let reached = -Infinity
  for (const milestone of milestones)
    if (milestone.kind === kind && milestone.at <= end && milestone.at > reached) reached = milestone.at
  if (reached === -Infinity) return null
  const place = firstAfter(touches, reached) - 1
  return place < 0 ? null : place
}
