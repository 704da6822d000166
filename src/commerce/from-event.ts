// Reads an order out of a tracked event of Segment's e-commerce specification. Pure.
import type { LoggedEvent } from '../events/contract.ts'
import { currencyExponent, parseMoney } from '../lib/money.ts'
import { clipText } from '../lib/text.ts'
import type { OrderLine, OrderWord } from './contract.ts'

/**
 * The order that an event speaks of (https://segment.com/docs/connections/spec/ecommerce/v2/), or null where it names none.
 * Amounts are in major units of `currency`; what cannot be read counts as zero, since the event itself is kept. `revenue` is
 * without shipping and tax, `total` with both. A refund that names neither amount nor products is one of the whole order.
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
  const stated = typeof given.currency === 'string' ? given.currency.trim().toUpperCase() : fallbackCurrency
  const isCurrency = currencyExponent(stated) !== null
  const minor = (value: unknown): number => {
    if (typeof value !== 'number' && typeof value !== 'string') return 0
    const read = parseMoney(value, stated)
    return 'minor' in read ? Math.abs(read.minor) : 0
  }
  const shipping = minor(given.shipping)
  const tax = minor(given.tax)
  const amount = given.total ?? given.revenue ?? given.value
  const total =
    given.total === undefined && given.revenue !== undefined ? minor(amount) + shipping + tax : minor(amount)
  const subtotal = given.subtotal === undefined ? Math.max(0, total - shipping - tax) : minor(given.subtotal)
  const lines = linesOf(given.products, minor)
  return {
    ...lead,
    source: CONNECTIONS[event.source] ?? event.source,
    externalId,
    number: idText(given.order_number) ?? externalId,
    status: kind === 'cancel' ? 'cancelled' : kind === 'refund' ? 'refunded' : 'paid',
    currency: isCurrency ? stated : fallbackCurrency,
    totalMinor: total,
    subtotalMinor: subtotal,
    shippingMinor: shipping,
    taxMinor: tax,
    refund: kind === 'refund' ? refundOf(amount === undefined, total, lines) : { mode: 'add', minor: 0 },
    placedAt: event.occurredAt,
    cancelledAt: kind === 'cancel' ? event.occurredAt : null,
    lines,
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

function refundOf(isUnnamed: boolean, minor: number, lines: OrderLine[]): OrderWord['refund'] {
  if (!isUnnamed) return { mode: 'add', minor }
  if (lines.length === 0) return { mode: 'all', minor: 0 }
  return {
    mode: 'add',
    minor: Math.round(lines.reduce((sum, line) => sum + line.priceMinor * line.quantity, 0)),
  }
}

function linesOf(products: unknown, minor: (value: unknown) => number): OrderLine[] {
  if (!Array.isArray(products)) return []
  return products.slice(0, 200).flatMap((product: unknown) => {
    if (product === null || typeof product !== 'object') return []
    const entry = product as Record<string, unknown>
    const quantity =
      typeof entry.quantity === 'number' && Number.isFinite(entry.quantity) ? entry.quantity : 1
    const name = idText(entry.name) ?? idText(entry.product_id) ?? idText(entry.sku)
    if (!name) return []
    return [
      {
        name: clipText(name, 300),
        sku: idText(entry.sku) ?? undefined,
        quantity,
        priceMinor: minor(entry.price),
      },
    ]
  })
}

function idText(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return typeof value === 'string' && value.trim() !== '' ? clipText(value.trim(), 200) : undefined
}
