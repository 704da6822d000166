// An inbound webhook in a real browser: made, called, mapped by the call that came, and replayed until the lead is on screen.
import { createHmac } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { firstVisit, launchChromium, openScreen, picture, screenFindings, startBuilt } from './browser.ts'
import type { RunningProduct } from './browser.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let product: RunningProduct
let browser: Browser
let page: Page
let workspace = ''
let secret = ''
let url = ''
let webhookPage = ''

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startBuilt(), launchChromium()])
  const first = await firstVisit(product, browser)
  page = first.page
  workspace = first.workspace
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

const body = (email: string) =>
  JSON.stringify({
    event_id: `evt ${email}`,
    invitee: { email, first_name: 'Radia', questions: [{ q: 'Budget', a: '10k' }] },
    newsletter: 'yes',
  })

function send(text: string, key = secret): Promise<Response> {
  const signature = `sha256=${createHmac('sha256', key).update(text).digest('hex')}`
  return fetch(url, {
    method: 'POST',
    body: text,
    headers: { 'content-type': 'application/json', 'x-signature': signature },
  })
}

test('a webhook is made with the tool’s way of signing; its secret is shown once', async () => {
  await openScreen(page, `${workspace}/inbound-webhooks`)
  await page.getByText('No webhooks yet').waitFor()
  await page.getByRole('button', { name: 'New webhook' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Booking tool')
  await page.getByRole('combobox', { name: 'How calls prove whom they are from' }).click()
  await page.getByRole('option', { name: 'A hash of the body' }).click()
  await page.getByRole('button', { name: 'Make the webhook' }).click()
  secret = (await page.getByLabel('secret', { exact: true }).textContent()) ?? ''
  expect(secret).toMatch(/^whsec_/)
  await page.getByRole('button', { name: 'Go on' }).click()
  url = (await page.getByLabel('URL', { exact: true }).textContent()) ?? ''
  expect(url).toContain('/api/lead-sources/webhook?key=')
  webhookPage = page.url()
  await page.getByRole('tab', { name: 'Security' }).click()
  await page.getByLabel('Before the hash').fill('sha256=')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Calls are verified like this from now on.').waitFor()
})

test('a call that comes before the mapping waits; it is the example, and the mapping is suggested by it', async () => {
  expect((await send(body('radia@hook.example'))).status).toBe(200)
  expect((await send(body('forged@hook.example'), 'another secret')).status).toBe(401)
  await page.getByRole('tab', { name: /What came in/ }).click()
  const calls = page.getByRole('table', { name: 'Calls' })
  await calls.getByText('Nobody said yet what means what').click()
  await page.getByLabel('Body').getByText('radia@hook.example').waitFor()
  await page.getByRole('button', { name: 'Map by this example' }).click()
  await page.getByRole('button', { name: 'Suggest a mapping' }).click()
  await page
    .getByRole('table', { name: 'The lead' })
    .getByRole('row', { name: 'E-mail radia@hook.example' })
    .waitFor()
  await page.getByRole('table', { name: 'The lead' }).getByRole('row', { name: 'First name Radia' }).waitFor()
  expect(await page.getByRole('combobox', { name: 'Path of E-mail' }).inputValue()).toBe('invitee.email')
  expect(await page.getByRole('combobox', { name: 'The same call again has the same' }).inputValue()).toBe(
    'event_id',
  )
  await page.getByRole('combobox', { name: 'Event', exact: true }).fill('meeting_booked')
  await page.getByRole('button', { name: 'Add a consent' }).click()
  await page.getByRole('combobox', { name: 'Path of consent 1' }).fill('newsletter')
  await page
    .getByRole('table', { name: 'Consent' })
    .getByRole('row', { name: 'E-mail marketing Agreed' })
    .waitFor()
  await picture(page, 'inbound-mapping')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Calls are read like this from now on').waitFor()
})

test('what was parked is replayed and the lead is on screen; what was turned away is said with the reason', async () => {
  await openScreen(page, webhookPage)
  await page.getByText('The signature did not fit the body.').waitFor()
  await page.getByRole('tab', { name: /What came in/ }).click()
  await page.getByRole('button', { name: 'Replay all that is parked' }).click()
  await page.getByRole('table', { name: 'Calls' }).getByText('1 person taken in').waitFor()
  await picture(page, 'inbound-calls')
  await vi.waitFor(
    async () => {
      await openScreen(page, `${workspace}/leads`)
      await page.getByText('Radia').first().waitFor({ timeout: 2_000 })
    },
    { timeout: 30_000 },
  )
  await page.getByText('Radia').first().click()
  await page.getByText('Booked a meeting').first().waitFor()
})

test('the pages of inbound webhooks hold on a wide screen and on a phone, in light and in dark', async () => {
  for (const address of [`${workspace}/inbound-webhooks`, webhookPage]) {
    await openScreen(page, address)
    expect(await screenFindings(page), address).toEqual([])
  }
})
