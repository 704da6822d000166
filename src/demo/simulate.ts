// The true effect of each channel: the same people in the same world, with the channel and without it.
import { journeyOf } from './journey.ts'
import type { Journey } from './journey.ts'
import { demoChannels } from './parameters.ts'
import type { DemoChannel } from './parameters.ts'
import { worldFor } from './stream.ts'
import { orderOf } from './told.ts'
import type { DemoOptions, World } from './world.ts'

/**
 * The journeys of all people, one by one. With `without`, that channel's touches do not exist and everything else of
 * the seed stays: people, other touches, and the random number that each day's orders are drawn with.
 */
export function* simulate(options: DemoOptions & { without?: DemoChannel }): Generator<Journey> {
  yield* journeysOf(worldFor(options), options.without)
}

/** The same in a world that is there already: finding its density takes a second. */
export function* journeysOf(world: World, without?: DemoChannel): Generator<Journey> {
  for (let index = 0; index < world.people; index++) yield journeyOf(world, index, without)
}

/** What a channel did in a world. Amounts are in the demo's currency, major units. */
export interface TrueEffect {
  channel: DemoChannel
  touches: number
  /** expected orders with it minus without it, given the touches: the sum of the hazards it adds */
  expectedOrders: number
  /** orders of this very seed with it minus without it */
  orders: number
  revenue: number
}

export interface Truth {
  effects: TrueEffect[]
  /** everything that happened, and what would have happened with no touch by any channel */
  total: { touches: number; expectedOrders: number; orders: number; revenue: number }
  untouched: { expectedOrders: number }
}

/** Simulates with and without each channel, in one pass over the people. */
export function trueEffects(options: DemoOptions): Truth {
  return trueEffectsIn(worldFor(options))
}

/** The same in a world that is there already. */
export function trueEffectsIn(world: World): Truth {
  const effects = demoChannels.map((channel) => ({
    channel,
    touches: 0,
    expectedOrders: 0,
    orders: 0,
    revenue: 0,
  }))
  const total = { touches: 0, expectedOrders: 0, orders: 0, revenue: 0 }
  for (let index = 0; index < world.people; index++) {
    const journey = journeyOf(world, index)
    const revenue = revenueOf(world, journey)
    total.touches += journey.touches.length
    total.expectedOrders += journey.expectedOrders
    total.orders += journey.orders.length
    total.revenue += revenue
    for (const effect of effects) {
      const touches = journey.touches.filter((touch) => touch.channel === effect.channel).length
      if (touches === 0) continue
      const without = journeyOf(world, index, effect.channel)
      effect.touches += touches
      effect.expectedOrders += journey.expectedOrders - without.expectedOrders
      effect.orders += journey.orders.length - without.orders.length
      effect.revenue += revenue - revenueOf(world, without)
    }
  }
  // Hazards add up, so what no channel caused is what is left.
  const caused = effects.reduce((sum, effect) => sum + effect.expectedOrders, 0)
  return { effects, total, untouched: { expectedOrders: total.expectedOrders - caused } }
}

function revenueOf(world: World, journey: Journey): number {
  return journey.orders.reduce((sum, order) => sum + orderOf(world, journey.person, order).amounts.total, 0)
}
