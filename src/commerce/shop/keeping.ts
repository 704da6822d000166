// Keeps what a shop told: customers, orders with lines and refunds, products and checkouts, a batch at a time.
import type {
  CheckoutWord,
  CustomerWord,
  RefundWord,
  ShopOrderWord,
  ShopProductWord,
  ShopRefund,
} from '../../connectors/index.ts'
import { saidAt } from '../../connectors/index.ts'
import { newId } from '../../lib/ids.ts'
import type { Db } from '../../platform/postgres.ts'
import { blankCustomer, foldCustomer } from './customer-row.ts'
import type { FoldedCustomer, ShopCustomerRow } from './customer-row.ts'
import { foldShopOrder } from './order-row.ts'
import type { ShopOrderRow } from './order-row.ts'
import { insertCustomers, lockCustomers, updateCustomers } from './store/customers.ts'
import { writeCheckouts, writeProducts } from './store/goods.ts'
import type { Shelf } from './store/goods.ts'
import { insertShopOrders, keepRefunds, lockOrders, updateShopOrders, writeLines } from './store/orders.ts'

/** The shop that speaks. */
export interface Speaker extends Shelf {
  /** by which its orders are known */
  source: string
}

/** What is known of the customers that a batch speaks of, and what its words made of it. */
export interface Recalled {
  standing: Map<string, ShopCustomerRow>
  /** those that were known before the batch */
  known: Set<string>
  dirty: Set<string>
}

/** Reads and locks the customers of a batch. */
export async function recallCustomers(
  tx: Db,
  { workspaceId, connectionId }: Shelf,
  ids: readonly string[],
): Promise<Recalled> {
  const standing = await lockCustomers(tx, workspaceId, connectionId, [...new Set(ids)])
  return { standing, known: new Set(standing.keys()), dirty: new Set() }
}

/** Hears a word about a customer; its row is written by `keepCustomers`. */
export function hearCustomer(
  recalled: Recalled,
  shelf: Shelf,
  word: CustomerWord,
  now: Date,
): FoldedCustomer {
  const before =
    recalled.standing.get(word.id) ??
    blankCustomer(shelf, word.id, word.record?.createdAt ?? now.toISOString())
  const folded = foldCustomer(before, word, now)
  recalled.standing.set(word.id, folded.row)
  if (folded.isNews || !recalled.known.has(word.id)) recalled.dirty.add(word.id)
  return folded
}

/** Writes the customers that were heard of and whose lead is known. @returns how many were new, and changed */
export async function keepCustomers(
  tx: Db,
  recalled: Recalled,
  leadOf: ReadonlyMap<string, string>,
): Promise<{ made: Set<string>; changed: number }> {
  const fresh: ShopCustomerRow[] = []
  const known: ShopCustomerRow[] = []
  for (const id of recalled.dirty) {
    const row = recalled.standing.get(id)
    const leadId = leadOf.get(id) ?? row?.lead_id
    if (!row || !leadId) continue
    const list = recalled.known.has(id) ? known : fresh
    list.push({ ...row, lead_id: leadId })
  }
  await insertCustomers(tx, fresh)
  await updateCustomers(tx, known)
  return { made: new Set(fresh.map((row) => row.customer_id)), changed: known.length }
}

/** An order or a refund that was told; a refund has no lead of its own. */
export type ToldOrder = { word: ShopOrderWord; leadId: string } | { word: RefundWord }

/** What happened to an order by one word, for the log. */
export interface OrderDeed {
  row: ShopOrderRow
  /** as the shop told it, where this word was the newest */
  word: ShopOrderWord | null
  isNew: boolean
  isCancelled: boolean
  isEdited: boolean
  refunds: ShopRefund[]
  /** false where nothing of the word was new */
  isNews: boolean
}

