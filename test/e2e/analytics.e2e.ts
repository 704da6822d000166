// The analytics page in the browser: every tab as charts, tables and CSV, numbers that lead to what is behind them, and all of it in the address.
import { readFileSync } from 'node:fs'
import type { Browser, Download, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { firstVisit, launchChromium, openScreen, picture, screenFindings, startBuilt } from './browser.ts'
import type { RunningProduct } from './browser.ts'

let product: RunningProduct
let browser: Browser
let page: Page
let workspace = ''
const problems: string[] = []

const DAY_MS = 86_400_000

const tabs = {
  overview: 'Overview',
  funnel: 'Lifecycle',
  quality: 'Lead quality',
  engagement: 'Engagement',
  attribution: 'Attribution',
  health: 'Journey health',
  cohorts: 'Cohorts',
}

/** A panel that only this tab has. */
const firstPanels: Record<string, string> = {
  overview: 'Recent activity',
  funnel: 'Time in stage',
  quality: 'Best leads',
  engagement: 'Most engaged leads',
  attribution: 'Models side by side',
  health: 'Risk of no further order',
  cohorts: 'Came back by age',
}

const post = async (path: string, data: unknown) => {
  const reply = await page.request.post(`${product.url}${path}`, {
    data,
    headers: { 'x-workspace': workspace.split('/').at(-1)!, origin: product.url },
  })
  expect(reply.status()).toBeLessThan(300)
  return (await reply.json()) as Record<string, unknown>
}
const did = (id: string, eventName: string, daysAgo: number, more = {}) =>
  post(`/api/lead-tracking/engagement/${id}`, {
    eventName,
    occurredAt: new Date(Date.now() - daysAgo * DAY_MS).toISOString(),
    ...more,
  })

async function textOf(download: Promise<Download>): Promise<string> {
  return readFileSync((await (await download).path())!, 'utf8')
}

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startBuilt(), launchChromium()])
  ;({ page, workspace } = await firstVisit(product, browser))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  for (const [place, channels] of [
    ['Paid Search', 'Email', 'Organic Search'],
    ['Organic Social', 'Email'],
    ['Referral'],
    ['Email'],
  ].entries()) {
    const { id } = await post('/api/leads', {
      email: `buyer${place}@falk.example`,
      firstName: `Buyer${place}`,
    })
    for (const [visit, channel] of channels.entries())
      await did(String(id), 'page_viewed', 12 - visit * 3, { channel })
    await did(String(id), 'demo_requested', 3)
    if (place < 3)
      await did(String(id), 'order_completed', 2, {
        revenue: 100 + place,
        metadata: { order_id: `A-${place}` },
      })
  }
  await vi.waitFor(
    async () => {
      const reply = await page.request.get(
        `${product.url}/api/lead-tracking/analytics/attribution?model=linear`,
        { headers: { 'x-workspace': workspace.split('/').at(-1)! } },
      )
      const { cards } = (await reply.json()) as { cards: { id: string; now: number | null }[] }
      expect(cards.find(({ id }) => id === 'conversions')?.now).toBe(3)
    },
    { timeout: 60_000, interval: 500 },
  )
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

test.each(Object.entries(tabs))(
  'the tab %s opens, and each of its charts is a table and CSV, too',
  async (id, label) => {
    await openScreen(page, `${workspace}/analytics`)
    await page.getByRole('tab', { name: label }).click()
    if (id !== 'overview') await page.waitForURL(`**tab=${id}**`)
    await page.locator('main dl').first().waitFor()
    await page.getByRole('region', { name: firstPanels[id] }).first().waitFor()
    await picture(page, `analytics-${id}`)
    const switches = page.locator('main [role="radiogroup"][aria-label^="Show "]')
    const names = await switches.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''))
    for (const name of names) {
      const title = name.replace(/^Show (.*) as$/, '$1')
      await page.getByRole('radiogroup', { name, exact: true }).getByText('Table').click()
      await page.getByRole('table', { name: title, exact: true }).waitFor()
    }
    const csv = page.getByRole('button', { name: /as CSV$/ }).first()
    if (await csv.isVisible()) {
      const download = page.waitForEvent('download')
      await csv.click()
      expect((await textOf(download)).split('\r\n').length).toBeGreaterThan(1)
    }
    expect(await screenFindings(page)).toEqual([])
  },
)

