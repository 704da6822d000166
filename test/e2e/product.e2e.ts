// The product as its first user meets it: owner, import, tracker, test twin, signing in; and what holds on every screen.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from '../sources.ts'
import {
  dropFile,
  launchChromium,
  openScreen,
  seriousFindings,
  sidewaysOverflow,
  startBuilt,
  windowedUserAgent,
} from './browser.ts'
import type { RunningProduct } from './browser.ts'

const person = { email: 'olive@shop.example', password: 'correct horse battery' }

const customers = [
  'Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address City,Default Address Country Code,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,Tags',
  '\'7001,Ines,Falk,ines.falk@mail.example,yes,Falk Ceramics,Bremen,DE,,no,120.00,2,,no,"wholesale, spring"',
  "'7002,Bruno,Sala,bruno.sala@mail.example,no,,Torino,IT,,no,0.00,0,,no,",
  "'7003,Maren,Okafor,maren.okafor@mail.example,yes,,Dublin,IE,,no,35.50,1,,no,newsletter",
  ',Theo,Lind,,no,,,,,no,0.00,0,,no,',
].join('\n')

const orders = [
  'Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Refunded Amount,Id,Payment Method',
  '#1041,ines.falk@mail.example,paid,2026-02-03 10:15:00 +0100,EUR,74.00,5.90,12.76,79.90,2026-02-03 10:14:00 +0100,2,Stoneware mug,37.00,MUG-2,0.00,5500001041,Card',
  '#1042,maren.okafor@mail.example,paid,2026-02-04 16:40:00 +0100,EUR,29.60,5.90,5.67,35.50,2026-02-04 16:39:00 +0100,1,Linen apron,29.60,APR-1,0.00,5500001042,Card',
].join('\n')

let product: RunningProduct
let browser: Browser
let context: BrowserContext
let page: Page
/** A shop on another port; its pages have what stands in `snippet` in their head. */
let shop: Server
let snippet = ''
/** the address of the live workspace */
let workspace = ''

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startBuilt(), launchChromium()])
  context = await browser.newContext({
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
    bypassCSP: true,
    viewport: { width: 1440, height: 900 },
  })
  context.setDefaultTimeout(15_000)
  page = await context.newPage()
  shop = createServer((_, response) =>
    response
      .setHeader('content-type', 'text/html')
      .end(`<!doctype html><html><head><title>Spring mugs</title>${snippet}</head><body></body></html>`),
  )
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
})

afterAll(async () => {
  await browser?.close()
  shop?.closeAllConnections()
  shop?.close()
  await product?.stop()
})

test('a newcomer creates the owner without a code on the machine it runs on, and sees three doors', async () => {
  await page.goto(product.url)
  await page.getByLabel('Your name').fill('Olive')
  expect(await page.getByLabel('Setup code').count()).toBe(0)
  await page.getByLabel('E-mail').fill(person.email)
  await page.getByRole('textbox', { name: 'Password' }).fill(person.password)
  await page.getByLabel('Workspace').fill('Northlight')
  await page.getByRole('button', { name: 'Create owner and workspace' }).click()
  await page.waitForURL('**/w/*/start')
  workspace = page.url().replace(/\/start$/, '')
  for (const door of ['Load the demo', 'Import a file', 'Paste the tracker'])
    await page.getByRole('region', { name: door }).waitFor()
})

test('an export of customers that is dropped shows its columns and first rows, and becomes leads', async () => {
  await page.getByRole('link', { name: 'Choose a file' }).click()
  await page.getByText('Drop a CSV file here').waitFor()
  await dropFile(page, 'text=Drop a CSV file here', 'customers.csv', customers)
  await page
    .getByText(/Shopify/)
    .first()
    .waitFor()
  expect(await page.getByRole('combobox', { name: 'Email becomes' }).inputValue()).toBe('E-mail')
  expect(await page.getByRole('combobox', { name: 'Default Address City becomes' }).inputValue()).toBe('City')
  const preview = page.getByRole('table', { name: 'First rows as they will be' })
  await preview.getByRole('row', { name: /Ines Falk ines\.falk@mail\.example/ }).waitFor()
  await page.getByText(/The row is left out/).waitFor()
  await page.getByRole('button', { name: 'Start the import' }).click()
  expect(await resultOf(page)).toMatchObject({ Rows: '4', 'New leads': '3', Rejected: '1' })
  await page.getByRole('link', { name: 'See the leads' }).click()
  const list = page.getByRole('table', { name: 'Leads' })
  for (const name of ['Ines Falk', 'Bruno Sala', 'Maren Okafor']) await list.getByText(name).waitFor()
})

