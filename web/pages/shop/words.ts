// How states of orders, syncs, customers and webhooks of a shop read, with a colour for each that means something.
import type {
  CustomerSyncStatus,
  ShopOrderStatus,
  ShopResource,
  ShopSync,
  ShopWebhookStatus,
} from '../../../src/commerce/shop/contract.ts'

interface Word {
  label: string
  colour: string
}

export const orderStatusWords: Record<ShopOrderStatus, Word> = {
  pending: { label: 'Not paid yet', colour: 'yellow' },
  authorized: { label: 'Authorised', colour: 'yellow' },
  partially_paid: { label: 'Paid in part', colour: 'yellow' },
  paid: { label: 'Paid', colour: 'green' },
  partially_refunded: { label: 'Refunded in part', colour: 'gray' },
  refunded: { label: 'Refunded', colour: 'gray' },
  voided: { label: 'Voided', colour: 'gray' },
  expired: { label: 'Expired', colour: 'gray' },
  cancelled: { label: 'Cancelled', colour: 'red' },
}

export const resourceWords: Record<ShopResource, string> = {
  customers: 'Customers',
  orders: 'Orders',
  products: 'Products',
  checkouts: 'Carts',
}

export const syncWords: Record<ShopSync['status'], Word> = {
  queued: { label: 'Waits', colour: 'gray' },
  preparing: { label: 'The shop prepares it', colour: 'blue' },
  reading: { label: 'Reading', colour: 'blue' },
  done: { label: 'Done', colour: 'green' },
  failed: { label: 'Failed', colour: 'red' },
  cancelled: { label: 'Stopped', colour: 'gray' },
}

export const customerSyncWords: Record<CustomerSyncStatus, Word> = {
  synced: { label: 'In step', colour: 'green' },
  waiting: { label: 'On its way to the shop', colour: 'gray' },
  conflict: { label: 'Conflict', colour: 'yellow' },
  failed: { label: 'Refused by the shop', colour: 'red' },
}

export const webhookWords: Record<ShopWebhookStatus, Word> = {
  waiting: { label: 'Waits', colour: 'gray' },
  applied: { label: 'Applied', colour: 'green' },
  stale: { label: 'Overtaken', colour: 'gray' },
  ignored: { label: 'Nothing of ours', colour: 'gray' },
  refused: { label: 'Not signed by the shop', colour: 'red' },
  failed: { label: 'Failed', colour: 'red' },
}

/** A topic as people say it: `orders/updated` becomes `Orders: updated`. */
export function topicWords(topic: string): string {
  const [of = '', what = ''] = topic.split('/')
  const spaced = of.replaceAll('_', ' ')
  return what === ''
    ? spaced
    : `${spaced.charAt(0).toUpperCase()}${spaced.slice(1)}: ${what.replaceAll('_', ' ')}`
}
