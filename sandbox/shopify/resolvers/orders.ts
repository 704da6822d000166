// Orders with their lines, refunds, payments and visits, and abandoned checkouts.
import { pageOfArray } from '../lists.ts'
import { currentTotalsOf, financialStatus, gid, lineCents, refundedCents, totalsOf } from '../records.ts'
import type { Checkout, Line, Order as OrderRecord, Refund as RefundRecord, Visit } from '../records.ts'
import type { Shop } from '../shop.ts'
import { metafieldFields } from './metafields.ts'
import { bag, fieldsOf, instant, mailingAddress } from './types.ts'
import type { Arguments, Context } from './types.ts'

interface RefundedLine {
  line: Line
  quantity: number
  cents: number
}

interface Payment {
  id: number
  kind: string
  status: string
  cents: number
  at: number
  isTest: boolean
}

interface Journey {
  order: OrderRecord
  visits: Visit[]
}

type Goods = (line: Line, args: Arguments, context: Pick<Context, 'shop'>) => unknown

/** A journey is told some seconds after its order. */
const JOURNEY_READY_MS = 10_000

const goodsFields: Record<
  | 'title'
  | 'variantTitle'
  | 'sku'
  | 'product'
  | 'variant'
  | 'originalUnitPriceSet'
  | 'discountedUnitPriceSet'
  | 'customAttributes',
  Goods
> = {
  title: ({ productId }, _args, { shop }) => shop.products.get(productId)?.title ?? '',
  variantTitle: ({ variantId }, _args, { shop }) => shop.variant(variantId)?.title ?? null,
  sku: ({ variantId }, _args, { shop }) => shop.variant(variantId)?.sku ?? null,
  product: ({ productId }, _args, { shop }) => shop.products.get(productId) ?? null,
  variant: ({ variantId }, _args, { shop }) => shop.variant(variantId) ?? null,
  originalUnitPriceSet: ({ unitCents }, _args, { shop }) => bag(unitCents, shop.currency),
  discountedUnitPriceSet: (line, _args, { shop }) => bag(lineCents(line, 1), shop.currency),
  customAttributes: () => [],
}

export const Order = fieldsOf<OrderRecord>({
  id: ({ id }) => gid('Order', id),
  legacyResourceId: ({ id }) => String(id),
  name: ({ number }) => `#${number}`,
  confirmationNumber: ({ checkoutToken }) => checkoutToken.slice(0, 9).toUpperCase(),
  createdAt: ({ createdAt }) => instant(createdAt),
  updatedAt: ({ updatedAt }) => instant(updatedAt),
  processedAt: ({ createdAt }) => instant(createdAt),
  closedAt: ({ cancelledAt }) => instant(cancelledAt),
  closed: ({ cancelledAt }) => cancelledAt !== null,
  cancelledAt: ({ cancelledAt }) => instant(cancelledAt),
  confirmed: () => true,
  customer: ({ customerId }, _args, { shop }) => (customerId && shop.customers.get(customerId)) || null,
  phone: () => null,
  test: ({ isTest }) => isTest,
  edited: ({ isEdited }) => isEdited,
  currencyCode: (_order, _args, { shop }) => shop.currency,
  presentmentCurrencyCode: (_order, _args, { shop }) => shop.currency,
  displayFinancialStatus: financialStatus,
  displayFulfillmentStatus: ({ isFulfilled }) => (isFulfilled ? 'FULFILLED' : 'UNFULFILLED'),
  fullyPaid: ({ isPaid }) => isPaid,
  unpaid: ({ isPaid }) => !isPaid,
  subtotalPriceSet: (order, _args, { shop }) => bag(totalsOf(order).subtotal, shop.currency),
  totalPriceSet: (order, _args, { shop }) => bag(totalsOf(order).total, shop.currency),
  originalTotalPriceSet: (order, _args, { shop }) => bag(totalsOf(order).total, shop.currency),
  totalTaxSet: (order, _args, { shop }) => bag(totalsOf(order).tax, shop.currency),
  totalDiscountsSet: (order, _args, { shop }) => bag(totalsOf(order).discount, shop.currency),
  totalShippingPriceSet: (order, _args, { shop }) => bag(totalsOf(order).shipping, shop.currency),
  totalRefundedSet: (order, _args, { shop }) => bag(refundedCents(order), shop.currency),
  totalRefundedShippingSet: ({ refunds }, _args, { shop }) =>
    bag(
      refunds.reduce((sum, refund) => sum + refund.shippingCents, 0),
      shop.currency,
    ),
  totalReceivedSet: (order, _args, { shop }) => bag(receivedCents(order), shop.currency),
  netPaymentSet: (order, _args, { shop }) => bag(receivedCents(order) - refundedCents(order), shop.currency),
  totalOutstandingSet: (order, _args, { shop }) =>
    bag(order.cancelledAt === null ? totalsOf(order).total - receivedCents(order) : 0, shop.currency),
  currentSubtotalPriceSet: (order, _args, { shop }) => bag(currentTotalsOf(order).subtotal, shop.currency),
  currentTotalPriceSet: (order, _args, { shop }) => bag(currentTotalsOf(order).total, shop.currency),
  currentTotalTaxSet: (order, _args, { shop }) => bag(currentTotalsOf(order).tax, shop.currency),
  currentTotalDiscountsSet: (order, _args, { shop }) => bag(totalsOf(order).discount, shop.currency),
  currentShippingPriceSet: (order, _args, { shop }) => bag(currentTotalsOf(order).shipping, shop.currency),
  totalTipReceivedSet: (_order, _args, { shop }) => bag(0, shop.currency),
  discountCodes: ({ discountCode }) => (discountCode === null ? [] : [discountCode]),
  cartToken: ({ checkoutToken }) => checkoutToken,
  clientIp: () => '203.0.113.7',
  sourceName: () => 'web',
  sourceIdentifier: () => null,
  customerLocale: () => 'de',
  customerJourneySummary: (order) => ({ order, visits: order.visits }),
  customerAcceptsMarketing: ({ customerId }, _args, { shop }) =>
    shop.customers.get(customerId ?? NaN)?.emailConsent.state === 'SUBSCRIBED',
  billingAddress: ({ address, id }) => mailingAddress(address, id),
  shippingAddress: ({ address, id }) => mailingAddress(address, id),
  lineItems: ({ lines }, args) => pageOfArray(lines, args),
  refunds: (order, { first }) =>
    order.refunds.slice(0, first ?? undefined).map((refund) => ({ order, ...refund })),
  transactions: (order, { first }) => paymentsOf(order).slice(0, first ?? undefined),
  taxesIncluded: () => true,
  subtotalLineItemsQuantity: ({ lines }) => lines.reduce((sum, line) => sum + line.quantity, 0),
  currentSubtotalLineItemsQuantity: ({ lines }) =>
    lines.reduce((sum, line) => sum + line.quantity - line.refunded, 0),
  paymentGatewayNames: () => ['sandbox'],
  customAttributes: () => [],
  statusPageUrl: ({ checkoutToken }, _args, { origin }) => `${origin}/orders/${checkoutToken}`,
  ...metafieldFields<OrderRecord>(({ id }) => gid('Order', id)),
})

