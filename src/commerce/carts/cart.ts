// Carts as tracking tells of them: what an event says, and how a person's carts change with it. Pure.
import type { LoggedEvent } from '../../events/contract.ts'
import { currencyExponent, parseMoney } from '../../lib/money.ts'
import { clipText } from '../../lib/text.ts'
import type { OrderLine } from '../contract.ts'

/** A cart; instants are ISO 8601 in UTC, amounts integer minor units of `currency`. */
export interface Cart {
  id: string
  workspaceId: string
  leadId: string
  source: string
  externalId: string
  currency: string
  totalMinor: number
  lines: OrderLine[]
  recoveryUrl: string | null
  startedAt: string
  changedAt: string
  closedAt: string | null
}

/** What an event says of a cart. */
export interface CartWord {
  workspaceId: string
  leadId: string
  eventId: string
  /** by which its sender knows it; null: the one that the person has open */
  externalId: string | null
  /** `whole`: all that is in it; `add`, `remove`: some of it; `bought`: whatever is open was bought */
  kind: 'whole' | 'add' | 'remove' | 'bought'
  at: string
  currency: string
  /** null where it is what the lines come to */
  totalMinor: number | null
  lines: OrderLine[]
  recoveryUrl: string | null
}

/** Where carts of tracked events come from. */
export const trackedCarts = 'tracking'
/** A cart that nobody touched for so long is not filled further: the next product begins another. */
const RESUMED_WITHIN_MS = 30 * 86_400_000
const MOST_LINES = 200

/**
 * The cart that a tracked event speaks of (https://segment.com/docs/connections/spec/ecommerce/v2/), or null where it is about
 * none. An order's event closes what its person has open.
 */
export function cartFromEvent(
  event: LoggedEvent,
  lead: { workspaceId: string; leadId: string },
  fallbackCurrency: string,
): CartWord | null {
  const kind = KINDS.get(event.name)
  if (!kind || event.isBot || SHOPS.test(event.source)) return null
  const given = event.properties
  const stated = typeof given.currency === 'string' ? given.currency.trim().toUpperCase() : fallbackCurrency
  const isCurrency = currencyExponent(stated) !== null
  const minor = (value: unknown): number | null => {
    if (typeof value !== 'number' && typeof value !== 'string') return null
    const read = parseMoney(value, stated)
    return 'minor' in read ? Math.abs(read.minor) : null
  }
  const lines =
    kind === 'add' || kind === 'remove'
      ? linesOf([given], minor)
      : linesOf(Array.isArray(given.products) ? given.products : [], minor)
  if (kind !== 'bought' && kind !== 'whole' && lines.length === 0) return null
  return {
    ...lead,
    eventId: event.eventId,
    externalId: text(given.cart_id ?? given.cartId ?? given.checkout_id ?? given.checkoutId) ?? null,
    kind,
    at: event.occurredAt,
    currency: isCurrency ? stated : fallbackCurrency,
    totalMinor: kind === 'whole' ? minor(given.total ?? given.value ?? given.revenue) : null,
    lines,
    recoveryUrl: webAddress(given.checkout_url ?? given.cart_url ?? given.recovery_url),
  }
}

/**
 * A person's carts after further words, in the order given.
 * @param known carts that the words may be about, of any person
 * @returns those that changed or are new
 */
export function foldCarts(known: readonly Cart[], words: readonly CartWord[], makeId: () => string): Cart[] {
  const carts = [...known]
  const changed = new Set<Cart>()
  for (const word of words) {
    const at = placeOf(carts, word)
    if (word.kind === 'bought') {
      carts.forEach((cart, place) => {
        const isItsOwn =
          isOpenOf(cart, word) && (word.externalId === null || cart.externalId === word.externalId)
        if (isItsOwn && cart.startedAt <= word.at) set(place, { ...cart, closedAt: word.at })
      })
      continue
    }
    const before = carts[at]
    if (before) set(at, changedBy(before, word))
    else if (word.kind !== 'remove') set(carts.length, begun(word, makeId()))
  }
  return [...changed]

  function set(place: number, cart: Cart): void {
    const before = carts[place]
    if (before) changed.delete(before)
    carts[place] = cart
    changed.add(cart)
  }
}

