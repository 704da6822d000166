// Serves Shopify: its webhooks as they were signed, the lists of what its shops told, and syncs.
import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import {
  cancelSyncs,
  countShops,
  countWebhooks,
  findCustomer,
  findShopOrder,
  findShops,
  listCustomers,
  listProducts,
  listShopOrders,
  listWebhooks,
  noteWebhook,
  presentCustomer,
  presentCustomerDetail,
  presentOrder,
  presentOrderDetail,
  presentProduct,
  presentRequest,
  presentShop,
  presentSync,
  presentWebhook,
  readExport,
  readNewestSyncs,
  readOrderParts,
  readRequests,
  readShops,
  readSync,
  readSyncs,
} from '../../commerce/shop/index.ts'
import type { ShopResource } from '../../commerce/shop/contract.ts'
import type { Door } from '../../ingest/index.ts'
import { newId } from '../../lib/ids.ts'
import { Refusal, missing } from '../../lib/refusal.ts'
import { readBytes } from '../../platform/body.ts'
import { enqueue } from '../../platform/jobs.ts'
import type { Api, Caller } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import { SHOP_SOURCE } from '../../shop-pipeline.ts'
import { askForChanges } from '../../shop-jobs.ts'
import { connectorOf, readConnection, readConnections, reconnect, settingsOf } from '../index.ts'
import type { ConnectionRow } from '../index.ts'
import { sessionOf } from '../routes.ts'
import * as contract from './contract.ts'
import { writingRoutes } from './writing/routes.ts'

/** An order of a thousand lines takes 2 MB. */
const WEBHOOK_LIMIT_BYTES = 4 * 1024 * 1024
const DAY_MS = 86_400_000

export async function shopRoutes(api: Api, services: Services, door: Door): Promise<void> {
  await webhookRoutes(api, services, door)
  listRoutes(api, services)
  syncRoutes(api, services)
  writingRoutes(api, services)
}

// Answered within the five seconds that Shopify gives: what a webhook says is decided by the worker.
async function webhookRoutes(api: Api, services: Services, door: Door): Promise<void> {
  await api.raw.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request: FastifyRequest, payload: IncomingMessage) =>
      readBytes(payload, WEBHOOK_LIMIT_BYTES, api.bodySeconds),
    )
    for (const group of contract.webhookGroups)
      scope.post(
        `/api/shopify/webhook/${group}`,
        {
          config: { rateLimit: false },
          schema: { tags: ['Shopify'], summary: `Where Shopify tells of ${group}; signed by Shopify` },
        },
        async (request, reply) => {
          await takeWebhook(services, door, request)
          return reply.status(200).send({ taken: true })
        },
      )
    done()
  })
}

async function takeWebhook(services: Services, door: Door, request: FastifyRequest): Promise<void> {
  const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  )
  const webhook = { raw, headers }
  const shop = connectorOf('shopify')?.shop
  const head = shop?.head(webhook)
  const now = services.clock()
  if (!shop || !head) throw unsigned()
  const named = await connectionsOf(services, head.domain)
  const signed = named.filter((row) => shop.verify(webhook, settingsOf(services, row)))
  if (signed.length === 0) {
    for (const { workspaceId, id: connectionId } of named)
      await noteWebhook(
        services.db,
        {
          workspaceId,
          connectionId,
          deliveryId: `refused-${now.toISOString().slice(0, 10)}`,
          topic: head.topic,
          status: 'refused',
          problem: 'It was not signed with the client secret of the connection.',
          triggeredAt: null,
        },
        now,
      )
    throw unsigned()
  }
  const payload = parsed(raw)
  await door.accept(
    signed.map(({ workspaceId, id: connectionId }) => ({
      id: newId(),
      receivedAt: now,
      workspaceId,
      lane: 'live' as const,
      connection: connectionId,
      source: SHOP_SOURCE,
      messageId: head.deliveryId,
      sender: senderOf(payload),
      origin: { trusted: true },
      text: JSON.stringify({
        type: 'track',
        messageId: head.deliveryId,
        event: head.topic,
        properties: payload,
        context: { shop: { connectionId, ...head } },
        timestamp: head.triggeredAt || now.toISOString(),
      }),
    })),
  )
  for (const { workspaceId, id: connectionId } of signed)
    await noteWebhook(
      services.db,
      { workspaceId, connectionId, ...head, status: 'waiting', problem: null },
      now,
    )
}

