// What a shop of the sandbox is made of: plain records, money in cents, instants in ms since 1970.

export interface Consent {
  state: string
  level: string | null
  at: number | null
}

export interface Address {
  firstName: string
  lastName: string
  address1: string
  city: string
  zip: string
  country: string
  countryCode: string
}

export interface Customer {
  id: number
  firstName: string | null
  lastName: string | null
  email: string | null
  phone: string | null
  createdAt: number
  updatedAt: number
  tags: string[]
  note: string | null
  locale: string
  taxExempt: boolean
  emailConsent: Consent
  smsConsent: Consent
  address: Address | null
}

export interface Line {
  id: number
  productId: number
  variantId: number
  quantity: number
  /** of the quantity, given back */
  refunded: number
  unitCents: number
  discountCents: number
}

export interface Refund {
  id: number
  at: number
  note: string | null
  lines: { lineId: number; quantity: number; cents: number }[]
  shippingCents: number
}

export interface Visit {
  at: number
  source: string
  landingPage: string
  referrer: string | null
  utm: { source: string; medium: string; campaign: string } | null
}

export interface Order {
  id: number
  number: number
  customerId: number | null
  email: string | null
  createdAt: number
  updatedAt: number
  cancelledAt: number | null
  cancelReason: string | null
  isPaid: boolean
  isFulfilled: boolean
  isTest: boolean
  isEdited: boolean
  lines: Line[]
  shippingCents: number
  discountCode: string | null
  refunds: Refund[]
  tags: string[]
  note: string | null
  visits: Visit[]
  address: Address | null
  checkoutToken: string
}

export interface Checkout {
  id: number
  token: string
  customerId: number | null
  email: string | null
  createdAt: number
  updatedAt: number
  completedAt: number | null
  lines: Line[]
  address: Address | null
}

export interface Variant {
  id: number
  productId: number
  title: string
  sku: string
  cents: number
  position: number
}

export interface Product {
  id: number
  title: string
  handle: string
  vendor: string
  type: string
  description: string
  tags: string[]
  createdAt: number
  updatedAt: number
  variants: Variant[]
}

export interface Metafield {
  id: number
  ownerId: string
  namespace: string
  key: string
  type: string
  value: string
  createdAt: number
  updatedAt: number
}

export interface Totals {
  subtotal: number
  discount: number
  shipping: number
  /** contained in the total: prices include tax */
  tax: number
  total: number
}

const TAX_PERCENT = 20

/** As ordered. */
export function totalsOf(order: { lines: Line[]; shippingCents: number }): Totals {
  let discount = 0
  let subtotal = 0
  for (const line of order.lines) {
    discount += line.discountCents
    subtotal += line.unitCents * line.quantity - line.discountCents
  }
  return withTax(subtotal, discount, order.shippingCents)
}

/** After refunds. */
export function currentTotalsOf(order: Order): Totals {
  const before = totalsOf(order)
  let goods = 0
  let shipping = 0
  for (const refund of order.refunds) {
    shipping += refund.shippingCents
    for (const line of refund.lines) goods += line.cents
  }
  return withTax(before.subtotal - goods, before.discount, before.shipping - shipping)
}

export function refundedCents(order: Order): number {
  let cents = 0
  for (const refund of order.refunds) {
    cents += refund.shippingCents
    for (const line of refund.lines) cents += line.cents
  }
  return cents
}

/** What a line costs for so many of its pieces, its discount shared out. */
export function lineCents(line: Line, quantity: number): number {
  return Math.round(((line.unitCents * line.quantity - line.discountCents) * quantity) / line.quantity)
}

export function financialStatus(order: Order): string {
  const refunded = refundedCents(order)
  if (refunded > 0) return refunded >= totalsOf(order).total ? 'REFUNDED' : 'PARTIALLY_REFUNDED'
  if (order.isPaid) return 'PAID'
  return order.cancelledAt === null ? 'PENDING' : 'VOIDED'
}

export function gid(type: string, id: number): string {
  return `gid://shopify/${type}/${id}`
}

/** The number at the end of a global id of this type; NaN for anything else. */
export function numberIn(id: string, type: string): number {
  const prefix = `gid://shopify/${type}/`
  return id.startsWith(prefix) ? Number(id.slice(prefix.length)) : NaN
}

function withTax(subtotal: number, discount: number, shipping: number): Totals {
  const total = subtotal + shipping
  return { subtotal, discount, shipping, total, tax: Math.round((total * TAX_PERCENT) / (100 + TAX_PERCENT)) }
}
