// A shop with everything that belongs to the app in it: tokens, webhooks, bulk operations, bucket.
import type { Answer, Call } from '../frame/call.ts'
import { json, text } from '../frame/call.ts'
import type { World } from '../frame/world.ts'
import { answerQuery } from './admin.ts'
import type { AppSettings } from './app.ts'
import { createBucket } from './bucket.ts'
import { createBulk } from './bulk.ts'
import type { BulkOperations } from './bulk.ts'
import { createOAuth } from './oauth.ts'
import { shopPayload } from './payloads.ts'
import { createShop } from './shop.ts'
import type { Shop } from './shop.ts'
import { answerStorefront } from './storefront.ts'
import type { Size } from './timetable.ts'
import { createTokens } from './tokens.ts'
import type { Tokens } from './tokens.ts'
import { createWebhooks } from './webhooks.ts'
import type { Webhooks } from './webhooks.ts'

export interface Store {
  shop: Shop
  tokens: Tokens
  webhooks: Webhooks
  bulk: BulkOperations
  /** Answers a call below the shop's own prefix. */
  answer(call: Call): Answer
  /** Other people and orders, as if it had always been so; the app stays installed. */
  generate(size: Size): void
  uninstall(): void
  close(): Promise<void>
}

export function createStore(world: World, app: () => AppSettings, domain: string, size: Size): Store {
  const tokens = createTokens(world)
  const oauth = createOAuth(world, app, domain, tokens)
  const webhooks = createWebhooks(world, app, domain)
  const bulk = createBulk(() => world.now())
  const bucket = createBucket(
    () => world.now(),
    () => app(),
  )

  const store: Store = {
    shop: createShop(domain, size),
    tokens,
    webhooks,
    bulk,
    answer(call) {
      if (call.path === '/admin/oauth/authorize') return oauth.authorize(call)
      if (call.method === 'POST' && call.path === '/admin/oauth/access_token') return oauth.exchange(call)
      if (call.method === 'GET' && call.path.startsWith('/bulk/')) return bulk.download(call)
      if (call.method === 'POST' && /^\/admin\/api\/[\w-]+\/graphql\.json$/.test(call.path))
        return query(call)
      const scene = { world, shop: store.shop, webhooks }
      return answerStorefront(scene, call, `${call.origin}/shopify/${domain}`) ?? text(404, 'Not Found')
    },
    generate: (wanted) => void (store.shop = createShop(domain, wanted)),
    uninstall() {
      tokens.revokeAll()
      webhooks.emit('app/uninstalled', () => shopPayload(store.shop))
      webhooks.clear()
    },
    close: () => bulk.close(),
  }

  const query = (call: Call): Answer => {
    const header = call.headers['x-shopify-access-token']
    const token = tokens.read(typeof header === 'string' ? header : '')
    if (typeof token === 'string') {
      const errors = '[API] Invalid API key or access token (unrecognized login or wrong password)'
      return { ...json(401, { errors }), note: `the token is ${token}` }
    }
    if (app().needsExpiringTokens && !token.isExpiring)
      return json(403, {
        errors:
          'Non-expiring access tokens are no longer accepted for the Admin API. Start using expiring offline tokens.',
      })
    return answerQuery(
      call,
      {
        world,
        app: app(),
        shop: store.shop,
        scopes: new Set(token.scopes),
        origin: `${call.origin}/shopify/${domain}`,
        webhooks,
        bulk,
        uninstall: () => store.uninstall(),
      },
      bucket,
    )
  }
  return store
}
