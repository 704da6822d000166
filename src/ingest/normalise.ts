// The first steps of a message's way: when, what, from where, by what machine, and about whom. Pure and per item.
import type { Category, LoggedEvent, Trace } from '../events/contract.ts'
import { channelOf, eventType, placeOf, readDevice } from '../events/index.ts'
import { correctedTimestamp } from '../lib/instant.ts'
import { parseMoney } from '../lib/money.ts'
import { drop } from '../lib/steps.ts'
import type { Ended } from '../lib/steps.ts'
import { clipText } from '../lib/text.ts'
import type { Arrival } from './contract.ts'

/** What a workspace sets for reading messages. */
export interface ReadingSettings {
  ownDomains: readonly string[]
  currency: string
}

/** An arrival with the event that it will be logged as, and what each step says of it. */
export interface Described extends Arrival {
  event: LoggedEvent
  trace: Trace
}

/** Puts the sender's clock right: `receivedAt - (sentAt - timestamp)`. */
export function correctClock(arrival: Arrival): Arrival & { occurredAt: number; trace: Trace } {
  const { message } = arrival
  const receivedAt = arrival.receivedAt.getTime()
  const { at, basis } = correctedTimestamp({
    timestamp: message.originalTimestamp ?? message.timestamp,
    sentAt: message.sentAt,
    receivedAt,
  })
  const stated =
    basis === 'corrected' ? Date.parse(message.originalTimestamp ?? message.timestamp ?? '') : NaN
  const shift = Number.isFinite(stated) ? at - stated : 0
  return { ...arrival, occurredAt: at, trace: shift === 0 ? {} : { clockShiftMs: shift } }
}

/** Names the event, says what kind it is, and reads the amount it carries. */
export function nameEvent(
  item: Arrival & { occurredAt: number; trace: Trace },
  settings: ReadingSettings,
): Described {
  const { message } = item
  const { name, category } = typeOf(item)
  const given: Record<string, unknown> =
    message.type === 'identify' || message.type === 'group'
      ? (message.traits ?? {})
      : (message.properties ?? {})
  const properties = theirs(given)
  const { valueMinor, currency } = amountOf(properties, settings.currency)
  const page = record(message.context?.page)
  const extra = record(message.context?.throughline)
  const pageUrl = text(page?.url ?? properties.url, 2000)
  return {
    id: item.id,
    receivedOn: item.receivedOn,
    receivedAt: item.receivedAt,
    workspaceId: item.workspaceId,
    source: item.source,
    lane: item.lane,
    message,
    origin: item.origin,
    trace: item.trace,
    event: {
      eventId: item.id,
      occurredAt: new Date(item.occurredAt).toISOString(),
      receivedAt: item.receivedAt.toISOString(),
      name,
      category,
      call: message.type,
      source: item.source,
      anonymousId: message.anonymousId ?? '',
      sessionId: text(extra?.sessionId, 64),
      sessionStart: extra?.sessionStart === true,
      channel: '',
      utmSource: '',
      utmMedium: '',
      utmCampaign: '',
      utmTerm: '',
      utmContent: '',
      pageUrl,
      pagePath: text(page?.path ?? properties.path, 1000),
      pageTitle: text(page?.title ?? properties.title ?? message.name, 500),
      referrer: text(page?.referrer ?? properties.referrer, 2000),
      device: '',
      os: '',
      browser: '',
      country: '',
      countrySource: '',
      isBot: false,
      valueMinor,
      currency,
      actor: item.origin.named?.actor ?? '',
      properties,
    },
  }
}

/** Ends a visit that the visitor does not want recorded; who says who they are, and the refusal itself, is still heard. */
export function respectRefusal(item: Described): Described | Ended {
  const choices = record(record(item.message.context?.consent)?.categoryPreferences)
  const isVisit =
    item.message.type !== 'identify' && !item.message.userId && item.event.category !== 'consent'
  return choices?.analytics === false && isVisit ? drop('consent_refused') : item
}

/** Device, system and browser; and whether a machine made the call. */
export function describeDevice(item: Described): Described {
  const { context } = item.message
  if (item.origin.named) {
    item.event.device = item.origin.named.device ?? ''
    return item
  }
  const stated = typeof context?.userAgent === 'string' ? clipText(context.userAgent, 500) : undefined
  const fromBrowser = item.source === 'tracker' || stated !== undefined
  const device = readDevice(stated ?? item.origin.userAgent, fromBrowser ? 'browser' : 'server')
  item.event.device = device.device ?? ''
  item.event.os = device.os ?? ''
  item.event.browser = device.browser ?? ''
  item.event.isBot = device.isBot
  if (device.isBot) item.trace.bot = device.botReason ?? 'declared_bot'
  return item
}

/** Channel, source, medium and campaign, and the rule that chose them. */
export function classifyChannel(item: Described, settings: ReadingSettings): Described {
  const named = item.origin.named?.channel
  if (item.event.category !== 'page' && item.message.context?.campaign === undefined && !named) return item
  const touch = channelOf({
    pageUrl: item.event.pageUrl || null,
    referrer: item.event.referrer || null,
    campaign: campaignOf(item.message.context?.campaign),
    ownDomains: settings.ownDomains,
  })
  item.event.channel = touch.channel ?? ''
  item.event.utmSource = touch.source ?? ''
  item.event.utmMedium = touch.medium ?? ''
  item.event.utmCampaign = touch.campaign ?? ''
  item.event.utmTerm = touch.term ?? ''
  item.event.utmContent = touch.content ?? ''
  if (named) item.event.channel = named
  if (item.event.channel) item.trace.channel = item.event.channel
  item.trace.channelRule = named ? 'named' : touch.rule
  return item
}

