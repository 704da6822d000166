// Reads webhooks, whose payloads are shaped as the REST API was. Since 2025-01 those of customers lack tags, consent and counts.
import { asObject } from '../exchange.ts'
import type {
  CheckoutWord,
  CustomerWord,
  Said,
  ShopOrderWord,
  ShopPerson,
  ShopProductWord,
  ShopReading,
  ShopRefund,
  ShopWord,
} from '../shop.ts'
import { listOf } from './ask.ts'
import {
  consentOf,
  currencyOf,
  idOf,
  instantOf,
  minorOf,
  partsOf,
  statusOf,
  textOf,
  textsOf,
  wholeOf,
} from './values.ts'

type Payload = Record<string, unknown>
type Head = { topic: string; triggeredAt: string }

/** See `ShopDeclared.read`. */
export function readWebhook(head: Head, payload: unknown, currency: string): ShopReading {
  const given = asObject(payload)
  if (!given) return { refused: 'The payload is no JSON object.' }
  const read = READERS[head.topic]
  if (!read) return { words: [], subject: idOf(given.id) }
  const words = read(given, head, currency)
  return words ?? { refused: `The payload of ${head.topic} lacks its id or its instant.` }
}

/** The topics that are read. */
export function topicsRead(): string[] {
  return Object.keys(READERS)
}

type Read = (
  given: Payload,
  head: Head,
  currency: string,
) => { words: ShopWord[]; subject: string | null } | null

const one = (word: ShopWord | null, subject: string | null) =>
  word && subject ? { words: [word], subject } : null

const readCustomer: Read = (given, head) => {
  const word = customerOf(given, head)
  return one(word, word?.id ?? null)
}
const readOrder: Read = (given, head, currency) => {
  const word = orderOf(given, head, currency)
  if (!word) return null
  const buyer = customerOf(asObject(given.customer) ?? {}, head)
  return { words: buyer ? [buyer, word] : [word], subject: word.id }
}
const readProduct: Read = (given, head, currency) => {
  const word = productOf(given, head, currency)
  return one(word, word?.id ?? null)
}
const readCheckout: Read = (given, head, currency) => {
  const word = checkoutOf(given, head, currency)
  return one(word, word?.id ?? null)
}
const readTags =
  (key: 'tagsAdded' | 'tagsRemoved'): Read =>
  (given, head) => {
    const id = idOf(given.customerId)
    const at = instantOf(given.occurredAt) ?? head.triggeredAt
    return one(id ? { kind: 'customer', id, [key]: { tags: textsOf(given.tags), at } } : null, id)
  }
const readConsent =
  (key: 'email' | 'sms', field: string): Read =>
  (given) => {
    const id = idOf(given.customer_id)
    const consent = asObject(given[field])
    const said = consentOf(consent?.state, consent?.consent_updated_at)
    return one(id && said ? { kind: 'customer', id, [key]: said } : null, id)
  }
const shopItself =
  (act: 'uninstalled' | 'scopes_changed' | 'changed'): Read =>
  (given) => ({ words: [{ kind: 'shop', act }], subject: idOf(given.id) })
const readRequest =
  (asks: 'data_request' | 'customer_redact' | 'shop_redact'): Read =>
  (given, head) => {
    const person = asObject(given.customer)
    const customerId = idOf(person?.id)
    const requestId = idOf(asObject(given.data_request)?.id) ?? customerId ?? idOf(given.shop_id)
    if (!requestId) return null
    const words: ShopWord[] = [
      {
        kind: 'request',
        asks,
        // A person may be asked to be forgotten more than once, each time anew.
        requestId: asks === 'data_request' ? requestId : `${requestId}@${head.triggeredAt}`,
        customerId,
        email: textOf(person?.email, 320),
        phone: textOf(person?.phone, 60),
      },
    ]
    return { words, subject: customerId ?? requestId }
  }

