// Markov models of order 2 and 3 over all journeys, with intervals where they are asked for. Pure.
import { chainOf } from './chain.ts'
import { OTHER } from './contract.ts'
import { bootstrapSteps } from './intervals.ts'
import { channelsOf, pathsOf, tooLittle } from './learned.ts'
import type { LearnedChannel, LearnedPath } from './learned.ts'
import { fitMarkov, mostMarkovChannels } from './markov.ts'
import { withFewChannels } from './paths.ts'

export type HigherOrder = 2 | 3

/** What an order found of the journeys to a goal. */
export interface FoundOrder {
  journeys: number
  conversions: number
  /** channels as learned by name; why there are none */
  outcome:
    | {
        channels: LearnedChannel[]
        /** the chance to convert that the chain has at its start: conversions per journey */
        baseRate: number
        /** tuples of channels that were observed */
        states: number
        resamples: number
      }
    | { reason: string }
}

/**
 * Learns an order. At most 30 channels count, the others are `(other)`. Yields after each resample how many were drawn.
 * @param resamples 0: intervals are the shares alone
 */
export function* learnOrder(
  journeys: readonly LearnedPath[],
  order: HigherOrder,
  resamples: number,
): Generator<number, FoundOrder> {
  const { paths: all, parts } = pathsOf(journeys)
  const conversions = all.conversions.reduce((sum, count) => sum + count, 0)
  const nulls = all.nulls.reduce((sum, count) => sum + count, 0)
  const found = { journeys: conversions + nulls, conversions }
  const reason = tooLittle(conversions, nulls)
  if (reason !== null) return { ...found, outcome: { reason } }
  const paths = withFewChannels(all, mostMarkovChannels[order], OTHER)
  const fit = fitMarkov(paths, order)
  yield 0
  const drawn = yield* bootstrapSteps(paths, (weights) => fitMarkov(paths, order, weights), {
    resamples,
    ...(parts ? { parts } : {}),
  })
  return {
    ...found,
    outcome: {
      channels: channelsOf(paths.channels, fit, drawn, fit.removalEffects),
      baseRate: fit.baseRate,
      states: chainOf(paths, order).codes.length,
      resamples,
    },
  }
}
