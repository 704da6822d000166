// Fits a logistic regression with an L2 penalty by iteratively reweighted least squares.
import { dot, newtonStep, sum } from './newton-step.ts'
import type { Solver } from './newton-step.ts'
import { timesRows, timesWeights } from './sparse.ts'
import type { SparseRows } from './sparse.ts'

export interface Fit {
  intercept: number
  weights: Float64Array
  /** Newton steps taken */
  steps: number
  /** false where the gradient was still above the tolerance after the last step */
  hasConverged: boolean
}

/**
 * Minimises `sum log(1 + exp(-s z)) + penalty / 2 |w|²` over intercept and weights, with z = X w + intercept and s = 1
 * for an outcome of 1, else -1; the intercept bears no penalty. Ends where no component of the gradient exceeds `tolerance` per
 * row. `start` is where to begin, such as the fit under another penalty.
 *
 * Method: J. Nocedal and S. Wright, Numerical Optimization, 2nd ed., chapter 7.1 (line search Newton-CG).
 */
export function fitLogistic(
  x: SparseRows,
  outcomes: Uint8Array,
  penalty: number,
  start?: Pick<Fit, 'intercept' | 'weights'>,
  tolerance = 1e-7,
): Fit {
  const { rows, width } = x
  const weights = start ? Float64Array.from(start.weights) : new Float64Array(width)
  let intercept = start ? start.intercept : logit((sum(outcomes) + 0.5) / (rows + 1))
  let z = timesWeights(x, weights, intercept)
  let loss = lossOf(z, outcomes) + penaltyOf(weights, penalty)
  const most = tolerance * Math.max(1, rows)
  const residuals = new Float64Array(rows)
  const curvatures = new Float64Array(rows)
  let hasConverged = false
  let steps = 0
  let solver: Solver = 'gradients'
  for (; steps < 60; steps++) {
    for (let row = 0; row < rows; row++) {
      const p = sigmoid(z[row] as number)
      residuals[row] = p - (outcomes[row] as number)
      curvatures[row] = Math.max(p * (1 - p), 1e-12)
    }
    const gradient = timesRows(x, residuals)
    for (let at = 0; at < width; at++)
      gradient[at] = (gradient[at] as number) + penalty * (weights[at] as number)
    const slope = sum(residuals)
    if (Math.max(Math.abs(slope), largest(gradient)) <= most) {
      hasConverged = true
      break
    }
    const { step, used } = newtonStep(x, curvatures, penalty, gradient, slope, solver)
    solver = used
    const moved = timesWeights(x, step.weights, step.intercept)
    const descent = dot(gradient, step.weights) + slope * step.intercept
    // Halved until the loss falls as a straight line would promise in part (Armijo's condition).
    let length = 1
    for (; ; length /= 2) {
      const nextWeights = weights.map((weight, at) => weight + length * (step.weights[at] as number))
      const nextZ = z.map((value, row) => value + length * (moved[row] as number))
      const nextLoss = lossOf(nextZ, outcomes) + penaltyOf(nextWeights, penalty)
      if (nextLoss <= loss + 1e-4 * length * descent || length < 1e-9) {
        weights.set(nextWeights)
        intercept += length * step.intercept
        z = nextZ
        loss = nextLoss
        break
      }
    }
    if (length < 1e-9) break
  }
  return { intercept, weights, steps, hasConverged }
}

/** 1 / (1 + exp(-z)), without overflow. */
export function sigmoid(z: number): number {
  if (z >= 0) return 1 / (1 + Math.exp(-z))
  const e = Math.exp(z)
  return e / (1 + e)
}

export function logit(p: number): number {
  return Math.log(p / (1 - p))
}

/** log(1 + exp(z)), without overflow. */
export function softplus(z: number): number {
  return z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z))
}

/** What fitLogistic makes small, without the penalty: the log loss of all rows together. */
export function lossOf(z: Float64Array, outcomes: Uint8Array): number {
  let loss = 0
  for (let row = 0; row < z.length; row++)
    loss += softplus(z[row] as number) - (outcomes[row] === 1 ? (z[row] as number) : 0)
  return loss
}

function penaltyOf(weights: Float64Array, penalty: number): number {
  return (penalty / 2) * dot(weights, weights)
}

function largest(values: Float64Array): number {
  let most = 0
  for (const value of values) most = Math.max(most, Math.abs(value))
  return most
}
