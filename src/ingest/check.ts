// What is checked of a tracking message at the door: shape, types and size, each refusal with its reason.
import { createHash } from 'node:crypto'
import type { RefusalReason } from '../events/contract.ts'
import { clipText, isDeeperThan, textProblem } from '../lib/text.ts'
import { calls } from './contract.ts'
import type { Message, TrackingCall } from './contract.ts'

/** Segment's documented limits: 500 kB a request, 32 kB an event. https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/ */
export const REQUEST_LIMIT_BYTES = 500 * 1024
export const EVENT_LIMIT_BYTES = 32 * 1024
export const DEPTH_LIMIT = 20

export type Checked =
  | { ok: true; message: Message; text: string }
  | { ok: false; reason: RefusalReason; field?: string; messageId: string; text: string }

/** What a batch says once for all of its items; a problem of it is a problem of each. */
export interface Common {
  sentAt?: unknown
  context?: unknown
  problem?: RefusalReason
}

/** Looks once at what the items of a batch share. */
export function readCommon(body: Record<string, unknown>): Common {
  const { sentAt, context } = body
  // Measured before it is copied into each of up to 2,500 items.
  const problem = isDeeperThan(context, DEPTH_LIMIT)
    ? 'nested_too_deep'
    : Buffer.byteLength(JSON.stringify(context) ?? '') > EVENT_LIMIT_BYTES
      ? 'event_too_large'
      : undefined
  return { sentAt, context, problem }
}

/**
 * Checks one message of a request.
 * @param raw an item of `batch`, or the body of a single call
 * @param type the call that the path names, where it does
 * @param common what a batch says once for all of its items
 */
export function checkMessage(
  raw: unknown,
  type: TrackingCall | undefined,
  common: Common,
  newMessageId: () => string,
): Checked {
  if (raw === null || typeof raw !== 'object' || Array.isArray(raw)) {
    return { ok: false, reason: 'not_an_object', messageId: newMessageId(), text: clip(raw) }
  }
  const given = raw as Record<string, unknown>
  const messageId = shortId(textOrNumber(given.messageId) ?? '') || newMessageId()
  const refuse = (reason: RefusalReason, field?: string): Checked => ({
    ok: false,
    reason,
    field: field === undefined ? undefined : clipText(storable(field), 100),
    messageId: storable(messageId),
    text: clip(raw),
  })
  if (isDeeperThan(given, DEPTH_LIMIT)) {
    return refuse('nested_too_deep')
  }
  if (common.problem) return refuse(common.problem)
  const call = type ?? given.type
  if (!isCall(call)) return refuse('type_unknown', typeof given.type === 'string' ? given.type : undefined)
  for (const field of OBJECT_FIELDS) {
    const value = given[field]
    if (value !== undefined && value !== null && (typeof value !== 'object' || Array.isArray(value))) {
      return refuse('field_wrong_type', field)
    }
  }
  for (const field of ID_FIELDS) {
    const value = given[field]
    if (value !== undefined && value !== null && textOrNumber(value) === undefined)
      return refuse('field_wrong_type', field)
  }
  const message: Message = { ...given, type: call, messageId } as Message
  delete (message as { writeKey?: unknown }).writeKey
  delete (message as { integrations?: unknown }).integrations
  for (const field of ID_FIELDS) {
    const value = textOrNumber(given[field])?.trim()
    if (value) message[field] = value
    else delete message[field]
  }
  for (const field of OBJECT_FIELDS) if (message[field] === null) delete message[field]
  if (message.sentAt === undefined && typeof common.sentAt === 'string') message.sentAt = common.sentAt
  if (common.context && typeof common.context === 'object' && !Array.isArray(common.context)) {
    message.context = { ...common.context, ...message.context }
  }
  for (const field of TIME_FIELDS)
    if (message[field] !== undefined && typeof message[field] !== 'string') delete message[field]
  if (call === 'track' && (typeof given.event !== 'string' || given.event.trim() === ''))
    return refuse('event_missing')
  if (call === 'alias' && (!message.previousId || !(message.userId || message.anonymousId)))
    return refuse('alias_incomplete')
  if (call === 'group' && !message.groupId) return refuse('group_incomplete')
  if (!message.userId && !message.anonymousId) return refuse('identity_missing')
  const text = JSON.stringify(message)
  if (Buffer.byteLength(text) > EVENT_LIMIT_BYTES) return refuse('event_too_large')
  if (textProblem(text)) return refuse('text_malformed')
  return { ok: true, message, text }
}

const OBJECT_FIELDS = ['properties', 'traits', 'context'] as const
const ID_FIELDS = ['userId', 'anonymousId', 'previousId', 'groupId'] as const
const TIME_FIELDS = ['timestamp', 'originalTimestamp', 'sentAt'] as const

function isCall(value: unknown): value is TrackingCall {
  return typeof value === 'string' && (calls as readonly string[]).includes(value)
}

// Several SDKs send numeric ids; they are taken as their digits.
function textOrNumber(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return undefined
}

// Two long ids that only begin alike are two messages.
function shortId(id: string): string {
  if (id.length <= 200) return id
  return clipText(id, 160) + createHash('sha256').update(id).digest('hex').slice(0, 40)
}

// A NUL and half a surrogate pair are what no column holds.
function storable(text: string): string {
  return text.replaceAll(/\0|\p{Surrogate}/gu, '?')
}

// What the debugger shows of a refused message: enough to recognise it, nothing the store cannot hold.
function clip(raw: unknown): string {
  if (isDeeperThan(raw, DEPTH_LIMIT)) return '{}'
  const text = JSON.stringify(raw) ?? 'null'
  if (text.length <= 4000 && !textProblem(text)) return text
  return JSON.stringify({ clipped: text.slice(0, 2000).replaceAll(/\\u0000|\p{Surrogate}/gu, '?') })
}
