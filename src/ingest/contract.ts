// The nouns of ingest: a tracking message as it stands in the inbox, and the state of tracking.
import { z } from 'zod'
import type { Channel, DeviceType } from '../events/contract.ts'
import { endpoint } from '../lib/endpoint.ts'

export const calls = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const
export type TrackingCall = (typeof calls)[number]

/** A message after the door: known to be an object of a known type with the fields its type needs. */
export interface Message {
  type: TrackingCall
  messageId: string
  userId?: string
  anonymousId?: string
  previousId?: string
  groupId?: string
  event?: string
  name?: string
  category?: string
  properties?: Record<string, unknown>
  traits?: Record<string, unknown>
  context?: Record<string, unknown>
  timestamp?: string
  originalTimestamp?: string
  sentAt?: string
}

/** What the request told about a message beyond its body. */
export interface Origin {
  userAgent?: string
  country?: string
  countrySource?: 'header' | 'geoip' | 'named'
  /** only where the workspace's settings and the message's consent allow it to be kept */
  ip?: string
  /** true for a server's write key, which may merge known leads */
  trusted?: boolean
  /** what a caller of the API named beside the message, as it is to be logged */
  named?: NamedTouch
  /** what a new lead's source is, where a module of ours took the message in: `form`, `webhook` */
  via?: string
  /** consents that a module of ours heard, with their proof; a sender's own words never get here */
  consents?: HeardConsent[]
}

/** A consent as our own form or mapping heard it. */
export interface HeardConsent {
  /** a purpose of leads/contract.ts */
  purpose: string
  state: 'granted' | 'denied'
  proof: Record<string, unknown>
}

/** A touch whose lead is named, with what else the caller knows of it. */
export interface NamedTouch {
  leadId: string
  channel?: Channel
  device?: DeviceType
  /** as `user:<id>` or `key:<id>` */
  actor: string
}

/** A message taken from the inbox to be worked on. */
export interface Arrival {
  id: string
  receivedOn: string
  receivedAt: Date
  workspaceId: string
  source: string
  lane: 'live' | 'bulk'
  message: Message
  origin: Origin
}

export const trackingStatus = endpoint({
  id: 'trackingStatus',
  method: 'GET',
  path: '/api/tracking/status',
  access: { permission: 'settings.read' },
  summary: 'Whether tracking calls arrive in this workspace',
  tag: 'Events',
  reply: z.object({
    firstPageViewAt: z.string().nullable(),
    lastEventAt: z.string().nullable(),
    eventsToday: z.number().int(),
    publicUrl: z.string(),
    /** the address that this call came from, as tracking sees it: what `excludedAddresses` would have to name */
    yourAddress: z.string(),
  }),
})
