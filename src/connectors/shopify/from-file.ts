// Reads records of the files that Shopify writes for us, as the Admin API shapes them. Pure.
import { asObject } from '../exchange.ts'
import type {
  CheckoutWord,
  CustomerWord,
  ShopFileKind,
  ShopOrderWord,
  ShopPerson,
  ShopProductWord,
  ShopWord,
} from '../shop.ts'
import { listOf } from './ask.ts'
import {
  bagOf,
  consentOf,
  currencyOf,
  idOf,
  instantOf,
  minorOf,
  statusOf,
  textOf,
  textsOf,
  wholeOf,
} from './values.ts'

type Node = Record<string, unknown>

/** A line that belongs to the record before it names that record; JSON inside a text has other quotes. */
export function beginsRecord(line: string): boolean {
  return !line.includes('"__parentId":"')
}

/** See `ShopDeclared.readRecord`. The first line is the record, the others what belongs to it. */
export function readRecord(
  kind: ShopFileKind,
  [node, ...parts]: readonly Node[],
  toldAt: string,
  currency: string,
): ShopWord | null {
  if (!node) return null
  const id = idOf(node.id)
  const changedAt = instantOf(node.updatedAt)
  if (!id || !changedAt) return null
  const head = { id, said: { changedAt, toldAt } }
  if (kind === 'customers') return customer(head, node, toldAt)
  if (kind === 'orders') return order(head, node, parts)
  if (kind === 'products') return product(head, node, parts, currency)
  return checkout(head, node, parts, currency)
}

interface Head {
  id: string
  said: { changedAt: string; toldAt: string }
}

function customer({ id, said }: Head, node: Node, toldAt: string): CustomerWord {
  const email = asObject(node.defaultEmailAddress)
  const phone = asObject(node.defaultPhoneNumber)
  const sms = asObject(phone?.smsMarketingConsent)
  const spent = asObject(node.amountSpent)
  return {
    kind: 'customer',
    id,
    record: {
      said,
      person: personOf(node),
      note: textOf(node.note, 5_000),
      locale: textOf(node.locale, 35),
      createdAt: instantOf(node.createdAt) ?? said.changedAt,
    },
    tags: { all: textsOf(node.tags), at: toldAt },
    email: consentOf(email?.marketingState, email?.marketingUpdatedAt),
    sms: consentOf(sms?.state === 'NEVER_SUBSCRIBED' ? 'not_subscribed' : sms?.state, sms?.updatedAt),
    counts: {
      orders: wholeOf(node.numberOfOrders),
      spentMinor: minorOf(spent?.amount, currencyOf(spent?.currencyCode, 'USD')),
      at: toldAt,
    },
  }
}

function order({ id, said }: Head, node: Node, parts: readonly Node[]): ShopOrderWord {
  const currency = currencyOf(
    asObject(asObject(node.totalPriceSet)?.shopMoney)?.currencyCode ?? node.currencyCode,
    'USD',
  )
  const money = (value: unknown) => bagOf(value, currency)
  const cancelledAt = instantOf(node.cancelledAt)
  return {
    kind: 'order',
    id,
    number: textOf(node.name, 100) ?? id,
    said,
    customerId: idOf(asObject(node.customer)?.id),
    email: textOf(node.email, 320),
    phone: textOf(node.phone, 60),
    status: statusOf(node.displayFinancialStatus, cancelledAt),
    fulfilment: textOf(node.displayFulfillmentStatus, 40)?.toLowerCase() ?? null,
    isEdited: node.edited === true,
    isTest: node.test === true,
    currency,
    totalMinor: money(node.totalPriceSet),
    currentMinor: money(node.currentTotalPriceSet),
    subtotalMinor: money(node.subtotalPriceSet),
    shippingMinor: money(node.totalShippingPriceSet),
    taxMinor: money(node.totalTaxSet),
    placedAt: instantOf(node.processedAt) ?? instantOf(node.createdAt) ?? said.changedAt,
    cancelledAt,
    cartToken: textOf(node.checkoutToken, 200) ?? textOf(node.cartToken, 200),
    discountCodes: textsOf(node.discountCodes),
    tags: textsOf(node.tags),
    note: textOf(node.note, 5_000),
    lines: parts.map((line) => ({
      id: idOf(line.id) ?? '',
      productId: idOf(asObject(line.product)?.id),
      variantId: idOf(asObject(line.variant)?.id),
      name: textOf(line.title, 300) ?? '',
      variant: textOf(line.variantTitle, 300),
      sku: textOf(line.sku, 200),
      quantity: wholeOf(line.quantity),
      currentQuantity: wholeOf(line.currentQuantity),
      priceMinor: money(line.originalUnitPriceSet),
      discountMinor: money(line.totalDiscountSet),
    })),
    refunds: listOf(node.refunds).flatMap((refund) => {
      const refundId = idOf(refund.id)
      const at = instantOf(refund.createdAt)
      return refundId && at ? [{ id: refundId, minor: money(refund.totalRefundedSet), at }] : []
    }),
  }
}

