// The models of repeat buying against simulations of the people they describe.
import { describe, expect, it } from 'vitest'
import { dice } from '../../../../test/dice.ts'
import { betaGeometricModel } from './beta-geometric.ts'
import { paretoModel } from './pareto.ts'

describe('the models', () => {
  it('agree with a simulation of the people they describe', () => {
    // 60,000 people: rate ~ gamma(1, 10 weeks) and chance to leave ~ beta(1, 2), known for 30 weeks, told of the next 20.
    const parameters = { r: 1, alpha: 10, a: 1, b: 2 }
    const next = dice(11)
    const sums = new Map<
      string,
      { people: number; orders: number; silent: number; foretold: number; told: number }
    >()
    const model = betaGeometricModel('mbg_nbd', parameters)
    for (let person = 0; person < 60_000; person++) {
      const rate = -Math.log(next()) / 10
      const leave = 1 - Math.sqrt(next())
      let at = 0
      const moments: number[] = []
      while (next() >= leave && (at -= Math.log(next()) / rate) < 50) moments.push(at)
      const before = moments.filter((moment) => moment <= 30)
      const of = { repeats: before.length, recencyWeeks: before.at(-1) ?? 0, ageWeeks: 30 }
      const key = String(Math.min(3, of.repeats))
      const sum = sums.get(key) ?? { people: 0, orders: 0, silent: 0, foretold: 0, told: 0 }
      const after = moments.length - before.length
      sums.set(key, {
        people: sum.people + 1,
        orders: sum.orders + after,
        silent: sum.silent + (after === 0 ? 1 : 0),
        foretold: sum.foretold + model.expectedOrders(of, 20),
        told: sum.told + model.noOrderChance(of, 20),
      })
    }
    for (const { people, orders, silent, foretold, told } of sums.values()) {
      expect(Math.abs(foretold - orders) / people).toBeLessThan(0.06)
      expect(Math.abs(told - silent) / people).toBeLessThan(0.015)
    }
  })

  it('Pareto/NBD’s chance of silence agrees with a simulation', () => {
    const model = paretoModel({ r: 1, alpha: 10, s: 1, beta: 20 })
    const next = dice(12)
    let silent = 0
    let told = 0
    let people = 0
    for (let person = 0; person < 100_000; person++) {
      const rate = -Math.log(next()) / 10
      const gone = -Math.log(next()) / (-Math.log(next()) / 20)
      const moments: number[] = []
      for (let at = -Math.log(next()) / rate; at < Math.min(50, gone); at -= Math.log(next()) / rate)
        moments.push(at)
      const before = moments.filter((moment) => moment <= 30)
      if (before.length !== 1) continue
      people++
      if (moments.length === 1) silent++
      told += model.noOrderChance({ repeats: 1, recencyWeeks: before[0] ?? 0, ageWeeks: 30 }, 20)
    }
    expect(people).toBeGreaterThan(5_000)
    expect(Math.abs(told - silent) / people).toBeLessThan(0.015)
  })

  it('near a = 1, where the published form divides by nothing, the expectation goes on smoothly', () => {
    const at = (a: number) =>
      betaGeometricModel('bg_nbd', { r: 0.5, alpha: 5, a, b: 2 }).expectedOrders(
        { repeats: 3, recencyWeeks: 20, ageWeeks: 30 },
        52,
      )
    expect(at(1)).toBeCloseTo((at(1 - 1e-6) + at(1 + 1e-6)) / 2, 9)
    expect(at(0.2)).toBeGreaterThan(at(1))
  })
})
