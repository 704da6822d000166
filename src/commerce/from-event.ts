// Reads an order out of a tracked event of Segment's e-commerce specification. Pure.
import type { LoggedEvent } from '../events/contract.ts'
import { parseMoney } from '../lib/money.ts'
import { clipText } from '../lib/text.ts'
import type { OrderLine, OrderWord } from './contract.ts'

/**
 * The order that an event speaks of (https://segment.com/docs/connections/spec/ecommerce/v2/), or null where it names none.
 * Amounts are in major units of `currency`; what cannot be read counts as zero, since the event itself is kept.
 */
export function orderFromEvent(
  event: LoggedEvent,
  lead: { workspaceId: string; leadId: string },
  fallbackCurrency: string,
): OrderWord | null {
  const kind = KINDS.get(event.name)
  if (!kind) return null
  const given = event.properties
  const externalId = idText(given.order_id ?? given.orderId ?? given.checkout_id)
  if (!externalId) return null
  const currency = typeof given.currency === 'string' ? given.currency.trim().toUpperCase() : fallbackCurrency
  const minor = (value: unknown): number => {
    if (typeof value !== 'number' && typeof value !== 'string') return 0
    const read = parseMoney(value, currency)
    return 'minor' in read ? read.minor : 0
  }
  const total = minor(given.total ?? given.revenue ?? given.value)
  const shipping = minor(given.shipping)
  const tax = minor(given.tax)
  const subtotal = given.subtotal === undefined ? Math.max(0, total - shipping - tax) : minor(given.subtotal)
  return {
    ...lead,
    source: CONNECTIONS[event.source] ?? event.source,
    externalId,
    number: idText(given.order_number) ?? externalId,
    status: kind === 'cancel' ? 'cancelled' : kind === 'refund' ? 'refunded' : 'paid',
    currency,
    totalMinor: total,
    subtotalMinor: subtotal,
    shippingMinor: shipping,
    taxMinor: tax,
    refund: { mode: 'add', minor: kind === 'refund' ? total : 0 },
    placedAt: event.occurredAt,
    cancelledAt: kind === 'cancel' ? event.occurredAt : null,
    lines: linesOf(given.products, minor),
    isTest: given.test === true,
    kind,
  }
}

// A browser may tell of an order and a server of its refund: both speak of the same shop.
const CONNECTIONS: Record<string, string> = { tracker: 'tracking', http: 'tracking' }

const KINDS = new Map<string, OrderWord['kind']>([
  ['order_completed', 'order'],
  ['order_updated', 'order'],
  ['order_refunded', 'refund'],
  ['order_cancelled', 'cancel'],
])

function linesOf(products: unknown, minor: (value: unknown) => number): OrderLine[] {
  if (!Array.isArray(products)) return []
  return products.slice(0, 200).flatMap((product: unknown) => {
    if (product === null || typeof product !== 'object') return []
    const entry = product as Record<string, unknown>
    const quantity = typeof entry.quantity === 'number' && Number.isFinite(entry.quantity) ? entry.quantity : 1
    const name = idText(entry.name) ?? idText(entry.product_id) ?? idText(entry.sku)
    if (!name) return []
    return [{ name: clipText(name, 300), sku: idText(entry.sku) ?? undefined, quantity, priceMinor: minor(entry.price) }]
  })
}

function idText(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return typeof value === 'string' && value.trim() !== '' ? clipText(value.trim(), 200) : undefined
}
