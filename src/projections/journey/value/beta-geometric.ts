// BG/NBD and MBG/NBD: people buy at a steady rate of their own and may leave for good after an order.
import { digamma, lnBeta, lnGamma } from '../../../lib/maths/special.ts'
import { minimise } from '../../../lib/maths/minimise.ts'
import type { Objective } from '../../../lib/maths/minimise.ts'
import { isInReach, rateOf } from './model.ts'
import type { BuyingHistory, BuyingModel, Fitted, Tally } from './model.ts'

/** Rates are gamma distributed (r, alpha in weeks), chances to leave after an order beta distributed (a, b). */
export interface BetaGeometric {
  r: number
  alpha: number
  a: number
  b: number
}

/** `mbg_nbd` lets people leave right after their first order, `bg_nbd` only after a repeat one. */
export type BetaGeometricName = 'mbg_nbd' | 'bg_nbd'

/**
 * The likeliest parameters for these histories.
 * BG/NBD: Fader, Hardie and Lee, Marketing Science 24(2), 2005; MBG/NBD: Batislam, Denizel and Filiztekin,
 * International Journal of Research in Marketing 24(3), 2007.
 */
export function fitBetaGeometric(name: BetaGeometricName, tally: Tally): Fitted {
  const rate = rateOf(tally)
  const starts = [
    [0.5, 0.5 / rate, 1, 2],
    [1, 1 / rate, 0.5, 4],
    [0.2, 0.1 / rate, 0.3, 1],
  ].map((start) => start.map(Math.log))
  const best = minimise(unlikeliness(name, tally), starts)
  const [r = 1, alpha = 1, a = 1, b = 1] = best.at.map(Math.exp)
  return {
    model: betaGeometricModel(name, { r, alpha, a, b }),
    logLikelihood: -best.value,
    reached: best.reached.map((value) => -value),
  }
}

/** The model with known parameters. */
export function betaGeometricModel(name: BetaGeometricName, parameters: BetaGeometric): BuyingModel {
  const { r, alpha, a, b } = parameters
  const free = name === 'mbg_nbd' ? 1 : 0
  const aliveChance = ({ repeats, recencyWeeks, ageWeeks }: BuyingHistory): number => {
    const chances = repeats + free
    if (chances === 0) return 1
    const growth = (r + repeats) * Math.log((alpha + ageWeeks) / (alpha + recencyWeeks))
    return 1 / (1 + (a / (b + chances - 1)) * Math.exp(growth))
  }
  return {
    name,
    parameters: { r, alpha, a, b },
    aliveChance,
    expectedOrders: (of, weeks) =>
      aliveChance(of) *
      expectedOfCustomer(r + of.repeats, alpha + of.ageWeeks, a, b + of.repeats + free, weeks),
    noOrderChance: (of, weeks) => {
      const silence = (r + of.repeats) * Math.log1p(-weeks / (alpha + of.ageWeeks + weeks))
      return 1 + aliveChance(of) * Math.expm1(silence)
    },
    expectedOfNew: (weeks) =>
      (free === 1 ? b / (a + b) : 1) * expectedOfCustomer(r, alpha, a, b + free, weeks),
  }
}

/** The log-likelihood of histories under known parameters. */
export function betaGeometricLikelihood(
  name: BetaGeometricName,
  parameters: BetaGeometric,
  tally: Tally,
): number {
  const { r, alpha, a, b } = parameters
  return -unlikeliness(name, tally)([r, alpha, a, b].map(Math.log))
}

/** The chance of exactly n repeat days in the first weeks, for n = 0 to `most`. */
export function repeatChances(
  name: BetaGeometricName,
  { r, alpha, a, b }: BetaGeometric,
  weeks: number,
  most: number,
): number[] {
  const free = name === 'mbg_nbd' ? 1 : 0
  const share = weeks / (alpha + weeks)
  let exactly = Math.exp(r * Math.log1p(-share))
  let atLeast = 1
  const chances: number[] = []
  for (let n = 0; n <= most; n++) {
    const leaves = n + free
    const stays = Math.exp(lnBeta(a, b + leaves) - lnBeta(a, b))
    const left = leaves > 0 ? Math.exp(lnBeta(a + 1, b + leaves - 1) - lnBeta(a, b)) : 0
    chances.push(stays * exactly + left * Math.max(0, atLeast))
    atLeast -= exactly
    exactly *= ((r + n) / (n + 1)) * share
  }
  return chances
}

