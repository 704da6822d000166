// The part of the Admin GraphQL schema 2026-10 that the sandbox plays: customers and their consent.
export const CUSTOMERS = `
type Customer implements HasMetafields & LegacyInteroperability & Node {
  id: ID!
  legacyResourceId: UnsignedInt64!
  firstName: String
  lastName: String
  displayName: String!
  defaultEmailAddress: CustomerEmailAddress
  defaultPhoneNumber: CustomerPhoneNumber
  defaultAddress: MailingAddress
  addressesV2(after: String, before: String, first: Int, last: Int, reverse: Boolean = false): MailingAddressConnection!
  amountSpent: MoneyV2!
  numberOfOrders: UnsignedInt64!
  lastOrder: Order
  orders(after: String, before: String, first: Int, last: Int, query: String, reverse: Boolean = false, sortKey: OrderSortKeys = ID): OrderConnection!
  createdAt: DateTime!
  updatedAt: DateTime!
  tags: [String!]!
  note: String
  state: CustomerState!
  locale: String!
  verifiedEmail: Boolean!
  taxExempt: Boolean!
  dataSaleOptOut: Boolean!
  canDelete: Boolean!
  lifetimeDuration: String!
  statistics: CustomerStatistics!
  metafield(key: String!, namespace: String): Metafield
  metafields(after: String, before: String, first: Int, keys: [String!], last: Int, namespace: String, reverse: Boolean = false): MetafieldConnection!
}

type CustomerEmailAddress {
  emailAddress: String!
  marketingState: CustomerEmailAddressMarketingState!
  marketingOptInLevel: CustomerMarketingOptInLevel
  marketingUpdatedAt: DateTime
  marketingUnsubscribeUrl: URL!
  validFormat: Boolean!
  openTrackingLevel: CustomerEmailAddressOpenTrackingLevel!
}

type CustomerPhoneNumber {
  phoneNumber: String!
  smsMarketingConsent: CustomerSmsMarketingConsent!
}

interface CustomerMarketingConsent {
  state: CustomerMarketingConsentState!
  optInLevel: CustomerMarketingOptInLevel
  updatedAt: DateTime
  collectedFrom: CustomerConsentCollectedFrom
}

type CustomerSmsMarketingConsent implements CustomerMarketingConsent {
  state: CustomerMarketingConsentState!
  optInLevel: CustomerMarketingOptInLevel
  updatedAt: DateTime
  collectedFrom: CustomerConsentCollectedFrom
}

type CustomerStatistics {
  predictedSpendTier: CustomerPredictedSpendTier
  rfmGroup: CustomerRfmGroup
}

type MailingAddress implements Node {
  id: ID!
  firstName: String
  lastName: String
  name: String
  company: String
  address1: String
  address2: String
  city: String
  province: String
  provinceCode: String
  zip: String
  country: String
  countryCodeV2: CountryCode
  phone: String
  formatted(withCompany: Boolean = true, withName: Boolean = false): [String!]!
  formattedArea: String
}

type CustomerConnection {
  edges: [CustomerEdge!]!
  nodes: [Customer!]!
  pageInfo: PageInfo!
}

type CustomerEdge {
  cursor: String!
  node: Customer!
}

type MailingAddressConnection {
  edges: [MailingAddressEdge!]!
  nodes: [MailingAddress!]!
  pageInfo: PageInfo!
}

type MailingAddressEdge {
  cursor: String!
  node: MailingAddress!
}

enum CustomerSortKeys { CREATED_AT ID UPDATED_AT }

enum CustomerState { DECLINED DISABLED ENABLED INVITED }

enum CustomerEmailAddressMarketingState { INVALID NOT_SUBSCRIBED PENDING SUBSCRIBED UNSUBSCRIBED }

enum CustomerMarketingOptInLevel { CONFIRMED_OPT_IN SINGLE_OPT_IN UNKNOWN }

enum CustomerEmailAddressOpenTrackingLevel { OPTED_IN OPTED_OUT UNKNOWN }

enum CustomerMarketingConsentState { NEVER_SUBSCRIBED PENDING REDACTED SUBSCRIBED UNSUBSCRIBED }

enum CustomerConsentCollectedFrom { OTHER SHOPIFY }

enum CustomerPredictedSpendTier { HIGH LOW MEDIUM }

enum CustomerRfmGroup { ACTIVE ALMOST_LOST AT_RISK CHAMPIONS DORMANT LOYAL NEEDS_ATTENTION NEW PREVIOUSLY_LOYAL PROMISING PROSPECTS }

enum CustomerEmailMarketingState { INVALID NOT_SUBSCRIBED PENDING REDACTED SUBSCRIBED UNSUBSCRIBED }

enum CustomerSmsMarketingState { NOT_SUBSCRIBED PENDING REDACTED SUBSCRIBED UNSUBSCRIBED }

input CustomerInput {
  email: String
  firstName: String
  id: ID
  lastName: String
  locale: String
  note: String
  phone: String
  tags: [String!]
  taxExempt: Boolean
}

input CustomerEmailMarketingConsentInput {
  consentUpdatedAt: DateTime
  marketingOptInLevel: CustomerMarketingOptInLevel
  marketingState: CustomerEmailMarketingState!
}

input CustomerEmailMarketingConsentUpdateInput {
  customerId: ID!
  emailMarketingConsent: CustomerEmailMarketingConsentInput!
}

input CustomerSmsMarketingConsentInput {
  consentUpdatedAt: DateTime
  marketingOptInLevel: CustomerMarketingOptInLevel
  marketingState: CustomerSmsMarketingState!
}

input CustomerSmsMarketingConsentUpdateInput {
  customerId: ID!
  smsMarketingConsent: CustomerSmsMarketingConsentInput!
}

input CustomerIdentifierInput @oneOf {
  emailAddress: String
  id: ID
  phoneNumber: String
}

type CustomerUpdatePayload {
  customer: Customer
  userErrors: [UserError!]!
}

type CustomerEmailMarketingConsentUpdatePayload {
  customer: Customer
  userErrors: [CustomerEmailMarketingConsentUpdateUserError!]!
}

type CustomerEmailMarketingConsentUpdateUserError implements DisplayableError {
  code: CustomerEmailMarketingConsentUpdateUserErrorCode
  field: [String!]
  message: String!
}

enum CustomerEmailMarketingConsentUpdateUserErrorCode { INCLUSION INTERNAL_ERROR INVALID MISSING_ARGUMENT }

type CustomerSmsMarketingConsentUpdatePayload {
  customer: Customer
  userErrors: [CustomerSmsMarketingConsentError!]!
}

type CustomerSmsMarketingConsentError implements DisplayableError {
  code: CustomerSmsMarketingConsentErrorCode
  field: [String!]
  message: String!
}

enum CustomerSmsMarketingConsentErrorCode { INCLUSION INTERNAL_ERROR INVALID MISSING_ARGUMENT }
`
