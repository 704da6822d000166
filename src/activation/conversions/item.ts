// An event in the outbox, and the conversion that is made of it and of what is known of the person when it leaves. Pure.
import type { Conversion, Mapped } from '../../connectors/index.ts'
import type { LoggedEvent } from '../../events/contract.ts'
import { withoutEmails } from '../../lib/address-in-text.ts'
import type { Outgoing } from '../../deliveries/index.ts'
import type { SentEvent } from './contract.ts'
import { orderIdOf } from './sources.ts'
import type { ConversionEvent } from './sources.ts'

/** `conversion`: forwarded by itself; `conversion_by_hand`: sent by a person or a program. */
export const KINDS = { forwarded: 'conversion', byHand: 'conversion_by_hand' } as const

/** What waits in the outbox. */
export type ConversionItem = {
  event: ConversionEvent
  /** of one sent by hand: in the vendor's words already */
  mapped?: Mapped
  person?: SentEvent['person']
  browser?: SentEvent['browser']
  /** leads that share what was said of a person who is none of them for certain: what one of them refused counts */
  sharedBy?: string[]
}

/** What is known of a person at the moment of leaving. */
export interface KnownPerson {
  leadId: string
  status: string
  fields: Readonly<Record<string, unknown>>
  userId: string | null
  email: string | null
  phone: string | null
  firstName: string | null
  lastName: string | null
  city: string | null
  country: string | null
  browser: {
    userAgent?: string
    ip?: string
    pageUrl?: string
    fbp?: string
    fbc?: string
    gaClientId?: string
    gaSessionId?: string
  } | null
  clicks: Readonly<Record<string, { value: string; at: string }>>
}

/**
 * An event as it goes into the outbox. Its key is that of the order where it tells of one, so that a browser and a server that
 * tell of the same order send it once.
 * @param messageId what the browser knows the event by
 */
export function outgoingOf(
  entry: { workspaceId: string; leadId: string; event: LoggedEvent; messageId?: string },
  connectionId: string,
): Outgoing & { item: ConversionItem } {
  const { event } = entry
  const orderId = event.name === 'order_completed' ? orderIdOf(event.properties) : undefined
  const { $context: _context, $clickIds: _clicks, ...properties } = event.properties
  const stated = properties.event_id
  const item: ConversionItem = {
    event: {
      eventId:
        typeof stated === 'string' && stated !== '' ? stated : (orderId ?? entry.messageId ?? event.eventId),
      name: event.name,
      occurredAt: event.occurredAt,
      pageUrl: event.pageUrl,
      pageTitle: event.pageTitle,
      referrer: event.referrer,
      sessionId: event.sessionId,
      valueMinor: event.valueMinor,
      currency: event.currency,
      properties,
    },
  }
  return {
    workspaceId: entry.workspaceId,
    connectionId,
    kind: KINDS.forwarded,
    key: orderId === undefined ? event.eventId : `order:${orderId}`,
    leadId: entry.leadId,
    event: event.name,
    occurredAt: event.occurredAt,
    item: { ...item },
  }
}

/** The conversion of an item: what it says itself goes before what is known of the lead. */
export function conversionOf(
  { event, person = {}, browser = {} }: ConversionItem,
  known: KnownPerson | null,
  consent: Conversion['consent'],
): Conversion {
  const fields = known?.fields ?? {}
  return {
    eventId: event.eventId,
    event: event.name,
    occurredAt: event.occurredAt,
    pageUrl: withoutEmails(event.pageUrl) || undefined,
    referrer: withoutEmails(event.referrer) || undefined,
    person: {
      leadId: known?.leadId,
      userId: person.userId ?? known?.userId ?? undefined,
      email: person.email ?? known?.email ?? undefined,
      phone: person.phone ?? known?.phone ?? undefined,
      firstName: person.firstName ?? known?.firstName ?? undefined,
      lastName: person.lastName ?? known?.lastName ?? undefined,
      city: person.city ?? known?.city ?? undefined,
      region: person.region ?? textField(fields, ['region', 'state', 'province']),
      postalCode: person.postalCode ?? textField(fields, ['postal_code', 'postalcode', 'zip', 'zip_code']),
      country: person.country ?? known?.country ?? undefined,
    },
    browser: {
      userAgent: browser.userAgent ?? known?.browser?.userAgent,
      ip: browser.ip ?? known?.browser?.ip,
      fbp: browser.fbp ?? known?.browser?.fbp,
      fbc: browser.fbc ?? known?.browser?.fbc,
      gaClientId: browser.gaClientId ?? known?.browser?.gaClientId,
      gaSessionId: browser.gaSessionId ?? known?.browser?.gaSessionId,
      clicks: known?.clicks ?? {},
    },
    consent,
  }
}

/** What a mapping may read of a person under `lead:`. */
export function leadWords(known: KnownPerson | null): Record<string, unknown> {
  if (!known) return {}
  return { ...known.fields, city: known.city, country: known.country, user_id: known.userId }
}

function textField(fields: Readonly<Record<string, unknown>>, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields[name]
    if (typeof value === 'string' && value !== '') return value
    if (typeof value === 'number') return String(value)
  }
  return undefined
}
