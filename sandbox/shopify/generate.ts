// The people, orders, carts and products of a shop, each made from the seed and its place alone: none has to be kept.
import { diceAt } from '../frame/chance.ts'
import { lineCents } from './records.ts'
import type { Address, Checkout, Consent, Customer, Line, Order, Product, Refund, Visit } from './records.ts'
import { fateOf } from './timetable.ts'
import type { Timetable } from './timetable.ts'
import { CAMPAIGNS, FIRST_NAMES, GOODS, LAST_NAMES, MATERIALS, PLACES, SIZES } from './words.ts'

/** First id of each kind; the place is added. */
export const FIRST_ID = {
  customer: 7_000_000_000_000,
  order: 5_500_000_000_000,
  line: 14_000_000_000_000,
  refund: 9_000_000_000_000,
  checkout: 36_000_000_000_000,
  product: 8_000_000_000_000,
  variant: 44_000_000_000_000,
}

export const PRODUCT_COUNT = GOODS.length * MATERIALS.length

const PLAIN = new Map<string, string>()
const HOUR_MS = 3_600_000
const LINES_AT_MOST = 8

export function customerAt(table: Timetable, place: number): Customer {
  const { seed } = table.size
  const dice = (salt: number) => diceAt(seed + salt, place)
  const firstName = pick(FIRST_NAMES, dice(1))
  const lastName = pick(LAST_NAMES, dice(2))
  const address = addressAt(seed, place, firstName, lastName)
  const createdAt = table.customerCreated[place] ?? 0
  const phone = dice(3) < 0.6 ? `+43660${String(1_000_000 + place).padStart(7, '0')}` : null
  return {
    id: FIRST_ID.customer + place,
    firstName,
    lastName,
    email: `${plain(firstName)}.${plain(lastName)}.${place}@example.com`,
    phone,
    createdAt,
    updatedAt: table.customerUpdated[place] ?? createdAt,
    tags: dice(4) < 0.1 ? ['vip'] : dice(4) < 0.25 ? ['newsletter', 'wholesale'] : [],
    note: dice(5) < 0.04 ? 'Asked for a gift wrap.' : null,
    locale: address.countryCode === 'US' ? 'en' : 'de',
    taxExempt: false,
    emailConsent: consentAt(dice(6), createdAt, 'NOT_SUBSCRIBED', 0.55),
    smsConsent: consentAt(phone === null ? 1 : dice(7), createdAt, 'NEVER_SUBSCRIBED', 0.2),
    address,
  }
}

export function orderAt(table: Timetable, place: number): Order {
  const { seed } = table.size
  const dice = (salt: number) => diceAt(seed + salt, place)
  const customer = table.owner[place] ?? 0
  const createdAt = table.orderCreated[place] ?? 0
  const updatedAt = table.orderUpdated[place] ?? createdAt
  const fate = fateOf(seed, place)
  const discountCode = dice(21) < 0.15 ? 'WELCOME10' : null
  const lines = linesAt(seed, place, FIRST_ID.line + place * LINES_AT_MOST, discountCode === null ? 0 : 10)
  const firstName = pick(FIRST_NAMES, diceAt(seed + 1, customer))
  const lastName = pick(LAST_NAMES, diceAt(seed + 2, customer))
  const order: Order = {
    id: FIRST_ID.order + place,
    number: 1001 + place,
    customerId: FIRST_ID.customer + customer,
    email: `${plain(firstName)}.${plain(lastName)}.${customer}@example.com`,
    createdAt,
    updatedAt,
    cancelledAt: fate === 'cancelled' ? updatedAt : null,
    cancelReason: fate === 'cancelled' ? 'CUSTOMER' : null,
    isPaid: fate !== 'pending' && fate !== 'cancelled',
    isFulfilled: fate !== 'pending' && fate !== 'cancelled',
    isTest: dice(22) < 0.004,
    isEdited: false,
    lines,
    shippingCents: dice(23) < 0.5 ? 490 : 0,
    discountCode,
    refunds: [],
    tags: dice(24) < 0.05 ? ['gift'] : [],
    note: null,
    visits: visitsAt(seed, place, createdAt),
    address: addressAt(seed, customer, firstName, lastName),
    checkoutToken: tokenAt(seed, place),
  }
  if (fate === 'refunded' || fate === 'partly refunded')
    order.refunds.push(refundOf(order, FIRST_ID.refund + place, updatedAt, fate === 'refunded'))
  return order
}

export function checkoutAt(table: Timetable, place: number): Checkout {
  const { seed, customers, checkouts, until } = table.size
  const customer = Math.floor(customers * diceAt(seed + 41, place))
  const { id, email, address } = customerAt(table, customer)
  // The last thirty days, as an abandoned cart is worth a reminder no longer.
  const createdAt = Math.round(until - (30 * 24 * HOUR_MS * (checkouts - place)) / Math.max(1, checkouts))
  const isRecovered = diceAt(seed + 42, place) < 0.2
  return {
    id: FIRST_ID.checkout + place,
    token: tokenAt(seed + 43, place),
    customerId: id,
    email,
    createdAt,
    updatedAt: createdAt + HOUR_MS / 4,
    completedAt: isRecovered ? createdAt + 5 * HOUR_MS : null,
    lines: linesAt(seed + 44, place, FIRST_ID.checkout * 2 + place * LINES_AT_MOST, 0),
    address,
  }
}

