// How sure a prediction of one buyer is: the chances of each number of orders ahead, and between which days the next one comes. Pure.
import { lnBeta } from '../../../lib/maths/special.ts'
import type { BuyingHistory, BuyingModel } from './model.ts'

/** Two ends between which 80 in 100 lie; a null end lies beyond what the history tells. */
export interface Between<Value> {
  low: Value
  high: Value
}

const LOW = 0.1
const HIGH = 0.9
const MOST_ORDERS = 2_000

/**
 * The chance of exactly n days with an order within the weeks, for n = 0, 1, ... until all but a millionth is told; null for a
 * model whose count has no closed form here (Pareto/NBD).
 *
 * Given the history, the rate is gamma (r + x, alpha + T) and the chance to leave beta (a, b + x, one more where people may leave
 * right after the first order), as in Fader, Hardie and Lee, Marketing Science 24(2), 2005: n orders and still there, or left with
 * the n-th, however many would have followed.
 */
export function orderChances(model: BuyingModel, of: BuyingHistory, weeks: number): number[] | null {
  if (model.name === 'pareto_nbd') return null
  const { r = 1, alpha = 1, a = 0, b = 1 } = model.parameters
  const shape = r + of.repeats
  const share = weeks / (alpha + of.ageWeeks + weeks)
  const stays = b + of.repeats + (model.name === 'mbg_nbd' ? 1 : 0)
  const leavesEver = model.name !== 'nbd'
  const alive = model.aliveChance(of)
  const chances: number[] = []
  let exactly = Math.exp(shape * Math.log1p(-share))
  let atLeast = 1
  let told = 0
  for (let n = 0; n <= MOST_ORDERS && told < 1 - 1e-6; n++) {
    const stayed = leavesEver ? Math.exp(lnBeta(a, stays + n) - lnBeta(a, stays)) : 1
    const left = leavesEver && n > 0 ? Math.exp(lnBeta(a + 1, stays + n - 1) - lnBeta(a, stays)) : 0
    const chance = alive * (stayed * exactly + left * Math.max(0, atLeast)) + (n === 0 ? 1 - alive : 0)
    chances.push(chance)
    told += chance
    atLeast -= exactly
    exactly *= ((shape + n) / (n + 1)) * share
  }
  return chances
}

/** Between how many orders 80 in 100 of such buyers end up. */
export function ordersBetween80(
  model: BuyingModel,
  of: BuyingHistory,
  weeks: number,
): Between<number> | null {
  const chances = orderChances(model, of, weeks)
  return chances && { low: quantileOf(chances, LOW), high: quantileOf(chances, HIGH) }
}

/**
 * Days from now between which the next order comes, with 80 in 100: by the earlier 10 in 100 of such buyers have ordered, by the
 * later 90. An end that is not reached within `mostDays` is null.
 */
export function nextOrderBetween(
  model: BuyingModel,
  of: BuyingHistory,
  mostDays: number,
): Between<number | null> {
  return {
    low: daysUntil(model, of, LOW, mostDays),
    high: daysUntil(model, of, HIGH, mostDays),
  }
}

function quantileOf(chances: readonly number[], share: number): number {
  let sum = 0
  for (const [n, chance] of chances.entries()) {
    sum += chance
    if (sum >= share) return n
  }
  return chances.length - 1
}

function daysUntil(model: BuyingModel, of: BuyingHistory, share: number, mostDays: number): number | null {
  const isDue = (days: number): boolean => 1 - model.noOrderChance(of, days / 7) >= share
  if (!isDue(mostDays)) return null
  let early = 0
  let late = Math.ceil(mostDays)
  while (late - early > 1) {
    const between = Math.floor((early + late) / 2)
    if (isDue(between)) late = between
    else early = between
  }
  return late
}
