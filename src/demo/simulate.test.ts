// Guarantees of the generative model: what is drawn stays drawn, and effects are what the hazards say.
import { describe, expect, test } from 'vitest'
import { channelEffects, demoChannels, segmentNames, segments } from './parameters.ts'
import { poissonQuantile, Stream } from './random.ts'
import { journeysOf, simulate, trueEffects } from './simulate.ts'
import { worldFor } from './stream.ts'
import type { DemoOptions } from './world.ts'

const options: DemoOptions = { seed: 7, leads: 800, days: 60, endOn: '2025-06-30' }
const world = worldFor(options)
const factual = [...simulate(options)]
const many = [...simulate({ ...options, leads: 4000 })]

describe('the world without a channel', () => {
  test('has the same people and, of all other channels, the same touches', () => {
    for (const without of demoChannels) {
      const other = [...journeysOf(world, without)]
      expect(other.map((journey) => journey.person)).toEqual(factual.map((journey) => journey.person))
      expect(other.map((journey) => journey.touches)).toEqual(
        factual.map((journey) => journey.touches.filter((touch) => touch.channel !== without)),
      )
    }
  })

  test('has no order that the world with the channel has not, and the same ones for people the channel never met', () => {
    for (const without of demoChannels) {
      const other = [...journeysOf(world, without)]
      other.forEach((journey, place) => {
        const before = factual[place]
        const names = new Set(before?.orders.map((order) => `${order.day}/${order.nth}`))
        expect(journey.orders.every((order) => names.has(`${order.day}/${order.nth}`))).toBe(true)
        if (before?.touches.every((touch) => touch.channel !== without))
          expect(journey.orders).toEqual(before.orders)
      })
    }
  })
})

test('effects of channels and what nobody caused add up to all expected orders, and no effect is negative', () => {
  const { effects, total, untouched } = trueEffects(options)
  const sum = effects.reduce((caused, effect) => caused + effect.expectedOrders, untouched.expectedOrders)
  expect(sum).toBeCloseTo(total.expectedOrders, 9)
  for (const effect of effects) expect(effect.expectedOrders).toBeGreaterThanOrEqual(-1e-9)
  expect(untouched.expectedOrders).toBeGreaterThan(0)
})

test('a single touch adds what beta, response and half-life say', () => {
  // Whoever is touched once, on the very last day of the window, is touched for that day alone: response x beta.
  const last = many.filter((one) => one.touches.length === 1 && one.touches[0]?.day === options.days - 1)
  expect(last.length).toBeGreaterThan(5)
  for (const { person, touches, expectedOrders } of last) {
    const { baseHazard, response } = segments[person.segment]
    const touched = response * channelEffects[touches[0]?.channel ?? 'Direct'].beta
    // The last day, 2025-06-30, is a Monday.
    const ofWeekday = person.segment === 'business' ? 1.34 : 0.98
    expect(expectedOrders).toBeCloseTo(baseHazard * person.interest * ofWeekday + touched, 12)
  }
})

test('over many people orders come as often as the hazards say', () => {
  const { total, effects } = trueEffects({ ...options, leads: 3000 })
  // Poisson: four standard deviations.
  expect(Math.abs(total.orders - total.expectedOrders)).toBeLessThan(4 * Math.sqrt(total.expectedOrders))
  for (const effect of effects) {
    expect(Math.abs(effect.orders - effect.expectedOrders)).toBeLessThan(
      4 * Math.sqrt(effect.expectedOrders) + 1e-9,
    )
  }
})

test('segments have the shares that are stated, and mixes that add up to one', () => {
  for (const name of segmentNames) {
    expect(segments[name].mix.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
    const share = many.filter((one) => one.person.segment === name).length / many.length
    expect(Math.abs(share - segments[name].share)).toBeLessThan(0.03)
  }
  expect(segmentNames.reduce((sum, name) => sum + segments[name].share, 0)).toBeCloseTo(1, 9)
})

describe('random numbers', () => {
  test('have the mean and spread of their distributions', () => {
    const random = new Stream(3, 1)
    const mean = (draw: () => number): number =>
      Array.from({ length: 20_000 }, draw).reduce((a, b) => a + b, 0) / 20_000
    expect(mean(() => random.uniform())).toBeCloseTo(0.5, 1)
    expect(Math.abs(mean(() => random.exponential(4)) - 4)).toBeLessThan(0.15)
    expect(Math.abs(mean(() => random.gamma(2)) - 1)).toBeLessThan(0.03)
    expect(Math.abs(mean(() => random.poisson(2.5)) - 2.5)).toBeLessThan(0.06)
    expect(Math.abs(mean(() => Math.log(random.logNormal(10, 0.5))) - Math.log(10))).toBeLessThan(0.02)
  })

  test('of neighbouring names are unrelated', () => {
    const first = Array.from({ length: 5000 }, (_, index) => new Stream(1, 2, index).uniform())
    const covariance =
      first.slice(1).reduce((sum, value, place) => sum + (value - 0.5) * ((first[place] ?? 0) - 0.5), 0) /
      5000
    expect(Math.abs(covariance * 12)).toBeLessThan(0.06)
  })

  test('counts rise with their mean for a fixed level, so that less hazard never makes an order', () => {
    for (let level = 0.01; level < 1; level += 0.01) {
      let before = 0
      for (let mean = 0; mean < 3; mean += 0.05) {
        const count = poissonQuantile(level, mean)
        expect(count).toBeGreaterThanOrEqual(before)
        before = count
      }
    }
  })
})