function product({ id, said }: Head, node: Node, parts: readonly Node[], currency: string): ShopProductWord {
  return {
    kind: 'product',
    id,
    said,
    product: {
      title: textOf(node.title, 300) ?? id,
      handle: textOf(node.handle, 300) ?? '',
      vendor: textOf(node.vendor, 300) ?? '',
      kind: textOf(node.productType, 300) ?? '',
      status: textOf(node.status, 30)?.toLowerCase() ?? 'active',
      tags: textsOf(node.tags),
      variants: parts.flatMap((variant) => {
        const variantId = idOf(variant.id)
        if (!variantId) return []
        return [
          {
            id: variantId,
            title: textOf(variant.title, 300) ?? '',
            sku: textOf(variant.sku, 200),
            priceMinor: minorOf(variant.price, currency),
          },
        ]
      }),
      createdAt: instantOf(node.createdAt) ?? said.changedAt,
    },
  }
}

function checkout({ id, said }: Head, node: Node, parts: readonly Node[], fallback: string): CheckoutWord {
  const total = asObject(asObject(node.totalPriceSet)?.shopMoney)
  const currency = currencyOf(total?.currencyCode, fallback)
  const buyer = asObject(node.customer)
  const recoveryUrl = textOf(node.abandonedCheckoutUrl, 2_000)
  return {
    kind: 'checkout',
    id,
    said,
    token: /\/checkouts\/(?:\w{1,3}\/)?([^/?]+)\/recover/.exec(recoveryUrl ?? '')?.[1] ?? id,
    customerId: idOf(buyer?.id),
    person: buyer && personOf(buyer),
    currency,
    totalMinor: minorOf(total?.amount, currency),
    lines: parts.map((line) => ({
      productId: idOf(asObject(line.product)?.id),
      variantId: idOf(asObject(line.variant)?.id),
      name: textOf(line.title, 300) ?? '',
      sku: textOf(line.sku, 200),
      quantity: wholeOf(line.quantity),
      priceMinor: bagOf(line.originalUnitPriceSet, currency),
    })),
    recoveryUrl,
    startedAt: instantOf(node.createdAt) ?? said.changedAt,
    completedAt: instantOf(node.completedAt),
  }
}

function personOf(node: Node): ShopPerson {
  const address = asObject(node.defaultAddress)
  return {
    email: textOf(asObject(node.defaultEmailAddress)?.emailAddress, 320),
    phone: textOf(asObject(node.defaultPhoneNumber)?.phoneNumber, 60),
    firstName: textOf(node.firstName, 100),
    lastName: textOf(node.lastName, 100),
    company: textOf(address?.company, 200),
    city: textOf(address?.city, 100),
    country: textOf(address?.countryCodeV2, 2),
    language: textOf(node.locale, 35),
  }
}
