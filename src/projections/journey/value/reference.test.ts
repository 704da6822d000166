// The models of repeat buying against the papers' and packages' answers on the CDNOW customers.
import { describe, expect, it } from 'vitest'
import { referenceTest } from '../../../../test/reference.ts'
import {
  betaGeometricLikelihood,
  betaGeometricModel,
  fitBetaGeometric,
  repeatChances,
} from './beta-geometric.ts'
import { expectedSpend, fitGammaGamma } from './gamma-gamma.ts'
import { tallyOf } from './model.ts'
import { fitPareto, paretoLikelihood, paretoModel } from './pareto.ts'

interface Known {
  repeats: number
  recencyWeeks: number
  ageWeeks: number
  actual: number
  mean: number
  pareto: number
  paretoAlive: number
  bg: number
  bgAlive: number
  spend: number
}

const perCustomer = 'cdnow/ref_BTYD_per_customer.csv'

describe('on the CDNOW customers', () => {
  referenceTest('BG/NBD has the published parameters, likelihood and expectations', perCustomer, (text) => {
    const customers = readKnown(text)
    const { model, logLikelihood, reached } = fitBetaGeometric('bg_nbd', tallyOf(customers))
    // Fader, Hardie and Lee 2005: 0.243, 4.414, 0.793, 2.426 and -9582.4.
    expect(rounded(model.parameters, 3)).toEqual({ r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 })
    expect(logLikelihood).toBeCloseTo(-9582.429, 3)
    for (const value of reached) expect(value).toBeCloseTo(logLikelihood, 6)
    for (const of of customers) {
      expect(Math.abs(model.expectedOrders(of, 39) - of.bg)).toBeLessThan(0.002)
      expect(Math.abs(model.aliveChance(of) - of.bgAlive)).toBeLessThan(0.001)
    }
    const published = [0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.8576]
    const weeks = [0.1429, 1, 3, 31.8571, 32, 78]
    published.forEach((value, at) =>
      expect(Math.abs(model.expectedOfNew(weeks[at] ?? 0) - value)).toBeLessThan(0.0005),
    )
  })

  referenceTest('MBG/NBD has the published parameters and a likelihood no worse', perCustomer, (text) => {
    const { model, logLikelihood } = fitBetaGeometric('mbg_nbd', tallyOf(readKnown(text)))
    expect(rounded(model.parameters, 3)).toEqual({ r: 0.525, alpha: 6.183, a: 0.891, b: 1.614 })
    expect(logLikelihood).toBeCloseTo(-9582.1357, 3)
  })

  referenceTest(
    'Pareto/NBD has the published parameters, likelihood and expectations',
    perCustomer,
    (text) => {
      const customers = readKnown(text)
      const { model, logLikelihood } = fitPareto(tallyOf(customers))
      expect(rounded(model.parameters, 3)).toEqual({ r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 })
      expect(logLikelihood).toBeCloseTo(-9594.976, 3)
      for (const of of customers) {
        expect(Math.abs(model.expectedOrders(of, 39) - of.pareto)).toBeLessThan(0.002)
        expect(Math.abs(model.aliveChance(of) - of.paretoAlive)).toBeLessThan(0.001)
      }
    },
  )

  referenceTest('gamma-gamma has the published parameters and expected spending', perCustomer, (text) => {
    const customers = readKnown(text)
    const spends = customers.filter(({ repeats, mean }) => repeats > 0 && mean > 0)
    const { parameters, logLikelihood } = fitGammaGamma(spends)
    expect(rounded({ ...parameters }, 2)).toEqual({ p: 6.25, q: 3.74, gamma: 15.44 })
    expect(logLikelihood).toBeCloseTo(-4055.9177, 3)
    for (const { repeats, mean, spend } of customers) {
      const of = mean > 0 ? { repeats, mean } : { repeats: 0, mean: 0 }
      expect(Math.abs(expectedSpend(parameters, of) - spend)).toBeLessThan(0.05)
    }
    const first = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17]
    first.forEach((value, at) => {
      const { repeats, mean } = customers[at] as Known
      expect(Math.abs(expectedSpend(parameters, { repeats, mean }) - value)).toBeLessThan(0.01)
    })
  })

  referenceTest('the expectations of 39 weeks err no more than published', perCustomer, (text) => {
    const customers = readKnown(text)
    const tally = tallyOf(customers)
    // At most 1 % worse than BG/NBD 0.785 and 1.608, Pareto/NBD 0.755 and 1.603; MBG/NBD is held to BG/NBD's.
    for (const [{ model }, absolute, square] of [
      [fitBetaGeometric('bg_nbd', tally), 0.785, 1.608],
      [fitBetaGeometric('mbg_nbd', tally), 0.785, 1.608],
      [fitPareto(tally), 0.755, 1.603],
    ] as const) {
      const errors = customers.map((of) => model.expectedOrders(of, 39) - of.actual)
      const mean = errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length
      const root = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length)
      expect(mean).toBeLessThan(absolute * 1.01)
      expect(root).toBeLessThan(square * 1.01)
    }
  })
})

