// Guarantees of the demo's calls: deterministic, valid, in order, shaped like a real shop's, and nobody's.
import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { channelOf } from '../events/channels.ts'
import { checkMessage } from '../ingest/check.ts'
import { isSharedEmail, normaliseEmail } from '../lib/email.ts'
import { instantToLocal, parseInstant } from '../lib/instant.ts'
import { normalisePhone } from '../lib/phone.ts'
import type { DemoCall } from './calls.ts'
import { demoChannels } from './parameters.ts'
import { planOf } from './plan.ts'
import { journeysOf } from './simulate.ts'
import { demoCalls, worldFor } from './stream.ts'
import type { DemoOptions, World } from './world.ts'

const options: DemoOptions = { seed: 1, leads: 500, days: 60, events: 20_000, endOn: '2025-06-30' }
let calls: DemoCall[]
let world: World

beforeAll(() => {
  calls = [...demoCalls(options)]
  world = worldFor(options)
})

describe('the seed', () => {
  test('gives the same calls to the byte each time, and other calls for another seed', () => {
    const small = { ...options, leads: 60, events: 2400 }
    expect(digest([...demoCalls(small)])).toBe(digest([...demoCalls(small)]))
    expect(digest([...demoCalls({ ...small, seed: 2 })])).not.toBe(digest([...demoCalls(small)]))
  })
})

describe('counts', () => {
  test('of calls are within 5 % of what is asked, at ten as at a hundred calls a lead', () => {
    expect(Math.abs(calls.length / 20_000 - 1)).toBeLessThan(0.05)
    for (const [leads, events] of [
      [3000, 30_000],
      [100, 10_000],
    ] as const) {
      const count = [...demoCalls({ ...options, leads, events })].length
      expect(Math.abs(count / events - 1)).toBeLessThan(0.05)
    }
  })

  test('of visitors who would be separate leads are within 5 % of the asked leads', () => {
    expect(Math.abs(components(calls) / 500 - 1)).toBeLessThan(0.05)
  })

  test('of orders in the calls are those of the simulated journeys', () => {
    const simulated = [...journeysOf(world)].reduce((sum, journey) => sum + journey.orders.length, 0)
    expect(tracked('Order Completed').length).toBe(simulated)
  })
})

describe('every call', () => {
  test('passes the door of the inbox, with its own message id', () => {
    const ids = new Set<string>()
    for (const { message } of calls) {
      const checked = checkMessage(message, undefined, {}, () => 'none')
      expect(checked.ok).toBe(true)
      ids.add(message.messageId)
    }
    expect(ids.size).toBe(calls.length)
  })

  test('comes in order of time, and none more than a day beyond the window', () => {
    const times = calls.map((call) => parseInstant(call.message.timestamp) ?? 0)
    expect(times.every((at, place) => place === 0 || at >= (times[place - 1] ?? 0))).toBe(true)
    expect(times[0]).toBeGreaterThan(Date.UTC(2025, 4, 1))
    expect(times.at(-1)).toBeLessThan(Date.UTC(2025, 6, 2))
  })

  test('of a browser carries page, browser, zone and session, and the first of each session says that it starts', () => {
    const sessions = new Set<string>()
    const wrong: unknown[] = []
    for (const { via, message } of calls) {
      if (via !== 'browser') continue
      const { page, userAgent, locale, timezone, throughline } = message.context
      const { url } = page as { url: string }
      const { sessionId, sessionStart = false } = throughline as { sessionId: string; sessionStart?: boolean }
      const isWhole = url.startsWith('https://www.northlight.example/') && userAgent && locale && timezone
      if (!isWhole || sessionStart === sessions.has(sessionId)) wrong.push(message)
      sessions.add(sessionId)
    }
    expect(wrong).toEqual([])
  })
})

