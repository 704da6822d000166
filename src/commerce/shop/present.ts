// Presents rows of shops as pages see them; fields are listed, so that nothing leaks by accident. Pure.
import type { ConnectionRow } from '../../connectors/index.ts'
import type {
  ShopCustomer,
  ShopCustomerDetail,
  ShopOrder,
  ShopOrderDetail,
  ShopOrderStatus,
  ShopProduct,
  ShopRequest,
  ShopState,
  ShopSync,
  ShopWebhook,
} from './contract.ts'
import { shopOrderStatuses, shopResources } from './contract.ts'
import type { CustomerRecord } from './store/lists/customers.ts'
import type { OrderRecord, readOrderParts } from './store/lists/orders.ts'
import type { ProductRecord } from './store/lists/products.ts'
import type { WebhookRecord, countShops } from './store/lists/webhooks.ts'
import type { RequestRow } from './store/requests.ts'
import type { ShopRow } from './store/shops.ts'
import type { SyncRow } from './store/syncs.ts'

export function presentCustomer(row: CustomerRecord): ShopCustomer {
  return {
    id: row.id,
    connectionId: row.connectionId,
    shopName: row.shopName,
    leadId: row.leadId,
    label: labelOf(row) ?? `Customer ${row.id}`,
    email: row.email,
    phone: row.phone,
    tags: row.tags,
    orderCount: row.orderCount,
    spentMinor: row.spentMinor,
    revenueMinor: row.revenueMinor,
    currency: row.currency,
    firstOrderAt: iso(row.firstOrderAt),
    lastOrderAt: iso(row.lastOrderAt),
    syncStatus: row.syncStatus,
    syncProblem: row.syncProblem,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    syncedAt: row.syncedAt.toISOString(),
    deletedAt: iso(row.deletedAt),
  }
}

export function presentCustomerDetail(row: CustomerRecord): ShopCustomerDetail {
  return {
    ...presentCustomer(row),
    note: row.note,
    locale: row.locale,
    emailConsent: { state: row.emailConsent, at: iso(row.emailConsentAt) },
    smsConsent: { state: row.smsConsent, at: iso(row.smsConsentAt) },
    conflicts: row.conflicts,
  }
}

export function presentOrder(row: OrderRecord): ShopOrder {
  const left = Math.max(0, row.totalMinor - row.refundedMinor)
  return {
    id: row.id,
    externalId: row.externalId,
    number: row.number,
    connectionId: row.connectionId,
    shopName: row.shopName,
    leadId: row.leadId,
    leadLabel: labelOf(row) ?? (row.customerId === null ? 'Guest' : `Customer ${row.customerId}`),
    customerId: row.customerId,
    status: statusOf(row.status),
    fulfilment: row.fulfilment,
    isEdited: row.isEdited,
    isTest: row.isTest,
    currency: row.currency,
    totalMinor: row.totalMinor,
    refundedMinor: row.refundedMinor,
    netMinor: row.cancelledAt === null ? left : 0,
    itemCount: row.itemCount,
    discountCodes: row.discountCodes,
    tags: row.tags,
    placedAt: row.placedAt.toISOString(),
    cancelledAt: iso(row.cancelledAt),
    changedAt: iso(row.changedAt),
  }
}

export function presentOrderDetail(
  row: OrderRecord,
  parts: Awaited<ReturnType<typeof readOrderParts>>,
): ShopOrderDetail {
  return {
    ...presentOrder(row),
    subtotalMinor: row.subtotalMinor,
    shippingMinor: row.shippingMinor,
    taxMinor: row.taxMinor,
    note: row.note,
    lines: parts.lines,
    refunds: parts.refunds.map(({ id, minor, refundedAt }) => ({
      id,
      minor,
      refundedAt: refundedAt.toISOString(),
    })),
  }
}

export function presentProduct(row: ProductRecord): ShopProduct {
  return {
    id: row.id,
    connectionId: row.connectionId,
    shopName: row.shopName,
    title: row.title,
    handle: row.handle,
    vendor: row.vendor,
    kind: row.kind,
    status: row.status,
    tags: row.tags,
    currency: row.currency,
    lowMinor: row.lowMinor,
    highMinor: row.highMinor,
    variants: row.variants,
    unitsSold: row.unitsSold,
    revenueMinor: row.revenueMinor,
    orderCount: row.orderCount,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    deletedAt: iso(row.deletedAt),
  }
}

