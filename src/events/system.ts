// Events that the product itself makes: an edit, a note, a merge; they have no page, device or campaign.
import type { Category, LoggedEvent } from './contract.ts'

/** An event with only what such an event has; the rest is empty. */
export function systemEvent(made: {
  eventId: string
  at: Date
  name: string
  category: Category
  call: string
  source: string
  actor?: string
  receivedAt?: Date
  valueMinor?: number
  currency?: string
  properties?: Record<string, unknown>
}): LoggedEvent {
  const occurredAt = made.at.toISOString()
  return {
    eventId: made.eventId,
    occurredAt,
    receivedAt: made.receivedAt && made.receivedAt !== made.at ? made.receivedAt.toISOString() : occurredAt,
    name: made.name,
    category: made.category,
    call: made.call,
    source: made.source,
    anonymousId: '',
    sessionId: '',
    sessionStart: false,
    channel: '',
    utmSource: '',
    utmMedium: '',
    utmCampaign: '',
    utmTerm: '',
    utmContent: '',
    pageUrl: '',
    pagePath: '',
    pageTitle: '',
    referrer: '',
    device: '',
    os: '',
    browser: '',
    country: '',
    countrySource: '',
    isBot: false,
    valueMinor: made.valueMinor ?? 0,
    currency: made.currency ?? '',
    actor: made.actor ?? '',
    properties: made.properties ?? {},
  }
}
