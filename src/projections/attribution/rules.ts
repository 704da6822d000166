// The models that look at one journey alone: how its touches share the credit.
import type { ModelSettings, ModelUsed, RuleModel } from './contract.ts'

/** A journey as the rules see it; channels are any numbers or names that tell them apart. */
export interface Weighable {
  channels: ArrayLike<number | string>
  /** place of the last touch that is not direct; the last touch where all are, -1 where there is none */
  lastNonDirect: number
  /** by touch, in days before the conversion; null where a journey has no times */
  agesDays: ArrayLike<number> | null
  leadIndex: number | null
  opportunityIndex: number | null
}

/**
 * Writes into `out` the share of each touch, adding up to 1, and tells which model was used. `out` is as long as the
 * journey, which has a touch at least.
 *
 * Time decay is `2^(-age / halfLife)`. U-shaped gives .4 to the first and the last touch each and .2 to the others together. W-shaped gives its
 * anchors (the first touch, the last at or before the lead came to be, the last at or before the opportunity) .3 each and
 * .1 to the other touches up to the opportunity; without a lead or an opportunity it is U-shaped, around the lead's touch
 * where that is known. Throws where time decay is asked of a journey without times.
 */
export function weigh(
  model: RuleModel,
  journey: Weighable,
  settings: ModelSettings,
  out: Float64Array,
): ModelUsed {
  const last = journey.channels.length - 1
  out.fill(0)
  switch (model) {
    case 'first':
      out[0] = 1
      return model
    case 'last':
      out[last] = 1
      return model
    case 'last_non_direct':
      out[journey.lastNonDirect] = 1
      return model
    case 'linear':
      out.fill(1 / (last + 1))
      return model
    case 'unique_linear':
      shareByChannel(journey.channels, () => 1, out)
      return model
    case 'time_decay':
      decay(journey, settings.halfLifeDays, out)
      return model
    case 'u_shaped':
      anchor([0, last], [0.4, 0.4], 0.2, last, out)
      return model
    case 'position': {
      const { first, middle, last: end } = settings.positionWeights ?? { first: 0.4, middle: 0.2, last: 0.4 }
      anchor([0, last], [first, end], middle, last, out)
      return model
    }
    case 'w_shaped':
      return weighAtMilestones(journey, settings.wWeights, out)
  }
}

/**
 * Shares by channel: each distinct channel of the journey gets its part in ratio of `partOf`, split equally over its
 * touches. Where all parts are zero, channels share alike. Fills `out`, adding up to 1.
 */
export function shareByChannel<C extends number | string>(
  channels: ArrayLike<C>,
  partOf: (channel: C) => number,
  out: Float64Array,
): void {
  const touches = new Map<C, number>()
  for (let i = 0; i < channels.length; i++) {
    const channel = channels[i] as C
    touches.set(channel, (touches.get(channel) ?? 0) + 1)
  }
  let total = 0
  for (const channel of touches.keys()) total += partOf(channel)
  for (let i = 0; i < channels.length; i++) {
    const channel = channels[i] as C
    const part = total > 0 ? partOf(channel) / total : 1 / touches.size
    out[i] = part / (touches.get(channel) ?? 1)
  }
}

/** The place that `last_non_direct` credits. */
export function lastNonDirectOf(channels: ArrayLike<number>, isDirect: (channel: number) => boolean): number {
  for (let i = channels.length - 1; i >= 0; i--) if (!isDirect(channels[i] ?? -1)) return i
  return channels.length - 1
}

function decay({ agesDays }: Weighable, halfLifeDays: number, out: Float64Array): void {
  if (!agesDays) throw new RangeError('time decay needs the age of every touch')
  // Counted from the youngest touch, so that journeys of many half-lives do not vanish below the smallest double.
  let youngest = Infinity
  for (let i = 0; i < out.length; i++) youngest = Math.min(youngest, agesDays[i] ?? 0)
  let total = 0
  for (let i = 0; i < out.length; i++) {
    const weight = 2 ** (-((agesDays[i] ?? 0) - youngest) / halfLifeDays)
    out[i] = weight
    total += weight
  }
  for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) / total
}

function weighAtMilestones(
  { channels, leadIndex, opportunityIndex }: Weighable,
  { first, lead, opportunity, rest }: ModelSettings['wWeights'],
  out: Float64Array,
): ModelUsed {
  if (leadIndex !== null && opportunityIndex !== null) {
    anchor([0, leadIndex, opportunityIndex], [first, lead, opportunity], rest, opportunityIndex, out)
    return 'w_shaped'
  }
  const last = channels.length - 1
  anchor([0, leadIndex ?? last], [0.4, 0.4], 0.2, last, out)
  return 'u_shaped_fallback'
}

// Anchors may share a touch and then add up on it; the rest is for the other touches up to `end`. Always normalised.
function anchor(places: number[], weights: number[], rest: number, end: number, out: Float64Array): void {
  const anchors = new Set(places)
  let others = 0
  for (let i = 0; i <= end; i++) if (!anchors.has(i)) others++
  if (others > 0) for (let i = 0; i <= end; i++) if (!anchors.has(i)) out[i] = rest / others
  places.forEach((place, i) => (out[place] = (out[place] ?? 0) + (weights[i] ?? 0)))
  let total = 0
  for (let i = 0; i < out.length; i++) total += out[i] ?? 0
  for (let i = 0; i < out.length; i++) out[i] = total > 0 ? (out[i] ?? 0) / total : 1 / out.length
}
