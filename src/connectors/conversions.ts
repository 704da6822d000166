// What a vendor that takes conversions declares: names, parameters, how an event becomes its payload, and how it is sent. Pure.
import type { Linked, Link } from './connector.ts'
import type { Exchange, Outcome } from './exchange.ts'

/** Purposes that decide about conversions. */
export type ConversionPurpose = 'analytics' | 'ad_user_data' | 'ad_personalisation'

/** A product in an order, a cart or a list; the price is in major units of the conversion's currency. */
export interface ConversionProduct {
  id: string
  name?: string
  quantity?: number
  price?: number
  brand?: string
  category?: string
  variant?: string
}

/** Something that happened, as vendors are told of it: in plain words, which each vendor normalises and hashes its own way. */
export interface Conversion {
  /** the browser's pixel has the same, so that the vendor counts it once */
  eventId: string
  /** ours: `order_completed` */
  event: string
  /** ISO 8601 */
  occurredAt: string
  pageUrl?: string
  referrer?: string
  person: {
    /** absent where nobody knows them */
    leadId?: string
    userId?: string
    email?: string
    phone?: string
    firstName?: string
    lastName?: string
    city?: string
    region?: string
    postalCode?: string
    /** ISO 3166 alpha-2 */
    country?: string
  }
  browser: {
    userAgent?: string
    ip?: string
    fbp?: string
    fbc?: string
    gaClientId?: string
    gaSessionId?: string
    /** the newest click of each kind, such as `fbclid`, with its instant */
    clicks: Readonly<Record<string, { value: string; at: string }>>
  }
  /** what may be done today, by purpose */
  consent: Readonly<Record<ConversionPurpose, 'granted' | 'denied'>>
}

/** An event as its mapping has made it: the vendor's name, and its parameters by name. */
export interface Mapped {
  name: string
  parameters: Readonly<Record<string, unknown>>
}

/** A parameter and where it comes from: `value`, `currency`, `products`, `property:plan`, `lead:company`, `text:always this`. */
export interface ParameterMapping {
  parameter: string
  from: string
}

/** How one kind of our events goes to the vendor. */
export interface EventMapping {
  /** ours: `order_completed` */
  event: string
  isOn: boolean
  /** the vendor's: `Purchase` */
  name: string
  parameters: ParameterMapping[]
}

/** An event in the vendor's form, with what the vendor would refuse about it. */
export interface Built {
  payload: Record<string, unknown>
  /** sentences; empty where it may go */
  problems: string[]
}

/** How well the vendor will recognise the person, as an estimate, and what would raise it. */
export interface MatchQuality {
  /** 0 to 10 */
  score: number
  has: string[]
  missing: { what: string; wouldAdd: number }[]
}

/** An address of the API under which events are sent to this vendor by hand. */
export interface SendDoor {
  /** `/api/example/track` */
  path: string
  /** operation id */
  id: string
  summary: string
  /** one event, up to 100, one as a test, or none: the events sent so far */
  takes: 'one' | 'many' | 'test' | 'session_start' | 'session_end' | 'list'
  /** the vendor's name of the event where the call does not name it */
  name?: string
}

export interface ConversionsDeclared<Settings> {
  /** without this consent nothing is sent */
  purpose: ConversionPurpose
  /** payloads of one request at most */
  batchLimit: number
  /** the oldest that the vendor takes, of a mapped event */
  maxAgeMs(mapped: Mapped): number
  /** names that the vendor knows, with what it calls them */
  names: readonly { name: string; label: string }[]
  /** names that it takes beside those; null where it takes no other */
  customName: RegExp | null
  /** for the product's catalogue of events */
  defaults: readonly EventMapping[]
  /** an event in the vendor's form; local rules are checked here, so that one bad event cannot cost a batch */
  build(conversion: Conversion, mapped: Mapped, settings: Settings): Built
  /** places of payloads that travel together, each group one exchange */
  group(payloads: readonly Record<string, unknown>[]): number[][]
  /** sends one group: an outcome for each payload, in their order */
  send(payloads: readonly Record<string, unknown>[], linked: Linked<Settings>): Exchange<Outcome[]>
  /** sends one as the vendor's own test, where it has such a thing */
  sendTest?(payload: Record<string, unknown>, linked: Linked<Settings>): Exchange<Outcome>
  /** whether the vendor counts a repeat of the payload once, so that one whose answer was lost may be sent again; ms since it first left */
  honoursRepeat(payload: Record<string, unknown>, ageMs: number): boolean
  /** by which the vendor recognises a repeat: a payload that was built anew under another is counted again */
  repeatKey?(payload: Record<string, unknown>): string
  quality?(payload: Record<string, unknown>): MatchQuality
  /** what stands before the name of a parameter that describes the person; absent where the vendor takes none */
  userProperty?: string
  /** the visit that a payload counts to, for the page of sessions */
  sessionOf?(payload: Record<string, unknown>): SentSession | null
  doors: readonly SendDoor[]
}

/** The visit of a payload. */
export interface SentSession {
  sessionId: string
  clientId: string
  events: string[]
  /** ms that the person was active, as the events say */
  engagementMs: number
  page: string
}

export type Conversions = Omit<ConversionsDeclared<unknown>, 'send' | 'sendTest'> & {
  send(payloads: readonly Record<string, unknown>[], link: Link): Exchange<Outcome[]>
  sendTest?(payload: Record<string, unknown>, link: Link): Exchange<Outcome>
}
