// Credit in the browser: on a lead's page, in the report, and by settings that are tried before they are adopted.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { firstVisit, launchChromium, picture, screenFindings, startBuilt } from './browser.ts'
import type { RunningProduct } from './browser.ts'

let product: RunningProduct
let browser: Browser
let page: Page
let workspace = ''
let lead = ''

const DAY_MS = 86_400_000

const send = async (method: 'post' | 'put', path: string, data: unknown) =>
  page.request[method](`${product.url}${path}`, {
    data,
    headers: { 'x-workspace': workspace.split('/').at(-1)!, origin: product.url },
  })
const did = async (id: string, eventName: string, daysAgo: number, more = {}) => {
  const occurredAt = new Date(Date.now() - daysAgo * DAY_MS).toISOString()
  const reply = await send('post', `/api/lead-tracking/engagement/${id}`, { eventName, occurredAt, ...more })
  expect(reply.status()).toBe(202)
}

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startBuilt(), launchChromium()])
  ;({ page, workspace } = await firstVisit(product, browser))
  for (const [place, channels] of [
    ['Paid Search', 'Email', 'Organic Search'],
    ['Organic Social', 'Email'],
    ['Referral'],
  ].entries()) {
    const made = await send('post', '/api/leads', { email: `buyer${place}@falk.example` })
    const { id } = (await made.json()) as { id: string }
    if (place === 0) lead = id
    for (const [visit, channel] of channels.entries())
      await did(id, 'page_viewed', 12 - visit * 3, { channel })
    await did(id, 'order_completed', 2, { revenue: 100 + place, metadata: { order_id: `E-${place}` } })
  }
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

test('the page of a lead says which touch earned what, by any model', async () => {
  await page.goto(`${workspace}/leads/${lead}?tab=journey`)
  const credit = page.getByRole('region', { name: 'Credit' })
  await credit.getByText('Orders').first().waitFor({ timeout: 40_000 })
  await credit.getByRole('combobox', { name: 'Model' }).selectOption('linear')
  await credit.getByText('33.34').waitFor()
  await picture(page, 'credit')
  expect(await screenFindings(page)).toEqual([])
})

test('the report puts models side by side', async () => {
  await page.goto(`${workspace}/analytics?tab=attribution&model=linear`)
  await page.getByText('Models side by side').waitFor({ timeout: 20_000 })
  await page.getByText('Paid Search').first().waitFor({ timeout: 20_000 })
  await picture(page, 'attribution')
  expect(await screenFindings(page)).toEqual([])
})

test('other settings are tried on all leads and adopted as they were tried', async () => {
  await page.goto(`${workspace}/settings/attribution`)
  await page.getByRole('combobox', { name: 'Look back' }).selectOption('7')
  await page.getByRole('button', { name: 'Try on all leads' }).click()
  const tried = page.getByRole('region', { name: 'What would change' })
  await tried.getByRole('button', { name: 'Adopt these settings' }).waitFor({ timeout: 20_000 })
  await picture(page, 'attribution-settings')
  expect(await screenFindings(page)).toEqual([])
  await tried.getByRole('button', { name: 'Adopt these settings' }).click()
  await page.getByText('Version 1 is in force').first().waitFor()
})
