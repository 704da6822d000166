// The calls that a visit or a server's act sends: Segment's messages as the tracker and the server libraries word them.
import { arrivalOf } from './arrivals.ts'
import type { Arrival } from './arrivals.ts'
import { fractionDigits, site } from './shop.ts'
import { streams } from './people.ts'
import type { Details } from './people.ts'
import type { Plan, ServerAct, Visit } from './plan.ts'
import { Stream } from './random.ts'
import { orderOf, traitsOf } from './told.ts'
import { walk } from './walk.ts'
import type { World } from './world.ts'

/** One call, who it is of, and what sent it. */
export interface DemoCall {
  /** the person's number, or a machine's after those of all people */
  actor: number
  via: 'browser' | 'server'
  message: DemoMessage
}

/** A message of Segment's tracking API (https://segment.com/docs/connections/spec/). */
export interface DemoMessage {
  type: 'page' | 'track' | 'identify' | 'group'
  messageId: string
  anonymousId?: string
  userId?: string
  groupId?: string
  event?: string
  name?: string
  properties?: Record<string, unknown>
  traits?: Record<string, unknown>
  context: Record<string, unknown>
  /** ISO 8601 */
  timestamp: string
}

/** The calls of one act of a plan, in order of time. */
export function callsOf(world: World, plan: Plan, act: Visit | ServerAct): DemoCall[] {
  return act.kind === 'visit' ? browserCalls(world, plan, act) : serverCalls(world, plan, act)
}

function browserCalls(world: World, plan: Plan, visit: Visit): DemoCall[] {
  const { person, details } = plan
  const random = new Stream(world.seed, streams.visit, person.index, ...visit.key, 2)
  const ids = new Stream(world.seed, streams.ids, person.index, ...visit.key, 4)
  const arrival = arrivalOf(visit.channel, person.segment, visit.device, visit.at, random)
  const scene = sceneOf(visit, details, arrival, ids)
  const calls: DemoCall[] = []
  let at = visit.at
  let userId = visit.userId
  let page = arrival.landing
  let search = arrival.search
  let referrer = arrival.referrer
  const send = (message: Partial<DemoMessage> & Pick<DemoMessage, 'type'>): void => {
    const url = site + page.path + search
    calls.push({
      actor: person.index,
      via: 'browser',
      message: {
        messageId: ids.uuid(),
        anonymousId: visit.device.anonymousId,
        ...(userId ? { userId } : {}),
        ...message,
        context: scene({ url, path: page.path, search, title: page.title, referrer }, calls.length === 0),
        timestamp: new Date(at).toISOString(),
      },
    })
    at += random.integer(120, 900)
  }
  let isLanding = true
  for (const beat of walk(world, plan, visit, arrival.landing, random)) {
    if (beat.does === 'wait') at += beat.seconds * 1000
    if (beat.does === 'page') {
      if (!isLanding) {
        referrer = site + page.path + search
        page = beat.page
        search = beat.search ?? ''
      }
      isLanding = false
      const url = site + page.path + search
      send({ type: 'page', properties: { url, path: page.path, search, title: page.title, referrer } })
    }
    if (beat.does === 'track') send({ type: 'track', event: beat.event, properties: beat.properties })
    if (beat.does === 'group') send({ type: 'group', groupId: beat.groupId, traits: beat.traits })
    if (beat.does === 'identify') {
      if (beat.withAccount) userId = details.userId
      send({ type: 'identify', traits: beat.traits })
    }
  }
  return calls
}

type Scene = (page: Record<string, string>, isStart: boolean) => Record<string, unknown>

// What every call of the visit tells about page, browser and consent.
function sceneOf(visit: Visit, details: Details, arrival: Arrival, ids: Stream): Scene {
  const sessionId = ids.uuid()
  const { userAgent, screen } = visit.device
  const startedAt = new Date(visit.at).toISOString()
  const asked = visit.allowsAds !== undefined
  const choices = asked
    ? {
        analytics: true,
        ad_user_data: visit.allowsAds === true,
        ad_personalisation: visit.allowsAds === true,
      }
    : undefined
  const mayAds = visit.allowsAds !== false
  const clickIds = arrival.click
    ? { [arrival.click.name]: { value: arrival.click.value, at: startedAt } }
    : {}
  const fbclid =
    arrival.click?.name === 'fbclid' && mayAds ? { fbc: `fb.1.${visit.at}.${arrival.click.value}` } : {}
  return (page, isStart) => ({
    library: { name: 'throughline.js', version: '0.1.0' },
    page,
    locale: details.locale,
    timezone: details.zone,
    screen,
    userAgent,
    ...(arrival.campaign && page.search === arrival.search ? { campaign: arrival.campaign } : {}),
    ...(arrival.referrer ? { referrer: { url: arrival.referrer } } : {}),
    ...(choices ? { consent: { categoryPreferences: choices } } : {}),
    throughline: {
      sessionId,
      ...(isStart ? { sessionStart: true } : {}),
      ...(arrival.campaign ? { campaign: arrival.campaign } : {}),
      clickIds,
      ...fbclid,
      ...(choices ? { consentAt: new Date(visit.choseAt).toISOString() } : {}),
    },
  })
}

function serverCalls(world: World, plan: Plan, act: ServerAct): DemoCall[] {
  const { person, details } = plan
  const names = act.order ? [act.order.day, act.order.nth] : [0, 0]
  const ids = new Stream(
    world.seed,
    streams.ids,
    person.index,
    ...names,
    { order: 5, refund: 6, unsubscribe: 7 }[act.kind],
  )
  const hasAccount = act.kind !== 'unsubscribe'
  const who = {
    ...(hasAccount ? { userId: details.userId } : { anonymousId: details.devices[0]?.anonymousId }),
  }
  const callOf = (message: Partial<DemoMessage> & Pick<DemoMessage, 'type'>, place: number): DemoCall => {
    return {
      actor: person.index,
      via: 'server',
      message: {
        messageId: ids.uuid(),
        ...who,
        ...message,
        context: { library: { name: '@segment/analytics-node', version: '3.1.0' } },
        timestamp: new Date(act.at + place * 40).toISOString(),
      },
    }
  }
  if (act.order === null) {
    return [
      callOf(
        { type: 'track', event: 'Unsubscribed', properties: { list: 'letters', email: details.email } },
        0,
      ),
    ]
  }
  const { amounts } = orderOf(world, person, act.order)
  if (act.kind === 'order') {
    return [
      callOf({ type: 'identify', traits: traitsOf(details, true) }, 0),
      callOf(
        { type: 'track', event: 'Order Completed', properties: { ...amounts, sales_channel: 'sales' } },
        1,
      ),
    ]
  }
  const digits = fractionDigits(world.currency)
  const total =
    act.part === 1
      ? amounts.total
      : Math.max(10 ** -digits, Number((amounts.total * act.part).toFixed(digits)))
  const properties = {
    order_id: amounts.order_id,
    total,
    currency: amounts.currency,
    ...(act.part === 1 ? { products: amounts.products } : {}),
  }
  return [callOf({ type: 'track', event: 'Order Refunded', properties }, 0)]
}
