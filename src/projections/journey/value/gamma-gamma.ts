// Gamma-gamma: what a buyer spends on a day with an order, from few such days and from what others spend.
import { digamma, lnGamma } from '../../../lib/maths/special.ts'
import { minimise } from '../../../lib/maths/minimise.ts'
import type { Objective } from '../../../lib/maths/minimise.ts'
import { isInReach } from './model.ts'

/** Of a buyer with repeat days: how many, and the mean net value of one, in any unit of one currency, above zero. */
export interface Spend {
  repeats: number
  mean: number
}

export interface GammaGamma {
  p: number
  q: number
  gamma: number
}

/** The likeliest parameters (Fader and Hardie, http://www.brucehardie.com/notes/025/). Throws for no buyer. */
export function fitGammaGamma(spends: readonly Spend[]): { parameters: GammaGamma; logLikelihood: number } {
  if (spends.length === 0) throw new RangeError('nobody has a repeat order with a value')
  const middle = spends.reduce((sum, { mean }) => sum + mean, 0) / spends.length
  const starts = [
    [6, 4, middle / 2],
    [1, 2, middle],
    [20, 10, middle / 2],
  ].map((start) => start.map(Math.log))
  const best = minimise(unlikeliness(spends), starts)
  const [p = 1, q = 2, gamma = 1] = best.at.map(Math.exp)
  return { parameters: { p, q, gamma }, logLikelihood: -best.value }
}

/** The expected value of a day with an order; for a buyer without a repeat day, what all buyers spend on average. */
export function expectedSpend({ p, q, gamma }: GammaGamma, of: Spend): number {
  return ((gamma + of.mean * of.repeats) * p) / (p * of.repeats + q - 1)
}

function unlikeliness(spends: readonly Spend[]): Objective {
  const logs = spends.map(({ mean }) => Math.log(mean))
  return (at, slope) => {
    if (!isInReach(at)) return Infinity
    const [p = 1, q = 2, gamma = 1] = at.map(Math.exp)
    const lnGammaScale = Math.log(gamma)
    const byRepeats = new Map<number, [shape: number, dShape: number, dBoth: number]>()
    let sum = 0
    let dp = 0
    let dq = 0
    let dGamma = 0
    for (let i = 0; i < spends.length; i++) {
      const { repeats: x, mean } = spends[i] as Spend
      let known = byRepeats.get(x)
      if (!known) {
        const shape = lnGamma(p * x + q) - lnGamma(p * x) + p * x * Math.log(x)
        known = slope ? [shape, digamma(p * x), digamma(p * x + q)] : [shape, 0, 0]
        byRepeats.set(x, known)
      }
      const [shape, dShape, dBoth] = known
      const lnMean = logs[i] as number
      const whole = gamma + mean * x
      const lnWhole = Math.log(whole)
      sum += shape + (p * x - 1) * lnMean - (p * x + q) * lnWhole
      dp += x * (dBoth - dShape + lnMean + Math.log(x) - lnWhole)
      dq += dBoth - lnWhole
      dGamma -= (p * x + q) / whole
    }
    const everybody = spends.length
    sum += everybody * (q * lnGammaScale - lnGamma(q))
    if (slope) {
      slope[0] = -dp * p
      slope[1] = -(dq + everybody * (lnGammaScale - digamma(q))) * q
      slope[2] = -(dGamma + (everybody * q) / gamma) * gamma
    }
    return Number.isFinite(sum) ? -sum : Infinity
  }
}
