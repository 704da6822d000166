// One step of Newton's method for the penalised logistic regression: a reweighted least-squares problem.
import { timesRows, timesWeights } from './sparse.ts'
import type { SparseRows } from './sparse.ts'

export interface Step {
  weights: Float64Array
  intercept: number
}

export type Solver = 'elimination' | 'gradients'

/**
 * Solves (X' D X + penalty) step = -gradient, intercept included, where D holds each row's curvature p (1 - p) and
 * `slope` is the gradient of the intercept. Conjugate gradients end after few rounds where columns have little in
 * common, and after hundreds where categories overlap, so they are tried first, for as long as elimination would take,
 * and `used` says what to begin the next step with. 32,000 rows of 14 values and 52 features took 80 ms a fit by
 * elimination and 570 ms by gradients; 5,000 rows of 240 values and 1,440 features the other way round.
 */
export function newtonStep(
  x: SparseRows,
  curvatures: Float64Array,
  penalty: number,
  gradient: Float64Array,
  slope: number,
  begin: Solver,
): { step: Step; used: Solver } {
  const problem = { x, curvatures, penalty, gradient, slope }
  const values = Math.max(1, x.values.length)
  const elimination = (values * (values / Math.max(1, x.rows))) / 2 + x.width ** 3 / 6
  // A round of gradients goes over the values twice.
  const affordable = Math.min(mostRounds, Math.ceil(elimination / (3 * values)))
  if (begin === 'gradients') {
    const { step, isEnough } = stepByConjugateGradients(problem, affordable)
    if (isEnough || affordable === mostRounds) return { step, used: 'gradients' }
  }
  const step = stepByElimination(problem)
  return step
    ? { step, used: 'elimination' }
    : { step: stepByConjugateGradients(problem, mostRounds).step, used: 'gradients' }
}

const mostRounds = 250

interface Problem {
  x: SparseRows
  curvatures: Float64Array
  penalty: number
  gradient: Float64Array
  slope: number
}

export function dot(left: Float64Array, right: Float64Array): number {
  let total = 0
  for (let at = 0; at < left.length; at++) total += (left[at] as number) * (right[at] as number)
  return total
}

export function sum(values: Float64Array | Uint8Array): number {
  let total = 0
  for (const value of values) total += value
  return total
}

/** By Cholesky's decomposition; null where rounding made the matrix lose its definiteness. */
function stepByElimination({ x, curvatures, penalty, gradient, slope }: Problem): Step | null {
  // The intercept comes last, as one more feature that is 1 in each row.
  const size = x.width + 1
  const matrix = normalMatrix(x, curvatures, size)
  for (let at = 0; at < x.width; at++)
    matrix[at * size + at] = (matrix[at * size + at] as number) + Math.max(penalty, 1e-9)
  const step = new Float64Array(size)
  for (let at = 0; at < x.width; at++) step[at] = -(gradient[at] as number)
  step[x.width] = -slope
  if (!solveInPlace(matrix, step)) return null
  return { weights: step.subarray(0, x.width), intercept: step[x.width] as number }
}

/** The lower half of X' D X. */
function normalMatrix(x: SparseRows, curvatures: Float64Array, size: number): Float64Array {
  const matrix = new Float64Array(size * size)
  const last = (size - 1) * size
  for (let row = 0; row < x.rows; row++) {
    const curvature = curvatures[row] as number
    const from = x.starts[row] as number
    const end = x.starts[row + 1] as number
    for (let at = from; at < end; at++) {
      const feature = x.features[at] as number
      const weighted = curvature * (x.values[at] as number)
      // Features of a row rise, so what came before is to the left of the diagonal.
      const line = feature * size
      for (let before = from; before <= at; before++) {
        const place = line + (x.features[before] as number)
        matrix[place] = (matrix[place] as number) + weighted * (x.values[before] as number)
      }
      matrix[last + feature] = (matrix[last + feature] as number) + weighted
    }
    matrix[last + size - 1] = (matrix[last + size - 1] as number) + curvature
  }
  return matrix
}

