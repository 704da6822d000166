// Segments in the browser: made by hand, filled, kept, explained; empty, on a phone, and by keyboard.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { firstVisit, launchChromium, screenFindings, seriousFindings, startBuilt } from './browser.ts'
import type { RunningProduct } from './browser.ts'

let product: RunningProduct
let browser: Browser
let page: Page
let workspace = ''
const ids = new Map<string, string>()

const send = (method: 'post' | 'patch', path: string, data: unknown) =>
  page.request[method](`${product.url}${path}`, {
    data,
    headers: { 'x-workspace': workspace.split('/').at(-1)!, origin: product.url },
  })

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startBuilt(), launchChromium()])
  ;({ page, workspace } = await firstVisit(product, browser))
  for (const [firstName, country] of [
    ['Ines', 'DE'],
    ['Bruno', 'IT'],
    ['Maren', 'DE'],
  ] as const) {
    const email = `${firstName.toLowerCase()}@mail.example`
    const made = await send('post', '/api/leads', { firstName, lastName: 'Falk', country, email })
    expect(made.status()).toBe(201)
    ids.set(firstName, ((await made.json()) as { id: string }).id)
  }
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

test('an empty page says what a segment is and leads to the first', async () => {
  await page.goto(`${workspace}/segments`)
  await page.getByRole('heading', { name: 'No segments yet' }).waitFor()
  expect(await screenFindings(page)).toEqual([])
})

test('a segment is built as a sentence, previewed, made, and holds whom it fits', async () => {
  await page.getByRole('link', { name: 'New segment' }).click()
  await page.getByRole('button', { name: 'Add a field' }).click()
  await page.getByRole('combobox', { name: 'Field' }).nth(1).click()
  await page.getByRole('option', { name: 'Country', exact: true }).click()
  await page.getByRole('combobox', { name: 'Value of Country' }).fill('Germany')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await page.getByText('Known is yes and Country is Germany').waitFor()
  await expect
    .poll(() => page.getByRole('region', { name: 'Who fits' }).getByRole('status').allInnerTexts(), {
      timeout: 20_000,
    })
    .toEqual(['2 leads'])
  await page.getByRole('textbox', { name: 'Name' }).fill('Germans')
  expect(await screenFindings(page)).toEqual([])
  await page.getByRole('button', { name: 'Make the segment' }).click()
  await page.getByRole('heading', { name: 'Germans', level: 1 }).waitFor()
  const members = page.getByRole('table', { name: 'Members' })
  for (const name of ['Ines Falk', 'Maren Falk']) await members.getByText(name).waitFor()
  await page.locator('main').getByText('Live', { exact: true }).waitFor()
  expect(await screenFindings(page)).toEqual([])
})

test('an edit moves a lead out, the exit is told with its reason, and why is answered line by line', async () => {
  await send('patch', `/api/leads/${ids.get('Maren')}`, { country: 'AT', revision: 1 })
  await page.getByRole('tab', { name: 'Entries and exits' }).click()
  const moves = page.getByRole('table', { name: 'Entries and exits' })
  await moves.getByText('Maren Falk').waitFor({ timeout: 20_000 })
  await moves.getByText('No longer: Country is Germany, after a change of the lead').waitFor()
  await moves.getByRole('row', { name: /Maren Falk/ }).focus()
  await page.keyboard.press('Enter')
  const why = page.getByRole('dialog', { name: 'Why, in Germans?' })
  await why.getByText('Country is Germany', { exact: true }).waitFor()
  await why.getByText('Austria', { exact: true }).waitFor()
  expect(await seriousFindings(page)).toEqual([])
  await page.keyboard.press('Escape')
  await why.waitFor({ state: 'detached' })
})

test('the lead list is narrowed by a segment, and a lead says which segments it is in', async () => {
  await page.getByRole('link', { name: 'Open as leads' }).click()
  const list = page.getByRole('table', { name: 'Leads' })
  await list.getByText('Ines Falk').waitFor()
  await list.getByText('Maren Falk').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Segments include Germans', exact: true }).waitFor()
  await page.goto(`${workspace}/leads/${ids.get('Ines')}`)
  await page.getByRole('navigation', { name: 'Segments' }).getByRole('link', { name: 'Germans' }).click()
  await page.getByRole('dialog', { name: 'Why, in Germans?' }).getByText('has been in it since').waitFor()
  await page.keyboard.press('Escape')
})

test('a circle is refused where it is written, and the list tells sizes', async () => {
  await page.goto(`${workspace}/segments`)
  const row = page.getByRole('table', { name: 'Segments' }).getByRole('row', { name: /Germans/ })
  await row.getByText('1', { exact: true }).waitFor()
  expect(await screenFindings(page)).toEqual([])
  await row.click()
  await page.getByRole('link', { name: 'Change', exact: true }).click()
  await page.getByRole('button', { name: 'Add a field' }).click()
  await page.getByRole('combobox', { name: 'Field' }).last().click()
  await page.getByRole('option', { name: 'Segments', exact: true }).click()
  await page.getByRole('combobox', { name: 'Value of Segments' }).fill('Germans')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('alert').getByText('Germans would be part of itself').waitFor()
})
