// Shopify: any number of shops, each below its own name, and the one app that is installed in them.
import { json, text } from '../frame/call.ts'
import type { Panel, Vendor } from '../frame/vendor.ts'
import type { World } from '../frame/world.ts'
import { ACTIONS } from './actions.ts'
import { CLIENT_ID, CLIENT_SECRET, createApp, DEFAULT_SHOP } from './app.ts'
import type { AppSettings } from './app.ts'
import { controlShopify } from './control.ts'
import { createStore } from './store.ts'
import type { Store } from './store.ts'
import type { Size } from './timetable.ts'

/** Shops held at once; a shop of 100,000 customers takes some 20 MB. */
const MAX_SHOPS = 20
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9-]*(\.myshopify\.com)?$/

export interface Shopify {
  world: World
  app: AppSettings
  /** A shop by its domain or its name alone; made when it is first named. */
  store(name: string): Store | undefined
  stores(): Store[]
}

export function openShopify(world: World): Vendor {
  const stores = new Map<string, Store>()
  const shopify: Shopify = {
    world,
    app: createApp(),
    stores: () => [...stores.values()],
    store(name) {
      if (!NAME.test(name)) return undefined
      const domain = name.endsWith('.myshopify.com') ? name : `${name}.myshopify.com`
      const known = stores.get(domain)
      if (known || stores.size >= MAX_SHOPS) return known
      const made = createStore(world, () => shopify.app, domain, firstSize(world))
      stores.set(domain, made)
      return made
    },
  }
  const forget = () => {
    const gone = [...stores.values()]
    stores.clear()
    shopify.app = createApp()
    return Promise.all(gone.map((store) => store.close()))
  }

  return {
    id: 'shopify',
    name: 'Shopify',
    answer(call) {
      const [, name = '', ...rest] = call.path.split('/')
      const store = shopify.store(name)
      return store ? store.answer({ ...call, path: `/${rest.join('/')}` }) : text(404, 'Not Found')
    },
    tooMany: (_call, retryAfterS) =>
      json(429, { errors: 'Too many requests' }, { 'retry-after': String(retryAfterS) }),
    broken: (_call, status) => text(status, 'Something went wrong on our end.'),
    books: () => Object.fromEntries(shopify.stores().map((store) => [store.shop.domain, bookOf(store)])),
    control: (command) => controlShopify(shopify, command),
    panel: () => panelOf(shopify),
    reset: () => void forget(),
    close: async () => void (await forget()),
  }
}

/** A small shop, until another size is asked for. */
export function firstSize(world: World): Size {
  return { customers: 100, orders: 300, checkouts: 20, seed: 1, until: world.now() }
}

function bookOf({ shop, webhooks, bulk, tokens }: Store) {
  return {
    customers: shop.customers.count(),
    orders: shop.orders.count(),
    checkouts: shop.checkouts.count(),
    metafields: [...shop.metafields.values()].reduce((sum, list) => sum + list.length, 0),
    subscriptions: webhooks.list().map(({ topic, uri }) => ({ topic, uri })),
    bulkOperations: bulk.list().map(({ id, status, objects }) => ({ id, status, objects })),
    refreshed: tokens.refreshed(),
  }
}

function panelOf(shopify: Shopify): Panel {
  const { app } = shopify
  return {
    tables: [
      {
        title: 'What to type into the product',
        rows: [
          ['Shop', DEFAULT_SHOP],
          ['Client id', CLIENT_ID],
          ['Client secret', CLIENT_SECRET],
          ['Compliance webhooks go to', app.complianceUrl || 'nowhere yet: set it below'],
        ],
      },
      {
        title: 'Shops',
        columns: ['Shop', 'Customers', 'Orders', 'Carts', 'Subscriptions', 'Tokens refreshed'],
        rows: shopify
          .stores()
          .map((store) => [
            store.shop.domain,
            store.shop.customers.count(),
            store.shop.orders.count(),
            store.shop.checkouts.count(),
            store.webhooks.list().length,
            store.tokens.refreshed(),
          ]),
      },
    ],
    actions: ACTIONS,
  }
}