test('an export of orders shows up on the leads who bought', async () => {
  await page.goto(`${workspace}/imports`)
  await page.getByText('Drop a CSV file here').waitFor()
  await dropFile(page, 'text=Drop a CSV file here', 'orders.csv', orders)
  await page.getByRole('button', { name: 'Start the import' }).click()
  expect(await resultOf(page)).toMatchObject({ Rows: '2', 'New orders': '2', Rejected: '0' })
  await openLead(page, 'Ines Falk')
  await expect.poll(() => factOf(page, 'Orders')).toBe('1')
  expect(await factOf(page, 'Net revenue')).toContain('79.90')
  const order = page.getByRole('button', { name: /#1041/ })
  await order.waitFor()
  expect(await order.innerText()).toContain('Stoneware mug')
})

test('a page with the pasted line turns the light green, and who names themselves is a lead with a timeline', async () => {
  await openScreen(page, `${workspace}/settings/tracking`)
  await page.getByText('Waiting for the first page view').waitFor()
  snippet = await page.getByLabel('tracker line', { exact: true }).innerText()
  const visitor = await browser.newContext({ userAgent: windowedUserAgent(browser), locale: 'en-GB' })
  try {
    const visit = await visitor.newPage()
    const { port } = shop.address() as AddressInfo
    await visit.goto(
      `http://localhost:${port}/mugs?utm_source=spring&utm_medium=email&utm_campaign=spring-mugs`,
    )
    await page.getByText('Page views arrive').waitFor()
    await visit.evaluate(
      "throughline.identify('u-77', { email: 'nora.birk@mail.example', firstName: 'Nora', lastName: 'Birk' })",
    )
    await expect.poll(() => idOf(page, 'nora.birk@mail.example'), { timeout: 15_000 }).not.toBe('')
    await openLead(page, 'Nora Birk')
  } finally {
    await visitor.close()
  }
  const view = page.getByRole('button', { name: /^Viewed a page/ })
  await view.waitFor()
  const told = await view.innerText()
  expect(told).toContain('Spring mugs')
  expect(told).toContain('Email')
})

test('the debugger shows a message with its way through the steps', async () => {
  await openScreen(page, `${workspace}/events`)
  await page
    .getByRole('table', { name: 'Messages' })
    .getByRole('row', { name: /Viewed a page/ })
    .click()
  const way = page.getByRole('list', { name: 'The way of the message' })
  await way.getByText('Stored', { exact: true }).waitFor()
  const steps = await way.getByRole('listitem').allInnerTexts()
  expect(steps[0]).toMatch(/^Received\s+A page call from the tracker/)
  expect(steps.find((step) => step.startsWith('Channel'))).toMatch(/Email: its UTM parameters say email/)
  expect(steps.find((step) => step.startsWith('Matched'))).toMatch(/Nora Birk/)
})

test('the test twin is a click away and holds none of the live leads', async () => {
  await openScreen(page, `${workspace}/leads`)
  await page.getByText('Ines Falk').waitFor()
  await page.getByRole('group', { name: 'Live or test' }).getByRole('button', { name: 'Test' }).click()
  await page.waitForURL('**/w/northlight-test/leads')
  await page.getByRole('heading', { name: /No leads/i }).waitFor()
  expect(await page.getByText('Ines Falk').count()).toBe(0)
  await page.getByRole('group', { name: 'Live or test' }).getByRole('button', { name: 'Live' }).click()
  await page.getByText('Ines Falk').waitFor()
})

test('who signs out comes back with the password, and a wrong one is refused in words', async () => {
  await page.getByRole('button', { name: /account and appearance/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  const fill = async (password: string) => {
    await page.getByRole('textbox', { name: 'E-mail' }).fill(person.email)
    await page.getByRole('textbox', { name: 'Password' }).fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }
  await fill('not the password')
  const refusal = await page.getByRole('alert').innerText()
  expect(refusal).toBe('This e-mail and password do not belong together. Try again.')
  await fill(person.password)
  await page.waitForURL('**/w/northlight**')
})

const screens = {
  dashboard: '',
  start: '/start',
  leads: '/leads',
  lead: '/leads/ines',
  consent: '/leads/ines?tab=consent',
  duplicates: '/leads/duplicates',
  events: '/events',
  imports: '/imports',
  'settings of the workspace': '/settings',
  team: '/settings/team',
  mail: '/settings/mail',
  tracking: '/settings/tracking',
  fields: '/settings/fields',
  scoring: '/settings/scoring',
  'predictive model': '/settings/predictive',
  'risk and value': '/settings/journey',
  lifecycle: '/settings/lifecycle',
  'API keys': '/settings/api-keys',
  demo: '/settings/demo',
  'audit log': '/settings/audit',
  account: '/settings/account',
}

test('axe finds nothing serious on any screen, light or dark, on a desk or a phone', async () => {
  const findings: Record<string, string[]> = {}
  const ines = await idOf(page, 'ines.falk@mail.example')
  for (const [name, path] of Object.entries(screens)) {
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.emulateMedia({ colorScheme: 'light' })
    await openScreen(page, workspace + path.replace('ines', ines))
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor()
        // Dark pages differ in nothing but their colours.
        const found = await seriousFindings(
          page,
          colorScheme === 'dark' ? { runOnly: ['color-contrast'] } : {},
        )
        if (found.length > 0) findings[`${name}, ${colorScheme}, ${width} px`] = found
      }
    }
  }
  expect(findings).toEqual({})
})

test('no screen scrolls sideways on a window of 375 px', async () => {
  const wide: Record<string, string[]> = {}
  const ines = await idOf(page, 'ines.falk@mail.example')
  await page.setViewportSize({ width: 375, height: 812 })
  for (const [name, path] of Object.entries(screens)) {
    await openScreen(page, workspace + path.replace('ines', ines))
    const found = await sidewaysOverflow(page)
    if (found.length > 0) wide[name] = found
  }
  expect(wide).toEqual({})
})

test('the JavaScript that the first paint waits for is below 250 kB, compressed', () => {
  const html = readFileSync(join(root, 'dist', 'web', 'index.html'), 'utf8')
  const files = [...html.matchAll(/(?:src|href)="(\/[^"]+\.js)"/g)].map(([, path = '']) => path)
  expect(files.length).toBeGreaterThan(1)
  const bytes = files.map((path) => gzipSync(readFileSync(join(root, 'dist', 'web', path))).length)
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(250_000)
})

/** The numbers of an import once it has ended, by their labels. */
async function resultOf(shown: Page): Promise<Record<string, string>> {
  await shown.getByRole('heading', { name: 'Done' }).waitFor()
  return shown.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll('main dt')].map((term) => [
        term.textContent,
        term.parentElement?.querySelector('dd > span')?.textContent ?? '',
      ]),
    ),
  )
}

/** Opens a lead from the list. */
async function openLead(shown: Page, name: string): Promise<void> {
  await openScreen(shown, `${workspace}/leads`)
  await shown.getByRole('table', { name: 'Leads' }).getByText(name).click()
  await shown.getByRole('heading', { name, level: 1 }).waitFor()
}

function factOf(shown: Page, label: string): Promise<string> {
  return shown
    .locator('main dt', { hasText: new RegExp(`^${label}$`) })
    .locator('xpath=following-sibling::dd')
    .first()
    .innerText()
}

async function idOf(shown: Page, email: string): Promise<string> {
  const path = `/api/leads?search=${encodeURIComponent(email)}`
  const reply = await shown.request.get(product.url + path, { headers: { 'x-workspace': 'northlight' } })
  const { items } = (await reply.json()) as { items: { id: string }[] }
  return items[0]?.id ?? ''
}
