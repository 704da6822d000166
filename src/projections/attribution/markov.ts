// Markov removal effects: how much of all conversions would be lost if a channel led nowhere.
import { absorbedFrom, chainOf } from './chain.ts'
import type { PathWeights } from './chain.ts'
import type { Paths } from './paths.ts'

/** Order 1 counts this many channels, the orders above it thirty; `withFewChannels` gathers the rest. */
export const mostMarkovChannels = { 1: 1_000, 2: 30, 3: 30 } as const
export type MarkovOrder = keyof typeof mostMarkovChannels

/** By channel id, and the journeys' totals that are shared among them. */
export interface MarkovFit {
  order: MarkovOrder
  /** the chance to convert and the value expected of a journey, as the chain has them: the observed ones */
  baseRate: number
  baseValue: number
  /** the share of conversions, and of value, lost without the channel: `1 - p_c / p` */
  removalEffects: number[]
  valueRemovalEffects: number[]
  /** conversions and value shared in ratio of those effects */
  conversions: number[]
  value: number[]
}

/**
 * Fits the chain of Anderl et al. (https://doi.org/10.1016/j.ijresmar.2016.03.001) and takes each channel out of it in
 * turn. Exact: states are the tuples that were observed, solved to 1e-14. Where nothing was earned, value is shared as
 * conversions are.
 * @param weights those of the paths, unless a resample is asked for
 */
export function fitMarkov(paths: Paths, order: MarkovOrder, weights: PathWeights = paths): MarkovFit {
  const chain = chainOf(paths, order, weights)
  const conversions = sumOf(weights.conversions)
  const value = sumOf(weights.value)
  const rate = effects(chain.converts)
  const worth = value === 0 ? { base: 0, removal: rate.removal } : effects(chain.earns)
  return {
    order,
    baseRate: rate.base,
    baseValue: worth.base,
    removalEffects: rate.removal,
    valueRemovalEffects: worth.removal,
    conversions: shared(rate.removal, conversions),
    value: shared(worth.removal, value),
  }

  function effects(gains: Float64Array): { base: number; removal: number[] } {
    const solution = new Float64Array(chain.codes.length)
    const base = absorbedFrom(chain, gains, null, solution)
    const removal = paths.channels.map((_, channel) => {
      const without = absorbedFrom(chain, gains, channel, Float64Array.from(solution))
      return base === 0 ? 0 : Math.max(0, 1 - without / base)
    })
    return { base, removal }
  }
}

function shared(effects: number[], total: number): number[] {
  const sum = effects.reduce((all, effect) => all + effect, 0)
  return effects.map((effect) => (sum > 0 ? (effect / sum) * total : total / effects.length))
}

function sumOf(numbers: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < numbers.length; i++) sum += numbers[i] ?? 0
  return sum
}
