// What a vendor that sends us people and orders declares: webhooks that are verified, told apart and read. Pure.
import type { Linked, Link } from './connector.ts'

/** A webhook as it came in; the bytes are those that were signed. */
export interface Webhook {
  raw: Uint8Array
  /** names in small letters */
  headers: Readonly<Record<string, string>>
}

/** What a vendor's payload says, in the words of Segment's tracking calls, which the inbox takes. */
export interface SourceCall {
  type: 'identify' | 'track'
  /** the same for the same word of the vendor, so that a repeat is recognised */
  messageId: string
  userId?: string
  event?: string
  traits?: Record<string, unknown>
  properties?: Record<string, unknown>
  context?: Record<string, unknown>
  /** ISO 8601 */
  timestamp?: string
}

/** The calls that a payload means, or why it cannot be read, in plain words. */
export type Reading = { calls: SourceCall[] } | { refused: string }

export interface SourceDeclared<Settings> {
  /** one payload for each topic, as the vendor documents it */
  examples: Readonly<Record<string, unknown>>
  /** whether the vendor signed it, in constant time */
  verify(webhook: Webhook, linked: Linked<Settings>): boolean
  /** what it is about, one of the topics; null where it is none of ours */
  topicOf(webhook: Webhook): string | null
  /** by which a repeated delivery is recognised */
  deliveryId(webhook: Webhook): string | null
  /** reads a payload: unknown fields are left, a malformed one is refused and never throws */
  normalise(topic: string, payload: unknown): Reading
}

export type Source = Omit<SourceDeclared<unknown>, 'verify'> & {
  verify(webhook: Webhook, link: Link): boolean
}
