// What is understood of a lead, in the browser: stage, score, journey and health on its page, and the rules of the lifecycle.
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

const send = async (method: 'post' | 'get', path: string, data?: unknown) =>
  page.request[method](`${product.url}${path}`, {
    ...(data === undefined ? {} : { data }),
    headers: { 'x-workspace': workspace.split('/').at(-1)!, origin: product.url },
  })
const did = async (eventName: string, daysAgo: number, more = {}) => {
  const occurredAt = new Date(Date.now() - daysAgo * DAY_MS).toISOString()
  const told = { eventName, occurredAt, ...more }
  expect((await send('post', `/api/lead-tracking/engagement/${lead}`, told)).status()).toBe(202)
}

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startBuilt(), launchChromium()])
  ;({ page, workspace } = await firstVisit(product, browser))
  const made = await send('post', '/api/leads', {
    firstName: 'Ines',
    lastName: 'Falk',
    jobTitle: 'Head of Marketing',
    company: 'Falk GmbH',
    country: 'DE',
    email: 'ines@falk.example',
  })
  lead = ((await made.json()) as { id: string }).id
  for (const daysAgo of [120, 90, 60, 40, 30, 20, 14, 7, 3]) await did('page_viewed', daysAgo)
  await did('email_link_clicked', 40, { channel: 'Email' })
  await did('demo_requested', 20)
  await did('order_completed', 5, { revenue: 240, metadata: { order_id: 'E-1' } })
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

test('the head of a lead says its stage, score, health and value', async () => {
  await page.goto(`${workspace}/leads/${lead}`)
  const standing = page.getByRole('group', { name: 'Where the lead stands' })
  // The head asks anew every 15 seconds; what was just recorded is understood within moments.
  await standing.getByText('Customer').waitFor({ timeout: 40_000 })
  await expect.poll(() => standing.getByText(/240/).count(), { timeout: 40_000 }).toBe(1)
  await standing.getByText(/hot|warm|cold/i).waitFor()
  expect(await screenFindings(page)).toEqual([])
  await picture(page, 'lead-head')
})

test('the journey shows the stages with their causes, what health is made of, and milestones', async () => {
  await page.getByRole('tab', { name: 'Journey' }).click()
  const moves = page.getByRole('list', { name: 'Moves' })
  await moves.getByText('An order (First paid order)').waitFor()
  await moves.getByText('Qualified → Customer').waitFor()
  await page.getByRole('list', { name: 'What health is made of' }).waitFor()
  await page.getByRole('list', { name: 'Milestones' }).getByText('First order').waitFor()
  expect(await screenFindings(page)).toEqual([])
  await picture(page, 'lead-journey')
})

test('a lead is moved by hand with a reason, which stays in its history', async () => {
  await page.getByRole('region', { name: 'Stage' }).getByRole('button', { name: 'Move…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Move Ines Falk' })
  await dialog.getByRole('combobox', { name: 'To' }).click()
  await page.getByRole('option', { name: 'Opportunity' }).click()
  await dialog.getByRole('textbox', { name: 'Why' }).fill('Wants a second offer')
  expect(await screenFindings(page)).toEqual([])
  await picture(page, 'lead-move')
  await dialog.getByRole('button', { name: 'Move', exact: true }).click()
  await page
    .getByRole('list', { name: 'Moves' })
    .getByText(/Wants a second offer/)
    .waitFor()
  await page.getByRole('group', { name: 'Where the lead stands' }).getByText('Opportunity').waitFor()
})

test('the score is explained by rules with points, down to the events', async () => {
  await page.getByRole('tab', { name: 'Score' }).click()
  const reasons = page.getByRole('list', { name: 'Reasons' })
  await reasons.getByRole('button', { name: 'Events' }).first().click()
  expect(await screenFindings(page)).toEqual([])
  await picture(page, 'lead-score')
})

test('a rule of the lifecycle is added, tried on real leads, and adopted', async () => {
  await page.goto(`${workspace}/settings/lifecycle`)
  await page.getByRole('heading', { name: 'To Customer' }).waitFor()
  expect(await screenFindings(page)).toEqual([])
  await picture(page, 'lifecycle')
  await page.getByRole('button', { name: 'Add a rule' }).click()
  const dialog = page.getByRole('dialog', { name: 'New rule' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Filled in a form')
  expect(await screenFindings(page)).toEqual([])
  await picture(page, 'lifecycle-rule')
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('button', { name: 'Try on real leads' }).click()
  await page.getByRole('table', { name: 'Leads in each stage' }).waitFor()
  expect(await screenFindings(page)).toEqual([])
  await picture(page, 'lifecycle-tried')
  await page.getByRole('button', { name: 'Adopt…' }).click()
  await page.getByRole('button', { name: 'Adopt as version 1' }).click()
  await page.getByText('Version 1 is in force', { exact: true }).waitFor()
})
