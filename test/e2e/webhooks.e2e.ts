// A webhook made, tried, told of a lead, stopped by its receiver and switched on again, with the bell that says so.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWebhookSink } from '../webhook-sink.ts'
import type { WebhookSink } from '../webhook-sink.ts'
import { firstVisit, launchChromium, openScreen, picture, screenFindings, startBuilt } from './browser.ts'
import type { RunningProduct } from './browser.ts'

let sink: WebhookSink
let product: RunningProduct
let browser: Browser
let page: Page
let workspace = ''

beforeAll(async () => {
  sink = await openWebhookSink()
  ;[product, browser] = await Promise.all([startBuilt({ PRIVATE_HOSTS: '127.0.0.1' }), launchChromium()])
  ;({ page, workspace } = await firstVisit(product, browser))
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
  await sink?.close()
})

const makeLead = async (email: string) => {
  const reply = await page.request.post(`${product.url}/api/leads`, {
    data: { email, firstName: 'Ada' },
    headers: { 'x-workspace': workspace.split('/').at(-1)!, origin: product.url },
  })
  expect(reply.status(), await reply.text()).toBe(201)
}

test('a webhook is made, and its secret is shown this once', async () => {
  await openScreen(page, `${workspace}/settings/webhooks`)
  await page.getByText('No webhooks yet').waitFor()
  expect(await screenFindings(page)).toEqual([])
  await page.getByRole('button', { name: 'New webhook' }).click()
  await page.getByLabel('Address').fill('https://10.0.0.1/hook')
  await page.getByRole('button', { name: 'Make the webhook' }).click()
  await page.getByText(/lies in a private network/).waitFor()
  await page.getByLabel('Address').fill(sink.url)
  await page.getByLabel('Name').fill('Warehouse')
  await page.getByLabel('The stage of a lead changed').check()
  await picture(page, 'webhook-form')
  await page.getByRole('button', { name: 'Make the webhook' }).click()
  expect(await page.getByLabel('Signing secret', { exact: true }).innerText()).toMatch(/^whsec_/)
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('table', { name: 'Webhooks' }).getByText('Warehouse').click()
  await page.getByRole('heading', { level: 1, name: 'Warehouse' }).waitFor()
})

test('a test shows what the receiver said', async () => {
  sink.answerWith(() => ({ status: 200, body: 'thank you' }))
  await page.getByRole('button', { name: 'Send a test' }).click()
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await page.getByText('The receiver took it').waitFor()
  await page.getByText('200 thank you').waitFor()
  await page.getByRole('button', { name: 'Close' }).last().click()
})

test('a lead that is made is told within seconds and stands in the log', async () => {
  await makeLead('ada@told.example')
  await sink.until(2)
  const log = page.getByRole('table', { name: 'Delivery log' })
  await log.getByText('A person became known').waitFor({ timeout: 20_000 })
  await log.getByText('Sent', { exact: true }).waitFor({ timeout: 20_000 })
  expect(await screenFindings(page)).toEqual([])
  await picture(page, 'webhook')
})

test('a receiver that wants no more stops it, the bell says so and leads there, and it can be switched on again', async () => {
  sink.answerWith(() => ({ status: 410, body: 'moved away' }))
  await makeLead('eve@told.example')
  await page.getByText('Nothing is sent there', { exact: true }).waitFor({ timeout: 30_000 })
  await openScreen(page, workspace)
  const bell = page.getByRole('button', { name: /^Notices: \d+ new/ })
  await bell.waitFor({ timeout: 35_000 })
  await bell.click()
  const notices = page.getByRole('list', { name: 'Notices' })
  await picture(page, 'bell')
  await notices.getByText(/A webhook was stopped: Warehouse/).click()
  await page.getByRole('heading', { level: 1, name: 'Warehouse' }).waitFor()
  await page.getByRole('button', { name: 'Notices', exact: true }).waitFor()
  sink.answerWith(() => ({ status: 200 }))
  await page.getByRole('button', { name: 'Switch on' }).click()
  const log = page.getByRole('table', { name: 'Delivery log' })
  await expect.poll(() => log.getByText('Sent', { exact: true }).count(), { timeout: 30_000 }).toBe(2)
})
