// The generative model itself: when a person is touched, by which channel, and on which days they order because of it.
import { channelEffects, demoChannels, segments, weekdays } from './parameters.ts'
import type { DemoChannel } from './parameters.ts'
import { personOf, streams } from './people.ts'
import type { Person } from './people.ts'
import { poissonQuantile, Stream, uniformOf } from './random.ts'
import { weekdayOf } from './world.ts'
import type { World } from './world.ts'

export interface Touch {
  /** the day, counted from the world's first, on the person's own calendar */
  day: number
  channel: DemoChannel
  /** names the touch's random stream: [channel, nth of the channel] */
  key: readonly [number, number]
}

/** An order of a day; `nth` is 0 but for further orders of the same day. */
export interface Order {
  day: number
  nth: number
}

export interface Journey {
  person: Person
  /** by day; within a day by channel */
  touches: Touch[]
  orders: Order[]
  /** the expected number of orders, given the touches */
  expectedOrders: number
}

/**
 * What happens to a person in a world; with `without`, in the same world where that channel does not exist.
 *
 * Touches. The first visit comes by a channel of the segment's mix on the person's first day, and so does the visit on
 * which they tell who they are. All others are Poisson: density x activity x mix x calendar, and x interest in channels
 * that follow interest; e-mail only while subscribed. No touch causes another.
 *
 * Orders. The hazard of day d is `base x interest x weekday + sum over touches on days k <= d of
 * response x beta x 2^-((d - k) / halfLife)`, until interest ends; orders of a day are Poisson with that mean. They are
 * drawn by the inverse of the distribution from one uniform number of the person and day, so that orders without a
 * channel are a subset of the orders with it, and the expected number of orders is the sum of the hazards exactly.
 */
export function journeyOf(world: World, index: number, without?: DemoChannel): Journey {
  const person = personOf(world, index)
  const touches = touchesOf(world, person).filter((touch) => touch.channel !== without)
  const { orders, expectedOrders } = ordersOf(world, person, touches)
  return { person, touches, orders, expectedOrders }
}

/** The touches of a person, by day. */
export function touchesOf(world: World, person: Person): Touch[] {
  const { mix, activity, rhythm } = segments[person.segment]
  const calendar = world.calendar[rhythm]
  const touches: Touch[] = []
  const arrival = new Stream(world.seed, streams.touches, person.index, 0)
  const arriveBy = (): DemoChannel =>
    arrival.weighted(demoChannels, (channel) =>
      channel === 'Email' ? 0 : (mix[demoChannels.indexOf(channel)] ?? 0),
    )
  touches.push({ day: person.firstDay, channel: arriveBy(), key: [0, 0] })
  if (person.tellsOn !== null && person.tellsOn > person.firstDay) {
    touches.push({ day: person.tellsOn, channel: arriveBy(), key: [0, 1] })
  }
  demoChannels.forEach((channel, place) => {
    const from = channel === 'Email' ? (person.subscribed?.from ?? world.days) : person.firstDay
    const to = Math.min(
      world.days - 1,
      person.lastDay,
      channel === 'Email' ? (person.subscribed?.to ?? -1) : Infinity,
    )
    if (to < from) return
    const sums = calendar[channel]
    const low = sums[from] ?? 0
    const high = sums[to + 1] ?? 0
    const perDay =
      (world.density *
        activity *
        (mix[place] ?? 0) *
        (channelEffects[channel].followsInterest ? person.interest : 1)) /
      30
    const random = new Stream(world.seed, streams.touches, person.index, place + 1)
    const count = random.poisson(perDay * (high - low))
    for (let nth = 0; nth < count; nth++) {
      touches.push({
        day: dayAt(sums, low + random.uniform() * (high - low), from, to),
        channel,
        key: [place + 1, nth],
      })
    }
  })
  return touches.sort((a, b) => a.day - b.day)
}

function ordersOf(
  world: World,
  person: Person,
  touches: Touch[],
): { orders: Order[]; expectedOrders: number } {
  const { baseHazard, response, rhythm } = segments[person.segment]
  const orders: Order[] = []
  let expectedOrders = 0
  // What earlier touches of each channel still add: it fades day by day, so a day costs nine multiplications, however long the past.
  const lasting = demoChannels.map(() => 0)
  let next = 0
  for (let day = person.firstDay; day <= Math.min(person.lastDay, world.days - 1); day++) {
    for (let place = 0; place < lasting.length; place++)
      lasting[place] = (lasting[place] ?? 0) * (fading[place] ?? 0)
    for (let touch = touches[next]; touch && touch.day <= day; touch = touches[++next]) {
      const place = demoChannels.indexOf(touch.channel)
      lasting[place] = (lasting[place] ?? 0) + response * channelEffects[touch.channel].beta
    }
    const ofWeekday = weekdays[rhythm][weekdayOf(world, day)] ?? 1
    const hazard = lasting.reduce((sum, part) => sum + part, baseHazard * person.interest * ofWeekday)
    expectedOrders += hazard
    const count = poissonQuantile(uniformOf(world.seed, streams.orders, person.index, day), hazard)
    for (let nth = 0; nth < count; nth++) orders.push({ day, nth })
  }
  return { orders, expectedOrders }
}

const fading = demoChannels.map((channel) => 2 ** (-1 / channelEffects[channel].halfLifeDays))

// The day in whose stretch of the cumulative calendar `target` lies, between `from` and `to`.
function dayAt(sums: Float64Array, target: number, from: number, to: number): number {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sums[middle + 1] ?? Infinity) > target) high = middle
    else low = middle + 1
  }
  return low
}
