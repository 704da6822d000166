// The special functions against values with a closed form, and in the places where naive sums overflow.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digamma, lnAdd, lnBeta, lnGamma, lnHypergeometric, lnSubtract } from './special.ts'

const positive = (max: number) => fc.double({ min: 0.01, max, noNaN: true })

describe('lnGamma', () => {
  it('is the logarithm of the factorial, and of the square root of pi at one half', () => {
    let factorial = 1
    for (let n = 1; n <= 20; n++) {
      expect(lnGamma(n)).toBeCloseTo(Math.log(factorial), 12)
      factorial *= n
    }
    expect(lnGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 14)
    expect(lnGamma(1e-10)).toBeCloseTo(10 * Math.LN10, 9)
  })

  it('obeys the duplication formula everywhere', () => {
    fc.assert(
      fc.property(positive(1e4), (x) => {
        const twice = (2 * x - 1) * Math.LN2 - 0.5 * Math.log(Math.PI) + lnGamma(x) + lnGamma(x + 0.5)
        expect(Math.abs(lnGamma(2 * x) - twice)).toBeLessThan(1e-11 * Math.max(1, Math.abs(twice)))
      }),
    )
  })

  it('is NaN outside its domain and infinite at infinity', () => {
    expect([lnGamma(0), lnGamma(-1), lnGamma(Number.NaN)]).toEqual([NaN, NaN, NaN])
    expect(lnGamma(Infinity)).toBe(Infinity)
  })
})

describe('digamma', () => {
  it('is minus the constant of Euler at 1, and grows by 1/x', () => {
    expect(digamma(1)).toBeCloseTo(-0.5772156649015329, 14)
    fc.assert(
      fc.property(positive(1e4), (x) => {
        expect(Math.abs(digamma(x + 1) - digamma(x) - 1 / x)).toBeLessThan(1e-12 * Math.max(1, 1 / x))
      }),
    )
  })
})

describe('lnBeta', () => {
  it('keeps its digits where one argument is a billion times the other', () => {
    // B(2, b) = 1 / (b (b + 1))
    for (const b of [0.5, 3, 1e6, 1e9, 1e12]) {
      expect(lnBeta(2, b)).toBeCloseTo(-Math.log(b) - Math.log(b + 1), 8)
      expect(lnBeta(b, 2)).toBe(lnBeta(2, b))
    }
  })
})

describe('sums of logarithms', () => {
  it('add and subtract what neither overflows nor vanishes', () => {
    expect(lnAdd(1000, 1000)).toBeCloseTo(1000 + Math.LN2, 12)
    expect(lnAdd(-Infinity, 3)).toBe(3)
    expect(lnSubtract(1000 + Math.LN2, 1000)).toBeCloseTo(1000, 9)
    expect(lnSubtract(5, 5)).toBe(-Infinity)
  })
})

describe('lnHypergeometric', () => {
  it('is -ln(1-z)/z for 1, 1; 2 and a power for b = c', () => {
    for (const z of [0, 0.1, 0.5, 0.9, 0.999]) {
      const logarithm = z === 0 ? 1 : -Math.log1p(-z) / z
      expect(lnHypergeometric(1, 1, 2, z)).toBeCloseTo(Math.log(logarithm), 11)
      expect(lnHypergeometric(3.2, 1.7, 1.7, z)).toBeCloseTo(-3.2 * Math.log1p(-z), 9)
    }
  })

  it('gives the same by Euler’s transformation, from either side of it', () => {
    fc.assert(
      fc.property(
        positive(30),
        positive(30),
        positive(30),
        fc.double({ min: 0, max: 0.95, noNaN: true }),
        (a, b, more, z) => {
          const c = Math.max(a, b) + more
          const turned = (c - a - b) * Math.log1p(-z) + lnHypergeometric(c - a, c - b, c, z)
          expect(Math.abs(lnHypergeometric(a, b, c, z) - turned)).toBeLessThan(1e-9)
        },
      ),
    )
  })

  it('stays finite for hundreds of orders close to z = 1', () => {
    for (const x of [100, 400, 5000]) {
      expect(lnHypergeometric(x + 13.5, 4.05, x + 14.5, 0.9965)).toBeGreaterThan(0)
      expect(lnHypergeometric(x, x, 2, 0.99)).toBeLessThan(1e6)
    }
  })
})