export const LineItem = fieldsOf<Line>({
  id: ({ id }) => gid('LineItem', id),
  ...goodsFields,
  name: goodsFields.title,
  currentQuantity: ({ quantity, refunded }) => quantity - refunded,
  refundableQuantity: ({ quantity, refunded }) => quantity - refunded,
  vendor: ({ productId }, _args, { shop }) => shop.products.get(productId)?.vendor ?? null,
  originalTotalSet: (line, _args, { shop }) => bag(line.unitCents * line.quantity, shop.currency),
  discountedTotalSet: (line, _args, { shop }) => bag(lineCents(line, line.quantity), shop.currency),
  totalDiscountSet: (line, _args, { shop }) => bag(line.discountCents, shop.currency),
  discountedUnitPriceAfterAllDiscountsSet: (line, _args, { shop }) => bag(lineCents(line, 1), shop.currency),
  isGiftCard: () => false,
  requiresShipping: () => true,
  taxable: () => true,
})

export const Refund = fieldsOf<RefundRecord & { order: OrderRecord }>({
  id: ({ id }) => gid('Refund', id),
  legacyResourceId: ({ id }) => String(id),
  createdAt: ({ at }) => instant(at),
  processedAt: ({ at }) => instant(at),
  updatedAt: ({ at }) => instant(at),
  totalRefundedSet: ({ lines, shippingCents }, _args, { shop }) =>
    bag(
      lines.reduce((sum, line) => sum + line.cents, shippingCents),
      shop.currency,
    ),
  refundLineItems: ({ order, lines }, args) =>
    pageOfArray(
      lines.flatMap(({ lineId, quantity, cents }): RefundedLine[] => {
        const line = order.lines.find((each) => each.id === lineId)
        return line ? [{ line, quantity, cents }] : []
      }),
      args,
    ),
  transactions: ({ order, id }, args) =>
    pageOfArray(
      paymentsOf(order).filter((payment) => payment.id === id),
      args,
    ),
})

export const RefundLineItem = fieldsOf<RefundedLine>({
  id: ({ line }) => gid('RefundLineItem', line.id),
  lineItem: ({ line }) => line,
  priceSet: ({ line }, _args, { shop }) => bag(lineCents(line, 1), shop.currency),
  subtotalSet: ({ cents }, _args, { shop }) => bag(cents, shop.currency),
  totalTaxSet: ({ cents }, _args, { shop }) => bag(Math.round(cents / 6), shop.currency),
  restocked: () => true,
})

