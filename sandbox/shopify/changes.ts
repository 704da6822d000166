// What happens in a shop, by its API, its staff or its visitors: records change, and webhooks tell of it.
import type { World } from '../frame/world.ts'
import { linesAt, refundOf } from './generate.ts'
import {
  checkoutPayload,
  customerPayload,
  emailConsentPayload,
  orderPayload,
  refundPayload,
  smsConsentPayload,
  summaryPayload,
  tagsPayload,
} from './payloads.ts'
import { gid } from './records.ts'
import type { Checkout, Consent, Customer, Order, Visit } from './records.ts'
import type { Shop } from './shop.ts'
import type { Webhooks } from './webhooks.ts'

/** The shop with its clock and its way to tell. */
export interface Scene {
  world: World
  shop: Shop
  webhooks: Webhooks
}

export function createCustomer(scene: Scene, person: Partial<Customer>): Customer {
  const { shop, world, webhooks } = scene
  const now = world.now()
  const customer: Customer = {
    id: shop.customers.nextId(),
    firstName: null,
    lastName: null,
    email: null,
    phone: null,
    tags: [],
    note: null,
    locale: 'en',
    taxExempt: false,
    emailConsent: { state: 'NOT_SUBSCRIBED', level: null, at: null },
    smsConsent: { state: 'NEVER_SUBSCRIBED', level: null, at: null },
    address: null,
    ...person,
    createdAt: now,
    updatedAt: now,
  }
  shop.customers.put(customer)
  webhooks.emit('customers/create', () => customerPayload(shop, customer))
  return customer
}

/** Changes the record and tells `customers/update`. */
export function changeCustomer(scene: Scene, customer: Customer, changes: Partial<Customer>): Customer {
  const { shop, world, webhooks } = scene
  const changed = { ...customer, ...changes, updatedAt: world.now() }
  shop.customers.put(changed)
  webhooks.emit('customers/update', () => customerPayload(shop, changed))
  return changed
}

export function tagCustomer(scene: Scene, customer: Customer, added: string[], removed: string[]): Customer {
  const isThere = new Set(customer.tags)
  const fresh = [...new Set(added)].filter((tag) => !isThere.has(tag))
  const lost = removed.filter((tag) => isThere.has(tag))
  if (fresh.length === 0 && lost.length === 0) return customer
  const tags = [...customer.tags.filter((tag) => !lost.includes(tag)), ...fresh].sort()
  const changed = changeCustomer(scene, customer, { tags })
  const now = scene.world.now()
  if (fresh.length > 0) scene.webhooks.emit('customer.tags_added', () => tagsPayload(customer.id, fresh, now))
  if (lost.length > 0) scene.webhooks.emit('customer.tags_removed', () => tagsPayload(customer.id, lost, now))
  return changed
}

export function setEmailConsent(scene: Scene, customer: Customer, consent: Consent): Customer {
  const changed = changeCustomer(scene, customer, { emailConsent: consent })
  scene.webhooks.emit('customers/email_marketing_consent_update', () => emailConsentPayload(changed))
  return changed
}

export function setSmsConsent(scene: Scene, customer: Customer, consent: Consent): Customer {
  const changed = changeCustomer(scene, customer, { smsConsent: consent })
  scene.webhooks.emit('customers/marketing_consent_update', () => smsConsentPayload(changed))
  return changed
}

export function deleteCustomer({ shop, webhooks }: Scene, customer: Customer) {
  shop.customers.remove(customer.id)
  webhooks.emit('customers/delete', () => ({
    id: customer.id,
    admin_graphql_api_id: gid('Customer', customer.id),
    phone: null,
    addresses: [],
    tax_exemptions: [],
  }))
}

export interface Basket {
  customer: Customer
  isPaid: boolean
  isTest: boolean
  visits: Visit[]
  /** the cart that it was, where it was one */
  checkout?: Checkout
}