/** An address that a person may be led to; null for whatever else stands in its place. */
export function webAddress(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 2_000 || !/^https?:\/\//i.test(value)) return null
  return URL.canParse(value) ? value : null
}

const KINDS = new Map<string, CartWord['kind']>([
  ['product_added', 'add'],
  ['product_removed', 'remove'],
  ['cart_viewed', 'whole'],
  ['checkout_started', 'whole'],
  ['order_completed', 'bought'],
])

// What a connected shop says of its carts is read from the shop itself.
const SHOPS = /^shop:/

function placeOf(carts: readonly Cart[], word: CartWord): number {
  if (word.externalId !== null)
    return carts.findIndex(
      (cart) => cart.workspaceId === word.workspaceId && cart.externalId === word.externalId,
    )
  const since = new Date(Date.parse(word.at) - RESUMED_WITHIN_MS).toISOString()
  return carts.findIndex((cart) => isOpenOf(cart, word) && cart.changedAt >= since)
}

function isOpenOf(cart: Cart, { workspaceId, leadId }: CartWord): boolean {
  return cart.closedAt === null && cart.leadId === leadId && cart.workspaceId === workspaceId
}

function begun(word: CartWord, id: string): Cart {
  return {
    id,
    workspaceId: word.workspaceId,
    leadId: word.leadId,
    source: trackedCarts,
    externalId: word.externalId ?? word.eventId,
    currency: word.currency,
    totalMinor: word.totalMinor ?? sumOf(word.lines),
    lines: word.lines,
    recoveryUrl: word.recoveryUrl,
    startedAt: word.at,
    changedAt: word.at,
    closedAt: null,
  }
}

function changedBy(cart: Cart, word: CartWord): Cart {
  const isLate = word.at < cart.changedAt
  // An older word about the whole of it says what was in it then; one that names no products says that it is still there.
  const keepsLines = word.kind === 'whole' && (isLate || word.lines.length === 0)
  const lines = keepsLines ? cart.lines : word.kind === 'whole' ? word.lines : mixed(cart.lines, word)
  return {
    ...cart,
    leadId: word.leadId,
    currency: isLate ? cart.currency : word.currency,
    lines,
    totalMinor:
      word.kind === 'whole' && word.totalMinor !== null && !isLate
        ? word.totalMinor
        : keepsLines
          ? cart.totalMinor
          : sumOf(lines),
    recoveryUrl: (isLate ? null : word.recoveryUrl) ?? cart.recoveryUrl ?? word.recoveryUrl,
    startedAt: word.at < cart.startedAt ? word.at : cart.startedAt,
    changedAt: isLate ? cart.changedAt : word.at,
  }
}

function mixed(lines: readonly OrderLine[], { kind, lines: said }: CartWord): OrderLine[] {
  const result = lines.map((line) => ({ ...line }))
  for (const line of said) {
    const same = result.find((one) => keyOf(one) === keyOf(line))
    if (same) same.quantity += kind === 'add' ? line.quantity : -line.quantity
    else if (kind === 'add' && result.length < MOST_LINES) result.push({ ...line })
  }
  return result.filter(({ quantity }) => quantity > 0)
}

function keyOf({ sku, name }: OrderLine): string {
  return sku ?? name
}

function sumOf(lines: readonly OrderLine[]): number {
  return Math.round(lines.reduce((sum, { quantity, priceMinor }) => sum + quantity * priceMinor, 0))
}

function linesOf(products: readonly unknown[], minor: (value: unknown) => number | null): OrderLine[] {
  return products.slice(0, MOST_LINES).flatMap((product) => {
    if (product === null || typeof product !== 'object') return []
    const entry = product as Record<string, unknown>
    const name = text(entry.name) ?? text(entry.product_id) ?? text(entry.sku)
    if (!name) return []
    const { quantity } = entry
    return [
      {
        name: clipText(name, 300),
        sku: text(entry.sku),
        quantity: typeof quantity === 'number' && Number.isFinite(quantity) && quantity > 0 ? quantity : 1,
        priceMinor: minor(entry.price) ?? 0,
      },
    ]
  })
}

function text(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return typeof value === 'string' && value.trim() !== '' ? clipText(value.trim(), 200) : undefined
}
