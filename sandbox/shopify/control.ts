// Commands to a shop: fill it, let something happen in it, expire its tokens, uninstall the app.
import { json, numberOf, textOf } from '../frame/call.ts'
import type { Answer, JsonObject } from '../frame/call.ts'
import type { Command } from '../frame/vendor.ts'
import { ACTS } from './actions.ts'
import { DEFAULT_SHOP } from './app.ts'
import {
  actOnOrder,
  changeCustomer,
  completeCheckout,
  createCustomer,
  deleteCustomer,
  placeOrder,
  setEmailConsent,
  setSmsConsent,
  startCheckout,
  tagCustomer,
} from './changes.ts'
import type { Scene } from './changes.ts'
import { FIRST_ID } from './generate.ts'
import type { Shopify } from './index.ts'
import { firstSize } from './index.ts'
import type { Customer, Order } from './records.ts'
import type { Store } from './store.ts'

const MAX_CUSTOMERS = 1_000_000
const MAX_ORDERS = 3_000_000

export function controlShopify(shopify: Shopify, command: Command): Answer | undefined {
  const { fields, method, path, query } = command
  if (method === 'GET' && path === '/orders') return listOrders(shopify, query.get('shop') ?? DEFAULT_SHOP)
  if (method !== 'POST') return undefined
  if (path === '/app') return json(200, setApp(shopify, fields))
  const store = shopify.store(textOf(fields.shop) || DEFAULT_SHOP)
  if (!store) return json(404, { error: 'There is no such shop: a name has letters, digits and hyphens.' })
  const run = COMMANDS[path]
  return run?.(shopify, store, fields, `${command.origin}/shopify/${store.shop.domain}`)
}

type Run = (shopify: Shopify, store: Store, fields: JsonObject, origin: string) => Answer

const COMMANDS: Record<string, Run> = {
  '/generate': (shopify, store, fields) => {
    const size = {
      ...firstSize(shopify.world),
      customers: numberOf(fields.customers, 1000),
      orders: numberOf(fields.orders, 3000),
      checkouts: numberOf(fields.checkouts, 50),
      seed: numberOf(fields.seed, 1),
      ...(textOf(fields.until) !== '' && { until: Date.parse(textOf(fields.until)) }),
    }
    if (Number.isNaN(size.until))
      return json(400, { error: 'until is an instant such as 2026-11-20T00:00:00Z.' })
    if (!(
      size.customers >= 1 &&
      size.customers <= MAX_CUSTOMERS &&
      size.orders >= 0 &&
      size.orders <= MAX_ORDERS
    ))
      return json(400, {
        error: `A shop has 1 to ${MAX_CUSTOMERS} customers and at most ${MAX_ORDERS} orders.`,
      })
    store.generate(size)
    return json(200, size)
  },
  '/customers': ({ world }, store, fields) => {
    const scene = sceneOf(world, store)
    const email = textOf(fields.email) || `guest.${world.token(8)}@example.com`
    const made = createCustomer(scene, {
      email,
      firstName: textOf(fields.firstName) || 'New',
      lastName: textOf(fields.lastName) || 'Guest',
      phone: textOf(fields.phone) || null,
    })
    return json(201, { customerId: made.id })
  },
  '/customers/change': ({ world }, store, fields) => {
    const customer = customerOf(store, fields)
    if (!customer) return nobody()
    const scene = sceneOf(world, store)
    const act = textOf(fields.act)
    const consent = { state: textOf(fields.state) || 'SUBSCRIBED', level: 'SINGLE_OPT_IN', at: world.now() }
    if (act === 'delete') deleteCustomer(scene, customer)
    else if (act === 'email_consent') setEmailConsent(scene, customer, consent)
    else if (act === 'sms_consent') setSmsConsent(scene, customer, consent)
    else if (act === 'tag') tagCustomer(scene, customer, [textOf(fields.tag) || 'vip'], [])
    else if (act === 'untag') tagCustomer(scene, customer, [], [textOf(fields.tag) || 'vip'])
    else if (act === 'update') changeCustomer(scene, customer, { note: textOf(fields.note) || 'Called us.' })
    else return json(400, { error: 'act is update, tag, untag, email_consent, sms_consent or delete.' })
    return json(200, { customerId: customer.id })
  },
  '/orders': ({ world }, store, fields) => {
    const customer = customerOf(store, fields)
    if (!customer) return nobody()
    const scene = sceneOf(world, store)
    const perSecond = numberOf(fields.perSecond, 0)
    const place = () =>
      placeOrder(scene, {
        customer,
        isPaid: textOf(fields.paid) !== 'no',
        isTest: textOf(fields.test) === 'yes',
        visits: [],
      }).id
    const count = Math.min(100_000, numberOf(fields.count, 1))
    if (perSecond <= 0) return json(201, { orderIds: Array.from({ length: count }, place) })
    spread(scene, count, perSecond, place)
    return json(202, { count, perSecond })
  },
  '/orders/act': ({ world }, store, fields) => {
    const act = ACTS.find((known) => known === fields.act)
    if (!act) return json(400, { error: `act is one of ${ACTS.join(', ')}.` })
    const order = store.shop.orders.get(numberOf(fields.orderId, FIRST_ID.order))
    if (!order) return json(404, { error: 'There is no such order.' })
    const changed = actOnOrder(sceneOf(world, store), order, act)
    return json(200, { orderId: changed.id, updatedAt: new Date(changed.updatedAt).toISOString() })
  },
  '/checkouts': ({ world }, store, fields, origin) => {
    const customer = customerOf(store, fields)
    if (!customer) return nobody()
    const checkout = startCheckout(sceneOf(world, store), customer, origin)
    return json(201, { checkoutId: checkout.id, token: checkout.token })
  },
  '/checkouts/complete': ({ world }, store, fields, origin) => {
    const checkout = store.shop.checkouts.get(numberOf(fields.checkoutId, 0))
    const customer = checkout && store.shop.customers.get(checkout.customerId ?? NaN)
    if (!checkout || !customer)
      return json(404, { error: 'There is no such cart, or nobody knows whose it is.' })
    return json(201, { orderId: completeCheckout(sceneOf(world, store), checkout, customer, origin).id })
  },
  '/tokens/expire': (_shopify, store, fields) => {
    if (textOf(fields.which) === 'refresh') store.tokens.expireRefresh()
    else store.tokens.expireAccess()
    return json(200, {})
  },
  '/uninstall': (_shopify, store) => {
    store.uninstall()
    return json(200, {})
  },
  '/compliance': ({ app }, store, fields) => {
    if (app.complianceUrl === '')
      return json(400, { error: 'Say first where they go: POST /control/shopify/app {"complianceUrl"}.' })
    const topic = textOf(fields.topic)
    const customer = customerOf(store, fields)
    const shop = { shop_id: store.shop.id, shop_domain: store.shop.domain }
    if (topic === 'shop/redact') {
      store.webhooks.sendCompliance(topic, shop)
      return json(200, {})
    }
    if (!customer) return nobody()
    const { id, email, phone } = customer
    const orders = store.shop.ordersOf(id).map((order) => order.id)
    const person = { ...shop, customer: { id, email, phone } }
    if (topic === 'customers/data_request')
      store.webhooks.sendCompliance(topic, {
        ...person,
        orders_requested: orders,
        data_request: { id: store.shop.nextNumber() },
      })
    else if (topic === 'customers/redact')
      store.webhooks.sendCompliance(topic, { ...person, orders_to_redact: orders })
    else return json(400, { error: 'topic is customers/data_request, customers/redact or shop/redact.' })
    return json(200, {})
  },
}