/** The country, and what told it. */
export function locate(item: Described): Described {
  const zone = item.message.context?.timezone
  const place = item.origin.country
    ? { country: item.origin.country, countrySource: item.origin.countrySource ?? 'header' }
    : placeOf({ timeZone: typeof zone === 'string' ? zone : null })
  item.event.country = place.country ?? ''
  item.event.countrySource = place.countrySource ?? ''
  if (place.country) {
    item.trace.country = place.country
    item.trace.countrySource = place.countrySource ?? undefined
  }
  return item
}

/** Keeps what conversions will need of the browser, on the calls that carry it. */
export function keepContext(item: Described): Described {
  const context = item.message.context
  const extra = record(context?.throughline)
  if (!context || (item.event.category !== 'page' && item.message.type !== 'identify')) return item
  const ga = record(extra?.ga)
  const kept = present({
    userAgent: text(context.userAgent ?? item.origin.userAgent, 500),
    pageUrl: item.event.pageUrl,
    language: text(context.locale, 35),
    timeZone: text(context.timezone, 64),
    fbp: text(extra?.fbp, 200),
    fbc: text(extra?.fbc, 500),
    gaClientId: text(ga?.clientId, 100),
    gaSessionId: text(ga?.sessionId, 100),
    ip: item.origin.ip,
  })
  const clicks = clickIdsOf(record(extra?.clickIds), item.receivedAt)
  item.event.properties = {
    ...item.event.properties,
    ...(Object.keys(kept).length > 0 ? { $context: kept } : {}),
    ...(Object.keys(clicks).length > 0 ? { $clickIds: clicks } : {}),
  }
  return item
}

// These two are ours, and projections trust them: see `keepContext`. Few senders have them, and a copy of all others costs.
function theirs(given: Record<string, unknown>): Record<string, unknown> {
  if (!('$context' in given) && !('$clickIds' in given)) return given
  const { $context: _context, $clickIds: _clickIds, ...properties } = given
  return properties
}

function typeOf(item: Arrival): { name: string; category: Category } {
  const { message } = item
  switch (message.type) {
    case 'page':
      return { name: 'page_viewed', category: 'page' }
    case 'screen':
      return { name: 'screen_viewed', category: 'page' }
    case 'identify':
      return { name: 'identified', category: 'identity' }
    case 'group':
      return { name: 'grouped', category: 'identity' }
    case 'alias':
      return { name: 'aliased', category: 'identity' }
    case 'track':
      return eventType(message.event ?? '')
  }
}

// Segment's e-commerce specification: `total`, else `revenue`, else `value`, in major units with a currency.
function amountOf(
  properties: Record<string, unknown>,
  fallback: string,
): { valueMinor: number; currency: string } {
  const amount = properties.total ?? properties.revenue ?? properties.value
  if (typeof amount !== 'number' && typeof amount !== 'string') return { valueMinor: 0, currency: '' }
  const currency =
    typeof properties.currency === 'string' ? properties.currency.trim().toUpperCase() : fallback
  const read = parseMoney(amount, currency)
  return 'minor' in read ? { valueMinor: read.minor, currency } : { valueMinor: 0, currency: '' }
}

function campaignOf(
  value: unknown,
): { name?: string; source?: string; medium?: string; term?: string; content?: string } | null {
  const campaign = record(value)
  if (!campaign) return null
  const read = present({
    name: text(campaign.name, 200),
    source: text(campaign.source, 200),
    medium: text(campaign.medium, 200),
    term: text(campaign.term, 200),
    content: text(campaign.content, 200),
  })
  return Object.keys(read).length > 0 ? read : null
}

function clickIdsOf(
  given: Record<string, unknown> | undefined,
  receivedAt: Date,
): Record<string, { value: string; at: string }> {
  const clicks: [string, { value: string; at: string }][] = []
  for (const [name, click] of Object.entries(given ?? {}).slice(0, 20)) {
    const entry = record(click)
    const at = typeof entry?.at === 'number' ? new Date(entry.at) : new Date(text(entry?.at, 40))
    if (entry && typeof entry.value === 'string' && /^[a-z]\w{0,19}$/i.test(name) && isPast(at, receivedAt)) {
      clicks.push([name, { value: clipText(entry.value, 300), at: at.toISOString() }])
    }
  }
  return Object.fromEntries(clicks)
}

// A click of the future would outlast every later one; a sender's clock may be wrong by a day.
function isPast(at: Date, receivedAt: Date): boolean {
  return at.getTime() >= Date.UTC(2000, 0) && at.getTime() <= receivedAt.getTime() + 86_400_000
}

function record(value: unknown): Record<string, unknown> | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}

function text(value: unknown, max: number): string {
  return typeof value === 'string' ? clipText(value, max) : ''
}

function present<T extends Record<string, string | undefined>>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value)) as Partial<T>
}