/**
 * Order days within `weeks` of somebody who is a customer now: rate ~ gamma(shape, exposure), chance to leave ~ beta(a, stays).
 *
 * The published form (with 2F1, divided by a - 1) loses its digits near a = 1 and for many orders. This is the same
 * value as a sum of positive terms: n, the orders of a customer who never leaves, is negative binomial, and of n
 * orders those happen whose forerunners were all survived: sum over j < n of E[(1 - p)^j].
 */
function expectedOfCustomer(
  shape: number,
  exposure: number,
  a: number,
  stays: number,
  weeks: number,
): number {
  if (!(weeks > 0)) return 0
  const share = weeks / (exposure + weeks)
  const mean = (shape * weeks) / exposure
  let scale = shape * Math.log1p(-share)
  let chance = 1
  let survived = 1
  let made = 0
  let sum = 0
  for (let n = 1; n < maxTerms; n++) {
    chance *= ((shape + n - 1) / n) * share
    made += survived
    survived *= (stays + n - 1) / (a + stays + n - 1)
    const term = chance * made
    sum += term
    if (n > mean) {
      const ratio = ((shape + n) / (n + 1)) * share
      if (ratio < 1 && term <= sum * 1e-15 * (1 - ratio)) break
    }
    if (chance > 1e150) {
      chance *= 1e-150
      sum *= 1e-150
      scale += lnScale
    }
  }
  return sum * Math.exp(scale)
}

const maxTerms = 3_000_000
const lnScale = 150 * Math.LN10

function unlikeliness(name: BetaGeometricName, tally: Tally): Objective {
  const free = name === 'mbg_nbd' ? 1 : 0
  const { repeats, recencyWeeks, ageWeeks, buyers, total } = tally
  return (logs, slope) => {
    if (!isInReach(logs)) return Infinity
    const [r = 1, alpha = 1, a = 1, b = 1] = logs.map(Math.exp)
    const lnAlpha = Math.log(alpha)
    const constant = r * lnAlpha - lnGamma(r) - lnBeta(a, b)
    let sum = constant * total
    let dr = 0
    let dAlpha = 0
    let da = 0
    let db = 0
    let of = -1
    let shared = 0
    let leave = 0
    for (let i = 0; i < buyers.length; i++) {
      const x = repeats[i] as number
      const weight = buyers[i] as number
      const chances = x + free
      if (x !== of) {
        of = x
        shared = lnGamma(r + x) + lnBeta(a, b + chances)
        leave = chances > 0 ? a / (b + chances - 1) : 0
        if (slope) {
          // All buyers of one x share these derivatives, so they are added once, for as many as there are.
          let alike = 0
          for (let j = i; j < buyers.length && repeats[j] === x; j++) alike += buyers[j] as number
          const both = digamma(a + b) - digamma(a + b + chances)
          dr += alike * (digamma(r + x) - digamma(r) + lnAlpha)
          da += alike * both
          db += alike * (both + digamma(b + chances) - digamma(b))
        }
      }
      const lnAge = Math.log(alpha + (ageWeeks[i] as number))
      const lnRecency = Math.log(alpha + (recencyWeeks[i] as number))
      const shape = r + x
      const odds = leave === 0 ? 0 : leave * Math.exp(shape * (lnAge - lnRecency))
      // Where the exponential overflows, only its logarithm counts: the person has certainly left.
      const hasLeft = odds === Infinity ? 1 : odds / (1 + odds)
      sum +=
        weight *
        (shared +
          (odds === Infinity ? Math.log(leave) - shape * lnRecency : Math.log1p(odds) - shape * lnAge))
      if (slope) {
        dr -= weight * (lnAge + hasLeft * (lnRecency - lnAge))
        dAlpha -=
          weight *
          shape *
          ((1 - hasLeft) / (alpha + (ageWeeks[i] as number)) +
            hasLeft / (alpha + (recencyWeeks[i] as number)))
        if (hasLeft > 0) {
          da += (weight * hasLeft) / a
          db -= (weight * hasLeft) / (b + chances - 1)
        }
      }
    }
    if (slope) {
      slope[0] = -dr * r
      slope[1] = -(dAlpha + (total * r) / alpha) * alpha
      slope[2] = -da * a
      slope[3] = -db * b
    }
    return Number.isFinite(sum) ? -sum : Infinity
  }
}