const READERS: Record<string, Read> = {
  'customers/create': readCustomer,
  'customers/update': readCustomer,
  'customers/enable': readCustomer,
  'customers/disable': readCustomer,
  'customers/delete': (given, head) => {
    const id = idOf(given.id)
    return one(id ? { kind: 'customer', id, deletedAt: head.triggeredAt } : null, id)
  },
  'customers/merge': (given, head) => {
    const id = idOf(given.admin_graphql_api_customer_deleted_id)
    return one(id ? { kind: 'customer', id, deletedAt: head.triggeredAt } : null, id)
  },
  'customers/email_marketing_consent_update': readConsent('email', 'email_marketing_consent'),
  'customers/marketing_consent_update': readConsent('sms', 'sms_marketing_consent'),
  'customers/purchasing_summary': (given, head) => {
    const id = idOf(given.customerId)
    const spent = asObject(given.amountSpent)
    const counts = {
      orders: wholeOf(given.numberOfOrders),
      spentMinor: minorOf(spent?.amount, currencyOf(spent?.currencyCode, 'USD')),
      at: instantOf(given.occurredAt) ?? head.triggeredAt,
    }
    return one(id ? { kind: 'customer', id, counts } : null, id)
  },
  'customer.tags_added': readTags('tagsAdded'),
  'customer.tags_removed': readTags('tagsRemoved'),
  'orders/create': readOrder,
  'orders/updated': readOrder,
  'orders/paid': readOrder,
  'orders/cancelled': readOrder,
  'orders/fulfilled': readOrder,
  'refunds/create': (given, _head, currency) => {
    const orderId = idOf(given.order_id)
    const refund = refundOf(given, currency)
    return one(orderId && refund ? { kind: 'refund', orderId, refund } : null, orderId)
  },
  'products/create': readProduct,
  'products/update': readProduct,
  'products/delete': (given, head) => {
    const id = idOf(given.id)
    const said = { changedAt: head.triggeredAt, toldAt: head.triggeredAt }
    return one(id ? { kind: 'product', id, said, deletedAt: head.triggeredAt } : null, id)
  },
  'checkouts/create': readCheckout,
  'checkouts/update': readCheckout,
  'app/uninstalled': shopItself('uninstalled'),
  'app/scopes_update': shopItself('scopes_changed'),
  'shop/update': shopItself('changed'),
  'bulk_operations/finish': (given) => {
    const operationId = textOf(given.admin_graphql_api_id, 200)
    return operationId
      ? { words: [{ kind: 'shop', act: 'file_ready', operationId }], subject: idOf(operationId) }
      : null
  },
  'customers/data_request': readRequest('data_request'),
  'customers/redact': readRequest('customer_redact'),
  'shop/redact': readRequest('shop_redact'),
}

function saidOf(given: Payload, head: Head): Said | null {
  const changedAt = instantOf(given.updated_at)
  return changedAt === null ? null : { changedAt, toldAt: head.triggeredAt || changedAt }
}

function customerOf(given: Payload, head: Head): CustomerWord | null {
  const id = idOf(given.id)
  const said = saidOf(given, head)
  if (!id || !said) return null
  return {
    kind: 'customer',
    id,
    record: {
      said,
      person: personOf(given, asObject(given.default_address)),
      note: textOf(given.note, 5_000),
      locale: null,
      createdAt: instantOf(given.created_at) ?? said.changedAt,
    },
  }
}

function orderOf(given: Payload, head: Head, shopCurrency: string): ShopOrderWord | null {
  const id = idOf(given.id)
  const said = saidOf(given, head)
  if (!id || !said) return null
  const currency = currencyOf(given.currency, shopCurrency)
  const money = (value: unknown) => minorOf(value, currency)
  const cancelledAt = instantOf(given.cancelled_at)
  const shipping = asObject(asObject(given.total_shipping_price_set)?.shop_money)
  const total = money(given.total_price)
  return {
    kind: 'order',
    id,
    number: textOf(given.name, 100) ?? id,
    said,
    customerId: idOf(asObject(given.customer)?.id),
    email: textOf(given.email, 320) ?? textOf(given.contact_email, 320),
    phone: textOf(given.phone, 60),
    status: statusOf(given.financial_status, cancelledAt),
    fulfilment: textOf(given.fulfillment_status, 40) ?? 'unfulfilled',
    // Nothing in the payload tells it: what was edited was told by the Admin API.
    isEdited: false,
    isTest: given.test === true,
    currency,
    totalMinor: total,
    currentMinor: given.current_total_price === undefined ? total : money(given.current_total_price),
    subtotalMinor: money(given.subtotal_price),
    shippingMinor: money(shipping?.amount),
    taxMinor: money(given.total_tax),
    placedAt: instantOf(given.processed_at) ?? instantOf(given.created_at) ?? said.changedAt,
    cancelledAt,
    cartToken: textOf(given.checkout_token, 200) ?? textOf(given.cart_token, 200),
    discountCodes: textsOf(listOf(given.discount_codes).map(({ code }) => code)),
    tags: partsOf(given.tags),
    note: textOf(given.note, 5_000),
    lines: listOf(given.line_items).map((line) => ({
      id: idOf(line.id) ?? '',
      productId: idOf(line.product_id),
      variantId: idOf(line.variant_id),
      name: textOf(line.title, 300) ?? '',
      variant: textOf(line.variant_title, 300),
      sku: textOf(line.sku, 200),
      quantity: wholeOf(line.quantity),
      currentQuantity: wholeOf(line.current_quantity ?? line.quantity),
      priceMinor: money(line.price),
      discountMinor: money(line.total_discount),
    })),
    refunds: listOf(given.refunds).flatMap((refund) => refundOf(refund, currency) ?? []),
  }
}

