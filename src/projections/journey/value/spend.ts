// What a buyer is expected to spend on a day with an order, and when gamma-gamma is not to be believed.
import { medianOf } from '../../../lib/maths/quantile.ts'
import type { Standing } from './buyers.ts'
import { expectedSpend, fitGammaGamma } from './gamma-gamma.ts'
import type { GammaGamma } from './gamma-gamma.ts'

/** How the value of an order is foretold; amounts in minor units. */
export type SpendModel =
  | {
      name: 'gamma_gamma'
      parameters: GammaGamma
      /** of means in minor units; in a unit of k of them it is larger by `spenders` times ln k */
      logLikelihood: number
      spenders: number
      correlation: number | null
    }
  | {
      name: 'shrunken_mean'
      /** what a buyer without a repeat day is taken to spend */
      middleMinor: number
      correlation: number | null
      /** why not gamma-gamma: what it came to, or null where there was nothing to fit */
      rejected: GammaGamma | null
    }

/** Repeat buyers below which three parameters of spending say more about chance than about the shop. */
const fewestSpenders = 30
/** How many days of the shop's middle value a buyer's own mean is mixed with. */
const priorDays = 2

/**
 * Fits gamma-gamma to buyers with repeat days of positive mean value. Where it degenerates (p above 1,000: everybody
 * spends with the same spread; q at most 1.05: no finite mean), each buyer's own mean is drawn towards the shop's middle.
 */
export function learnSpend(standings: readonly Standing[]): SpendModel {
  const spends = standings.flatMap(({ spend }) =>
    spend.repeats > 0 && spend.meanMinor > 0 ? [{ repeats: spend.repeats, mean: spend.meanMinor }] : [],
  )
  const correlation = correlationOf(spends)
  const fit = spends.length >= fewestSpenders ? fitGammaGamma(spends) : null
  if (fit && fit.parameters.p <= 1e3 && fit.parameters.q > 1.05) {
    return { name: 'gamma_gamma', ...fit, spenders: spends.length, correlation }
  }
  const perDay = standings.flatMap(({ spentMinor, repeats }) =>
    spentMinor > 0 ? [spentMinor / (repeats + 1)] : [],
  )
  const means = spends.length > 0 ? spends.map(({ mean }) => mean) : perDay
  const middleMinor = means.length > 0 ? medianOf(means) : 0
  return { name: 'shrunken_mean', middleMinor, correlation, rejected: fit?.parameters ?? null }
}

/** Minor units, with fractions, that a buyer is expected to spend on the next day with an order. */
export function spendOf(model: SpendModel, { spend }: Standing): number {
  const known = spend.repeats > 0 && spend.meanMinor > 0
  const of = known ? { repeats: spend.repeats, mean: spend.meanMinor } : { repeats: 0, mean: 0 }
  if (model.name === 'gamma_gamma') return expectedSpend(model.parameters, of)
  return (priorDays * model.middleMinor + of.repeats * of.mean) / (priorDays + of.repeats)
}

// Pearson's; gamma-gamma takes for granted that how often and how much have nothing to do with each other.
function correlationOf(spends: readonly { repeats: number; mean: number }[]): number | null {
  const count = spends.length
  if (count < 3) return null
  const middleX = spends.reduce((sum, { repeats }) => sum + repeats, 0) / count
  const middleM = spends.reduce((sum, { mean }) => sum + mean, 0) / count
  let both = 0
  let alone = 0
  let money = 0
  for (const { repeats, mean } of spends) {
    both += (repeats - middleX) * (mean - middleM)
    alone += (repeats - middleX) ** 2
    money += (mean - middleM) ** 2
  }
  return alone > 0 && money > 0 ? both / Math.sqrt(alone * money) : null
}