export function productAt(place: number, createdAt: number): Product {
  const good = GOODS[Math.floor(place / MATERIALS.length)] ?? { name: 'Thing', type: 'Things', cents: 1000 }
  const material = MATERIALS[place % MATERIALS.length] ?? 'plain'
  const title = `${material} ${good.name}`
  const handle = plain(title).replaceAll(' ', '-')
  const sizes = place % 3 === 0 ? ['Default Title'] : SIZES
  return {
    id: FIRST_ID.product + place,
    title,
    handle,
    vendor: 'Sandbox Goods',
    type: good.type,
    description: `A ${title.toLowerCase()} that nobody has to want.`,
    tags: [good.type.toLowerCase()],
    createdAt,
    updatedAt: createdAt,
    variants: sizes.map((size, index) => ({
      id: FIRST_ID.variant + place * 10 + index,
      productId: FIRST_ID.product + place,
      title: size,
      sku: `${handle.toUpperCase().slice(0, 12)}-${place}${index}`,
      cents: good.cents + 500 * index + 100 * (place % MATERIALS.length),
      position: index + 1,
    })),
  }
}

/** Gives back everything, or the first line. */
export function refundOf(order: Order, id: number, at: number, isWhole: boolean): Refund {
  const lines = isWhole ? order.lines : order.lines.slice(0, 1)
  for (const line of lines) line.refunded = line.quantity
  return {
    id,
    at,
    note: null,
    lines: lines.map((line) => ({
      lineId: line.id,
      quantity: line.quantity,
      cents: lineCents(line, line.quantity),
    })),
    shippingCents: isWhole ? order.shippingCents : 0,
  }
}

/** Lines of a basket; the same seed and place draw the same goods. */
export function linesAt(seed: number, place: number, firstId: number, discountPercent: number): Line[] {
  const count = 1 + Math.floor(3 * diceAt(seed + 51, place) ** 2)
  const lines: Line[] = []
  for (let index = 0; index < count; index++) {
    const dice = diceAt(seed + 52, place * LINES_AT_MOST + index)
    const goods = Math.floor(dice * PRODUCT_COUNT)
    const product = PRODUCTS[goods]
    const variant = product?.variants[Math.floor(dice * 1000) % product.variants.length]
    if (!product || !variant) continue
    const quantity = diceAt(seed + 53, place * LINES_AT_MOST + index) < 0.8 ? 1 : 2
    const discountCents = Math.round((variant.cents * quantity * discountPercent) / 100)
    lines.push({
      id: firstId + index,
      productId: product.id,
      variantId: variant.id,
      quantity,
      refunded: 0,
      unitCents: variant.cents,
      discountCents,
    })
  }
  return lines
}

/** Every shop sells the same: products do not depend on the seed. */
export const PRODUCTS: Product[] = Array.from({ length: PRODUCT_COUNT }, (_, place) =>
  productAt(place, Date.UTC(2024, 0, 15)),
)

function addressAt(seed: number, customer: number, firstName: string, lastName: string): Address {
  const place = pick(PLACES, diceAt(seed + 8, customer))
  const number = 1 + Math.floor(120 * diceAt(seed + 9, customer))
  return { firstName, lastName, address1: `${place.street} ${number}`, ...place.rest }
}

function consentAt(dice: number, at: number, never: string, subscribed: number): Consent {
  if (dice < subscribed) return { state: 'SUBSCRIBED', level: 'SINGLE_OPT_IN', at }
  if (dice < subscribed + 0.08) return { state: 'UNSUBSCRIBED', level: 'SINGLE_OPT_IN', at: at + HOUR_MS }
  return { state: never, level: null, at: null }
}

function visitsAt(seed: number, place: number, orderedAt: number): Visit[] {
  if (diceAt(seed + 25, place) < 0.25) return []
  const campaign = pick(CAMPAIGNS, diceAt(seed + 26, place))
  const first: Visit = { at: orderedAt - 26 * HOUR_MS, ...campaign }
  const last: Visit = { at: orderedAt - HOUR_MS / 2, ...pick(CAMPAIGNS, diceAt(seed + 27, place)) }
  return [first, last]
}

function tokenAt(seed: number, place: number): string {
  return [61, 62, 63, 64]
    .map((salt) =>
      Math.floor(diceAt(seed + salt, place) * 0x100000000)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('')
}

function pick<T>(list: readonly T[], dice: number): T {
  const picked = list[Math.floor(dice * list.length)]
  if (picked === undefined) throw new RangeError('Nothing to pick from.')
  return picked
}

// The words below have umlauts and accents alone.
function plain(text: string): string {
  return PLAIN.get(text) ?? remember(text)
}

function remember(text: string): string {
  const made = text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z ]/g, '')
  PLAIN.set(text, made)
  return made
}