/** Overwrites the lower half of a positive definite matrix with its root, and the right side with the solution. */
function solveInPlace(matrix: Float64Array, right: Float64Array): boolean {
  const size = right.length
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let value = matrix[row * size + column] as number
      for (let at = 0; at < column; at++)
        value -= (matrix[row * size + at] as number) * (matrix[column * size + at] as number)
      if (row === column) {
        if (!(value > 0)) return false
        matrix[row * size + row] = Math.sqrt(value)
      } else matrix[row * size + column] = value / (matrix[column * size + column] as number)
    }
  }
  for (let row = 0; row < size; row++) {
    let value = right[row] as number
    for (let at = 0; at < row; at++) value -= (matrix[row * size + at] as number) * (right[at] as number)
    right[row] = value / (matrix[row * size + row] as number)
  }
  for (let row = size - 1; row >= 0; row--) {
    let value = right[row] as number
    for (let at = row + 1; at < size; at++)
      value -= (matrix[at * size + row] as number) * (right[at] as number)
    right[row] = value / (matrix[row * size + row] as number)
  }
  return true
}

/** By conjugate gradients with the diagonal as preconditioner: no matrix of width² is made. */
function stepByConjugateGradients(
  { x, curvatures, penalty, gradient, slope }: Problem,
  rounds: number,
): { step: Step; isEnough: boolean } {
  const { width } = x
  const total = sum(curvatures)
  const diagonal = diagonalOf(x, curvatures, penalty)
  const step = new Float64Array(width)
  let stepIntercept = 0
  const left = gradient.map((value) => -value)
  let leftIntercept = -slope
  const eased = left.map((value, at) => value / (diagonal[at] as number))
  const direction = Float64Array.from(eased)
  let directionIntercept = leftIntercept / total
  let energy = dot(left, eased) + (leftIntercept * leftIntercept) / total
  const first = Math.sqrt(dot(left, left) + leftIntercept * leftIntercept)
  // Looser far from the end, so that early steps cost little and the last ones converge faster than linearly.
  const enough = Math.min(0.1, Math.sqrt(first / Math.max(1, x.rows))) * first
  let isEnough = false
  for (let round = 0; round < rounds && !isEnough; round++) {
    const along = timesWeights(x, direction, directionIntercept)
    for (let row = 0; row < along.length; row++)
      along[row] = (along[row] as number) * (curvatures[row] as number)
    const image = timesRows(x, along)
    for (let at = 0; at < width; at++) image[at] = (image[at] as number) + penalty * (direction[at] as number)
    const imageIntercept = sum(along)
    const bend = dot(direction, image) + directionIntercept * imageIntercept
    if (bend <= 0) break
    const length = energy / bend
    for (let at = 0; at < width; at++) {
      step[at] = (step[at] as number) + length * (direction[at] as number)
      left[at] = (left[at] as number) - length * (image[at] as number)
      eased[at] = (left[at] as number) / (diagonal[at] as number)
    }
    stepIntercept += length * directionIntercept
    leftIntercept -= length * imageIntercept
    isEnough = Math.sqrt(dot(left, left) + leftIntercept * leftIntercept) <= enough
    const nextEnergy = dot(left, eased) + (leftIntercept * leftIntercept) / total
    const turn = nextEnergy / energy
    energy = nextEnergy
    for (let at = 0; at < width; at++)
      direction[at] = (eased[at] as number) + turn * (direction[at] as number)
    directionIntercept = leftIntercept / total + turn * directionIntercept
  }
  return { step: { weights: step, intercept: stepIntercept }, isEnough }
}

function diagonalOf(x: SparseRows, curvatures: Float64Array, penalty: number): Float64Array {
  const diagonal = new Float64Array(x.width).fill(Math.max(penalty, 1e-9))
  for (let row = 0; row < x.rows; row++) {
    const curvature = curvatures[row] as number
    const end = x.starts[row + 1] as number
    for (let at = x.starts[row] as number; at < end; at++) {
      const feature = x.features[at] as number
      const value = x.values[at] as number
      diagonal[feature] = (diagonal[feature] as number) + curvature * value * value
    }
  }
  return diagonal
}