export const OrderTransaction = fieldsOf<Payment>({
  id: ({ id }) => gid('OrderTransaction', id),
  gateway: () => 'sandbox',
  amountSet: ({ cents }, _args, { shop }) => bag(cents, shop.currency),
  createdAt: ({ at }) => instant(at),
  processedAt: ({ at }) => instant(at),
  test: ({ isTest }) => isTest,
})

export const CustomerJourneySummary = fieldsOf<Journey>({
  ready: ({ order }, _args, { world }) => isReady(order, world.now()),
  customerOrderIndex: ({ order }, _args, { shop }) => orderIndex(order, shop),
  daysToConversion: ({ order, visits }) =>
    visits[0] ? Math.floor((order.createdAt - visits[0].at) / 86_400_000) : null,
  firstVisit: ({ order, visits }, _args, { world }) => (isReady(order, world.now()) && visits[0]) || null,
  lastVisit: ({ order, visits }, _args, { world }) => (isReady(order, world.now()) && visits.at(-1)) || null,
  momentsCount: ({ visits }) => ({ count: visits.length, precision: 'EXACT' }),
  moments: ({ visits }, args) =>
    pageOfArray(
      visits.map((visit) => ({ __typename: 'CustomerVisit', ...visit })),
      args,
    ),
})

export const CustomerVisit = fieldsOf<Visit>({
  id: ({ at }) => gid('CustomerVisit', at),
  occurredAt: ({ at }) => instant(at),
  sourceDescription: ({ source }) => source,
  sourceType: ({ utm }) => (utm === null ? null : utm.medium === 'email' ? 'NEWSLETTER' : 'AD'),
  referrerUrl: ({ referrer }) => referrer,
  referralCode: () => null,
  utmParameters: ({ utm }) => utm && { ...utm, term: null, content: null },
})

export const AbandonedCheckout = fieldsOf<Checkout>({
  id: ({ id }) => gid('AbandonedCheckout', id),
  name: ({ id }) => `#${id}`,
  abandonedCheckoutUrl: ({ token }, _args, { origin }) => `${origin}/checkouts/ac/${token}/recover`,
  createdAt: ({ createdAt }) => instant(createdAt),
  updatedAt: ({ updatedAt }) => instant(updatedAt),
  completedAt: ({ completedAt }) => instant(completedAt),
  customer: ({ customerId }, _args, { shop }) => (customerId && shop.customers.get(customerId)) || null,
  billingAddress: ({ address, id }) => mailingAddress(address, id),
  shippingAddress: ({ address, id }) => mailingAddress(address, id),
  lineItems: ({ lines }, args) => pageOfArray(lines, args),
  subtotalPriceSet: ({ lines }, _args, { shop }) => bag(basket(lines).subtotal, shop.currency),
  totalLineItemsPriceSet: ({ lines }, _args, { shop }) => bag(basket(lines).subtotal, shop.currency),
  totalPriceSet: ({ lines }, _args, { shop }) => bag(basket(lines).total, shop.currency),
  totalTaxSet: ({ lines }, _args, { shop }) => bag(basket(lines).tax, shop.currency),
  totalDiscountSet: ({ lines }, _args, { shop }) => bag(basket(lines).discount, shop.currency),
  discountCodes: () => [],
  note: () => '',
  taxesIncluded: () => true,
  customAttributes: () => [],
})

export const AbandonedCheckoutLineItem = fieldsOf<Line>({
  id: ({ id }) => gid('AbandonedCheckoutLineItem', id),
  ...goodsFields,
  originalTotalPriceSet: (line, _args, { shop }) => bag(line.unitCents * line.quantity, shop.currency),
  discountedTotalPriceSet: (line, _args, { shop }) => bag(lineCents(line, line.quantity), shop.currency),
})

/** The sale, and a refund for each time money went back. */
export function paymentsOf(order: OrderRecord): Payment[] {
  if (!order.isPaid) return []
  const sale: Payment = {
    id: order.id,
    kind: 'SALE',
    status: 'SUCCESS',
    cents: totalsOf(order).total,
    at: order.createdAt,
    isTest: order.isTest,
  }
  const back = order.refunds.map((refund): Payment => ({
    ...sale,
    id: refund.id,
    kind: 'REFUND',
    cents: refund.lines.reduce((sum, line) => sum + line.cents, refund.shippingCents),
    at: refund.at,
  }))
  return [sale, ...back]
}

function receivedCents(order: OrderRecord): number {
  return order.isPaid ? totalsOf(order).total : 0
}

function basket(lines: Line[]) {
  return totalsOf({ lines, shippingCents: 0 })
}

function isReady(order: OrderRecord, now: number): boolean {
  return now - order.createdAt >= JOURNEY_READY_MS
}

function orderIndex(order: OrderRecord, shop: Shop): number | null {
  if (order.customerId === null) return null
  const place = shop.ordersOf(order.customerId).findIndex(({ id }) => id === order.id)
  return place < 0 ? null : place
}
