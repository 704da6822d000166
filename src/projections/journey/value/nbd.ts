// NBD: people buy at a steady rate of their own and never leave; for shops where leaving cannot be told from slow buying.
import { digamma, lnGamma } from '../../../lib/maths/special.ts'
import { minimise } from '../../../lib/maths/minimise.ts'
import type { Objective } from '../../../lib/maths/minimise.ts'
import { isInReach, rateOf } from './model.ts'
import type { BuyingModel, Fitted, Tally } from './model.ts'

/** The likeliest parameters; the log-likelihood is that of order times, so that it compares with the other models'. */
export function fitNbd(tally: Tally): Fitted {
  const rate = rateOf(tally)
  const starts = [0.3, 1, 4].map((r) => [Math.log(r), Math.log(r / rate)])
  const best = minimise(unlikeliness(tally), starts)
  const [r = 1, alpha = 1] = best.at.map(Math.exp)
  return {
    model: nbdModel({ r, alpha }),
    logLikelihood: -best.value,
    reached: best.reached.map((value) => -value),
  }
}

/** The model with known parameters: rates are gamma distributed with shape r and alpha weeks. */
export function nbdModel({ r, alpha }: { r: number; alpha: number }): BuyingModel {
  return {
    name: 'nbd',
    parameters: { r, alpha },
    aliveChance: () => 1,
    expectedOrders: (of, weeks) => ((r + of.repeats) / (alpha + of.ageWeeks)) * weeks,
    noOrderChance: (of, weeks) =>
      Math.exp((r + of.repeats) * Math.log1p(-weeks / (alpha + of.ageWeeks + weeks))),
    expectedOfNew: (weeks) => (r / alpha) * weeks,
  }
}

function unlikeliness({ repeats, ageWeeks, buyers, total }: Tally): Objective {
  return (logs, slope) => {
    if (!isInReach(logs)) return Infinity
    const [r = 1, alpha = 1] = logs.map(Math.exp)
    let sum = total * (r * Math.log(alpha) - lnGamma(r))
    let dr = total * (Math.log(alpha) - digamma(r))
    let dAlpha = (total * r) / alpha
    let of = -1
    let lnShape = 0
    let ofShape = 0
    for (let i = 0; i < buyers.length; i++) {
      const x = repeats[i] as number
      const weight = buyers[i] as number
      if (x !== of) {
        of = x
        lnShape = lnGamma(r + x)
        ofShape = slope ? digamma(r + x) : 0
      }
      const weeks = alpha + (ageWeeks[i] as number)
      const lnWeeks = Math.log(weeks)
      sum += weight * (lnShape - (r + x) * lnWeeks)
      dr += weight * (ofShape - lnWeeks)
      dAlpha -= (weight * (r + x)) / weeks
    }
    if (slope) {
      slope[0] = -dr * r
      slope[1] = -dAlpha * alpha
    }
    return Number.isFinite(sum) ? -sum : Infinity
  }
}