function setApp(shopify: Shopify, fields: JsonObject) {
  const { app } = shopify
  const delays = Array.isArray(fields.retryDelaysMs) ? fields.retryDelaysMs : undefined
  shopify.app = {
    ...app,
    complianceUrl: 'complianceUrl' in fields ? textOf(fields.complianceUrl) : app.complianceUrl,
    needsExpiringTokens:
      typeof fields.needsExpiringTokens === 'boolean' ? fields.needsExpiringTokens : app.needsExpiringTokens,
    pointsPerSecond: numberOf(fields.pointsPerSecond, app.pointsPerSecond),
    bucketPoints: numberOf(fields.bucketPoints, app.bucketPoints),
    retryDelaysMs: delays?.map((delay) => numberOf(delay, 1000)) ?? app.retryDelaysMs,
    ...(textOf(fields.clientSecret) !== '' && {
      clientSecret: textOf(fields.clientSecret),
      previousSecret: app.clientSecret,
      previousSecretUntil: shopify.world.now() + 3_600_000,
    }),
  }
  return shopify.app
}

function listOrders(shopify: Shopify, name: string): Answer {
  const store = shopify.store(name)
  if (!store) return json(404, { error: 'There is no such shop.' })
  const last: Order[] = []
  for (const order of store.shop.orders.walk({ sortKey: 'ID', reverse: true }))
    if (last.push(order) === 50) break
  return json(
    200,
    last.map(({ id, number, customerId }) => ({ id, name: `#${number}`, customerId })),
  )
}

function spread(scene: Scene, count: number, perSecond: number, work: () => unknown) {
  const TURN_MS = 50
  const aTurn = Math.max(1, Math.round((perSecond * TURN_MS) / 1000))
  const turn = (left: number) => {
    for (let done = 0; done < Math.min(aTurn, left); done++) work()
    if (left > aTurn) scene.world.later((aTurn * 1000) / perSecond, () => turn(left - aTurn))
  }
  scene.world.later(0, () => turn(count))
}

function sceneOf(world: Scene['world'], { shop, webhooks }: Store): Scene {
  return { world, shop, webhooks }
}

function customerOf(store: Store, fields: JsonObject): Customer | undefined {
  return store.shop.customers.get(numberOf(fields.customerId, FIRST_ID.customer))
}

function nobody(): Answer {
  return json(404, { error: 'There is no such customer.' })
}
