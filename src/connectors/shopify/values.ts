// Small values as Shopify writes them: numbers in global ids, instants with offsets, decimals as text. Pure.
import { currencyExponent, parseMoney } from '../../lib/money.ts'
import { asObject } from '../exchange.ts'
import type { ShopConsent } from '../shop.ts'

/** The number at the end of a global id, or the number itself, as text; null where it is neither. */
export function idOf(value: unknown): string | null {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
  if (typeof value !== 'string') return null
  const end = value.startsWith('gid://') ? value.slice(value.lastIndexOf('/') + 1) : value
  return /^\d{1,30}$/.test(end) ? end : null
}

/** The global id of a number. */
export function gidOf(type: string, id: string): string {
  return `gid://shopify/${type}/${id}`
}

/** ISO 8601 in UTC; null where it is no instant. */
export function instantOf(value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return null
  // As the Admin API writes it, which is most of what is read.
  if (value.length === 20 && value.endsWith('Z') && value.charCodeAt(10) === 84)
    return `${value.slice(0, 19)}.000Z`
  const at = new Date(value)
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}

/** Text that is not empty, cut; null for anything else. A NUL, which no column holds, becomes a blank. */
export function textOf(value: unknown, max = 500): string | null {
  if (typeof value !== 'string' || value === '') return null
  const text = value.length > max ? value.slice(0, max) : value
  return text.includes('\0') ? text.replaceAll('\0', ' ') : text
}

/** Texts of a list, each once. */
export function textsOf(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  return [...new Set(value.flatMap((one) => textOf(one, 255) ?? []))].slice(0, 250)
}

/** The parts of a text with commas, as webhooks write tags. */
export function partsOf(value: unknown): string[] {
  return typeof value === 'string' ? textsOf(value.split(',').map((part) => part.trim())) : textsOf(value)
}

/** Minor units of a decimal text; 0 where it is none. */
export function minorOf(value: unknown, currency: string): number {
  if (typeof value !== 'string' && typeof value !== 'number') return 0
  const read = parseMoney(value, currency, '.')
  return 'minor' in read ? read.minor : 0
}

/** The amount of a money bag in the shop's currency. */
export function bagOf(value: unknown, currency: string): number {
  return minorOf(asObject(asObject(value)?.shopMoney)?.amount, currency)
}

/** A currency that amounts can be read in; the fallback where it is none. */
export function currencyOf(value: unknown, fallback: string): string {
  return typeof value === 'string' && currencyExponent(value) !== null ? value : fallback
}

export function wholeOf(value: unknown): number {
  const count = Number(value)
  return Number.isFinite(count) ? Math.max(0, Math.min(2_000_000_000, Math.trunc(count))) : 0
}

/** What a state of marketing consent means: `pending`, `invalid` and never asked are no decision of the person. */
export function consentOf(state: unknown, at: unknown): ShopConsent | undefined {
  const word = textOf(state, 40)?.toLowerCase()
  if (!word) return undefined
  return {
    state: word,
    means: word === 'subscribed' ? 'granted' : word === 'unsubscribed' ? 'denied' : null,
    at: instantOf(at),
  }
}

/** A cancelled order is that, whatever became of its payment. */
export function statusOf(financial: unknown, cancelledAt: string | null): string {
  const word = textOf(financial, 40)?.toLowerCase()
  return cancelledAt !== null ? 'cancelled' : word && STATUSES.has(word) ? word : 'pending'
}

const STATUSES = new Set([
  'pending',
  'authorized',
  'partially_paid',
  'paid',
  'partially_refunded',
  'refunded',
  'voided',
  'expired',
])
