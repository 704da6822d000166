// The look at carts: which order each became, and which lay too long and are told of.
import { logEvents, systemEvent } from '../../events/index.ts'
import { oweLeads } from '../../leads/index.ts'
import { newId } from '../../lib/ids.ts'
import { decimalString } from '../../lib/money.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Services } from '../../platform/services.ts'
import type { CartLook } from './contract.ts'
import { readCartSettings } from './store/carts.ts'
import { markAbandoned, matchOrders, takeCheckouts } from './store/looking.ts'
import type { AbandonedCart } from './store/looking.ts'

/**
 * Looks at the carts of a workspace: takes over what connected shops tell, finds the orders that carts became, and tells of
 * those that nobody touched for too long, each once.
 */
export async function lookAtCarts(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  workspaceId: string,
): Promise<CartLook> {
  return inTransaction(db, async (tx) => {
    const now = clock()
    const settings = await readCartSettings(tx, workspaceId)
    await takeCheckouts(tx, workspaceId, now)
    const { recovered, bought } = await matchOrders(tx, workspaceId, settings, now)
    const abandoned = await markAbandoned(tx, workspaceId, settings, now)
    await logEvents(
      tx,
      abandoned.map((cart) => ({ workspaceId, leadId: cart.leadId, event: eventOf(cart, now) })),
    )
    await oweLeads(tx, workspaceId, [...new Set(abandoned.map(({ leadId }) => leadId))])
    return { abandoned: abandoned.length, recovered, bought }
  })
}

// When it was abandoned lies back, where a shop was connected later: it is told of when it happened.
function eventOf(cart: AbandonedCart, now: Date) {
  return systemEvent({
    eventId: newId(),
    at: cart.abandonedAt,
    receivedAt: now,
    name: 'cart_abandoned',
    category: 'commerce',
    call: 'system',
    source: cart.source,
    properties: {
      cart_id: cart.externalId,
      total: Number(decimalString(cart.totalMinor, cart.currency)),
      currency: cart.currency,
      checkout_url: cart.recoveryUrl ?? undefined,
      products: cart.lines.map(({ name, sku, quantity, priceMinor }) => ({
        name,
        sku,
        quantity,
        price: Number(decimalString(priceMinor, cart.currency)),
      })),
    },
  })
}
