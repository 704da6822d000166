// The rules of the score in the browser: changed, tried on real leads, adopted; and the list of leads by score.
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

const people = [
  { firstName: 'Ada', jobTitle: 'CEO', deeds: ['demo_requested', 'meeting_booked', 'checkout_started'] },
  { firstName: 'Ben', jobTitle: 'Head of sales', deeds: ['form_submitted', 'content_downloaded'] },
  { firstName: 'Cleo', jobTitle: 'Student', deeds: ['page_viewed'] },
  { firstName: 'Dan', jobTitle: 'Manager', deeds: [] },
]

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startBuilt(), launchChromium()])
  ;({ page, workspace } = await firstVisit(product, browser))
  for (const { firstName, jobTitle, deeds } of people) {
    const email = `${firstName.toLowerCase()}@engines.example`
    const made = await send('/api/leads', { firstName, lastName: 'Moor', jobTitle, email })
    const { id } = (await made.json()) as { id: string }
    for (const eventName of deeds) {
      const told = await send(`/api/lead-tracking/engagement/${id}`, { eventName })
      expect(told.status()).toBe(202)
    }
  }
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

test('the list of leads is sorted by score, with temperatures in words', async () => {
  await expect
    .poll(
      async () => {
        await page.goto(`${workspace}/leads?sort=score`)
        await page.getByRole('row', { name: /Moor/ }).first().waitFor()
        return (await page.getByRole('row').allInnerTexts()).join(' ').replaceAll(/\s+/g, ' ')
      },
      { timeout: 30_000 },
    )
    .toMatch(/Ada Moor \S+ \d+ Hot.*Cleo Moor/)
  const rows = await page.getByRole('row').allInnerTexts()
  const place = (name: string) => rows.findIndex((row) => row.includes(name))
  expect(place('Ada')).toBeLessThan(place('Cleo'))
  expect(await screenFindings(page)).toEqual([])
  await picture(page, 'leads-by-score')
})

test('a rule is changed, tried on real leads and adopted, and every lead is scored by it', async () => {
  await page.goto(`${workspace}/settings/scoring`)
  const person = page.getByRole('region', { name: 'Person' })
  await person.getByText('Leads the company').waitFor()
  expect(await screenFindings(page)).toEqual([])
  await picture(page, 'scoring')
  await person.getByRole('button', { name: 'Change Leads the company' }).click()
  await page.getByLabel('Points').fill('100')
  await picture(page, 'scoring-rule')
  await page.getByRole('button', { name: 'Change', exact: true }).click()
  await page.getByRole('tab', { name: /Intent/ }).click()
  await page.getByLabel('Weight of Intent').fill('60')
  await page.getByRole('button', { name: 'Try on real leads' }).click()
  await page.getByText(/Tried on the 4 leads seen last/).waitFor()
  expect(await screenFindings(page)).toEqual([])
  await picture(page, 'scoring-tried')
  await page.getByRole('button', { name: 'Adopt…' }).click()
  await page.getByLabel('What changed').fill('Bosses count more')
  await page.getByRole('button', { name: 'Adopt as version 1' }).click()
  await page.getByText('Version 1 is in force').waitFor()
  await page.getByText('Version 1, in force: Bosses count more').waitFor()
})
