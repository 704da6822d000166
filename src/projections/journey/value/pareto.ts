// Pareto/NBD: people buy at a steady rate of their own and leave at any moment, seen or not; the model others are compared with.
import { lnAdd, lnGamma, lnHypergeometric, lnSubtract } from '../../../lib/maths/special.ts'
import { minimise, withDifferences } from '../../../lib/maths/minimise.ts'
import { isInReach, rateOf } from './model.ts'
import type { BuyingHistory, BuyingModel, Fitted, Tally } from './model.ts'

/** Rates of buying are gamma distributed (r, alpha in weeks), rates of leaving too (s, beta in weeks). */
export interface Pareto {
  r: number
  alpha: number
  s: number
  beta: number
}

/** The likeliest parameters (Fader and Hardie, http://www.brucehardie.com/notes/009/). */
export function fitPareto(tally: Tally): Fitted {
  const rate = rateOf(tally)
  const starts = [
    [0.5, 0.5 / rate, 0.5, 10],
    [1, 1 / rate, 1, 30],
    [0.5, 0.3 / rate, 0.3, 3],
  ].map((start) => start.map(Math.log))
  const best = minimise(
    withDifferences((logs) => {
      if (!isInReach(logs)) return Infinity
      const [r = 1, alpha = 1, s = 1, beta = 1] = logs.map(Math.exp)
      const value = -paretoLikelihood({ r, alpha, s, beta }, tally)
      return Number.isFinite(value) ? value : Infinity
    }),
    starts,
  )
  const [r = 1, alpha = 1, s = 1, beta = 1] = best.at.map(Math.exp)
  return {
    model: paretoModel({ r, alpha, s, beta }),
    logLikelihood: -best.value,
    reached: best.reached.map((value) => -value),
  }
}

/** The log-likelihood of histories under known parameters. */
export function paretoLikelihood(parameters: Pareto, tally: Tally): number {
  const { repeats, recencyWeeks, ageWeeks, buyers, total } = tally
  const { r, alpha, s, beta } = parameters
  let sum = total * (r * Math.log(alpha) + s * Math.log(beta) - lnGamma(r))
  let of = -1
  let lnShape = 0
  for (let i = 0; i < buyers.length; i++) {
    const x = repeats[i] as number
    if (x !== of) {
      of = x
      lnShape = lnGamma(r + x)
    }
    const history = { repeats: x, recencyWeeks: recencyWeeks[i] as number, ageWeeks: ageWeeks[i] as number }
    sum +=
      (buyers[i] as number) * (lnShape + lnAdd(lnStayed(parameters, history), lnLeft(parameters, history)))
  }
  return sum
}

/** The model with known parameters. */
export function paretoModel(parameters: Pareto): BuyingModel {
  const { r, alpha, s, beta } = parameters
  const aliveChance = (of: BuyingHistory): number =>
    1 / (1 + Math.exp(lnLeft(parameters, of) - lnStayed(parameters, of)))
  return {
    name: 'pareto_nbd',
    parameters: { r, alpha, s, beta },
    aliveChance,
    expectedOrders: (of, weeks) =>
      aliveChance(of) *
      ((r + of.repeats) / (alpha + of.ageWeeks)) *
      weeksAsCustomer(s, beta + of.ageWeeks, weeks),
    noOrderChance: (of, weeks) =>
      1 - aliveChance(of) * orderChance(r + of.repeats, alpha + of.ageWeeks, s, beta + of.ageWeeks, weeks),
    expectedOfNew: (weeks) => (r / alpha) * weeksAsCustomer(s, beta, weeks),
  }
}

// Expected weeks before leaving within so many, the leaving rate being gamma(s, exposure): the integral of (1 + t/exposure)^-s.
function weeksAsCustomer(s: number, exposure: number, weeks: number): number {
  const growth = Math.log1p(weeks / exposure)
  const power = (1 - s) * growth
  return exposure * growth * (Math.abs(power) < 1e-12 ? 1 : Math.expm1(power) / power)
}

// That an order comes before leaving and within so many weeks: the integral of the density of the next order's moment,
// shape/(exposure + t) (exposure/(exposure + t))^shape (leaving/(leaving + t))^s, over ln(exposure + t), where it is smooth.
function orderChance(shape: number, exposure: number, s: number, leaving: number, weeks: number): number {
  const width = Math.log1p(weeks / exposure)
  const panels = Math.max(1, Math.ceil((shape * width) / 4))
  let sum = 0
  for (let panel = 0; panel < panels; panel++) {
    for (let i = 0; i < nodes.length; i++) {
      const at = (width * (panel + (nodes[i] as number))) / panels
      const later = exposure * Math.expm1(at)
      sum +=
        ((weights[i] as number) * shape * Math.exp(-shape * at - s * Math.log1p(later / leaving)) * width) /
        panels
    }
  }
  return sum
}

function lnStayed({ r, alpha, s, beta }: Pareto, { repeats, ageWeeks }: BuyingHistory): number {
  return -(r + repeats) * Math.log(alpha + ageWeeks) - s * Math.log(beta + ageWeeks)
}

function lnLeft({ r, alpha, s, beta }: Pareto, { repeats, recencyWeeks, ageWeeks }: BuyingHistory): number {
  const all = r + s + repeats
  const high = Math.max(alpha, beta)
  const b = alpha >= beta ? s + 1 : r + repeats
  const term = (weeks: number): number =>
    lnHypergeometric(all, b, all + 1, Math.abs(alpha - beta) / (high + weeks)) - all * Math.log(high + weeks)
  if (recencyWeeks >= ageWeeks) return -Infinity
  return Math.log(s / all) + lnSubtract(term(recencyWeeks), Math.min(term(ageWeeks), term(recencyWeeks)))
}

// Gauss and Legendre's points and weights of order 8 on 0 to 1 (https://dlmf.nist.gov/3.5.T1 has their like).
const half: [node: number, weight: number][] = [
  [0.1834346424956498, 0.362683783378362],
  [0.525532409916329, 0.3137066458778873],
  [0.7966664774136267, 0.2223810344533745],
  [0.9602898564975363, 0.1012285362903763],
]
const nodes = half.flatMap(([node]) => [0.5 - node / 2, 0.5 + node / 2])
const weights = half.flatMap(([, weight]) => [weight / 2, weight / 2])