describe('published unit values', () => {
  const bg = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }

  it('BG/NBD: a customer’s 39 weeks, and the chance of every number of repeat days', () => {
    const of = { repeats: 2, recencyWeeks: 30.43, ageWeeks: 38.86 }
    expect(betaGeometricModel('bg_nbd', bg).expectedOrders(of, 39)).toBeCloseTo(1.226, 3)
    expect(repeatChances('bg_nbd', bg, 39, 0)[0]).toBeCloseTo(0.5737864, 7)
    expect(repeatChances('bg_nbd', bg, 2, 10)[10]).toBeCloseTo(1.07869e-7, 11)
    const tail = [0.0019995214, 0.0015170236, 0.001163315, 0.0009003148, 0.0007023638]
    expect(repeatChances('bg_nbd', bg, 30, 15).slice(11)).toEqual(
      tail.map((value) => expect.closeTo(value, 9)),
    )
  })

  it('Pareto/NBD: a frequent customer, a new one, and a hundred orders until now', () => {
    const model = paretoModel({ r: 0.55315, alpha: 10.57633, s: 0.60625, beta: 11.6715 })
    const of = { repeats: 26, recencyWeeks: 30.86, ageWeeks: 31 }
    expect(model.aliveChance(of)).toBeCloseTo(0.997874, 4)
    expect(model.expectedOrders(of, 52)).toBeCloseTo(25.4565, 1)
    expect(model.expectedOfNew(52)).toBeCloseTo(1.473434, 3)
    const curve = [0, 0.05077821, 0.09916088, 0.14542507, 0.1897993, 0.23247466, 0.27361274]
    expect(curve.map((_, weeks) => model.expectedOfNew(weeks))).toEqual(
      curve.map((value) => expect.closeTo(value, 2)),
    )
    const hundred = paretoModel({ r: 0.55, alpha: 10.58, s: 0.61, beta: 11.67 })
    const until = (repeats: number) => ({ repeats, recencyWeeks: 200, ageWeeks: 200 })
    expect(hundred.expectedOrders(until(132), 10)).toBeCloseTo(6.2060517889632418, 10)
    expect(hundred.expectedOrders(until(133), 10)).toBeCloseTo(6.2528722475748113, 10)
  })

  it('stay finite where hundreds of orders overflow a naive 2F1', () => {
    const hard = { r: 10.465, alpha: 0.00798565181, s: 3.0516, beta: 2.82 }
    const long = { r: 0.5143, alpha: 2.8845, s: 0.2856, beta: 14.1087 }
    for (const [parameters, repeats, recencyWeeks, ageWeeks] of [
      [hard, 400, 5, 6],
      [hard, 500, 1, 37],
      [hard, 500, 4, 37],
      [long, 221, 103.42857, 103.57143],
      [long, 254, 97.14286, 97.28571],
      [long, 161, 94.71429, 98],
      [long, 204, 98.57143, 99.42857],
    ] as const) {
      const of = { repeats, recencyWeeks, ageWeeks }
      const { r, alpha } = parameters
      expect(paretoLikelihood(parameters, tallyOf([of]))).toSatisfy(Number.isFinite)
      for (const name of ['bg_nbd', 'mbg_nbd'] as const) {
        expect(betaGeometricLikelihood(name, { r, alpha, a: 0.8, b: 2.4 }, tallyOf([of]))).toSatisfy(
          Number.isFinite,
        )
      }
      for (const model of [
        paretoModel(parameters),
        betaGeometricModel('bg_nbd', { r, alpha, a: 0.8, b: 2.4 }),
        betaGeometricModel('mbg_nbd', { r, alpha, a: 0.8, b: 2.4 }),
      ]) {
        for (const chance of [model.aliveChance(of), model.noOrderChance(of, 26)]) {
          expect(chance).toBeGreaterThanOrEqual(0)
          expect(chance).toBeLessThanOrEqual(1)
        }
        expect(model.expectedOrders(of, 52)).toBeGreaterThanOrEqual(0)
        expect(model.expectedOrders(of, 52)).toSatisfy(Number.isFinite)
      }
    }
  })
})

function readKnown(text: string): Known[] {
  return text
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => {
      const [, repeats = 0, recencyWeeks = 0, ageWeeks = 0, actual = 0, mean = 0, ...rest] = line
        .split(',')
        .map(Number)
      const [pareto = 0, paretoAlive = 0, bg = 0, bgAlive = 0, , spend = 0] = rest
      return {
        repeats,
        recencyWeeks,
        ageWeeks,
        actual,
        mean,
        pareto,
        paretoAlive,
        bg,
        bgAlive,
        spend,
      }
    })
}

function rounded(parameters: Readonly<Record<string, number>>, digits: number): Record<string, number> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, Number(value.toFixed(digits))]),
  )
}
