// What a payload says under a mapping: who, which fields, which event, which consents; or why it cannot be said. Pure.
import { createHash } from 'node:crypto'
import { purposes } from '../leads/contract.ts'
import type { Purpose } from '../leads/contract.ts'
import { normaliseEmail } from '../lib/email.ts'
import { parseExactJson } from '../lib/exact-json.ts'
import { clipText, isDeeperThan } from '../lib/text.ts'
import type { Mapping, ParkReason } from './nouns.ts'
import { readPath } from './path.ts'

type Simple = string | number | boolean

/** One person of a payload, with what they did. */
export interface Entry {
  /** by which the same entry is known again */
  key: string
  userId: string | null
  anonymousId: string | null
  traits: Record<string, Simple>
  event: string
  properties: Record<string, Simple>
  campaign: Record<string, string>
  pageUrl: string
  /** ISO 8601; null where the payload does not say */
  occurredAt: string | null
  consents: { purpose: Purpose; state: 'granted' | 'denied'; said: string }[]
}

export type ReadPayload = { entries: Entry[]; unnamed: number } | { parked: ParkReason }

const ENTRY_LIMIT = 1_000

/** A body as a value: JSON, or a posted form; undefined where it is neither. */
export function readBody(body: string, contentType: string): unknown {
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    const form: Record<string, string> = {}
    for (const [name, value] of new URLSearchParams(body)) form[name] = value
    return form
  }
  try {
    const value = parseExactJson(body)
    return value !== null && typeof value === 'object' && !isDeeperThan(value, 64) ? value : undefined
  } catch {
    return undefined
  }
}

/** By which the same call is known again: what the mapping names, else the body. */
export function dedupeOf(mapping: Mapping | null, payload: unknown, body: string): string {
  const named =
    mapping?.dedupe && !mapping.dedupe.includes('[]') ? readPath(payload, mapping.dedupe) : undefined
  const text = textOf(named)
  return text === '' ? `body ${digest(body)}` : `named ${digest(text)}`
}

export function readPayload(mapping: Mapping | null, payload: unknown, dedupe: string): ReadPayload {
  if (payload === undefined) return { parked: 'body_unreadable' }
  if (mapping === null || mapping.fields.length === 0) return { parked: 'mapping_missing' }
  const list = mapping.each === null ? undefined : readPath(payload, mapping.each)
  if (mapping.each !== null && (!Array.isArray(list) || list.length === 0)) return { parked: 'list_missing' }
  const count = Array.isArray(list) ? Math.min(list.length, ENTRY_LIMIT) : 1
  const all = Array.from({ length: count }, (_, place) => readEntry(mapping, payload, place, dedupe))
  const entries = all.filter(isNamed)
  return entries.length === 0 ? { parked: 'nobody_found' } : { entries, unnamed: all.length - entries.length }
}

function readEntry(mapping: Mapping, payload: unknown, place: number, dedupe: string): Entry {
  const at = (path: string | null) => (path === null ? undefined : simple(readPath(payload, path, place)))
  const entry: Entry = {
    key: entryKey(mapping, at, place, dedupe),
    userId: null,
    anonymousId: null,
    traits: {},
    event: textOf(at(mapping.event.path)) || mapping.event.name,
    properties: {},
    campaign: {},
    pageUrl: '',
    occurredAt: instantOf(at(mapping.occurredAt)),
    consents: [],
  }
  for (const { fills, path } of mapping.fields) {
    const value = at(path)
    if (value === undefined || value === '') continue
    if (fills === 'userId') entry.userId = clipText(String(value), 200)
    else if (fills === 'anonymousId') entry.anonymousId = clipText(String(value), 200)
    else if (fills === 'page.url') entry.pageUrl = String(value)
    else if (fills.startsWith('campaign.')) entry.campaign[fills.slice(9)] = clipText(String(value), 200)
    else entry.traits[fills.replace(/^custom\./, '')] = value
  }
  for (const { name, path } of mapping.properties) {
    const value = at(path)
    if (value !== undefined) entry.properties[name] = value
  }
  for (const { purpose, path, yes } of mapping.consents) {
    const said = textOf(at(path))
    const state = stateOf(said, yes)
    if (state && purposes.includes(purpose)) entry.consents.push({ purpose, state, said })
  }
  return entry
}

function entryKey(
  mapping: Mapping,
  at: (path: string | null) => Simple | undefined,
  place: number,
  dedupe: string,
): string {
  if (mapping.dedupe?.includes('[]')) {
    const own = textOf(at(mapping.dedupe))
    if (own !== '') return `entry ${digest(own)}`
  }
  return mapping.each === null ? dedupe : `${dedupe} ${place}`
}

function isNamed({ userId, anonymousId, traits }: Entry): boolean {
  if (userId || anonymousId) return true
  const hasEmail = typeof traits.email === 'string' && 'email' in normaliseEmail(traits.email)
  return hasEmail || (String(traits.phone ?? '').match(/\d/g) ?? []).length >= 7
}

const YES = new Set([
  'true',
  '1',
  'yes',
  'y',
  'on',
  'granted',
  'subscribed',
  'opted_in',
  'ja',
  'oui',
  'si',
  'sí',
])
const NO = new Set(['false', '0', 'no', 'n', 'off', 'denied', 'unsubscribed', 'opted_out', 'nein', 'non'])

// Silence says nothing, and neither does a word that nobody explained.
function stateOf(said: string, yes: readonly string[]): 'granted' | 'denied' | null {
  const word = said.trim().toLowerCase()
  if (word === '') return null
  if (yes.length > 0) {
    if (yes.some((one) => one.trim().toLowerCase() === word)) return 'granted'
    return NO.has(word) ? 'denied' : null
  }
  return YES.has(word) ? 'granted' : NO.has(word) ? 'denied' : null
}

// Seconds or milliseconds since 1970, or a date with its time.
function instantOf(value: Simple | undefined): string | null {
  const number =
    typeof value === 'number' ? value : /^\d{9,13}$/.test(textOf(value)) ? Number(value) : undefined
  const ms = number === undefined ? Date.parse(textOf(value)) : number < 1e11 ? number * 1000 : number
  return Number.isFinite(ms) && Math.abs(ms) < 8e15 ? new Date(ms).toISOString() : null
}

function simple(value: unknown): Simple | undefined {
  if (typeof value === 'string') return clipText(value.replaceAll(/\0|\p{Surrogate}/gu, '?').trim(), 5000)
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) {
    const words = (value as unknown[]).filter((one) => typeof one === 'string' || typeof one === 'number')
    return words.length > 0 ? simple(words.join(', ')) : undefined
  }
  return undefined
}

function textOf(value: unknown): string {
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : ''
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 40)
}
