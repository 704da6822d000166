// Webhooks of a shop: what they carry, how they are signed, and what becomes of those that nobody takes.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openSandbox, SANDBOX_NOW } from '../../test/sandbox.ts'
import { ask, CLIENT, connect, SHOP } from '../../test/sandbox-shop.ts'
import type { SandboxUnderTest } from '../../test/sandbox.ts'
import { openWebhookSink } from '../../test/webhook-sink.ts'
import type { Taken, WebhookSink } from '../../test/webhook-sink.ts'
import { signWebhook } from './webhooks.ts'

const PERSON = 7_000_000_000_000

let sandbox: SandboxUnderTest
let sink: WebhookSink
let token: string
beforeAll(async () => {
  sandbox = await openSandbox()
})
afterAll(() => sandbox.close())
beforeEach(async () => {
  await sandbox.call('POST', '/control/reset', {})
  await sandbox.call('POST', '/control/shopify/app', { retryDelaysMs: Array(8).fill(1) })
  token = (await connect(sandbox)).access_token
  sink = await openWebhookSink()
})
afterEach(() => sink.close())

const shop = (path: string, fields: object = {}) => sandbox.call('POST', `/control/shopify${path}`, fields)
const bodyOf = (taken: Taken | undefined) =>
  JSON.parse(taken?.body.toString() ?? '') as Record<string, unknown>
const topicsOf = (taken: Taken[]) => taken.map(({ headers }) => headers['x-shopify-topic'])

async function subscribe(topic: string, more: object = {}) {
  const { json } = await ask(
    sandbox,
    token,
    `mutation ($topic: WebhookSubscriptionTopic!, $input: WebhookSubscriptionInput!) {
      webhookSubscriptionCreate(topic: $topic, webhookSubscription: $input) {
        webhookSubscription { id topic uri } userErrors { field message } } }`,
    { topic, input: { uri: sink.url, format: 'JSON', ...more } },
  )
  return (json as { data: { webhookSubscriptionCreate: { userErrors: object[] } } }).data
    .webhookSubscriptionCreate
}

async function subscriptions(): Promise<{ topic: string }[]> {
  const { json } = await sandbox.call('GET', '/control/books/shopify')
  return (json as Record<string, { subscriptions: { topic: string }[] }>)[SHOP]?.subscriptions ?? []
}

describe('a delivery', () => {
  test('is signed over its raw body, and says topic, shop, version and what it is a delivery of', async () => {
    await subscribe('ORDERS_CREATE')
    await shop('/orders')
    const [taken] = await sink.until(1)
    expect(taken?.headers).toMatchObject({
      'x-shopify-topic': 'orders/create',
      'x-shopify-shop-domain': SHOP,
      'x-shopify-api-version': '2026-10',
      'x-shopify-webhook-id': expect.stringMatching(/^[\da-f-]{36}$/),
      'x-shopify-event-id': expect.stringMatching(/^[\da-f-]{36}$/),
      'x-shopify-triggered-at': new Date(SANDBOX_NOW).toISOString(),
      'x-shopify-hmac-sha256': signWebhook(CLIENT.client_secret, taken?.body ?? ''),
    })
  })

  test('of one event to two subscribers has one event id and two delivery ids', async () => {
    await subscribe('ORDERS_CREATE')
    await subscribe('ORDERS_CREATE', { uri: `${sink.url}/second` })
    await shop('/orders')
    const [first, second] = await sink.until(2)
    expect(first?.headers['x-shopify-event-id']).toBe(second?.headers['x-shopify-event-id'])
    expect(first?.headers['x-shopify-webhook-id']).not.toBe(second?.headers['x-shopify-webhook-id'])
  })

  test('that fails is repeated as it was, eight times at most; then the subscription is gone', async () => {
    await subscribe('ORDERS_CREATE')
    sink.answerWith(() => ({ status: 500 }))
    await shop('/orders')
    const taken = await sink.until(9)
    expect(new Set(taken.map(({ headers }) => headers['x-shopify-webhook-id'])).size).toBe(1)
    expect(new Set(taken.map(({ body }) => body.toString())).size).toBe(1)
    await expect.poll(subscriptions).toEqual([])
    expect(sink.taken).toHaveLength(9)
  })

  test('that succeeds at last keeps its subscription', async () => {
    await subscribe('ORDERS_CREATE')
    sink.answerWith(() => ({ status: sink.taken.length < 4 ? 503 : 204 }))
    await shop('/orders')
    await sink.until(4)
    expect(await subscriptions()).toHaveLength(1)
  })

  test('carries only the fields asked for', async () => {
    await subscribe('ORDERS_CREATE', { includeFields: ['id', 'name'] })
    await shop('/orders')
    expect(Object.keys(bodyOf((await sink.until(1))[0]))).toEqual(['id', 'name'])
  })

  test('with a wrong signature, twice, late or never comes on demand', async () => {
    await subscribe('ORDERS_CREATE')
    const fault = (kind: string, more: object = {}) =>
      sandbox.call('POST', '/control/faults', { vendor: 'shopify', kind, times: 1, ...more })
    await fault('wrong_signature')
    await shop('/orders')
    const [wrong] = await sink.until(1)
    expect(wrong?.headers['x-shopify-hmac-sha256']).not.toBe(
      signWebhook(CLIENT.client_secret, wrong?.body ?? ''),
    )
    await fault('duplicate')
    await shop('/orders')
    const [, first, second] = await sink.until(3)
    expect(first?.headers['x-shopify-webhook-id']).toBe(second?.headers['x-shopify-webhook-id'])
    await fault('disorder', { delayMs: 60 })
    await shop('/orders')
    await shop('/orders')
    const [, , , early, late] = await sink.until(5)
    expect(Number(bodyOf(late).id)).toBeLessThan(Number(bodyOf(early).id))
  })
})

