// Consent by purpose in the browser: the numbers lead to the leads behind them, and a group of them is asked to change.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  dropFile,
  firstVisit,
  launchChromium,
  openScreen,
  seriousFindings,
  sidewaysOverflow,
  startBuilt,
} from './browser.ts'
import type { RunningProduct } from './browser.ts'

let product: RunningProduct
let browser: Browser
let page: Page
let workspace = ''

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startBuilt(), launchChromium()])
  ;({ page, workspace } = await firstVisit(product, browser))
  const words = ['yes', 'no', '']
  const people = Array.from(
    { length: 9 },
    (_, n) => `${n < 6 ? `person${n}@mail.example` : ''},+4930100000${n},Person ${n},${words[n % 3]},DE`,
  )
  await page.goto(`${workspace}/imports`)
  const file = ['Email,Phone,First Name,Accepts Email Marketing,Country', ...people].join('\n')
  await dropFile(page, 'text=Drop a CSV file here', 'people.csv', file)
  await page.getByRole('button', { name: 'Start the import' }).click()
  await page.getByText('Done', { exact: true }).first().waitFor()
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

test('says of each purpose who agreed and who would be left out, on a wide screen and on a phone', async () => {
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 })
    await openScreen(page, `${workspace}/consent`)
    await page.getByRole('link', { name: 'E-mail marketing' }).first().waitFor()
    expect(await seriousFindings(page)).toEqual([])
    expect(await sidewaysOverflow(page)).toEqual([])
    await openScreen(page, `${workspace}/consent/email_marketing`)
    await page.getByRole('table', { name: 'Newest acts' }).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    expect(await sidewaysOverflow(page)).toEqual([])
  }
  await page.setViewportSize({ width: 1440, height: 900 })
})

test('leads from a number to exactly those leads', async () => {
  await page.goto(`${workspace}/consent/email_marketing`)
  const today = page.getByRole('table', { name: 'Today' })
  await today.getByRole('link', { name: '3 leads: Withheld: no e-mail address' }).waitFor()
  await today.getByRole('link', { name: '2 leads: Would get the e-mail' }).waitFor()
  await today.getByRole('link', { name: '2 leads: Withheld: refused' }).click()
  await page.getByText('2 leads', { exact: true }).waitFor()
  const list = page.getByRole('table', { name: 'Leads' })
  await list.getByText('Person 1').waitFor()
  await list.getByText('Person 4').waitFor()
})

test('records a consent with its reason for everybody of a group', async () => {
  await page.goto(`${workspace}/consent/email_marketing`)
  await page.getByRole('button', { name: 'Record for many' }).click()
  await page.getByRole('menuitem', { name: 'Who never said and would be reached (2)' }).click()
  const dialog = page.getByRole('dialog', { name: 'Record a consent' })
  await dialog.getByText('This is recorded for 2 leads.').waitFor()
  await dialog.getByText('Agreed').click()
  await dialog.getByLabel('Reason and proof').fill('Signed the list at the fair')
  await dialog.getByRole('button', { name: 'Record a consent (2 leads)' }).click()
  await page.getByRole('link', { name: '4 leads: Would get the e-mail' }).waitFor()
  await page.reload()
  const acts = page.getByRole('table', { name: 'Newest acts' })
  await acts.getByText('Signed the list at the fair').first().waitFor()
})