export function presentWebhook(row: WebhookRecord): ShopWebhook {
  return {
    deliveryId: row.deliveryId,
    connectionId: row.connectionId,
    shopName: row.shopName,
    topic: row.topic,
    subject: row.subject,
    status: row.status,
    problem: row.problem,
    deliveries: row.deliveries,
    triggeredAt: iso(row.triggeredAt),
    receivedAt: row.receivedAt.toISOString(),
    appliedAt: iso(row.appliedAt),
  }
}

export function presentSync(row: SyncRow): ShopSync {
  return {
    id: row.id,
    connectionId: row.connectionId,
    resource: row.resource,
    mode: row.mode,
    status: row.status,
    recordsTotal: row.recordsTotal,
    recordsRead: row.recordsRead,
    made: row.madeCount,
    changed: row.changedCount,
    percent: percentOf(row),
    problem: row.problem,
    requestedAt: row.requestedAt.toISOString(),
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
  }
}

export function presentRequest(row: RequestRow, shopName: string): ShopRequest {
  return {
    id: row.id,
    connectionId: row.connectionId,
    shopName,
    kind: row.kind,
    requestId: row.requestId,
    customerId: row.customerId,
    status: row.status,
    hasExport: row.hasExport,
    leadCount: row.leadCount,
    orderCount: row.orderCount,
    receivedAt: row.receivedAt.toISOString(),
    dueAt: row.dueAt.toISOString(),
    doneAt: iso(row.doneAt),
  }
}

/** A shop with its connection; without one it was disconnected, and is not shown. */
export function presentShop(
  shop: ShopRow,
  connection: ConnectionRow,
  missingScopes: string[],
  { counts, statuses }: Awaited<ReturnType<typeof countShops>>,
  syncs: readonly SyncRow[],
): ShopState {
  const own = counts.find(({ connectionId }) => connectionId === shop.connectionId)
  const by = statuses.filter(({ connectionId }) => connectionId === shop.connectionId)
  const countOf = (status: string) => by.find((one) => one.status === status)?.count ?? 0
  const mine = syncs.filter(({ connectionId }) => connectionId === shop.connectionId)
  return {
    connectionId: shop.connectionId,
    name: shop.name,
    domain: shop.domain,
    currency: shop.currency,
    timeZone: shop.timeZone,
    status: connection.status,
    problem: connection.problem,
    missingScopes,
    uninstalledAt: iso(shop.uninstalledAt),
    isSubscribed: shop.subscribedAt !== null,
    lastWebhookAt: iso(own?.lastWebhookAt ?? null),
    counts: {
      customers: by.reduce((sum, { count }) => sum + count, 0),
      orders: own?.orders ?? 0,
      products: own?.products ?? 0,
      checkouts: own?.checkouts ?? 0,
    },
    customersByStatus: {
      synced: countOf('synced'),
      waiting: countOf('waiting'),
      conflict: countOf('conflict'),
      failed: countOf('failed'),
    },
    resources: shopResources.map((resource) => {
      const running = mine.find((sync) => sync.resource === resource && isRunning(sync))
      const last = mine.find((sync) => sync.resource === resource && !isRunning(sync))
      return {
        resource,
        running: running ? presentSync(running) : null,
        last: last ? presentSync(last) : null,
      }
    }),
  }
}

function isRunning({ status }: SyncRow): boolean {
  return status === 'queued' || status === 'preparing' || status === 'reading'
}

function percentOf({ status, bytesRead, bytesTotal }: SyncRow): number | null {
  if (status === 'done') return 100
  if (status !== 'reading' || !bytesTotal) return null
  return Math.min(99, Math.floor((bytesRead / bytesTotal) * 100))
}

function labelOf(person: {
  firstName: string | null
  lastName: string | null
  email: string | null
  phone: string | null
}): string | null {
  const name = [person.firstName, person.lastName].filter(Boolean).join(' ')
  return name || person.email || person.phone
}

function statusOf(status: string): ShopOrderStatus {
  return shopOrderStatuses.find((known) => known === status) ?? 'pending'
}

function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null
}
