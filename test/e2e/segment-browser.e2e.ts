// Segment's browser SDK as it stands, in a real browser on another origin, pointed at the built product by its settings alone.
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { WriteKey } from '../../src/accounts/contract.ts'
import type { TimelineItem } from '../../src/events/contract.ts'
import { ask, signUp } from '../deployment.ts'
import type { Reply } from '../deployment.ts'
import { startProduct } from '../product.ts'
import type { Product } from '../product.ts'
import { root } from '../sources.ts'

let product: Product
let shop: Server
let shopUrl: string
let browser: Browser
let writeKey: string
let get: (path: string) => Promise<Reply>

// What a site that uses the SDK has in its bundle: only the two addresses are ours.
const PAGE_CODE = `
  import { AnalyticsBrowser } from '@segment/analytics-next'
  window.start = (writeKey, cdnURL, settings) => {
    window.analytics = AnalyticsBrowser.load({ writeKey, cdnURL }, settings)
    return window.analytics.ready().then(() => undefined)
  }
`

beforeAll(async () => {
  product = await startProduct()
  const owner = await signUp(product.url)
  get = (path) => ask(product.url + path, 'GET', undefined, { cookie: owner.cookie })
  writeKey = ((await get('/api/write-keys')).body.items as WriteKey[])[0]!.key
  const bundle = await build({
    stdin: { contents: PAGE_CODE, resolveDir: root },
    bundle: true,
    write: false,
    format: 'iife',
    define: { 'process.env.NODE_ENV': '"production"', global: 'window' },
    logLevel: 'silent',
  })
  const script = bundle.outputFiles[0]!.text
  shop = createServer((request, response) => {
    if (request.url === '/site.js') return response.setHeader('content-type', 'text/javascript').end(script)
    response
      .setHeader('content-type', 'text/html')
      .end('<!doctype html><title>Pricing</title><script src="/site.js"></script>')
  })
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
  shopUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-sync',
    ],
  })
})
afterAll(async () => {
  await browser?.close()
  shop?.close()
  expect(await product?.stop()).toEqual([])
})

async function timelineOf(email: string, names: string[]): Promise<TimelineItem[]> {
  return vi.waitFor(
    async () => {
      const leads = (await get(`/api/leads?search=${encodeURIComponent(email)}`)).body.items as {
        id: string
      }[]
      expect(leads).toHaveLength(1)
      const items = (await get(`/api/leads/${leads[0]!.id}/timeline`)).body.items as TimelineItem[]
      expect(items.map((item) => item.name).sort()).toEqual([...names].sort())
      return items
    },
    { timeout: 30_000, interval: 100 },
  )
}

test.each([
  ['each call on its own', {}],
  [
    'in batches',
    {
      integrations: {
        'Segment.io': { deliveryStrategy: { strategy: 'batching', config: { size: 3, timeout: 500 } } },
      },
    },
  ],
] as const)('its calls, sent %s, end as events under one lead', async (how, settings) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  const strangers: string[] = []
  const paths = new Set<string>()
  page.on('request', (request) => {
    const { origin, pathname } = new URL(request.url())
    if (origin !== shopUrl && origin !== product.url) strangers.push(request.url())
    if (request.method() === 'POST') paths.add(pathname)
  })
  await page.goto(`${shopUrl}/pricing?utm_source=newsletter&utm_medium=email&utm_campaign=spring`)
  const arguments_ = JSON.stringify([writeKey, product.url, settings])
  await page.evaluate(`window.start(...${arguments_})`)
  const email = `${how === 'in batches' ? 'bea' : 'sam'}@shop.example`
  await page.evaluate(`(async () => {
    await analytics.page('Pricing')
    await analytics.track('Demo Requested', { plan: 'pro', text: 'grüße 😀' })
    await analytics.identify('user-${email}', { email: '${email}', firstName: 'Sam' })
    await analytics.track('Order Completed', { order_id: 'o-${email}', total: 19.9, currency: 'EUR' })
    await analytics.group('acme', { name: 'Acme GmbH' })
    await analytics.alias('alias-${email}')
  })()`)
  const names = ['page_viewed', 'demo_requested', 'identified', 'order_completed', 'grouped', 'aliased']
  const items = await timelineOf(email, names)
  const view = items.find((item) => item.name === 'page_viewed')
  expect(view).toMatchObject({ channel: 'Email', campaign: 'spring', device: 'desktop', source: 'tracker' })
  expect(view?.pageUrl).toContain(`${shopUrl}/pricing`)
  expect(items.find((item) => item.name === 'order_completed')).toMatchObject({
    valueMinor: 1990,
    currency: 'EUR',
  })
  expect(items.find((item) => item.name === 'demo_requested')?.properties).toMatchObject({ text: 'grüße 😀' })
  expect(complaints).toEqual([])
  expect(strangers).toEqual([])
  expect(paths.has('/v1/b')).toBe(how === 'in batches')
  await context.close()
})