export function placeOrder(scene: Scene, { customer, isPaid, isTest, visits, checkout }: Basket): Order {
  const { shop, world, webhooks } = scene
  const now = world.now()
  const id = shop.orders.nextId()
  const order: Order = {
    id,
    number: 1001 + shop.orders.count() - 1,
    customerId: customer.id,
    email: customer.email,
    createdAt: now,
    updatedAt: now,
    cancelledAt: null,
    cancelReason: null,
    isPaid,
    isFulfilled: false,
    isTest,
    isEdited: false,
    lines: checkout?.lines ?? linesAt(shop.size.seed + 99, id, shop.nextNumber() * 100, 0),
    shippingCents: 490,
    discountCode: null,
    refunds: [],
    tags: [],
    note: null,
    visits,
    address: customer.address,
    checkoutToken: checkout?.token ?? world.token(32),
  }
  shop.orders.put(order)
  shop.noteOrderOf(customer.id, id)
  webhooks.emit('orders/create', () => orderPayload(shop, order))
  if (isPaid) webhooks.emit('orders/paid', () => orderPayload(shop, order))
  tellSummary(scene, customer.id)
  return order
}

export type OrderAct = 'update' | 'pay' | 'fulfil' | 'edit' | 'cancel' | 'refund' | 'refund_part'

/** Something befalls an order: its topic is told, and `orders/updated` with it. */
export function actOnOrder(scene: Scene, before: Order, act: OrderAct): Order {
  const { shop, world, webhooks } = scene
  const now = world.now()
  const order: Order = { ...before, lines: before.lines.map((line) => ({ ...line })), updatedAt: now }
  const topics: string[] = []
  if (act === 'update') order.note = `Changed at ${new Date(now).toISOString()}`
  if (act === 'pay') {
    order.isPaid = true
    topics.push('orders/paid')
  }
  if (act === 'fulfil') {
    order.isFulfilled = true
    topics.push('orders/fulfilled')
  }
  if (act === 'edit') {
    order.isEdited = true
    for (const line of order.lines.slice(0, 1)) line.quantity++
  }
  if (act === 'cancel') {
    order.cancelledAt = now
    order.cancelReason = 'CUSTOMER'
    topics.push('orders/cancelled')
  }
  const refund =
    act === 'refund' || act === 'refund_part'
      ? refundOf(order, shop.nextNumber(), now, act === 'refund')
      : undefined
  if (refund) order.refunds = [...order.refunds, refund]
  shop.orders.put(order)
  if (refund) webhooks.emit('refunds/create', () => refundPayload(shop, order, refund))
  for (const topic of [...topics, 'orders/updated']) webhooks.emit(topic, () => orderPayload(shop, order))
  if (order.customerId !== null && (refund || act === 'cancel')) tellSummary(scene, order.customerId)
  return order
}

export function tagOrder(scene: Scene, before: Order, added: string[], removed: string[]): Order {
  const tags = [...new Set([...before.tags.filter((tag) => !removed.includes(tag)), ...added])].sort()
  const order = { ...before, tags, updatedAt: scene.world.now() }
  scene.shop.orders.put(order)
  scene.webhooks.emit('orders/updated', () => orderPayload(scene.shop, order))
  return order
}

export function startCheckout(scene: Scene, customer: Customer, origin: string): Checkout {
  const { shop, world, webhooks } = scene
  const now = world.now()
  const id = shop.checkouts.nextId()
  const checkout: Checkout = {
    id,
    token: world.token(32),
    customerId: customer.id,
    email: customer.email,
    createdAt: now,
    updatedAt: now,
    completedAt: null,
    lines: linesAt(shop.size.seed + 98, id, shop.nextNumber() * 100, 0),
    address: customer.address,
  }
  shop.checkouts.put(checkout)
  webhooks.emit('checkouts/create', () => checkoutPayload(shop, checkout, origin))
  return checkout
}

/** The cart becomes an order with the same token. */
export function completeCheckout(scene: Scene, before: Checkout, customer: Customer, origin: string): Order {
  const { shop, world, webhooks } = scene
  const now = world.now()
  const checkout: Checkout = { ...before, completedAt: now, updatedAt: now }
  shop.checkouts.put(checkout)
  webhooks.emit('checkouts/update', () => checkoutPayload(shop, checkout, origin))
  return placeOrder(scene, { customer, isPaid: true, isTest: false, visits: [], checkout })
}

function tellSummary({ shop, world, webhooks }: Scene, customerId: number) {
  webhooks.emit('customers/purchasing_summary', () => summaryPayload(shop, customerId, world.now()))
}
