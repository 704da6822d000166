// A nested filter built by hand in the browser: whom it fits is shown while it is written, and then by the list.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { firstVisit, launchChromium, seriousFindings, sidewaysOverflow, startBuilt } from './browser.ts'
import type { RunningProduct } from './browser.ts'

let product: RunningProduct
let browser: Browser
let page: Page
let workspace = ''

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startBuilt(), launchChromium()])
  ;({ page, workspace } = await firstVisit(product, browser))
  const slug = workspace.split('/').at(-1)!
  for (const lead of [
    { firstName: 'Ines', lastName: 'Falk', company: 'Falk Ceramics', country: 'DE' },
    { firstName: 'Bruno', lastName: 'Sala', company: 'Sala Moda', country: 'IT' },
    { firstName: 'Maren', lastName: 'Okafor', company: 'Okafor Ltd', country: 'IE' },
  ]) {
    const made = await page.request.post(`${product.url}/api/leads`, {
      data: { ...lead, email: `${lead.firstName.toLowerCase()}@mail.example` },
      headers: { 'x-workspace': slug, origin: product.url },
    })
    expect(made.status()).toBe(201)
  }
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

test('a filter of a field, an event that did not happen and a group within is built, counted and applied', async () => {
  await page.goto(`${workspace}/leads`)
  await page.getByRole('table', { name: 'Leads' }).getByText('Ines Falk').waitFor()
  await page.getByRole('button', { name: 'Build a filter' }).click()
  const dialog = page.getByRole('dialog', { name: 'Filter' })
  await dialog.getByRole('button', { name: 'Add an event' }).click()
  await dialog.getByRole('combobox', { name: 'What is asked of the event' }).click()
  await page.getByRole('option', { name: 'did not do' }).click()
  await dialog.getByRole('button', { name: 'Add a group' }).click()
  const group = dialog.getByRole('group', { name: 'Group' })
  for (const [at, company] of ['ceramics', 'ltd'].entries()) {
    if (at > 0) await group.getByRole('button', { name: 'Add a field' }).click()
    await group.getByRole('combobox', { name: 'Field' }).nth(at).click()
    await page.getByRole('option', { name: 'Company', exact: true }).click()
    await group.getByRole('combobox', { name: 'Value of Company' }).nth(at).fill(company)
    await page.keyboard.press('Tab')
  }
  await dialog
    .getByText('Did not place an order and (Company contains “ceramics” or Company contains “ltd”)')
    .waitFor()
  await expect
    .poll(() => dialog.getByRole('status').allInnerTexts(), { timeout: 20_000 })
    .toEqual(['2 leads'])
  const examples = dialog.getByRole('list', { name: 'Some of them' }).getByRole('listitem')
  expect((await examples.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ')).sort()).toEqual([
    'Ines Falk ines@mail.example Company: Falk Ceramics',
    'Maren Okafor maren@mail.example Company: Okafor Ltd',
  ])
  expect(await seriousFindings(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Apply' }).click()
  const list = page.getByRole('table', { name: 'Leads' })
  await list.getByText('Bruno Sala').waitFor({ state: 'detached' })
  for (const name of ['Ines Falk', 'Maren Okafor']) await list.getByText(name).waitFor()
})

test('the builder fits a phone', async () => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.getByRole('button', { name: 'Build a filter' }).click()
  await page.getByRole('dialog', { name: 'Filter' }).getByText('Did not place an order').waitFor()
  expect(await sidewaysOverflow(page)).toEqual([])
})