test('the channel rules give each visit the channel that the model meant', () => {
  const landings = new Map<string, DemoCall['message']>()
  for (const { via, message } of calls) {
    if (
      via === 'browser' &&
      message.type === 'page' &&
      (message.context.throughline as { sessionStart?: boolean }).sessionStart
    )
      landings.set(`${message.anonymousId}/${message.timestamp}`, message)
  }
  const met = new Set<string>()
  for (let index = 0; index < world.people; index++) {
    for (const act of planOf(world, index).acts) {
      if (act.kind !== 'visit') continue
      const landing = landings.get(`${act.device.anonymousId}/${new Date(act.at).toISOString()}`)
      const page = landing?.context.page as { url: string; referrer: string }
      expect(channelOf({ pageUrl: page.url, referrer: page.referrer }).channel).toBe(act.channel)
      met.add(act.channel)
    }
  }
  expect([...met].sort()).toEqual([...demoChannels].sort())
})

describe('orders', () => {
  test('come before their refunds, which never exceed them', () => {
    const placed = new Map<unknown, { at: string; total: number }>()
    let refunds = 0
    for (const { message } of calls) {
      const properties = message.properties ?? {}
      if (message.event === 'Order Completed')
        placed.set(properties.order_id, { at: message.timestamp, total: Number(properties.total) })
      if (message.event !== 'Order Refunded') continue
      const order = placed.get(properties.order_id)
      expect(order).toBeDefined()
      expect(Number(properties.total)).toBeLessThanOrEqual(order?.total ?? 0)
      expect(Number(properties.total)).toBeGreaterThan(0)
      refunds++
    }
    expect(refunds).toBeGreaterThan(0)
  })

  test('have totals that add up, in the asked currency, with its digits', () => {
    for (const [currency, digits] of [
      ['USD', 2],
      ['JPY', 0],
    ] as const) {
      for (const { properties = {} } of tracked('Order Completed', [
        ...demoCalls({ ...options, leads: 150, events: 6000, currency }),
      ])) {
        const { subtotal, discount, shipping, tax, total } = properties as Record<string, number>
        expect(Number((subtotal! - discount! + shipping! + tax!).toFixed(digits))).toBe(total)
        expect(Number(total!.toFixed(digits))).toBe(total)
        expect(properties.currency).toBe(currency)
        const lines = properties.products as { price: number; quantity: number }[]
        expect(Number(lines.reduce((sum, line) => sum + line.price * line.quantity, 0).toFixed(digits))).toBe(
          subtotal,
        )
      }
    }
  })

  test('are repeated by some people, and placed from browsers and by servers', () => {
    const orders = calls.filter((call) => call.message.event === 'Order Completed')
    const buyers = new Set(orders.map((call) => call.message.userId))
    expect(buyers.size).toBeLessThan(orders.length)
    expect(new Set(orders.map((call) => call.via))).toEqual(new Set(['browser', 'server']))
  })
})

describe('the shape', () => {
  test('of a day is the visitor’s own: people in their evening, companies in office hours', () => {
    const { people, companies } = visitHours()
    expect(share(people, 18, 22)).toBeGreaterThan(1.5 * share(people, 6, 10))
    expect(share(people, 1, 5)).toBeLessThan(0.05)
    expect(share(companies, 8, 18)).toBeGreaterThan(0.7)
  })

  test('of a week is busiest on Sunday for people and nearly empty on weekends for companies', () => {
    const { people, companies } = visitHours()
    const weekend = (list: Local[]): number =>
      list.filter((one) => one.weekday === 0 || one.weekday === 6).length / list.length
    expect(weekend(people)).toBeGreaterThan(0.26)
    expect(weekend(companies)).toBeLessThan(0.14)
  })

  test('has several countries, devices, machines, consent changes, forms and people known and unknown', () => {
    const zones = new Set(calls.map((call) => call.message.context.timezone))
    expect(zones.size).toBeGreaterThan(10)
    expect(tracked('consent_updated').length).toBeGreaterThan(50)
    expect(tracked('form_submitted').length).toBeGreaterThan(50)
    expect(tracked('Unsubscribed').length).toBeGreaterThan(2)
    const machines = calls.filter((call) => /bot|headless/i.test(String(call.message.context.userAgent)))
    expect(machines.length / calls.length).toBeGreaterThan(0.005)
    expect(machines.length / calls.length).toBeLessThan(0.1)
  })

  test('shows anonymous visits before people say who they are', () => {
    const seen = new Set<string>()
    let later = 0
    for (const { via, message } of calls) {
      if (via !== 'browser' || !message.anonymousId) continue
      if (message.type === 'identify' && seen.has(message.anonymousId)) later++
      seen.add(message.anonymousId)
    }
    expect(later).toBeGreaterThan(150)
  })
})

