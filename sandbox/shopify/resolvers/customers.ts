// Customers, their addresses of every kind, their consent and their statistics.
import { ORDER_FIELDS, pageOfArray } from '../lists.ts'
import { gid } from '../records.ts'
import type { Consent, Customer as CustomerRecord } from '../records.ts'
import { readSearch } from '../search.ts'
import { metafieldFields } from './metafields.ts'
import { fieldsOf, instant, mailingAddress, money } from './types.ts'

interface EmailAddress {
  customer: CustomerRecord
  email: string
}

interface Phone {
  customer: CustomerRecord
  phone: string
}

const DAY_MS = 86_400_000

export const Customer = fieldsOf<CustomerRecord>({
  id: ({ id }) => gid('Customer', id),
  legacyResourceId: ({ id }) => String(id),
  displayName: (customer) => displayName(customer),
  defaultEmailAddress: (customer) => customer.email && { customer, email: customer.email },
  defaultPhoneNumber: (customer) => customer.phone && { customer, phone: customer.phone },
  defaultAddress: ({ address, id }) => mailingAddress(address, id),
  addressesV2: ({ address, id }, args) => pageOfArray(address ? [mailingAddress(address, id)] : [], args),
  amountSpent: ({ id }, _args, { shop }) => money(shop.summaryOf(id).spentCents, shop.currency),
  numberOfOrders: ({ id }, _args, { shop }) => String(shop.summaryOf(id).orders),
  lastOrder: ({ id }, _args, { shop }) => shop.ordersOf(id).at(-1) ?? null,
  orders: ({ id }, args, { shop }) => {
    const search = readSearch(args.query ?? '', ORDER_FIELDS)
    return pageOfArray(shop.ordersOf(id).filter(search.accepts), args)
  },
  createdAt: ({ createdAt }) => instant(createdAt),
  updatedAt: ({ updatedAt }) => instant(updatedAt),
  state: () => 'DISABLED',
  verifiedEmail: ({ email }) => email !== null,
  dataSaleOptOut: () => false,
  canDelete: ({ id }, _args, { shop }) => shop.ordersOf(id).length === 0,
  lifetimeDuration: ({ createdAt }, _args, { world }) =>
    `${Math.max(0, Math.floor((world.now() - createdAt) / DAY_MS))} days`,
  statistics: (customer) => customer,
  ...metafieldFields<CustomerRecord>(({ id }) => gid('Customer', id)),
})

export const CustomerStatistics = fieldsOf<CustomerRecord>({
  predictedSpendTier: ({ id }, _args, { shop }) => {
    const { spentCents } = shop.summaryOf(id)
    return spentCents === 0 ? null : spentCents > 50_000 ? 'HIGH' : spentCents > 15_000 ? 'MEDIUM' : 'LOW'
  },
  rfmGroup: ({ id }, _args, { shop, world }) => {
    const { orders, lastOrder } = shop.summaryOf(id)
    if (!lastOrder) return 'PROSPECTS'
    const days = (world.now() - lastOrder.createdAt) / DAY_MS
    if (orders >= 5) return days < 90 ? 'CHAMPIONS' : days < 365 ? 'AT_RISK' : 'PREVIOUSLY_LOYAL'
    if (orders === 1) return days < 60 ? 'NEW' : days < 365 ? 'ALMOST_LOST' : 'DORMANT'
    return days < 120 ? 'ACTIVE' : days < 365 ? 'NEEDS_ATTENTION' : 'DORMANT'
  },
})

export const CustomerEmailAddress = fieldsOf<EmailAddress>({
  emailAddress: ({ email }) => email,
  marketingState: ({ customer }) => customer.emailConsent.state,
  marketingOptInLevel: ({ customer }) => customer.emailConsent.level,
  marketingUpdatedAt: ({ customer }) => instant(customer.emailConsent.at),
  marketingUnsubscribeUrl: ({ customer }, _args, { origin }) =>
    `${origin}/account/unsubscribe/${customer.id}`,
  validFormat: ({ email }) => /^[^@\s]+@[^@\s]+$/.test(email),
  openTrackingLevel: () => 'UNKNOWN',
})

export const CustomerPhoneNumber = fieldsOf<Phone>({
  phoneNumber: ({ phone }) => phone,
  smsMarketingConsent: ({ customer }) => ({
    __typename: 'CustomerSmsMarketingConsent',
    ...customer.smsConsent,
  }),
})

export const CustomerSmsMarketingConsent = fieldsOf<Consent>({
  optInLevel: ({ level }) => level,
  updatedAt: ({ at }) => instant(at),
  collectedFrom: ({ at }) => (at === null ? null : 'SHOPIFY'),
})

export function displayName({ firstName, lastName, email, phone }: CustomerRecord): string {
  return [firstName, lastName].filter(Boolean).join(' ') || (email ?? phone ?? '')
}
