// Every question that we ask the Admin API, in GraphQL, for the version in `VERSION`; a test holds them to its published schema.

/** https://shopify.dev/docs/api/usage/versioning */
export const VERSION = '2026-10'

const MONEY = '{ shopMoney { amount currencyCode } }'

/** What is asked of each customer. */
const CUSTOMER = `id createdAt updatedAt firstName lastName note locale tags numberOfOrders
  amountSpent { amount currencyCode }
  defaultEmailAddress { emailAddress marketingState marketingUpdatedAt }
  defaultPhoneNumber { phoneNumber smsMarketingConsent { state updatedAt } }
  defaultAddress { company city countryCodeV2 }`

const ORDER = `id name createdAt updatedAt processedAt cancelledAt test edited email phone note tags
  displayFinancialStatus displayFulfillmentStatus currencyCode discountCodes cartToken checkoutToken
  customer { id }
  totalPriceSet ${MONEY} currentTotalPriceSet ${MONEY} subtotalPriceSet ${MONEY} totalShippingPriceSet ${MONEY} totalTaxSet ${MONEY}
  refunds { id createdAt totalRefundedSet ${MONEY} }
  lineItems { edges { node { id title variantTitle sku quantity currentQuantity product { id } variant { id }
    originalUnitPriceSet ${MONEY} totalDiscountSet ${MONEY} } } }`

const PRODUCT = `id title handle vendor productType status tags createdAt updatedAt
  variants { edges { node { id title sku price } } }`

const CHECKOUT = `id abandonedCheckoutUrl createdAt updatedAt completedAt
  customer { id firstName lastName locale defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber } }
  totalPriceSet ${MONEY}
  lineItems { edges { node { id title sku quantity product { id } variant { id } originalUnitPriceSet ${MONEY} } } }`

const LISTS = {
  customers: ['customers', CUSTOMER],
  orders: ['orders', ORDER],
  products: ['products', PRODUCT],
  checkouts: ['abandonedCheckouts', CHECKOUT],
} as const

/** The query of a file: everything, or what was changed since an instant. */
export function fileQuery(kind: keyof typeof LISTS, since: string | null): string {
  const [list, fields] = LISTS[kind]
  const wanted = since === null ? '' : `(query: "updated_at:>='${since}'")`
  return `{ ${list}${wanted} { edges { node { ${fields} } } } }`
}

export const SHOP = `query Shop {
  shop { name myshopifyDomain currencyCode ianaTimezone plan { publicDisplayName } }
  currentAppInstallation { accessScopes { handle } }
}`

export const START_FILE = `mutation StartFile($query: String!) {
  bulkOperationRunQuery(query: $query, groupObjects: true) {
    bulkOperation { id status }
    userErrors { field message code }
  }
}`

export const FILE_STATE = `query FileState($id: ID!) {
  bulkOperation(id: $id) { id status errorCode createdAt completedAt objectCount rootObjectCount fileSize url }
}`

export const CANCEL_FILE = `mutation CancelFile($id: ID!) {
  bulkOperationCancel(id: $id) { bulkOperation { id status } userErrors { field message } }
}`

export const SUBSCRIPTIONS = `query Subscriptions($after: String) {
  webhookSubscriptions(first: 100, after: $after) {
    nodes { id topic uri }
    pageInfo { hasNextPage endCursor }
  }
}`

export const SUBSCRIBE = `mutation Subscribe($topic: WebhookSubscriptionTopic!, $uri: String!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: { uri: $uri, format: JSON }) {
    webhookSubscription { id }
    userErrors { field message }
  }
}`

export const MOVE_SUBSCRIPTION = `mutation MoveSubscription($id: ID!, $uri: String!) {
  webhookSubscriptionUpdate(id: $id, webhookSubscription: { uri: $uri, format: JSON }) {
    webhookSubscription { id }
    userErrors { field message }
  }
}`

export const NOTE_OF = `query NoteOf($id: ID!) { customer(id: $id) { id note } }`

export const FIELDS_OF = `query FieldsOf($id: ID!, $keys: [String!]) {
  customer(id: $id) { id metafields(first: 25, keys: $keys) { nodes { namespace key value compareDigest } } }
}`

export const ADD_TAGS = `mutation AddTags($id: ID!, $tags: [String!]!) {
  tagsAdd(id: $id, tags: $tags) { node { id } userErrors { field message } }
}`

export const REMOVE_TAGS = `mutation RemoveTags($id: ID!, $tags: [String!]!) {
  tagsRemove(id: $id, tags: $tags) { node { id } userErrors { field message } }
}`

export const SET_NOTE = `mutation SetNote($id: ID!, $note: String!) {
  customerUpdate(input: { id: $id, note: $note }) { customer { id note } userErrors { field message } }
}`

export const SET_EMAIL_CONSENT = `mutation SetEmailConsent($input: CustomerEmailMarketingConsentUpdateInput!) {
  customerEmailMarketingConsentUpdate(input: $input) { customer { id } userErrors { field message code } }
}`

export const SET_SMS_CONSENT = `mutation SetSmsConsent($input: CustomerSmsMarketingConsentUpdateInput!) {
  customerSmsMarketingConsentUpdate(input: $input) { customer { id } userErrors { field message code } }
}`

export const SET_FIELDS = `mutation SetFields($metafields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $metafields) {
    metafields { namespace key value }
    userErrors { field message code elementIndex }
  }
}`

export const UNINSTALL = `mutation Uninstall { appUninstall { app { id } userErrors { field message } } }`
