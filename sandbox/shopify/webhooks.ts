// Webhooks of one shop: subscriptions, signed deliveries, eight retries, and the end of a subscription that always fails.
import { createHmac } from 'node:crypto'
import type { World } from '../frame/world.ts'
import type { AppSettings } from './app.ts'
import { API_VERSION } from './schema/index.ts'

export interface Subscription {
  id: number
  /** as in the API, such as ORDERS_CREATE */
  topic: string
  uri: string
  format: string
  includeFields: string[]
  name: string | null
  createdAt: number
  updatedAt: number
  /** deliveries in a row that failed, all tries of each */
  failures: number
}

export interface Webhooks {
  list(): Subscription[]
  add(wanted: Omit<Subscription, 'id' | 'createdAt' | 'updatedAt' | 'failures'>): Subscription
  remove(id: number): boolean
  clear(): void
  /** Tells every subscriber; the payload is made only where there is one. */
  emit(topic: string, payload: () => object): void
  /** One of the topics that go to the address in the app's dashboard. */
  sendCompliance(topic: string, payload: object): void
}

/** What the topic is called in the header, such as `orders/create`. */
const HEADER_TOPICS: Record<string, string> = {
  BULK_OPERATIONS_FINISH: 'bulk_operations/finish',
  CUSTOMER_TAGS_ADDED: 'customer.tags_added',
  CUSTOMER_TAGS_REMOVED: 'customer.tags_removed',
}

/** All that a delivery may take. */
const TIMEOUT_MS = 5000

interface Delivery {
  subscription: Subscription | null
  uri: string
  topic: string
  body: string
  id: string
  eventId: string
  triggeredAt: number
}

export function createWebhooks(world: World, app: () => AppSettings, domain: string): Webhooks {
  let subscriptions: Subscription[] = []
  let lastId = 1_500_000_000_000

  const secretNow = () => {
    const { clientSecret, previousSecret, previousSecretUntil } = app()
    return world.now() < previousSecretUntil && world.chance() < 0.5 ? previousSecret : clientSecret
  }
  const deliver = async (delivery: Delivery, attempt: number): Promise<void> => {
    const sent = await world.send({
      vendor: 'shopify',
      method: 'POST',
      url: delivery.uri,
      body: delivery.body,
      headers: (wrong) => headersOf(delivery, domain, wrong ? 'another-secret' : secretNow()),
      timeoutMs: TIMEOUT_MS,
    })
    const { subscription } = delivery
    if (sent.status !== null && sent.status >= 200 && sent.status < 300) {
      if (subscription) subscription.failures = 0
      return
    }
    const delayMs = app().retryDelaysMs[attempt]
    if (delayMs !== undefined) return world.later(delayMs, () => deliver(delivery, attempt + 1))
    if (subscription) subscriptions = subscriptions.filter((each) => each !== subscription)
  }

  const start = (
    subscription: Subscription | null,
    uri: string,
    topic: string,
    body: string,
    eventId: string,
  ) => {
    const id = uuid(world)
    void deliver({ subscription, uri, topic, body, id, eventId, triggeredAt: world.now() }, 0)
  }

  return {
    list: () => subscriptions,
    add(wanted) {
      const now = world.now()
      const made = { ...wanted, id: ++lastId, createdAt: now, updatedAt: now, failures: 0 }
      subscriptions = [...subscriptions, made]
      return made
    },
    remove(id) {
      const before = subscriptions.length
      subscriptions = subscriptions.filter((each) => each.id !== id)
      return subscriptions.length < before
    },
    clear: () => void (subscriptions = []),
    emit(topic, payload) {
      const wanted = subscriptions.filter((each) => headerTopic(each.topic) === topic)
      if (wanted.length === 0) return
      const eventId = uuid(world)
      const made = payload()
      for (const each of wanted)
        start(each, each.uri, topic, JSON.stringify(only(made, each.includeFields)), eventId)
    },
    sendCompliance(topic, payload) {
      if (app().complianceUrl !== '')
        start(null, app().complianceUrl, topic, JSON.stringify(payload), uuid(world))
    },
  }
}

export function headerTopic(topic: string): string {
  return HEADER_TOPICS[topic] ?? topic.toLowerCase().replace('_', '/')
}

/** `base64(HMAC-SHA256(client secret, raw body))`. */
export function signWebhook(secret: string, body: string | Buffer): string {
  return createHmac('sha256', secret).update(body).digest('base64')
}

function headersOf(delivery: Delivery, domain: string, secret: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'Shopify-Captain-Hook',
    'x-shopify-topic': delivery.topic,
    'x-shopify-hmac-sha256': signWebhook(secret, delivery.body),
    'x-shopify-shop-domain': domain,
    'x-shopify-api-version': API_VERSION,
    'x-shopify-webhook-id': delivery.id,
    'x-shopify-event-id': delivery.eventId,
    'x-shopify-triggered-at': new Date(delivery.triggeredAt).toISOString(),
    ...(delivery.subscription?.name && { 'x-shopify-name': delivery.subscription.name }),
  }
}

function only(payload: object, fields: string[]): object {
  if (fields.length === 0) return payload
  return Object.fromEntries(Object.entries(payload).filter(([name]) => fields.includes(name)))
}

function uuid(world: World): string {
  const digits = world.token(32)
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`
}
