// People who live at random: visits before and after they say who they are, orders, refunds, mails, machines, late and repeated delivery.
import { dice } from './dice.ts'

/** A call of Segment's tracking API, and when it happened (ms since 1970). */
export interface Told {
  person: number
  at: number
  message: Record<string, unknown> & { messageId: string }
}

const DAY_MS = 86_400_000
const campaigns = [
  { source: 'google', medium: 'cpc', name: 'Spring' },
  { source: 'facebook', medium: 'paid_social', name: 'Spring' },
  { source: 'letters', medium: 'email', name: 'Letter 7' },
  { source: 'partner', medium: 'affiliate' },
]
const pages = ['/', '/pricing', '/blog/one', '/products/a', '/products/b', '/contact']
const products = ['a', 'b', 'c', 'd', 'e']
const BROWSER =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36'
const MACHINE = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'
const titles = ['CEO', 'Student assistant', 'Head of sales', 'Engineer', undefined]
const companies = ['Acme', 'Globex', 'Initech', undefined]

/**
 * What so many people do within 200 days up to an instant, in order of time; about 25 calls each, no two of a person at one
 * instant. The same seed and instant give the same.
 */
export function randomLives(people: number, until: number, seed: number): Told[] {
  const draw = dice(seed)
  const told: Told[] = []
  for (let person = 0; person < people; person++) told.push(...lifeOf(person, until, draw))
  return told.sort((a, b) => a.at - b.at || (a.message.messageId < b.message.messageId ? -1 : 1))
}

/** The order in which calls arrive: some much later than they happened, some twice. */
export function delivered(told: readonly Told[], seed: number): Told[] {
  const draw = dice(seed)
  const arrivals = told.map((one, place) => ({
    one,
    turn: draw() < 0.12 ? place + draw() * told.length * 0.5 : place,
  }))
  const again = told.flatMap((one, place) =>
    draw() < 0.05 ? [{ one, turn: place + draw() * told.length }] : [],
  )
  return [...arrivals, ...again].sort((a, b) => a.turn - b.turn).map(({ one }) => one)
}

function lifeOf(person: number, until: number, draw: () => number): Told[] {
  const below = (limit: number) => Math.floor(draw() * limit)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!
  const userId = `user-${person}`
  const devices = [`device-${person}-a`, `device-${person}-b`]
  const from = until - (20 + below(180)) * DAY_MS
  const isMachine = draw() < 0.02
  const knownFrom = draw() < 0.75 ? from + draw() * (until - from) : Infinity
  const secondFrom = knownFrom + draw() * (until - knownFrom)
  const taken = new Set<number>()
  const life: Told[] = []
  const orders: string[] = []

  const tell = (at: number, message: Record<string, unknown>): void => {
    let instant = Math.min(until - 1, Math.floor(at))
    while (taken.has(instant)) instant--
    taken.add(instant)
    const messageId = `${person}/${taken.size}`
    const { context, ...rest } = message
    life.push({
      person,
      at: instant,
      message: {
        messageId,
        timestamp: new Date(instant).toISOString(),
        context: { userAgent: isMachine ? MACHINE : BROWSER, ...(context as object | undefined) },
        ...rest,
      },
    })
  }
  const identify = (at: number, device: string) =>
    tell(at, {
      type: 'identify',
      userId,
      anonymousId: device,
      traits: {
        email: `${userId}@people.example`,
        ...(draw() < 0.6 ? { title: pick(titles), company: { name: pick(companies) } } : {}),
      },
    })
  if (knownFrom < Infinity) {
    identify(knownFrom, devices[0]!)
    if (draw() < 0.5) identify(secondFrom, devices[1]!)
  }

  const acts = 4 + below(40)
  for (let act = 0; act < acts; act++) {
    const at = from + draw() * (until - from)
    const isKnown = at >= knownFrom
    const device = draw() < 0.8 ? devices[0]! : devices[1]!
    const who = isKnown && draw() < 0.6 ? { userId, anonymousId: device } : { anonymousId: device }
    const kind = draw()
    if (kind < 0.5) {
      const path = pick(pages)
      const isStart = draw() < 0.5
      tell(at, {
        type: 'page',
        ...who,
        properties: { path, url: `https://shop.example${path}`, title: path },
        context: isStart
          ? {
              throughline: { sessionStart: true },
              ...(draw() < 0.7 ? { campaign: pick(campaigns) } : {}),
            }
          : {},
      })
    } else if (kind < 0.72) {
      const event = pick(['Product Viewed', 'Product Added', 'Checkout Started', 'Content Downloaded'])
      tell(at, { type: 'track', ...who, event, properties: { product_id: pick(products) } })
    } else if (kind < 0.8) {
      const event = pick(['Form Submitted', 'Demo Requested', 'Signed Up', 'Webinar Attended'])
      tell(at, { type: 'track', ...who, event, properties: { form_id: pick(['news', 'contact']) } })
    } else if (!isKnown) {
      tell(at, { type: 'page', ...who, properties: { path: '/', url: 'https://shop.example/' } })
    } else if (kind < 0.9) {
      const event = pick([
        'Email Opened',
        'Email Link Clicked',
        'Email Delivered',
        'Unsubscribed',
        'Email Bounced',
      ])
      const context = event === 'Email Opened' && draw() < 0.5 ? { userAgent: 'Mozilla/5.0' } : {}
      const properties = { campaign_id: pick(['c1', 'c2']), type: 'hard' }
      // Few leave, and few addresses are wrong.
      if ((event === 'Unsubscribed' || event === 'Email Bounced') && draw() < 0.7) continue
      tell(at, { type: 'track', userId, event, properties, context })
    } else {
      const orderId = `O-${person}-${orders.length}`
      orders.push(orderId)
      const total = (1 + below(30_000)) / 100
      const tax = Math.round(total * 8) / 100
      const currency = draw() < 0.9 ? 'EUR' : 'USD'
      const amounts = { order_id: orderId, total, tax, shipping: Math.min(4.9, total - tax), currency }
      tell(at, { type: 'track', userId, event: 'Order Completed', properties: amounts })
      const fate = draw()
      const later = at + draw() * 10 * DAY_MS
      if (fate < 0.12) {
        const part = draw() < 0.5 ? total : Math.round(total * 30) / 100
        const properties = { order_id: orderId, total: part, currency }
        tell(later, { type: 'track', userId, event: 'Order Refunded', properties })
      } else if (fate < 0.18)
        tell(later, {
          type: 'track',
          userId,
          event: 'Order Cancelled',
          properties: { order_id: orderId, currency },
        })
    }
  }
  return life
}
