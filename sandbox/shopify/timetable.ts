// When the customers of a generated shop came and when they ordered: all that has to be known of everybody at once.
import { diceAt } from '../frame/chance.ts'

export interface Size {
  customers: number
  orders: number
  checkouts: number
  seed: number
  /** the last day of the shop's history, ms since 1970 */
  until: number
}

/** 16 bytes a customer and 28 an order: 10 MB for 100,000 customers and 300,000 orders. */
export interface Timetable {
  size: Size
  customerCreated: Float64Array
  customerUpdated: Float64Array
  orderCreated: Float64Array
  orderUpdated: Float64Array
  /** place of the customer of each order */
  owner: Int32Array
  /** orders of the customer at a place, the oldest first */
  ordersOf(customer: number): Int32Array
}

export type Fate = 'paid' | 'pending' | 'cancelled' | 'refunded' | 'partly refunded'

const DAY_MS = 86_400_000
const SPAN_MS = 730 * DAY_MS

/** Orders are numbered in the order of their time, as a shop numbers them. */
export function layOut(size: Size): Timetable {
  const { customers, orders, seed, until } = size
  const from = until - SPAN_MS
  const customerCreated = new Float64Array(customers)
  for (let place = 0; place < customers; place++)
    customerCreated[place] = Math.round(from + ((place + diceAt(seed, place)) / customers) * SPAN_MS)

  const drawn = drawOrders(size, customerCreated)
  const orderUpdated = drawn.times.map((time, place) => Math.min(until, time + restless(seed, place)))
  const { first, list } = groupByOwner(drawn.owner, customers)
  const customerUpdated = customerCreated.slice()
  for (let place = 0; place < orders; place++) {
    const owner = drawn.owner[place] ?? 0
    customerUpdated[owner] = Math.max(customerUpdated[owner] ?? 0, orderUpdated[place] ?? 0)
  }
  return {
    size,
    customerCreated,
    customerUpdated,
    orderCreated: drawn.times,
    orderUpdated,
    owner: drawn.owner,
    ordersOf: (customer) => list.subarray(first[customer], first[customer + 1]),
  }
}

/** What becomes of an order. */
export function fateOf(seed: number, order: number): Fate {
  const dice = diceAt(seed + 31, order)
  if (dice < 0.03) return 'cancelled'
  if (dice < 0.06) return 'refunded'
  if (dice < 0.1) return 'partly refunded'
  return dice < 0.12 ? 'pending' : 'paid'
}

function drawOrders({ customers, orders, seed, until }: Size, created: Float64Array) {
  const owners = new Int32Array(orders)
  const times = new Float64Array(orders)
  for (let place = 0; place < orders; place++) {
    // Bent, so that some buy often and many once or never.
    const owner = Math.floor(customers * diceAt(seed + 11, place) ** 1.3)
    owners[place] = owner
    const since = created[owner] ?? 0
    times[place] = Math.round(since + (until - since) * diceAt(seed + 12, place))
  }
  const places = new Uint32Array(orders).map((_, place) => place)
  places.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b)
  return {
    times: times.map((_, place) => times[places[place] ?? 0] ?? 0),
    owner: owners.map((_, place) => owners[places[place] ?? 0] ?? 0),
  }
}

function groupByOwner(owner: Int32Array, customers: number) {
  const first = new Int32Array(customers + 1)
  for (const each of owner) first[each + 1] = (first[each + 1] ?? 0) + 1
  for (let place = 0; place < customers; place++)
    first[place + 1] = (first[place + 1] ?? 0) + (first[place] ?? 0)
  const next = first.slice()
  const list = new Int32Array(owner.length)
  for (const [order, customer] of owner.entries()) {
    const place = next[customer] ?? 0
    list[place] = order
    next[customer] = place + 1
  }
  return { first, list }
}

/** How long after it was placed an order last changed. */
function restless(seed: number, order: number): number {
  const fate = fateOf(seed, order)
  const days = fate === 'refunded' || fate === 'partly refunded' ? 21 : fate === 'pending' ? 0.01 : 4
  return Math.round(days * DAY_MS * diceAt(seed + 32, order))
}