function refundOf(given: Payload, currency: string): ShopRefund | null {
  const id = idOf(given.id)
  const at = instantOf(given.created_at)
  if (!id || !at) return null
  const paidBack = listOf(given.transactions).filter(
    ({ kind, status }) => kind === 'refund' && (status === 'success' || status === undefined),
  )
  return {
    id,
    minor: paidBack.reduce(
      (sum, { amount, currency: own }) => sum + minorOf(amount, currencyOf(own, currency)),
      0,
    ),
    at,
  }
}

function productOf(given: Payload, head: Head, currency: string): ShopProductWord | null {
  const id = idOf(given.id)
  const said = saidOf(given, head)
  if (!id || !said) return null
  return {
    kind: 'product',
    id,
    said,
    product: {
      title: textOf(given.title, 300) ?? id,
      handle: textOf(given.handle, 300) ?? '',
      vendor: textOf(given.vendor, 300) ?? '',
      kind: textOf(given.product_type, 300) ?? '',
      status: textOf(given.status, 30)?.toLowerCase() ?? 'active',
      tags: partsOf(given.tags),
      variants: listOf(given.variants).flatMap((variant) => {
        const variantId = idOf(variant.id)
        const title = textOf(variant.title, 300) ?? ''
        return variantId
          ? [
              {
                id: variantId,
                title,
                sku: textOf(variant.sku, 200),
                priceMinor: minorOf(variant.price, currency),
              },
            ]
          : []
      }),
      createdAt: instantOf(given.created_at) ?? said.changedAt,
    },
  }
}

function checkoutOf(given: Payload, head: Head, shopCurrency: string): CheckoutWord | null {
  const id = idOf(given.id)
  const said = saidOf(given, head)
  if (!id || !said) return null
  const currency = currencyOf(given.currency, shopCurrency)
  const buyer = asObject(given.customer)
  const address = asObject(given.shipping_address) ?? asObject(given.billing_address)
  const person = personOf({ ...address, ...buyer, email: given.email ?? buyer?.email }, address)
  return {
    kind: 'checkout',
    id,
    said,
    token: textOf(given.token, 200) ?? id,
    customerId: idOf(buyer?.id),
    person: (person.email ?? person.phone ?? buyer?.id) ? person : null,
    currency,
    totalMinor: minorOf(given.total_price, currency),
    lines: listOf(given.line_items).map((line) => ({
      productId: idOf(line.product_id),
      variantId: idOf(line.variant_id),
      name: textOf(line.title, 300) ?? '',
      sku: textOf(line.sku, 200),
      quantity: wholeOf(line.quantity),
      priceMinor: minorOf(line.price, currency),
    })),
    recoveryUrl: textOf(given.abandoned_checkout_url, 2_000),
    startedAt: instantOf(given.created_at) ?? said.changedAt,
    completedAt: instantOf(given.completed_at),
  }
}

function personOf(given: Payload, address: Payload | null): ShopPerson {
  return {
    email: textOf(given.email, 320),
    phone: textOf(given.phone, 60),
    firstName: textOf(given.first_name, 100),
    lastName: textOf(given.last_name, 100),
    company: textOf(address?.company, 200),
    city: textOf(address?.city, 100),
    country: textOf(address?.country_code, 2),
    language: null,
  }
}
