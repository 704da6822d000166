// The chances of orders ahead are chances, agree with the model's own expectation, and narrow as histories say more.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextOrderBetween, orderChances, ordersBetween80 } from './ahead.ts'
import { betaGeometricModel } from './beta-geometric.ts'
import { nbdModel } from './nbd.ts'
import { paretoModel } from './pareto.ts'

const models = [
  betaGeometricModel('mbg_nbd', { r: 0.5, alpha: 6, a: 0.8, b: 2.5 }),
  betaGeometricModel('bg_nbd', { r: 0.24, alpha: 4.4, a: 0.79, b: 2.4 }),
  nbdModel({ r: 0.9, alpha: 10 }),
]

const history = fc
  .record({
    repeats: fc.integer({ min: 0, max: 30 }),
    ageWeeks: fc.double({ min: 1, max: 150, noNaN: true }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ repeats, ageWeeks, part }) => ({
    repeats,
    ageWeeks,
    recencyWeeks: repeats === 0 ? 0 : ageWeeks * part,
  }))

test.each(models.map((model) => [model.name, model] as const))(
  'the chances under %s add up to one and to the orders that it expects',
  (_name, model) => {
    fc.assert(
      fc.property(history, fc.double({ min: 0.5, max: 104, noNaN: true }), (of, weeks) => {
        const chances = orderChances(model, of, weeks)!
        const sum = chances.reduce((all, chance) => all + chance, 0)
        expect(sum).toBeGreaterThan(1 - 2e-6)
        expect(sum).toBeLessThan(1 + 1e-9)
        const mean = chances.reduce((all, chance, n) => all + n * chance, 0)
        const expected = model.expectedOrders(of, weeks)
        expect(Math.abs(mean - expected)).toBeLessThan(1e-3 + 1e-3 * expected)
        expect(chances[0]).toBeCloseTo(model.noOrderChance(of, weeks), 9)
      }),
    )
  },
)

test('whoever orders like clockwork comes between days that lie close, and whoever went silent may never', () => {
  const model = betaGeometricModel('mbg_nbd', { r: 0.5, alpha: 6, a: 0.8, b: 2.5 })
  const steady = nextOrderBetween(model, { repeats: 50, recencyWeeks: 100, ageWeeks: 101 }, 730)
  expect(steady.low).toBeGreaterThan(0)
  expect(steady.high! - steady.low!).toBeLessThan(60)
  expect(nextOrderBetween(model, { repeats: 20, recencyWeeks: 20, ageWeeks: 100 }, 730).high).toBeNull()
})

test('between the two ends lie 80 in 100, and a model without a count says nothing', () => {
  const model = nbdModel({ r: 2, alpha: 10 })
  const of = { repeats: 3, recencyWeeks: 30, ageWeeks: 40 }
  const { low, high } = ordersBetween80(model, of, 52)!
  const chances = orderChances(model, of, 52)!
  const within = chances.slice(low, high + 1).reduce((all, chance) => all + chance, 0)
  expect(within).toBeGreaterThanOrEqual(0.8)
  expect(ordersBetween80(paretoModel({ r: 1, alpha: 10, s: 1, beta: 10 }), of, 52)).toBeNull()
})