describe('what they carry', () => {
  test('orders/updated has the state after a refund, refunds/create what was given back', async () => {
    for (const topic of ['ORDERS_UPDATED', 'REFUNDS_CREATE', 'CUSTOMERS_PURCHASING_SUMMARY'])
      await subscribe(topic)
    const { json } = await shop('/orders')
    const [orderId] = (json as { orderIds: number[] }).orderIds
    await sink.until(1)
    await shop('/orders/act', { orderId, act: 'refund' })
    const taken = (await sink.until(4)).slice(1)
    expect(topicsOf(taken).sort()).toEqual([
      'customers/purchasing_summary',
      'orders/updated',
      'refunds/create',
    ])
    const order = bodyOf(taken.find(({ headers }) => headers['x-shopify-topic'] === 'orders/updated'))
    expect(order).toMatchObject({ id: orderId, financial_status: 'refunded', current_total_price: '0.00' })
    const refund = bodyOf(taken.find(({ headers }) => headers['x-shopify-topic'] === 'refunds/create'))
    expect(refund).toMatchObject({ order_id: orderId, transactions: [{ amount: order.total_price }] })
  })

  test('customers/update has neither tags nor consent nor counts: other topics have', async () => {
    for (const topic of [
      'CUSTOMERS_UPDATE',
      'CUSTOMER_TAGS_ADDED',
      'CUSTOMERS_EMAIL_MARKETING_CONSENT_UPDATE',
    ])
      await subscribe(topic)
    await shop('/customers/change', { customerId: PERSON, act: 'tag', tag: 'loud' })
    const [update, tags] = (await sink.until(2)).sort(
      (a, b) => -String(a.headers['x-shopify-topic']).localeCompare(String(b.headers['x-shopify-topic'])),
    )
    const fields = Object.keys(bodyOf(update))
    expect(fields).toContain('email')
    for (const gone of [
      'tags',
      'email_marketing_consent',
      'sms_marketing_consent',
      'orders_count',
      'total_spent',
      'last_order_id',
    ])
      expect(fields).not.toContain(gone)
    expect(bodyOf(tags)).toMatchObject({ customerId: `gid://shopify/Customer/${PERSON}`, tags: ['loud'] })
    await shop('/customers/change', { customerId: PERSON, act: 'email_consent', state: 'UNSUBSCRIBED' })
    const consent = (await sink.until(4)).find(
      ({ headers }) => headers['x-shopify-topic'] === 'customers/email_marketing_consent_update',
    )
    expect(bodyOf(consent)).toMatchObject({
      customer_id: PERSON,
      email_marketing_consent: { state: 'unsubscribed' },
    })
  })

  test('a cart that is left and bought at last has one token', async () => {
    for (const topic of ['CHECKOUTS_CREATE', 'CHECKOUTS_UPDATE', 'ORDERS_CREATE']) await subscribe(topic)
    const { json } = await shop('/checkouts', { customerId: PERSON })
    const { checkoutId, token: cart } = json as { checkoutId: number; token: string }
    await sink.until(1)
    await shop('/checkouts/complete', { checkoutId })
    const taken = await sink.until(3)
    expect(topicsOf(taken).sort()).toEqual(['checkouts/create', 'checkouts/update', 'orders/create'])
    const order = taken.find(({ headers }) => headers['x-shopify-topic'] === 'orders/create')
    expect(bodyOf(order)).toMatchObject({ checkout_token: cart })
  })

  test('a cart that is bought by its recovery link becomes an order', async () => {
    await subscribe('ORDERS_CREATE')
    const { token: cart } = (await shop('/checkouts', { customerId: PERSON })).json as { token: string }
    const path = `/shopify/${SHOP}/checkouts/ac/${cart}/recover`
    expect((await sandbox.call('GET', path)).text).toContain('Buy')
    const { headers } = await sandbox.call('POST', path, '')
    expect((await fetch(headers.get('location') ?? '')).status).toBe(200)
    await sandbox.call('POST', path, '')
    expect((await sandbox.call('GET', path)).status).toBe(302)
    const taken = await sink.until(1)
    expect(taken.map((each) => bodyOf(each).checkout_token)).toEqual([cart])
  })

  test('a customer who unsubscribes on the page of the shop is told of; one who only opens it is not', async () => {
    await subscribe('CUSTOMERS_EMAIL_MARKETING_CONSENT_UPDATE')
    const path = `/shopify/${SHOP}/account/unsubscribe/${PERSON}`
    await sandbox.call('GET', path)
    await sandbox.call('POST', path, '')
    const taken = await sink.until(1)
    expect(taken.map(bodyOf)).toMatchObject([{ email_marketing_consent: { state: 'unsubscribed' } }])
  })

  test('the three mandatory topics go to the address of the dashboard', async () => {
    expect((await shop('/compliance', { topic: 'shop/redact' })).status).toBe(400)
    await shop('/app', { complianceUrl: sink.url })
    await shop('/compliance', { topic: 'customers/data_request', customerId: PERSON })
    await shop('/compliance', { topic: 'customers/redact', customerId: PERSON })
    await shop('/compliance', { topic: 'shop/redact' })
    const taken = await sink.until(3)
    const byTopic = Object.fromEntries(taken.map((each) => [each.headers['x-shopify-topic'], bodyOf(each)]))
    expect(byTopic).toMatchObject({
      'customers/data_request': { shop_domain: SHOP, customer: { id: PERSON }, data_request: {} },
      'customers/redact': {
        shop_domain: SHOP,
        customer: { id: PERSON },
        orders_to_redact: expect.any(Array),
      },
      'shop/redact': { shop_domain: SHOP },
    })
  })
})

