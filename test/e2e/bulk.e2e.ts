// Many leads are picked in the browser and changed together.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dropFile, firstVisit, launchChromium, seriousFindings, startBuilt } from './browser.ts'
import type { RunningProduct } from './browser.ts'

let product: RunningProduct
let browser: Browser
let page: Page
let workspace = ''

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startBuilt(), launchChromium()])
  ;({ page, workspace } = await firstVisit(product, browser))
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

test('all leads that are loaded are picked by one click, more than are in sight, and tagged together', async () => {
  const people = Array.from({ length: 60 }, (_, n) => `person${n}@mail.example,Person ${n}`)
  await page.goto(`${workspace}/imports`)
  await dropFile(page, 'text=Drop a CSV file here', 'people.csv', ['Email,First Name', ...people].join('\n'))
  await page.getByRole('button', { name: 'Start the import' }).click()
  await page.getByText('Done', { exact: true }).first().waitFor()

  await page.goto(`${workspace}/leads`)
  const list = page.getByRole('table', { name: 'Leads' })
  await page.getByText('60 leads', { exact: true }).waitFor()
  expect(await list.getByRole('row').count()).toBeLessThan(60)
  await list.getByRole('checkbox', { name: 'Select all that are loaded' }).click()
  await page.getByText('60 leads picked').waitFor()
  await page.getByRole('button', { name: 'Tag', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Add tags' })
  await dialog.getByLabel('Tags').fill('fair 2026')
  await page.keyboard.press('Enter')
  expect(await seriousFindings(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Add tags (60 leads)' }).click()

  await page.goto(`${workspace}/leads/bulk`)
  await page.getByRole('table', { name: 'Bulk work' }).getByText('Done').waitFor()
  await page.goto(`${workspace}/leads`)
  await list.getByText('fair 2026').first().waitFor()
})
