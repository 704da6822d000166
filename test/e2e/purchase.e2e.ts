// A purchase in a browser leaves to three vendors once each: what the product says of it, and what the sandbox's page shows.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSandbox } from '../../sandbox/server.ts'
import type { Sandbox } from '../../sandbox/server.ts'
import { firstVisit, launchChromium, openScreen, picture, screenFindings, startBuilt } from './browser.ts'
import type { RunningProduct } from './browser.ts'

let sandbox: Sandbox
let product: RunningProduct
let browser: Browser
let page: Page
/** the address of the test twin */
let twin = ''

const VENDORS = ['Meta', 'Google Analytics 4', 'Google Tag Manager']
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 })
  ;[product, browser] = await Promise.all([startBuilt({ SANDBOX_URL: sandbox.url }), launchChromium()])
  const first = await firstVisit(product, browser)
  page = first.page
  twin = `${first.workspace}-test`
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
  await sandbox?.close()
})

const call = async (method: 'get' | 'post', path: string, data?: unknown) => {
  const headers = { 'x-workspace': twin.split('/').at(-1)!, origin: product.url }
  const reply = await page.request[method](`${product.url}${path}`, { headers, ...(data ? { data } : {}) })
  expect(reply.ok(), await reply.text()).toBe(true)
  return (await reply.json()) as Record<string, unknown>
}

test('three vendors are connected with the sandbox’s values', async () => {
  for (const vendor of VENDORS) {
    await openScreen(page, `${twin}/integrations`)
    await page.getByRole('button', { name: `Connect ${vendor}`, exact: true }).click()
    await page.getByRole('button', { name: 'Fill in the sandbox’s values' }).click()
    await page.getByRole('button', { name: 'Connect', exact: true }).click()
    await page.getByText('Works', { exact: true }).first().waitFor()
  }
  const { items } = (await call('get', '/api/conversions/destinations')) as {
    items: { connectionId: string }[]
  }
  expect(items).toHaveLength(3)
  for (const { connectionId } of items)
    await call('post', `/api/conversions/destinations/${connectionId}/forwarding`, {
      isOn: true,
      from: 'now',
    })
})

test('a purchase that two programs tell of is delivered once to each', async () => {
  await purchase('e2e-1')
  await purchase('e2e-1')
  await openScreen(page, `${twin}/deliveries`)
  const list = page.getByRole('table', { name: 'Deliveries' })
  await expect
    .poll(() => list.getByText('Sent', { exact: true }).count(), { timeout: 30_000, interval: 500 })
    .toBe(3)
  const text = await list.innerText()
  for (const vendor of VENDORS) expect(text).toContain(vendor)
  await picture(page, 'purchase-deliveries')
})

test('the sandbox’s page shows it at each vendor, one time', async () => {
  for (const [vendor, sign] of [
    ['meta', 'Purchase'],
    ['ga4', 'purchase'],
    ['gtm', 'purchase'],
  ] as const) {
    await page.goto(`${sandbox.url}/seen/${vendor}`)
    await page.getByRole('heading', { name: 'Last calls' }).waitFor()
    const calls = page.locator('details').filter({ hasText: 'e2e-1' })
    expect(await calls.count(), vendor).toBe(1)
    expect(await calls.first().textContent()).toContain(sign)
    expect(await calls.first().textContent()).not.toContain('buyer@shop.example')
  }
  await page.goto(product.url)
})

test('its visit stands among the sessions', async () => {
  await openScreen(page, `${twin}/conversions/sessions`)
  await page.getByRole('heading', { level: 1, name: /^Sessions at/ }).waitFor()
  await page.getByRole('table', { name: 'Sessions' }).getByText('1 of 1').waitFor()
  expect(await screenFindings(page)).toEqual([])
  await picture(page, 'sessions')
})

async function purchase(orderId: string): Promise<void> {
  const { items } = (await call('get', '/api/write-keys')) as { items: { key: string }[] }
  const context = {
    consent: { categoryPreferences: { analytics: true, ad_user_data: true, ad_personalisation: true } },
    userAgent: AGENT,
    page: { url: 'https://shop.example/thanks?email=buyer@shop.example' },
    throughline: { ga: { clientId: '1234567890.1718000000', sessionId: '1718000000' } },
  }
  const reply = await page.request.post(`${product.url}/v1/batch`, {
    headers: { authorization: `Basic ${Buffer.from(`${items[0]!.key}:`).toString('base64')}` },
    data: {
      batch: [
        { type: 'identify', userId: 'buyer', traits: { email: 'buyer@shop.example' }, context },
        {
          type: 'track',
          userId: 'buyer',
          event: 'Order Completed',
          properties: {
            order_id: orderId,
            total: 31,
            currency: 'EUR',
            products: [{ product_id: 'tea', name: 'Tea', price: 15.5, quantity: 2 }],
          },
          context,
        },
      ],
    },
  })
  expect(reply.status(), await reply.text()).toBe(200)
}
