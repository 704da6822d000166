// The events that a shop's words come to, as a tracked order has them, so that one reader understands both. Pure but for their ids.
import type { OrderDeed } from './commerce/shop/index.ts'
import { systemEvent } from './events/index.ts'
import type { LoggedEvent } from './events/contract.ts'
import { newId } from './lib/ids.ts'
import { decimalString } from './lib/money.ts'
import type { ShopSubject } from './shop-items.ts'

/** That somebody became a customer of the shop. */
export function becameCustomer({ voice, customer }: ShopSubject, at: Date, now: Date): LoggedEvent {
  return systemEvent({
    eventId: newId(),
    at,
    receivedAt: now,
    name: 'shop_customer_added',
    category: 'record',
    call: 'import',
    source: voice.connector,
    properties: { shop: voice.domain, customer_id: customer?.id },
  })
}

/** That somebody began a checkout. */
export function startedCheckout(item: ShopSubject, now: Date): { leadId: string; event: LoggedEvent } {
  const { voice, checkout, identified } = item
  return {
    leadId: identified!.leadId,
    event: systemEvent({
      eventId: newId(),
      at: new Date(checkout!.startedAt),
      receivedAt: now,
      name: 'checkout_started',
      category: 'commerce',
      call: item.from === 'history' ? 'import' : 'track',
      source: voice.connector,
      valueMinor: checkout!.totalMinor,
      currency: checkout!.currency,
      properties: {
        checkout_id: checkout!.id,
        cart_token: checkout!.token,
        shop: voice.domain,
        products: productsOf(checkout!.lines, checkout!.currency),
      },
    }),
  }
}

/** What happened to an order, as the log is told. */
export function eventsOf(
  { row, word, isNew, isCancelled, isEdited, refunds }: OrderDeed,
  { voice, from }: ShopSubject,
  now: Date,
): { leadId: string; event: LoggedEvent }[] {
  const about = (name: string, at: string, valueMinor: number, more: Record<string, unknown> = {}) => ({
    leadId: row.lead_id,
    event: systemEvent({
      eventId: newId(),
      at: new Date(at),
      receivedAt: now,
      name,
      category: name === 'order_updated' ? 'record' : 'commerce',
      call: from === 'history' ? 'import' : 'track',
      source: voice.connector,
      valueMinor,
      currency: row.currency,
      properties: {
        order_id: row.external_id,
        order_number: row.number,
        shop: voice.domain,
        ...(row.is_test && { test: true }),
        ...more,
      },
    }),
  })
  const events = []
  if (isNew) {
    const products = productsOf(word?.lines ?? [], row.currency)
    events.push(
      about('order_completed', row.placed_at, row.total_minor, {
        products,
        ...(row.discount_codes.length > 0 && { coupon: row.discount_codes[0] }),
      }),
    )
  }
  if (isEdited) events.push(about('order_updated', row.changed_at ?? row.placed_at, 0))
  for (const { id, minor, at } of refunds) events.push(about('order_refunded', at, minor, { refund_id: id }))
  if (isCancelled && row.cancelled_at) events.push(about('order_cancelled', row.cancelled_at, 0))
  return events
}

function productsOf(
  lines: readonly {
    productId: string | null
    name: string
    sku: string | null
    quantity: number
    priceMinor: number
  }[],
  currency: string,
): Record<string, unknown>[] {
  return lines.slice(0, 200).map(({ productId, name, sku, quantity, priceMinor }) => ({
    ...(productId !== null && { product_id: productId }),
    name,
    ...(sku !== null && { sku }),
    quantity,
    price: Number(decimalString(priceMinor, currency)),
  }))
}
