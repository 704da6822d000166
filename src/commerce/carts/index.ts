// The verbs of carts: look at what became of them, show them, and say when one counts as abandoned.
import { record } from '../../accounts/index.ts'
import { presentLeads } from '../../leads/index.ts'
import { idSchema } from '../../lib/ids.ts'
import { parseInstant } from '../../lib/instant.ts'
import { Refusal } from '../../lib/refusal.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import type { CartRow, CartSettings, CartState, CartSums } from './contract.ts'
import { readCartSettings, saveCartSettings } from './store/carts.ts'
import { readCartSums, readCarts } from './store/reading.ts'
import type { FoundCart } from './store/reading.ts'

export { cartCron, cartTasks } from './jobs.ts'
export { lookAtCarts } from './looking.ts'

/** A page of carts, those that changed last first, with the sums of those abandoned within some days. */
export async function listCarts(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  workspaceId: string,
  asked: {
    state?: CartState
    people: 'known' | 'all'
    days: number
    cursor?: string
    limit: number
  },
): Promise<{ items: CartRow[]; nextCursor: string | null; sums: CartSums; settings: CartSettings }> {
  const now = clock()
  const settings = await readCartSettings(db, workspaceId)
  const isKnown = asked.people === 'known'
  const [found, sums] = await Promise.all([
    readCarts(
      db,
      { workspaceId, state: asked.state, isKnown, now, settings },
      asked.cursor === undefined ? null : readCursor(asked.cursor),
      asked.limit + 1,
    ),
    readCartSums(db, workspaceId, new Date(now.getTime() - asked.days * DAY_MS), isKnown),
  ])
  const page = found.slice(0, asked.limit)
  const last = page.at(-1)
  return {
    items: await present(db, workspaceId, page),
    nextCursor: found.length > asked.limit && last ? `${last.changedAt.toISOString()}_${last.id}` : null,
    sums: { ...sums, rate: sums.abandoned > 0 ? sums.recovered / sums.abandoned : null },
    settings,
  }
}

/** Says when a cart counts as abandoned and when as recovered; carts that were abandoned before stay so. */
export async function setCartSettings(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  caller: Caller,
  settings: CartSettings,
): Promise<CartSettings> {
  return inTransaction(db, async (tx) => {
    const before = await readCartSettings(tx, caller.workspaceId)
    await saveCartSettings(tx, caller.workspaceId, settings, caller.actor, clock())
    await record(tx, { caller, action: 'cart_settings_set', subject: 'carts', before, after: settings })
    return settings
  })
}

const DAY_MS = 86_400_000

async function present(db: Db, workspaceId: string, found: readonly FoundCart[]): Promise<CartRow[]> {
  const leads = await presentLeads(db, workspaceId, [...new Set(found.map(({ leadId }) => leadId))])
  const byId = new Map(leads.map((lead) => [lead.id, lead]))
  return found.map((cart) => ({
    id: cart.id,
    leadId: cart.leadId,
    leadLabel: byId.get(cart.leadId)?.label ?? '',
    email: byId.get(cart.leadId)?.email ?? null,
    shopName: cart.shopName,
    state: cart.state,
    currency: cart.currency,
    totalMinor: cart.totalMinor,
    itemCount: cart.lines.reduce((sum, { quantity }) => sum + quantity, 0),
    lines: cart.lines.map(({ name, quantity, priceMinor }) => ({ name, quantity, priceMinor })),
    recoveryUrl: cart.recoveryUrl,
    startedAt: cart.startedAt.toISOString(),
    changedAt: cart.changedAt.toISOString(),
    abandonedAt: cart.abandonedAt?.toISOString() ?? null,
    order: orderOf(cart),
  }))
}

function orderOf({ orderId, orderNumber, placedAt, orderCurrency, netMinor }: FoundCart): CartRow['order'] {
  if (orderId === null || placedAt === null || orderCurrency === null) return null
  return {
    id: orderId,
    number: orderNumber,
    placedAt: placedAt.toISOString(),
    currency: orderCurrency,
    netMinor: netMinor ?? 0,
  }
}

function readCursor(cursor: string): { changedAt: string; id: string } {
  const [changedAt = '', id = ''] = cursor.split('_')
  if (parseInstant(changedAt) !== null && idSchema.safeParse(id).success) return { changedAt, id }
  throw new Refusal(
    'cursor_invalid',
    400,
    'The cursor does not belong to this list. Start again without one.',
  )
}