async function connectionsOf({ db }: Services, domain: string): Promise<ConnectionRow[]> {
  const found = await findShops(db, domain)
  const rows = await Promise.all(
    found.map(({ workspaceId, connectionId }) => readConnection(db, workspaceId, connectionId)),
  )
  return rows.filter((row) => row !== undefined)
}

function unsigned(): Refusal {
  return new Refusal(
    'signature_invalid',
    401,
    'The webhook is not signed by a shop that is connected here. Check the client secret of the connection.',
  )
}

// What it cannot read the reading refuses, in its turn. A NUL, which no column holds, becomes a blank.
function parsed(raw: Buffer): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(raw.toString('utf8').replaceAll('\\u0000', ' '))
    return read !== null && typeof read === 'object' ? (read as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

// One customer's webhooks stay together.
function senderOf(payload: Record<string, unknown>): string {
  const customer = payload.customer as Record<string, unknown> | null | undefined
  return String(customer?.id ?? payload.customer_id ?? payload.customerId ?? payload.id ?? '')
}

function listRoutes(api: Api, services: Services): void {
  const { db } = services
  const customerOf = async (caller: Caller, id: string, connectionId: string | undefined) => {
    const row = await findCustomer(db, caller.workspaceId, id, connectionId)
    if (!row) throw missing('customer', id)
    return row
  }
  api.on(contract.listShopifyCustomers, async ({ query, caller }) => {
    const { items, nextCursor } = await listCustomers(db, caller.workspaceId, query)
    return { items: items.map(presentCustomer), nextCursor }
  })
  api.on(contract.getShopifyCustomer, async ({ params, query, caller }) =>
    presentCustomerDetail(await customerOf(caller, params.id, query.connectionId)),
  )
  api.on(contract.listShopifyCustomerOrders, async ({ params, query, caller }) => {
    const customer = await customerOf(caller, params.id, query.connectionId)
    const { items, nextCursor } = await listShopOrders(db, caller.workspaceId, { ...query, customer })
    return { items: items.map(presentOrder), nextCursor }
  })
  api.on(contract.listShopifyOrders, async ({ query, caller }) => {
    const { items, nextCursor } = await listShopOrders(db, caller.workspaceId, query)
    return { items: items.map(presentOrder), nextCursor }
  })
  api.on(contract.getShopifyOrder, async ({ params, query, caller }) => {
    const row = await findShopOrder(db, caller.workspaceId, params.id, query.connectionId)
    if (!row) throw missing('order', params.id)
    return presentOrderDetail(row, await readOrderParts(db, caller.workspaceId, row.id))
  })
  api.on(contract.listShopifyProducts, async ({ query, caller }) => {
    const { items, nextCursor } = await listProducts(db, caller.workspaceId, query)
    return { items: items.map(presentProduct), nextCursor }
  })
  api.on(contract.getShopifyProduct, async ({ params, query, caller }) => {
    const { items } = await listProducts(db, caller.workspaceId, { ...query, id: params.id, limit: 1 })
    if (!items[0]) throw missing('product', params.id)
    return presentProduct(items[0])
  })
  api.on(contract.listShopifyWebhooks, async ({ query, caller }) => {
    const since = new Date(services.clock().getTime() - DAY_MS)
    const [{ items, nextCursor }, topics] = await Promise.all([
      listWebhooks(db, caller.workspaceId, query),
      countWebhooks(db, caller.workspaceId, query.connectionId, since),
    ])
    return { items: items.map(presentWebhook), nextCursor, topics }
  })
  api.on(contract.listShopifyRequests, async ({ query, caller }) => {
    const [requests, shops] = await Promise.all([
      readRequests(db, caller.workspaceId, query.connectionId),
      readShops(db, caller.workspaceId),
    ])
    const nameOf = new Map(shops.map(({ connectionId, name }) => [connectionId, name]))
    return { items: requests.map((row) => presentRequest(row, nameOf.get(row.connectionId) ?? '')) }
  })
  api.on(contract.getShopifyExport, async ({ params, caller }) => {
    const found = await readExport(db, caller.workspaceId, params.id)
    if (!found) throw missing('export', params.id)
    return found
  })
}

function syncRoutes(api: Api, services: Services): void {
  const { db, clock } = services
  api.on(contract.shopifyAuth, async ({ query, caller, request, reply }) => {
    const own = (await readConnections(db, caller.workspaceId)).filter(
      ({ connector, id, settings }) =>
        connector === 'shopify' &&
        (query.connectionId === undefined || id === query.connectionId) &&
        (query.shop === undefined || settings.shop === query.shop.toLowerCase()),
    )
    const [connection] = own
    if (!connection)
      throw new Refusal(
        'shop_missing',
        404,
        'There is no connection to this shop. Add it under Integrations with the client id and secret of your app.',
      )
    const origin = services.settings.publicUrl ?? `${request.protocol}://${request.host}`
    const session = sessionOf(request, reply)
    return reconnect(services, caller, connection.id, origin + contract.shopifyCallbackPath, session)
  })
  api.on(contract.shopifyState, async ({ caller }) => {
    const [shops, connections, counts, syncs] = await Promise.all([
      readShops(db, caller.workspaceId),
      readConnections(db, caller.workspaceId),
      countShops(db, caller.workspaceId),
      readNewestSyncs(db, caller.workspaceId),
    ])
    return {
      shops: shops.flatMap((shop) => {
        const connection = connections.find(({ id }) => id === shop.connectionId)
        if (!connection) return []
        const missingScopes = connectorOf(connection.connector)?.shop?.missingScopes(connection.scopes) ?? []
        return [presentShop(shop, connection, missingScopes, counts, syncs)]
      }),
    }
  })
  api.on(contract.listShopifySyncs, async ({ query, caller }) => ({
    items: (await readSyncs(db, caller.workspaceId, query)).map(presentSync),
  }))
  api.on(contract.cancelShopifySync, async ({ params, caller }) => {
    const sync = await readSync(db, caller.workspaceId, params.id)
    if (!sync) throw missing('sync', params.id)
    await cancelSyncs(db, caller.workspaceId, sync.connectionId, null, clock(), sync.id)
    return presentSync((await readSync(db, caller.workspaceId, sync.id)) ?? sync)
  })

  const start = async (
    caller: Caller,
    resource: ShopResource,
    body: { connectionId?: string; mode: 'full' | 'changes' },
  ) => {
    const shops = (await readShops(db, caller.workspaceId)).filter(
      ({ connectionId, uninstalledAt }) =>
        uninstalledAt === null && (body.connectionId === undefined || connectionId === body.connectionId),
    )
    const started = []
    for (const { connectionId } of shops) {
      const connection = await readConnection(db, caller.workspaceId, connectionId)
      if (!connection) continue
      const place = { workspaceId: caller.workspaceId, connectionId }
      started.push(await askForChanges(services, place, resource, caller.actor, body.mode))
    }
    if (started.length === 0)
      throw new Refusal(
        'shop_missing',
        409,
        'No shop is connected. Connect one under Integrations, and its data arrives by itself.',
      )
    await enqueue(db, 'shop.look', {}, { key: 'shop.look' })
    return { items: started.flatMap((sync) => (sync ? [presentSync(sync)] : [])) }
  }
  api.on(contract.syncShopifyCustomers, ({ body, caller }) => start(caller, 'customers', body))
  api.on(contract.syncShopifyCustomersToo, ({ body, caller }) => start(caller, 'customers', body))
  api.on(contract.syncShopifyOrders, ({ body, caller }) => start(caller, 'orders', body))
  api.on(contract.syncShopifyProducts, ({ body, caller }) => start(caller, 'products', body))
  api.on(contract.syncShopifyCheckouts, ({ body, caller }) => start(caller, 'checkouts', body))
}