test('a number leads to the leads behind it', async () => {
  await openScreen(page, `${workspace}/analytics`)
  const card = page.locator('main dl > div', { hasText: 'Orders' })
  await card.getByRole('button').click()
  const drawer = page.getByRole('dialog', { name: 'Orders' })
  await drawer.getByText('3 leads').waitFor()
  await drawer.getByRole('link', { name: 'Buyer0' }).waitFor()
  expect(await screenFindings(page)).toEqual([])
  // It stands in the address: a link shows it, and so does going back from a lead; one step further back it is closed.
  await page.reload()
  await drawer.getByRole('link', { name: 'Buyer0' }).click()
  await page.waitForURL('**/leads/**')
  await page.goBack()
  await drawer.getByText('3 leads').waitFor()
  await page.goBack()
  await drawer.waitFor({ state: 'detached' })
  await page.goForward()
  await drawer.getByText('3 leads').waitFor()
  await page.keyboard.press('Escape')
  await drawer.waitFor({ state: 'detached' })
  expect(page.url()).not.toContain('open=')
})

test('a bar of credit leads to the rows that it is made of, and they are CSV, too', async () => {
  await openScreen(page, `${workspace}/analytics?tab=attribution&model=linear`)
  const channels = page.getByRole('region', { name: 'Channels by Linear' })
  await channels.getByRole('listitem').filter({ hasText: 'Email' }).getByRole('button').click()
  const drawer = page.getByRole('dialog', { name: /Email/ })
  // Of two orders, a third and a half.
  await drawer.getByText('2 rows by Linear, together 0.83 conversions worth').waitFor()
  await drawer.getByRole('link', { name: 'Buyer0' }).waitFor()
  await drawer.getByText('33.3 %').waitFor()
  await picture(page, 'analytics-credit-rows')
  expect(await screenFindings(page)).toEqual([])
  const download = page.waitForEvent('download')
  await drawer.getByRole('button', { name: 'CSV' }).click()
  expect((await textOf(download)).trim().split('\r\n')).toHaveLength(3)
  await drawer.getByText('Leads', { exact: true }).click()
  await drawer.getByText('2 leads').waitFor()
  await page.keyboard.press('Escape')
})

test('range, filters and what a tab is asked stand in the address, and hold when it is opened anew', async () => {
  await openScreen(page, `${workspace}/analytics`)
  await page.getByRole('combobox', { name: 'Range' }).selectOption('90')
  await page.getByRole('combobox', { name: 'Whom it counts' }).selectOption('known')
  await page.getByRole('tab', { name: 'Lifecycle' }).click()
  await page.getByRole('combobox', { name: 'Days of time in stages' }).selectOption('business')
  await page.getByRole('combobox', { name: 'Time to come through' }).selectOption('30')
  await page.waitForURL(/within=30/)
  const address = new URL(page.url())
  expect(Object.fromEntries(address.searchParams)).toMatchObject({
    tab: 'funnel',
    range: '"90"',
    days: 'business',
    within: '30',
  })
  await page.reload()
  await page.getByText('Pipeline velocity').first().waitFor()
  expect(await page.getByRole('combobox', { name: 'Range' }).inputValue()).toBe('90')
  expect(await page.getByRole('combobox', { name: 'Days of time in stages' }).inputValue()).toBe('business')
  await page.getByRole('tab', { name: 'Engagement' }).click()
  await page.getByText('By source', { exact: true }).click()
  await page.getByRole('table', { name: 'Summary by source' }).waitFor()
  await page.goBack()
  await page.getByText('Pipeline velocity').first().waitFor()
})

test('cohorts tell of a year unless another range is chosen, and say so', async () => {
  await openScreen(page, `${workspace}/analytics?tab=cohorts`)
  const range = page.getByRole('combobox', { name: 'Range' })
  expect(await range.inputValue()).toBe('365')
  await range.selectOption('30')
  await page.waitForURL(/range=/)
  expect(await range.inputValue()).toBe('30')
})

test('the settings of risk and value say what is missing, and keep what is chosen', async () => {
  await openScreen(page, `${workspace}/settings/journey`)
  await page.getByRole('switch', { name: /^Lost after twice the usual gap/ }).click()
  await page.getByRole('textbox', { name: 'Lost after so long without an order' }).fill('3')
  await page.getByText('This is 7 days at least.').waitFor()
  await page.getByRole('textbox', { name: 'Lost after so long without an order' }).fill('120')
  await page.getByRole('button', { name: 'Save' }).click()
  await page
    .getByText('lifetime value and churn risk are told from 500 buyers on')
    .first()
    .waitFor({ timeout: 30_000 })
  await page.getByText('no order within 120 days').waitFor({ timeout: 30_000 })
  await picture(page, 'settings-journey')
  expect(await screenFindings(page)).toEqual([])
})

test('nothing of this was an error in the browser', () => {
  expect(problems).toEqual([])
})