describe('nobody', () => {
  test('is meant: all hosts are reserved ones or sites that visits come from', () => {
    const known =
      /^(www\.)?(google|bing|duckduckgo|linkedin|instagram|pinterest|reddit|tiktok)\.com$|^l\.(facebook|instagram)\.com$/
    const text = calls.map((call) => JSON.stringify(call.message)).join('\n')
    const hosts = new Set([...text.matchAll(/https?:\/\/([^/"?)]+)/g)].map((match) => match[1] ?? ''))
    expect([...hosts].filter((host) => !host.endsWith('.example') && !known.test(host))).toEqual([])
    const mail = new Set([...text.matchAll(/"[^"@\s/]+@([^"@\s/]+)"/g)].map((match) => match[1] ?? ''))
    expect([...mail].filter((domain) => !/^example\.(com|net|org)$|\.example$/.test(domain))).toEqual([])
  })

  test('shares an address or number with another person, and all of them are valid', () => {
    const byEmail = new Map<string, unknown>()
    const byPhone = new Map<string, unknown>()
    for (const { message } of calls) {
      const { email, phone } = message.traits ?? {}
      if (typeof email !== 'string') continue
      const read = normaliseEmail(email)
      expect('email' in read && read.email === email && !isSharedEmail(email)).toBe(true)
      if (typeof phone !== 'string') continue
      expect(normalisePhone(phone)).toMatchObject({ phone })
      expect(byPhone.get(phone) ?? email).toBe(email)
      byPhone.set(phone, email)
      byEmail.set(email, phone)
    }
    expect(byEmail.size).toBeGreaterThan(20)
  })
})

interface Local {
  hour: number
  weekday: number
}

// The local time of the landing page of each visit by somebody, companies' people apart.
function visitHours(): { people: Local[]; companies: Local[] } {
  const people: Local[] = []
  const companies: Local[] = []
  for (let index = 0; index < world.people; index++) {
    const { person, details, acts } = planOf(world, index)
    for (const act of acts) {
      if (act.kind !== 'visit') continue
      const { year, month, day, hour } = instantToLocal(act.at, details.zone)
      const local = { hour, weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay() }
      ;(person.segment === 'business' ? companies : people).push(local)
    }
  }
  return { people, companies }
}

function share(list: Local[], from: number, to: number): number {
  return list.filter((one) => one.hour >= from && one.hour < to).length / list.length
}

function tracked(event: string, from = calls): DemoCall['message'][] {
  return from.map((call) => call.message).filter((message) => message.event === event)
}

function digest(list: DemoCall[]): string {
  return createHash('sha256').update(JSON.stringify(list)).digest('hex')
}

// Groups of calls that share an anonymous id, a user id or an e-mail address.
function components(list: DemoCall[]): number {
  const parent = new Map<string, string>()
  const root = (name: string): string => {
    let at = name
    for (let up = parent.get(at); up !== undefined && up !== at; up = parent.get(at)) at = up
    parent.set(name, at)
    return at
  }
  for (const { message } of list) {
    const names = [message.anonymousId, message.userId, message.traits?.email].filter(
      (name) => typeof name === 'string',
    )
    const [first] = names
    if (first === undefined) continue
    for (const name of names) parent.set(root(name), root(first))
  }
  return new Set([...parent.keys()].map(root)).size
}
