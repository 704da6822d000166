// A shop in the browser against the sandbox: connected through its screens, read, kept up by its webhooks, and seen on its pages.
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

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 })
  ;[product, browser] = await Promise.all([startBuilt({ SANDBOX_URL: sandbox.url }), launchChromium()])
  const first = await firstVisit(product, browser)
  page = first.page
  twin = `${first.workspace}-test`
  await control('generate', { customers: 1_000, orders: 3_000, checkouts: 40 })
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
  await sandbox?.close()
})

async function control(path: string, body: Record<string, unknown>): Promise<Record<string, unknown>> {
  const reply = await fetch(`${sandbox.url}/control/shopify/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(reply.ok, path).toBe(true)
  return (await reply.json()) as Record<string, unknown>
}

const pages = () => page.getByRole('navigation', { name: 'Pages' })

test('without a shop the navigation has one entry, which leads to where one is connected', async () => {
  await openScreen(page, twin)
  expect(await pages().getByRole('link', { name: 'Orders' }).count()).toBe(0)
  await pages().getByRole('link', { name: 'Shop', exact: true }).click()
  await page.getByText('No shop is connected').waitFor()
  await page.getByRole('link', { name: 'Connect a shop' }).click()
  await page.waitForURL('**/integrations')
})

test('a shop is connected through its own screens', async () => {
  await openScreen(page, `${twin}/integrations`)
  await page.getByRole('button', { name: 'Connect Shopify', exact: true }).click()
  await page.getByRole('button', { name: 'Fill in the sandbox’s values' }).click()
  await page.getByRole('button', { name: 'Go on at Shopify' }).click()
  await page.waitForURL(`${sandbox.url}/**`)
  await page.getByRole('button', { name: 'Install app' }).click()
  await page.waitForURL('**/integrations/*')
  await page.getByText('Works', { exact: true }).waitFor()
})

test('its customers and orders arrive, with progress, and its pages stand in the navigation', async () => {
  await openScreen(page, `${twin}/shop`)
  const sync = page.getByRole('table', { name: /^Sync with/ })
  for (const what of ['Customers', 'Orders', 'Products', 'Carts'])
    await sync.getByRole('row', { name: new RegExp(`^${what} Done`) }).waitFor({ timeout: 90_000 })
  await page.getByRole('link', { name: '1,000', exact: true }).waitFor()
  await page.getByRole('link', { name: '3,000', exact: true }).waitFor()
  for (const name of ['Customers', 'Orders', 'Products', 'Abandoned carts'])
    await pages().getByRole('link', { name, exact: true }).waitFor()
  await picture(page, 'shop')
})

test('an order that is placed and then refunded in the shop is seen to change without a reload', async () => {
  await openScreen(page, `${twin}/shop/orders`)
  const list = page.getByRole('table', { name: 'Orders' })
  await list.getByRole('row').nth(1).waitFor()
  const { orderIds } = (await control('orders', { customerId: 7_000_000_000_000 })) as { orderIds: number[] }
  const row = list.getByRole('row', { name: new RegExp(`^${await numberOf(orderIds[0]!)}`) })
  await row.getByText('Paid', { exact: true }).waitFor({ timeout: 20_000 })
  await control('orders/act', { orderId: orderIds[0], act: 'refund' })
  await row.getByText('Refunded', { exact: true }).waitFor({ timeout: 20_000 })
  await row.click()
  const drawer = page.getByRole('dialog', { name: 'Order' })
  await drawer.getByText(/^Refund /).waitFor()
  await drawer.getByRole('heading', { name: 'Where its credit went' }).waitFor()
  await picture(page, 'shop-order')
  await page.keyboard.press('Escape')
})

test('a customer’s page says what they are worth, what they ordered and what they buy', async () => {
  await openScreen(page, `${twin}/shop/customers`)
  await page.getByRole('combobox', { name: 'Order' }).click()
  await page.getByRole('option', { name: 'Most orders first' }).click()
  await page.waitForURL('**sort=orders')
  await page.getByRole('table', { name: 'Customers' }).getByRole('row').nth(1).click()
  await page.getByRole('region', { name: 'Lifetime value' }).getByText('Until now').waitFor()
  await page.getByRole('table', { name: 'Orders of this customer' }).getByRole('row').nth(2).waitFor()
  await page.getByRole('list', { name: 'Products bought' }).waitFor()
  await picture(page, 'shop-customer')
  await page.getByRole('link', { name: 'Timeline and everything else' }).click()
  await page.waitForURL('**/leads/*')
})

test('products that go together are shown with how sure that is', async () => {
  await openScreen(page, `${twin}/shop/products`)
  await page.getByRole('table', { name: 'Products' }).getByRole('row').nth(1).waitFor()
  await page.getByText('Bought together', { exact: true }).click()
  await page.getByText(/^Of [\d,]+ orders in the last year/).waitFor()
})

test('a cart that was left behind leads to where it can be bought, and is recovered by that', async () => {
  await openScreen(page, `${twin}/shop/carts`)
  await page.getByRole('button', { name: 'Look now' }).click()
  const list = page.getByRole('table', { name: 'Carts' })
  const way = list.getByRole('link', { name: 'Recovery link' }).first()
  const address = await way.getAttribute('href')
  await picture(page, 'shop-carts')
  const shop = await page.context().newPage()
  await shop.goto(address!)
  await shop.getByRole('button', { name: 'Buy' }).click()
  await shop.getByText(/^Thank you for order/).waitFor()
  await shop.close()
  await page.getByText('Recovered', { exact: true }).first().click()
  await expect
    .poll(
      async () => {
        await page.getByRole('button', { name: 'Look now' }).click()
        return list.getByRole('row').count()
      },
      { timeout: 30_000, interval: 1_000 },
    )
    .toBeGreaterThan(1)
})

test('the shop’s pages hold on a wide screen and on a phone, in light and in dark', async () => {
  for (const [screen, sign] of [
    ['shop', 'Messages of the shop'],
    ['shop/customers', 'By how they buy'],
    ['shop/orders', 'Left of it'],
    ['shop/products', 'Brought'],
    ['shop/carts', 'Recovered revenue'],
  ] as const) {
    await openScreen(page, `${twin}/${screen}`)
    await page.getByText(sign).first().waitFor()
    expect(await screenFindings(page), screen).toEqual([])
    await picture(page, screen.replace('/', '-'))
  }
})

/** The number by which a buyer knows an order, such as #1234. */
async function numberOf(orderId: number): Promise<string> {
  const reply = await fetch(`${sandbox.url}/control/shopify/orders`)
  const orders = (await reply.json()) as { id: number; name: string }[]
  return orders.find(({ id }) => id === orderId)!.name
}
