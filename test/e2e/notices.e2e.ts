// What needs a person, in the browser: a lead turns hot, is given to a member, dismissed for the team and brought back.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { firstVisit, launchChromium, picture, screenFindings, startBuilt } from './browser.ts'
import type { RunningProduct } from './browser.ts'

let product: RunningProduct
let browser: Browser
let page: Page
let workspace = ''

const send = (path: string, data: unknown) =>
  page.request.post(`${product.url}${path}`, {
    data,
    headers: { 'x-workspace': workspace.split('/').at(-1)!, origin: product.url },
  })

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startBuilt(), launchChromium()])
  ;({ page, workspace } = await firstVisit(product, browser))
  const made = await send('/api/leads', {
    firstName: 'Ada',
    lastName: 'Moor',
    jobTitle: 'CEO',
    company: 'Moor Engines',
    email: 'ada@engines.example',
  })
  const { id } = (await made.json()) as { id: string }
  for (const eventName of ['demo_requested', 'meeting_booked', 'checkout_started'])
    expect((await send(`/api/lead-tracking/engagement/${id}`, { eventName })).status()).toBe(202)
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

test('a lead that turned hot is told of on the dashboard, by its name, score and stage', async () => {
  await expect
    .poll(
      async () => {
        await page.goto(workspace)
        await page.getByRole('region', { name: 'Needs a person' }).waitFor()
        return page
          .getByRole('list', { name: 'Hot leads' })
          .innerText()
          .catch(() => '')
      },
      { timeout: 30_000 },
    )
    .toMatch(/Ada Moor[\s\S]*Moor Engines · \w+ · score \d+/)
  expect(await screenFindings(page)).toEqual([])
  await picture(page, 'dashboard')
})

test('its page says how its score went and why, among its events too', async () => {
  await page.getByRole('list', { name: 'Hot leads' }).getByRole('link', { name: 'Ada Moor' }).click()
  await page.getByRole('tab', { name: 'Score' }).click()
  const history = page.getByRole('region', { name: 'Over time' })
  await history
    .getByRole('list', { name: 'Changes of the score' })
    .getByText(/demo|meeting|checkout/i)
    .first()
    .waitFor()
  expect(await screenFindings(page)).toEqual([])
  await picture(page, 'lead-score')
  await page.getByRole('tab', { name: 'Timeline' }).click()
  await page.getByRole('button', { name: /Stage and score/ }).click()
  await page.getByText('Stage moved').first().waitFor()
  await page.getByText('Score changed').first().waitFor()
  expect(await screenFindings(page)).toEqual([])
})

test('how scores went is drawn from the day on which they were first counted', async () => {
  const trend = page.getByRole('region', { name: 'Score over time' })
  await expect
    .poll(
      async () => {
        await page.goto(`${workspace}/analytics?tab=quality`)
        await trend.waitFor()
        return trend.innerText()
      },
      { timeout: 30_000 },
    )
    .toContain('As counted then')
  expect(await screenFindings(page)).toEqual([])
  await trend.getByText('Table', { exact: true }).click()
  await trend
    .getByText(/today|not over/i)
    .first()
    .waitFor()
  await page.goto(workspace)
})

test('it is given to a member, who finds it among what is theirs', async () => {
  await page.getByRole('button', { name: 'Assign Ada Moor' }).click()
  await page.getByRole('menuitem').first().click()
  await page.getByRole('button', { name: /takes care of Ada Moor/ }).waitFor()
  await page.getByText('Mine', { exact: true }).click()
  await page.getByRole('list', { name: 'Hot leads' }).getByText('Ada Moor').waitFor()
  await page.getByText('Everybody’s', { exact: true }).click()
})

test('it is dismissed for the team, and brought back', async () => {
  await page.getByRole('button', { name: 'Dismiss Ada Moor' }).click()
  await page.getByText('Nothing waits for you').waitFor()
  await page.getByRole('button', { name: 'Show 1 dismissed' }).click()
  await page
    .getByRole('region', { name: 'Dismissed' })
    .getByText(/dismissed by/)
    .waitFor()
  expect(await screenFindings(page)).toEqual([])
  await page.getByRole('button', { name: 'Bring back Ada Moor' }).click()
  await page.getByText('Nothing is dismissed').waitFor()
  await page.getByRole('button', { name: 'Back to what is open' }).click()
  await page.getByRole('list', { name: 'Hot leads' }).getByText('Ada Moor').waitFor()
})
