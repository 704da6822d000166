// A person's journey laid out in time: which visit on which device, who the browser holds them for, where orders and refunds fall.
import { localToInstant } from '../lib/instant.ts'
import type { Device } from './devices.ts'
import { journeyOf } from './journey.ts'
import type { Order } from './journey.ts'
import { hours, partialRefundShare, refundShare, segments } from './parameters.ts'
import type { DemoChannel } from './parameters.ts'
import { detailsOf, personOf, sharesDeviceWith, streams } from './people.ts'
import type { Details, Person } from './people.ts'
import { Stream } from './random.ts'
import { dayMs, weekdayOf } from './world.ts'
import type { World } from './world.ts'

/** A visit to the site. */
export interface Visit {
  kind: 'visit'
  /** instant (ms) of its first call */
  at: number
  channel: DemoChannel
  key: readonly [number, number]
  device: Device
  /** the first visit of this browser */
  isFirst: boolean
  /** the visit on which the person tells who they are */
  tells: boolean
  /** signs in to a known account: the browser learns who it is */
  signsIn: boolean
  /** what the browser holds the person for at its start */
  userId: string | undefined
  /** whether the person is known to the shop at its start */
  isKnown: boolean
  orders: Order[]
  /** the person takes back what they said about advertising */
  takesBackAds: boolean
  allowsAds: boolean | undefined
  /** the instant (ms) of what the banner was last told in this browser */
  choseAt: number
}

/** An order that a salesperson enters, a refund, an unsubscription: calls of a server, outside any visit. */
export interface ServerAct {
  kind: 'order' | 'refund' | 'unsubscribe'
  at: number
  order: Order | null
  /** of a refund: part of the total, or all of it */
  part: number
}

export interface Plan {
  person: Person
  details: Details
  /** in order of time */
  acts: (Visit | ServerAct)[]
}

/** Lays out what a person does; the same for the same world and index. */
export function planOf(world: World, index: number): Plan {
  const { person, touches, orders } = journeyOf(world, index)
  const details = detailsOf(world, person)
  const timed = touches.map((touch) => ({
    ...touch,
    at: visitTime(world, person, details, touch),
    orders: [] as Order[],
    tells: false,
  }))
  const telling = timed.find((visit) => visit.key[0] === 0 && visit.day === person.tellsOn)
  if (telling) telling.tells = true

  const server: ServerAct[] = []
  for (const order of orders) {
    if (person.segment === 'business' && person.tellsOn !== null && person.tellsOn < order.day) {
      server.push({ kind: 'order', at: officeTime(world, details, order), order, part: 1 })
      continue
    }
    const ofDay = timed.filter((visit) => visit.day === order.day)
    const last = ofDay.reduce<(typeof timed)[number] | undefined>(
      (best, visit) => (best && best.at > visit.at ? best : visit),
      undefined,
    )
    if (last) last.orders.push(order)
    else {
      const own = { day: order.day, channel: 'Direct' as const, key: [ownVisit, order.day] as const }
      timed.push({ ...own, at: visitTime(world, person, details, own), orders: [order], tells: false })
    }
  }
  timed.sort((a, b) => a.at - b.at)
  keepApart(timed)
  const visits = withBrowsers(world, person, details, timed)
  for (const order of orders)
    server.push(...refundsOf(world, person, orderedAt(order, visits, server), order))
  const leaves = person.subscribed?.to ?? Infinity
  if (leaves < Math.min(person.lastDay, world.days)) {
    const key = { day: leaves, channel: 'Email' as const, key: [ownVisit + 1, leaves] as const }
    server.push({ kind: 'unsubscribe', at: visitTime(world, person, details, key), order: null, part: 0 })
  }
  return { person, details, acts: [...visits, ...server].sort((a, b) => a.at - b.at) }
}

const ownVisit = 90
const minuteMs = 60_000
const hourMs = 60 * minuteMs

function visitTime(
  world: World,
  person: Person,
  details: Details,
  touch: { day: number; channel: DemoChannel; key: readonly [number, number] },
): number {
  const random = new Stream(world.seed, streams.visit, person.index, ...touch.key)
  const table = touch.channel === 'Email' ? hours.mail : hours[segments[person.segment].rhythm]
  const hour = random.weighted(clock, (one) => table[one] ?? 0)
  return (
    localInstant(world, details.zone, touch.day, hour, random.integer(0, 59), random.integer(0, 59)) +
    random.integer(0, 999)
  )
}

const clock = Array.from({ length: 24 }, (_, hour) => hour)

