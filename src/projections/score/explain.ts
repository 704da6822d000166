// Says why a score is what it is: lines of points that add up to it to the last digit, each with its rule and its events. Pure.
import { left } from './fold.ts'
import type { Earned, Folded } from './fold.ts'
import { effectiveWeights, placeSum, readScore } from './reading.ts'
import type { ScoreNow, ScoreReading } from './reading.ts'
import { deedDimensions, fitDimensions } from './rules.ts'
import type { Dimension, ScoreRule } from './rules.ts'

/** What an event gave, or still gives. */
export interface EventPoints {
  eventId: string
  name: string
  at: string
  points: number
}

/** What a rule adds to the total, or takes off. */
export interface Line {
  rule: Pick<ScoreRule, 'id' | 'name'>
  place: Dimension | 'deductions' | 'limits'
  points: number
  /** the newest first; empty where the record itself is the reason */
  events: EventPoints[]
  /** all events that gave points, of which `events` has the newest */
  eventCount: number
}

export interface Explained extends ScoreNow {
  /** rounded to a millionth, which is what the lines add up to */
  total: number | null
  ruleVersion: number
  weights: Record<Dimension, number>
  lines: Line[]
}

/** Events named per line. */
const EVENTS_SHOWN = 20
/** Points are told in millionths, so that lines add up to the total as decimal numbers do. */
const UNIT = 1e6

/** The score at a moment with its reasons. */
export function explainScore(folded: Folded, reading: ScoreReading, now: number): Explained {
  const score = readScore(folded.facts, reading, now)
  const weights = effectiveWeights(score, reading.rules)
  const base = { ...score, ruleVersion: reading.version, weights }
  if (score.total === null) return { ...base, total: null, lines: [] }
  const raw = [
    ...fitLines(folded, weights),
    ...deedDimensions.flatMap((dimension) => {
      const value = score.components[dimension]
      const sum = placeSum(dimension, folded.facts, reading, now)
      if (value === null || sum <= 0) return []
      return ruleLines(folded, reading, dimension, now, (weights[dimension] * value) / sum)
    }),
    ...ruleLines(folded, reading, 'deductions', now, 1),
  ].filter(({ points }) => points !== 0)
  const limited = score.total - raw.reduce((sum, { points }) => sum + points, 0)
  const limits: Line = {
    rule: { id: 'limits', name: 'A score is held within 0 and 100' },
    place: 'limits',
    points: limited,
    events: [],
    eventCount: 0,
  }
  const lines = Math.abs(limited) > 1e-7 ? [...raw, limits] : raw
  const total = Math.round(score.total * UNIT)
  const exact = apportion(
    total,
    lines.map(({ points }) => points * UNIT),
  )
  return {
    ...base,
    total: total / UNIT,
    lines: lines
      .map((line, at) => withEvents(line, exact[at]!))
      .sort((a, b) => Math.abs(b.points) - Math.abs(a.points) || (a.rule.id < b.rule.id ? -1 : 1)),
  }
}

function fitLines(folded: Folded, weights: Record<Dimension, number>): Line[] {
  return fitDimensions.flatMap((dimension) => {
    const known = folded.fits[dimension].filter(({ isKnown }) => isKnown)
    const all = known.reduce((sum, { rules }) => sum + rules[0]!.rule.points, 0)
    return known.flatMap(({ best }) =>
      best === null
        ? []
        : {
            rule: { id: best.rule.id, name: best.rule.name },
            place: dimension,
            points: (weights[dimension] * 100 * best.rule.points) / all,
            events: [],
            eventCount: 0,
          },
    )
  })
}

// What a rule gives is its share of the points gathered in its place.
function ruleLines(
  folded: Folded,
  { slots }: ScoreReading,
  place: Exclude<Line['place'], 'limits' | 'demographic' | 'firmographic'>,
  now: number,
  factor: number,
): Line[] {
  const byRule = new Map<
    string,
    { rule: ScoreRule; earned: Earned[]; points: number; events: EventPoints[] }
  >()
  for (const one of folded.earned) {
    const slot = slots[one.deed.slot]!
    if (slot.place !== place) continue
    const { rule } = one.deed
    const line = byRule.get(rule.id) ?? { rule, earned: [], points: 0, events: [] }
    byRule.set(rule.id, line)
    const points = rule.points * left(now - one.event.at, slot.halfLifeMs) * factor
    line.points += points
    line.events.push({
      eventId: one.event.eventId,
      name: one.event.name,
      at: new Date(one.event.at).toISOString(),
      points,
    })
  }
  const standing = folded.standing.flatMap(({ rule, place: own }): Line[] =>
    own === place
      ? [
          {
            rule: { id: rule.id, name: rule.name },
            place,
            points: rule.points * factor,
            events: [],
            eventCount: 0,
          },
        ]
      : [],
  )
  return [
    ...[...byRule.values()].map(({ rule, points, events }) => ({
      rule: { id: rule.id, name: rule.name },
      place,
      points,
      events,
      eventCount: events.length,
    })),
    ...standing,
  ]
}

// The events of a line add up to it as the lines do to the total; the oldest are told as one number with the line.
function withEvents(line: Line, units: number): Line {
  const exact = apportion(
    units,
    line.events.map(({ points }) => points * UNIT),
  )
  const events = line.events.map((event, at) => ({ ...event, points: exact[at]! / UNIT }))
  return { ...line, points: units / UNIT, events: events.reverse().slice(0, EVENTS_SHOWN) }
}

/** Whole numbers close to the given ones that add up to a whole total: the largest remainders are rounded up. */
export function apportion(total: number, values: readonly number[]): number[] {
  const whole = values.map((value) => Math.floor(value))
  const missing = total - whole.reduce((sum, value) => sum + value, 0)
  const order = values
    .map((value, at) => ({ at, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.at - b.at)
  for (let given = 0; given < missing && order.length > 0; given++)
    whole[order[given % order.length]!.at]! += 1
  for (let taken = 0; taken < -missing && order.length > 0; taken++)
    whole[order[order.length - 1 - (taken % order.length)]!.at]! -= 1
  return whole
}
