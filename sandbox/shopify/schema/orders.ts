// The part of the Admin GraphQL schema 2026-10 that the sandbox plays: orders, refunds, visits and abandoned checkouts.
export const ORDERS = `
type Order implements HasMetafields & LegacyInteroperability & Node {
  id: ID!
  legacyResourceId: UnsignedInt64!
  name: String!
  number: Int!
  confirmationNumber: String
  createdAt: DateTime!
  updatedAt: DateTime!
  processedAt: DateTime!
  closedAt: DateTime
  closed: Boolean!
  cancelledAt: DateTime
  cancelReason: OrderCancelReason
  confirmed: Boolean!
  customer: Customer
  email: String
  phone: String
  note: String
  tags: [String!]!
  test: Boolean!
  edited: Boolean!
  currencyCode: CurrencyCode!
  presentmentCurrencyCode: CurrencyCode!
  displayFinancialStatus: OrderDisplayFinancialStatus
  displayFulfillmentStatus: OrderDisplayFulfillmentStatus!
  fullyPaid: Boolean!
  unpaid: Boolean!
  subtotalPriceSet: MoneyBag
  totalPriceSet: MoneyBag!
  totalTaxSet: MoneyBag
  totalDiscountsSet: MoneyBag
  totalShippingPriceSet: MoneyBag!
  totalRefundedSet: MoneyBag!
  totalRefundedShippingSet: MoneyBag!
  totalReceivedSet: MoneyBag!
  totalOutstandingSet: MoneyBag!
  netPaymentSet: MoneyBag!
  currentSubtotalPriceSet: MoneyBag!
  currentTotalPriceSet: MoneyBag!
  currentTotalTaxSet: MoneyBag!
  currentTotalDiscountsSet: MoneyBag!
  currentShippingPriceSet: MoneyBag!
  originalTotalPriceSet: MoneyBag!
  totalTipReceivedSet: MoneyBag!
  discountCode: String
  discountCodes: [String!]!
  cartToken: String
  checkoutToken: String
  clientIp: String
  sourceName: String
  sourceIdentifier: String
  customerLocale: String
  customerJourneySummary: CustomerJourneySummary
  customerAcceptsMarketing: Boolean!
  billingAddress: MailingAddress
  shippingAddress: MailingAddress
  lineItems(after: String, before: String, first: Int, last: Int, reverse: Boolean = false): LineItemConnection!
  refunds(first: Int): [Refund!]!
  transactions(first: Int): [OrderTransaction!]!
  taxesIncluded: Boolean!
  subtotalLineItemsQuantity: Int!
  currentSubtotalLineItemsQuantity: Int!
  paymentGatewayNames: [String!]!
  customAttributes: [Attribute!]!
  statusPageUrl: URL!
  metafield(key: String!, namespace: String): Metafield
  metafields(after: String, before: String, first: Int, keys: [String!], last: Int, namespace: String, reverse: Boolean = false): MetafieldConnection!
}

type LineItem implements Node {
  id: ID!
  name: String!
  title: String!
  variantTitle: String
  sku: String
  vendor: String
  quantity: Int!
  currentQuantity: Int!
  refundableQuantity: Int!
  product: Product
  variant: ProductVariant
  originalUnitPriceSet: MoneyBag!
  originalTotalSet: MoneyBag!
  discountedUnitPriceSet: MoneyBag!
  discountedTotalSet(withCodeDiscounts: Boolean = false): MoneyBag!
  totalDiscountSet: MoneyBag!
  discountedUnitPriceAfterAllDiscountsSet: MoneyBag!
  isGiftCard: Boolean!
  requiresShipping: Boolean!
  taxable: Boolean!
  customAttributes: [Attribute!]!
}

type Refund implements LegacyInteroperability & Node {
  id: ID!
  legacyResourceId: UnsignedInt64!
  createdAt: DateTime
  processedAt: DateTime!
  updatedAt: DateTime!
  note: String
  order: Order!
  totalRefundedSet: MoneyBag!
  refundLineItems(after: String, before: String, first: Int, last: Int, reverse: Boolean = false): RefundLineItemConnection!
  transactions(after: String, before: String, first: Int, last: Int, reverse: Boolean = false): OrderTransactionConnection!
}

type RefundLineItem {
  id: ID
  lineItem: LineItem!
  quantity: Int!
  priceSet: MoneyBag!
  subtotalSet: MoneyBag!
  totalTaxSet: MoneyBag!
  restocked: Boolean!
}

type OrderTransaction implements Node {
  id: ID!
  kind: OrderTransactionKind!
  status: OrderTransactionStatus!
  gateway: String
  amountSet: MoneyBag!
  createdAt: DateTime!
  processedAt: DateTime
  test: Boolean!
}

enum OrderTransactionKind { AUTHORIZATION CAPTURE CHANGE EMV_AUTHORIZATION REFUND SALE SUGGESTED_REFUND VOID }

enum OrderTransactionStatus { AWAITING_RESPONSE ERROR FAILURE PENDING SUCCESS UNKNOWN }

type CustomerJourneySummary {
  ready: Boolean!
  customerOrderIndex: Int
  daysToConversion: Int
  firstVisit: CustomerVisit
  lastVisit: CustomerVisit
  momentsCount: Count
  moments(after: String, before: String, first: Int, last: Int, reverse: Boolean = false): CustomerMomentConnection
}

type CustomerVisit implements CustomerMoment & Node {
  id: ID!
  occurredAt: DateTime!
  source: String!
  sourceDescription: String
  sourceType: MarketingTactic
  landingPage: URL
  referrerUrl: URL
  referralCode: String
  utmParameters: UTMParameters
}

interface CustomerMoment {
  occurredAt: DateTime!
}

type UTMParameters {
  source: String
  medium: String
  campaign: String
  term: String
  content: String
}

type Attribute {
  key: String!
  value: String
}

enum MarketingTactic { ABANDONED_CART AD AFFILIATE LINK LOYALTY MESSAGE NEWSLETTER NOTIFICATION POST RETARGETING SEO STOREFRONT_APP TRANSACTIONAL }

enum OrderCancelReason { CUSTOMER DECLINED FRAUD INVENTORY OTHER STAFF }

enum OrderDisplayFinancialStatus { AUTHORIZED EXPIRED PAID PARTIALLY_PAID PARTIALLY_REFUNDED PENDING REFUNDED VOIDED }

enum OrderDisplayFulfillmentStatus { FULFILLED FULFILLMENT_NOT_REQUIRED IN_PROGRESS ON_HOLD OPEN PARTIALLY_FULFILLED PENDING_FULFILLMENT REQUEST_DECLINED RESTOCKED SCHEDULED UNFULFILLED }

enum OrderSortKeys { CREATED_AT ID PROCESSED_AT UPDATED_AT }

type AbandonedCheckout implements Node {
  id: ID!
  name: String!
  abandonedCheckoutUrl: URL!
  createdAt: DateTime!
  updatedAt: DateTime!
  completedAt: DateTime
  customer: Customer
  billingAddress: MailingAddress
  shippingAddress: MailingAddress
  lineItems(after: String, before: String, first: Int, last: Int, reverse: Boolean = false): AbandonedCheckoutLineItemConnection!
  subtotalPriceSet: MoneyBag!
  totalPriceSet: MoneyBag!
  totalTaxSet: MoneyBag
  totalDiscountSet: MoneyBag!
  totalLineItemsPriceSet: MoneyBag!
  discountCodes: [String!]!
  note: String!
  taxesIncluded: Boolean!
  customAttributes: [Attribute!]!
}

type AbandonedCheckoutLineItem implements Node {
  id: ID!
  title: String
  variantTitle: String
  sku: String
  quantity: Int!
  product: Product
  variant: ProductVariant
  originalUnitPriceSet: MoneyBag!
  originalTotalPriceSet: MoneyBag!
  discountedUnitPriceSet: MoneyBag!
  discountedTotalPriceSet: MoneyBag!
  customAttributes: [Attribute!]!
}

enum AbandonedCheckoutSortKeys { CREATED_AT ID }

type OrderConnection {
  edges: [OrderEdge!]!
  nodes: [Order!]!
  pageInfo: PageInfo!
}

type OrderEdge {
  cursor: String!
  node: Order!
}

type LineItemConnection {
  edges: [LineItemEdge!]!
  nodes: [LineItem!]!
  pageInfo: PageInfo!
}

type LineItemEdge {
  cursor: String!
  node: LineItem!
}

type RefundLineItemConnection {
  edges: [RefundLineItemEdge!]!
  nodes: [RefundLineItem!]!
  pageInfo: PageInfo!
}

type RefundLineItemEdge {
  cursor: String!
  node: RefundLineItem!
}

type OrderTransactionConnection {
  edges: [OrderTransactionEdge!]!
  nodes: [OrderTransaction!]!
  pageInfo: PageInfo!
}

type OrderTransactionEdge {
  cursor: String!
  node: OrderTransaction!
}

type CustomerMomentConnection {
  edges: [CustomerMomentEdge!]!
  nodes: [CustomerMoment!]!
  pageInfo: PageInfo!
}

type CustomerMomentEdge {
  cursor: String!
  node: CustomerMoment!
}

type AbandonedCheckoutConnection {
  edges: [AbandonedCheckoutEdge!]!
  nodes: [AbandonedCheckout!]!
  pageInfo: PageInfo!
}

type AbandonedCheckoutEdge {
  cursor: String!
  node: AbandonedCheckout!
}

type AbandonedCheckoutLineItemConnection {
  edges: [AbandonedCheckoutLineItemEdge!]!
  nodes: [AbandonedCheckoutLineItem!]!
  pageInfo: PageInfo!
}

type AbandonedCheckoutLineItemEdge {
  cursor: String!
  node: AbandonedCheckoutLineItem!
}
`
