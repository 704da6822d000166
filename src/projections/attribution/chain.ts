// The absorbing chain of a Markov model: what was observed of it, and the chance to convert without a channel.
import { pathAt } from './paths.ts'
import type { Paths } from './paths.ts'

/** Weights of paths, as long as there are paths: those observed, or those of a resample. */
export interface PathWeights {
  conversions: ArrayLike<number>
  value: ArrayLike<number>
  nulls: ArrayLike<number>
}

/** States that were observed, the start first. A state is the latest `order` channels of a journey, fewer at its beginning. */
export interface Chain {
  order: number
  channelCount: number
  /** by state, its channels in base `channelCount + 1`, 0 for none, the latest in the last digit */
  codes: Int32Array
  /** by state how often it was left, per journey */
  visits: Float64Array
  /** by state the share of conversions, and the value, that follow at once */
  converts: Float64Array
  earns: Float64Array
  /** the share of moves of state s to `targets[i]` is `shares[i]`, for i from `rows[s]` to `rows[s + 1]` */
  rows: Int32Array
  targets: Int32Array
  shares: Float64Array
}

/** Counts moves between tuples of channels. Takes `(channels + 1) ** (order + 1)` numbers: 8 MB at order 3 and 31 channels. */
export function chainOf(paths: Paths, order: number, weights: PathWeights = paths): Chain {
  const base = paths.channels.length + 1
  const size = base ** order
  const moves = new Float64Array(size * base)
  const converted = new Float64Array(size)
  const earned = new Float64Array(size)
  const left = new Float64Array(size)
  for (let path = 0; path < paths.starts.length - 1; path++) {
    const journeys = (weights.conversions[path] ?? 0) + (weights.nulls[path] ?? 0)
    const from = paths.starts[path] ?? 0
    const to = paths.starts[path + 1] ?? 0
    if (journeys === 0 || from === to) continue
    let code = 0
    for (let at = from; at < to; at++) {
      const move = code * base + (paths.ids[at] ?? 0) + 1
      moves[move] = (moves[move] ?? 0) + journeys
      left[code] = (left[code] ?? 0) + journeys
      code = move % size
    }
    left[code] = (left[code] ?? 0) + journeys
    converted[code] = (converted[code] ?? 0) + (weights.conversions[path] ?? 0)
    earned[code] = (earned[code] ?? 0) + (weights.value[path] ?? 0)
  }
  return compress({ order, base, moves, converted, earned, left })
}

/**
 * The chance to convert from the start, exactly up to 1e-14 of it, or with `earns` the value expected. Where a channel
 * is removed, every state that holds it ends the journey without a conversion.
 *
 * Gauss-Seidel sweeps to and fro. What a sweep changed in a state, times how often journeys come by that state, adds up to a
 * bound on what is still missing at the start: journeys that avoid a channel come by no more often.
 * @param from a solution nearby to begin with, which is overwritten
 */
export function absorbedFrom(
  chain: Chain,
  gains: Float64Array,
  removed: number | null,
  from: Float64Array,
): number {
  const { rows, targets, shares, visits } = chain
  const active = statesWithout(chain, removed, from)
  const stepsPerJourney = visits.reduce((sum, visit) => sum + visit, 0)
  const precision = Math.max(1e-14, stepsPerJourney * 4e-16)
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let missing = 0
    for (let turn = 0; turn < active.length; turn++) {
      const state = active[sweep % 2 === 0 ? active.length - 1 - turn : turn] ?? 0
      let sum = gains[state] ?? 0
      let stays = 0
      for (let i = rows[state] ?? 0, end = rows[state + 1] ?? 0; i < end; i++) {
        const target = targets[i] ?? 0
        if (target === state) stays = shares[i] ?? 0
        else sum += (shares[i] ?? 0) * (from[target] ?? 0)
      }
      const next = sum / (1 - stays)
      missing += (visits[state] ?? 0) * Math.abs(next - (from[state] ?? 0))
      from[state] = next
    }
    // The start is no target: its value follows from the others.
    if (missing <= precision * Math.abs(from[0] ?? 0) || missing === 0) return from[0] ?? 0
  }
  throw new Error(`the chain was not solved in ${MOST_SWEEPS} sweeps`)
}

const MOST_SWEEPS = 1_000_000

function statesWithout(chain: Chain, removed: number | null, values: Float64Array): Int32Array {
  const { codes, channelCount } = chain
  if (removed === null) return Int32Array.from(codes, (_, state) => state)
  const base = channelCount + 1
  const active: number[] = []
  codes.forEach((code, state) => {
    let isHit = false
    for (let rest = code; rest > 0; rest = Math.floor(rest / base)) isHit ||= rest % base === removed + 1
    if (isHit) values[state] = 0
    else active.push(state)
  })
  return Int32Array.from(active)
}

interface Counts {
  order: number
  base: number
  moves: Float64Array
  converted: Float64Array
  earned: Float64Array
  left: Float64Array
}

function compress({ order, base, moves, converted, earned, left }: Counts): Chain {
  const codes: number[] = [0]
  const stateOf = new Int32Array(left.length).fill(-1)
  stateOf[0] = 0
  for (let code = 1; code < left.length; code++) {
    if ((left[code] ?? 0) === 0) continue
    stateOf[code] = codes.length
    codes.push(code)
  }
  const journeys = left[0] ?? 0
  const rows = new Int32Array(codes.length + 1)
  const targets: number[] = []
  const shares: number[] = []
  codes.forEach((code, state) => {
    const visits = left[code] ?? 0
    for (let digit = 1; digit < base && visits > 0; digit++) {
      const weight = moves[code * base + digit] ?? 0
      if (weight === 0) continue
      targets.push(stateOf[(code * base + digit) % left.length] ?? 0)
      shares.push(weight / visits)
    }
    rows[state + 1] = targets.length
  })
  const perVisit = (of: Float64Array) =>
    Float64Array.from(codes, (code) => ((left[code] ?? 0) > 0 ? (of[code] ?? 0) / (left[code] ?? 1) : 0))
  return {
    order,
    channelCount: base - 1,
    codes: Int32Array.from(codes),
    visits: Float64Array.from(codes, (code) => (journeys > 0 ? (left[code] ?? 0) / journeys : 0)),
    converts: perVisit(converted),
    earns: perVisit(earned),
    rows,
    targets: Int32Array.from(targets),
    shares: Float64Array.from(shares),
  }
}

/** Distinct channels of one path, in order of their ids. */
export function channelSet(paths: Paths, place: number): number[] {
  return [...new Set(pathAt(paths, place))].sort((a, b) => a - b)
}