/** Writes orders and refunds in their order. @returns for each what happened; null for a refund whose order is not known yet */
export async function keepOrders(
  tx: Db,
  speaker: Speaker,
  told: readonly ToldOrder[],
  now: Date,
): Promise<(OrderDeed | null)[]> {
  if (told.length === 0) return []
  const ids = [...new Set(told.map(({ word }) => (word.kind === 'order' ? word.id : word.orderId)))].sort()
  const standing = await lockOrders(tx, speaker, ids)
  const spoken = told.flatMap(({ word }) =>
    word.kind === 'order'
      ? word.refunds.map((refund) => ({ orderId: word.id, refund }))
      : [{ orderId: word.orderId, refund: word.refund }],
  )
  const { fresh, byOrder } = await keepRefunds(tx, speaker, spoken, ids)
  const wasKnown = new Set(standing.keys())
  /** refunds that are in the log, or will be by this batch */
  const logged = new Set<string>()
  const lines = new Map<string, ShopOrderWord>()
  const dirty = new Set<string>()
  const deeds = told.map((one): OrderDeed | null => {
    const orderId = one.word.kind === 'order' ? one.word.id : one.word.orderId
    const before = standing.get(orderId) ?? null
    const known = byOrder.get(orderId) ?? []
    const refunded = known.reduce((sum, { minor }) => sum + minor, 0)
    if ('leadId' in one) {
      const owner = { ...speaker, leadId: one.leadId }
      const change = foldShopOrder(before, one.word, owner, refunded, newId(), now)
      standing.set(orderId, change.row)
      if (change.isNewer) lines.set(orderId, one.word)
      const refunds = unlogged(orderId, known, change.isNew)
      const isNews = change.isNewer || change.isEdited || refunds.length > 0
      if (isNews) dirty.add(orderId)
      return { ...change, word: change.isNewer ? one.word : null, refunds, isNews }
    }
    if (!before) return null
    const row = { ...before, refunded_minor: Math.max(before.refunded_minor, refunded) }
    standing.set(orderId, row)
    const refunds = unlogged(orderId, known, false)
    if (refunds.length > 0) dirty.add(orderId)
    return {
      row,
      word: null,
      isNew: false,
      isCancelled: false,
      isEdited: false,
      refunds,
      isNews: refunds.length > 0,
    }
  })

  // A refund is told to the log with its order: when it is new, or when the order that it came before is.
  function unlogged(orderId: string, known: readonly ShopRefund[], isNewOrder: boolean): ShopRefund[] {
    return known.filter(({ id }) => {
      const key = `${orderId}|${id}`
      if (logged.has(key) || !(isNewOrder || fresh.has(key))) return false
      logged.add(key)
      return true
    })
  }

  const rows = [...dirty].map((id) => standing.get(id)!)
  await insertShopOrders(
    tx,
    rows.filter((row) => !wasKnown.has(row.external_id)),
  )
  await updateShopOrders(
    tx,
    rows.filter((row) => wasKnown.has(row.external_id)),
  )
  await writeLines(
    tx,
    speaker.workspaceId,
    rows.flatMap((row) => {
      const word = lines.get(row.external_id)
      return word ? [{ id: row.id, lines: word.lines, isNew: !wasKnown.has(row.external_id) }] : []
    }),
  )
  return deeds
}

/** Writes words about products. @returns for each whether it was the newest */
export async function keepProducts(
  tx: Db,
  shelf: Shelf,
  words: readonly ShopProductWord[],
): Promise<{ isNews: boolean; isNew: boolean }[]> {
  const newest = newestOf(words)
  const written = await writeProducts(tx, shelf, [...newest.values()])
  return words.map((word) => ({
    isNews: newest.get(word.id) === word && written.has(word.id),
    isNew: newest.get(word.id) === word && written.get(word.id) === true,
  }))
}

/** Writes words about checkouts with their leads. @returns for each whether it was the newest */
export async function keepCheckouts(
  tx: Db,
  shelf: Shelf,
  told: readonly { word: CheckoutWord; leadId: string | null }[],
): Promise<{ isNews: boolean; isNew: boolean }[]> {
  const newest = newestOf(told.map(({ word }) => word))
  const written = await writeCheckouts(
    tx,
    shelf,
    told.filter(({ word }) => newest.get(word.id) === word),
  )
  return told.map(({ word }) => ({
    isNews: newest.get(word.id) === word && written.has(word.id),
    isNew: newest.get(word.id) === word && written.get(word.id) === true,
  }))
}

function newestOf<Word extends ShopProductWord | CheckoutWord>(words: readonly Word[]): Map<string, Word> {
  const newest = new Map<string, Word>()
  for (const word of words) {
    const known = newest.get(word.id)
    if (!known || saidAt(word.said) > saidAt(known.said)) newest.set(word.id, word)
  }
  return newest
}
