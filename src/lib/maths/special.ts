// Special functions in logarithms, so that neither large counts nor small chances overflow or vanish.

/**
 * ln Gamma(x) for x > 0: Stirling's series (https://dlmf.nist.gov/5.11.E1) above 8, the recurrence below.
 * Absolute error below 1e-14 up to 10, relative error below 1e-15 beyond.
 */
export function lnGamma(x: number): number {
  if (!(x > 0)) return Number.NaN
  if (x === Infinity) return Infinity
  let shift = 1
  let at = x
  while (at < 8) shift *= at++
  const inverse = 1 / at
  const square = inverse * inverse
  const series =
    inverse *
    (1 / 12 +
      square *
        (-1 / 360 +
          square *
            (1 / 1260 +
              square * (-1 / 1680 + square * (1 / 1188 + square * (-691 / 360360 + square / 156))))))
  return (at - 0.5) * Math.log(at) - at + halfLnTwoPi + series - Math.log(shift)
}

/** The derivative of ln Gamma for x > 0 (https://dlmf.nist.gov/5.11.E2). */
export function digamma(x: number): number {
  if (!(x > 0)) return Number.NaN
  let shift = 0
  let at = x
  while (at < 8) shift += 1 / at++
  const square = 1 / (at * at)
  const series =
    square *
    (1 / 12 -
      square *
        (1 / 120 -
          square *
            (1 / 252 - square * (1 / 240 - square * (1 / 132 - square * (691 / 32760 - square / 12))))))
  return Math.log(at) - 0.5 / at - series - shift
}

/** ln B(a, b) for a, b > 0; the small one of two very unequal arguments keeps its digits. */
export function lnBeta(a: number, b: number): number {
  const small = Math.min(a, b)
  const large = Math.max(a, b)
  // Beyond 1e8 the two large terms would cancel to nothing: Gamma(x + s) / Gamma(x) is x^s (1 + s (s - 1) / 2x + ...).
  if (large > 1e8 && small * small < large) {
    return lnGamma(small) - small * Math.log(large) - (small * (small - 1)) / (2 * large)
  }
  return lnGamma(small) + lnGamma(large) - lnGamma(small + large)
}

/** ln(e^a + e^b). */
export function lnAdd(a: number, b: number): number {
  const high = Math.max(a, b)
  return high === -Infinity ? -Infinity : high + Math.log1p(Math.exp(Math.min(a, b) - high))
}

/** ln(e^a - e^b) for a >= b; -Infinity where they are equal. */
export function lnSubtract(a: number, b: number): number {
  return a === b ? -Infinity : a + Math.log(-Math.expm1(b - a))
}

/**
 * ln of Gauss's 2F1(a, b; c; z) for a, b, c > 0 and 0 <= z < 1 (https://dlmf.nist.gov/15.2.E1). Every term is positive,
 * so nothing cancels; Euler's transformation (https://dlmf.nist.gov/15.8.E1) is taken where it makes the terms fall
 * faster and keeps them positive. Sums of 1e300 and more are carried as a logarithm.
 */
export function lnHypergeometric(a: number, b: number, c: number, z: number): number {
  if (!(a > 0 && b > 0 && c > 0 && z >= 0 && z < 1)) return Number.NaN
  if (a + b > c && c >= a && c >= b) return (c - a - b) * Math.log1p(-z) + lnSeries(c - a, c - b, c, z)
  return lnSeries(a, b, c, z)
}

function lnSeries(a: number, b: number, c: number, z: number): number {
  let term = 1
  let sum = 1
  let scale = 0
  for (let n = 0; n < maxTerms; n++) {
    const ratio = (((a + n) / (c + n)) * (b + n) * z) / (1 + n)
    term *= ratio
    sum += term
    // The ratio moves towards z in one direction, so what is left is below a geometric series of the larger of the two.
    const bound = Math.max(ratio, z)
    if (bound < 1 && term <= sum * 1e-17 * (1 - bound)) break
    if (sum > 1e280) {
      term *= 1e-280
      sum *= 1e-280
      scale += lnScale
    }
  }
  return scale + Math.log(sum)
}

const halfLnTwoPi = 0.5 * Math.log(2 * Math.PI)
const lnScale = 280 * Math.LN10
const maxTerms = 2_000_000