describe('subscriptions', () => {
  test('one topic and address can be taken once; an address must be one', async () => {
    expect((await subscribe('ORDERS_CREATE')).userErrors).toEqual([])
    expect((await subscribe('ORDERS_CREATE')).userErrors).toHaveLength(1)
    expect((await subscribe('ORDERS_PAID', { uri: 'nowhere' })).userErrors).toHaveLength(1)
  })

  test('an app that is uninstalled is told so once, and loses its tokens and subscriptions', async () => {
    await subscribe('APP_UNINSTALLED')
    await subscribe('ORDERS_CREATE')
    await shop('/uninstall')
    const taken = await sink.until(1)
    expect(topicsOf(taken)).toEqual(['app/uninstalled'])
    expect((await ask(sandbox, token, '{ shop { name } }')).status).toBe(401)
    expect(await subscriptions()).toEqual([])
  })
})

test('a delivery that is lost on the way is not tried again', async () => {
  await subscribe('ORDERS_CREATE')
  await sandbox.call('POST', '/control/faults', { vendor: 'shopify', kind: 'not_sent', times: 1 })
  const lost = (await shop('/orders')).json as { orderIds: number[] }
  const told = (await shop('/orders')).json as { orderIds: number[] }
  expect(bodyOf((await sink.until(1))[0]).id).toBe(told.orderIds[0])
  expect(lost.orderIds[0]).not.toBe(told.orderIds[0])
  const { json } = await sandbox.call('GET', '/control/requests?vendor=shopify&limit=200')
  const notes = (json as { note: string; direction: string }[]).filter(({ direction }) => direction === 'out')
  expect(notes.map(({ note }) => note).sort()).toEqual(['', 'not sent'])
})

test('orders can be placed at a rate', async () => {
  await subscribe('ORDERS_CREATE')
  expect((await shop('/orders', { count: 20, perSecond: 1000 })).status).toBe(202)
  expect(await sink.until(20)).toHaveLength(20)
})
