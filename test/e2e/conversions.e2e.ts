// A vendor connected, forwarding switched on and an order followed to the vendor's books, in the browser against the sandbox.
import { mkdirSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSandbox } from '../../sandbox/server.ts'
import type { Sandbox } from '../../sandbox/server.ts'
import {
  firstVisit,
  launchChromium,
  openScreen,
  seriousFindings,
  sidewaysOverflow,
  startBuilt,
} from './browser.ts'
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
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
  await sandbox?.close()
})

test('a vendor is connected with the sandbox’s values, and says at once that it works', async () => {
  await openScreen(page, `${twin}/integrations`)
  await page.getByText('Nothing is connected yet').waitFor()
  await page.getByRole('button', { name: 'Connect Meta' }).click()
  await page.getByRole('button', { name: 'Fill in the sandbox’s values' }).click()
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await page.getByText('Works', { exact: true }).waitFor()
  await page.getByText('Connected as Sandbox dataset').waitFor()
  expect(await page.getByLabel('Access token').inputValue()).toBe('')
  await picture('connection')
})

test('forwarding asks from when the first time, and an order that comes in then is delivered and adds up', async () => {
  await openScreen(page, `${twin}/conversions`)
  await page.getByRole('switch', { name: 'Nothing is forwarded by itself' }).click()
  await page.getByRole('button', { name: 'Switch on' }).click()
  await page.getByRole('switch', { name: 'Events are forwarded as they come in' }).waitFor()
  await sendOrders()
  const sum = page.getByRole('table', { name: 'What became of conversions' })
  await sum.getByRole('row', { name: /^Delivered 1/ }).waitFor({ timeout: 30_000 })
  await sum.getByRole('row', { name: /^Withheld 1/ }).waitFor()
  await sum.getByRole('row', { name: /^Happened 2 100.0 %/ }).waitFor()
  await picture('conversions')
})

test('a mapping shows the newest event as it would leave, with hashes in the place of the person', async () => {
  await page.getByRole('table', { name: 'Mappings' }).getByText('Placed an order').click()
  await page.getByRole('heading', { name: 'As it would leave' }).waitFor()
  const request = page.getByLabel('Request', { exact: true }).last()
  await request.waitFor()
  const text = (await request.textContent()) ?? ''
  expect(text).toContain('"event_name": "Purchase"')
  expect(text).not.toMatch(/buyer\d@/)
  await picture('mapping')
  await page.keyboard.press('Escape')
})

test('deliveries say why one was withheld, and show the request and the answer of one that was sent', async () => {
  await openScreen(page, `${twin}/deliveries`)
  const list = page.getByRole('table', { name: 'Deliveries' })
  await list.getByText('The person did not consent').waitFor()
  await picture('deliveries')
  await list.getByText('Sent', { exact: true }).first().click()
  await page.getByRole('heading', { name: 'Answers' }).waitFor()
  await page.getByText(/"events_received":1/).waitFor()
  await page.getByText(/authorization/).waitFor()
  expect(await page.content()).not.toContain('EAASANDBOXDATASET')
  await picture('delivery')
  await page.keyboard.press('Escape')
})

test('the pages hold on a wide screen and on a phone, in light and in dark', async () => {
  for (const [width, scheme] of [
    [1440, 'dark'],
    [390, 'light'],
  ] as const) {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme: scheme })
    for (const [screen, sign] of [
      ['integrations', 'Vendors'],
      ['conversions', 'What became of them'],
      ['deliveries', 'Everything that was to leave'],
    ] as const) {
      await openScreen(page, `${twin}/${screen}`)
      await page.getByText(sign).first().waitFor()
      await picture(`${screen}-${width}`)
      expect(await seriousFindings(page), `${screen} at ${width}`).toEqual([])
      expect(await sidewaysOverflow(page), `${screen} at ${width}`).toEqual([])
    }
  }
})

async function sendOrders(): Promise<void> {
  const keys = (await page.evaluate(
    async (slug) => {
      const reply = await fetch('/api/write-keys', { headers: { 'x-workspace': slug } })
      return reply.json()
    },
    twin.split('/').at(-1) ?? '',
  )) as { items: { key: string }[] }
  const batch = [true, false].flatMap((agrees, nth) => [
    {
      type: 'identify',
      userId: `buyer-${nth}`,
      traits: { email: `buyer${nth}@shop.example`, firstName: 'Ann' },
      context: {
        consent: {
          categoryPreferences: { analytics: agrees, ad_user_data: agrees, ad_personalisation: agrees },
        },
        userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
        page: { url: 'https://shop.example/' },
      },
    },
    {
      type: 'track',
      userId: `buyer-${nth}`,
      event: 'Order Completed',
      properties: { order_id: `e2e-${nth}`, total: 31, currency: 'EUR' },
      context: { page: { url: 'https://shop.example/thanks' } },
    },
  ])
  const reply = await fetch(`${product.url}/v1/batch`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${keys.items[0]!.key}:`).toString('base64')}`,
    },
    body: JSON.stringify({ batch }),
  })
  expect(reply.status).toBe(200)
}

// For whoever wants to look: E2E_PICTURES names a folder.
async function picture(name: string): Promise<void> {
  const folder = process.env.E2E_PICTURES
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.waitForTimeout(300)
  await page.screenshot({ path: `${folder}/${name}.png` })
}