function localInstant(
  world: World,
  zone: string,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number {
  const date = new Date(world.startAt + day * dayMs)
  const at = localToInstant(
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    hour,
    minute,
    second,
    zone,
  )
  if (at === null) throw new Error(`no instant on day ${day} in ${zone}`)
  return at
}

function officeTime(world: World, details: Details, order: Order): number {
  const random = new Stream(
    world.seed,
    streams.order,
    order.day,
    order.nth,
    Number.parseInt(details.userId.slice(1), 10),
  )
  return localInstant(
    world,
    details.zone,
    order.day,
    random.integer(9, 16),
    random.integer(0, 59),
    random.integer(0, 59),
  )
}

// A person is on the site once at a time: a visit that would begin within an hour of the one before begins an hour after it.
function keepApart(timed: { at: number }[]): void {
  for (let place = 1; place < timed.length; place++) {
    const [before, visit] = [timed[place - 1], timed[place]]
    if (before && visit && visit.at < before.at + hourMs) visit.at = before.at + hourMs
  }
}

type Timed = Pick<Visit, 'at' | 'channel' | 'key' | 'orders' | 'tells'>

function withBrowsers(world: World, person: Person, details: Details, timed: Timed[]): Visit[] {
  const [first, second] = details.devices
  if (!first) throw new Error('a person without a device')
  const knownFrom = timed.find((visit) => visit.tells || visit.orders.length > 0)?.at ?? Infinity
  const drawn = timed.map((visit) =>
    new Stream(world.seed, streams.visit, person.index, ...visit.key, 1).chance(0.38),
  )
  // A second device counts only where the person is known on it in the end; else it would be somebody else for good.
  const isUsed = timed.some((visit, place) => drawn[place] && visit.at > knownFrom)
  const borrowed = sharesDeviceWith(world, person)
  const owner = borrowed === null ? null : detailsOf(world, personOf(world, borrowed)).devices[0]
  const borrowedAt = owner
    ? timed.findLast((visit) => visit.at > knownFrom && visit.orders.length === 0)?.at
    : undefined
  const seen = new Map<Device, { userId: string | undefined; isTold: boolean; choseAt: number }>()
  let isKnown = false
  let hasAccount = false
  const takesBackAt =
    details.takesBackAdsAt === null
      ? Infinity
      : world.startAt + details.takesBackAdsAt * (world.endAt - world.startAt)
  let allowsAds = details.allowsAds
  return timed.map((visit, place) => {
    const device =
      owner && visit.at === borrowedAt
        ? owner
        : second && isUsed && drawn[place] && !visit.tells
          ? second
          : first
    const browser = seen.get(device)
    const signsIn = isKnown && !browser?.isTold
    const takesBackAds = allowsAds === true && browser !== undefined && visit.at > takesBackAt
    if (takesBackAds) allowsAds = false
    const isFirst = browser === undefined
    const choseAt = browser && !takesBackAds ? browser.choseAt : visit.at
    const userId = browser?.userId
    const tellsNow = visit.tells || visit.orders.length > 0
    const told: Visit = {
      kind: 'visit',
      ...visit,
      device,
      isFirst,
      signsIn,
      userId,
      isKnown,
      takesBackAds,
      allowsAds,
      choseAt,
    }
    hasAccount ||= visit.orders.length > 0 || (visit.tells && person.tellsBy === 'account')
    isKnown ||= tellsNow
    const learns = tellsNow || signsIn
    seen.set(device, {
      userId: learns && hasAccount ? details.userId : userId,
      isTold: (browser?.isTold ?? false) || learns,
      choseAt,
    })
    return told
  })
}

function orderedAt(order: Order, visits: Visit[], server: ServerAct[]): number {
  const visit = visits.find((one) => one.orders.includes(order))
  return visit?.at ?? server.find((act) => act.order === order)?.at ?? 0
}

function refundsOf(world: World, person: Person, at: number, order: Order): ServerAct[] {
  const random = new Stream(world.seed, streams.order, person.index, order.day, order.nth, 1)
  if (!random.chance(refundShare)) return []
  const later = at + (2 + random.exponential(5)) * dayMs
  // Refunds are made in office hours of the shop, on weekdays.
  const day = Math.floor((later - world.startAt) / dayMs)
  const weekday = weekdayOf(world, day)
  const refundedAt =
    world.startAt +
    (day + (weekday === 6 ? 2 : weekday === 0 ? 1 : 0)) * dayMs +
    random.integer(13 * 60, 21 * 60) * minuteMs
  if (refundedAt >= world.endAt) return []
  return [{ kind: 'refund', at: refundedAt, order, part: random.chance(partialRefundShare) ? 0.3 : 1 }]
}
