// Custom fields are looked after in the browser: seen with what uses them, renamed, retyped, merged, archived and removed.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dropFile, firstVisit, launchChromium, openScreen, seriousFindings, startBuilt } from './browser.ts'
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

const row = (name: string) =>
  page.getByRole('table', { name: 'Custom fields', exact: true }).getByRole('row', { name })
async function choose(field: string, deed: string): Promise<void> {
  await page.getByRole('button', { name: `More about ${field}` }).click()
  await page.getByRole('menuitem', { name: deed }).click()
}

test('a field is renamed, becomes a number, takes in another and leaves, and each step says first what it does', async () => {
  const people = Array.from({ length: 40 }, (_, n) => {
    const seats = n === 0 ? '007' : n === 1 ? 'a few' : String(n)
    const tier = n < 10 ? 'gold' : ''
    const level = n < 5 ? 'silver' : n < 8 ? 'gold' : ''
    return `person${n}@mail.example,Person ${n},${seats},${tier},${level}`
  })
  await page.goto(`${workspace}/imports`)
  const file = ['Email,First Name,Seats,Tier,Level', ...people].join('\n')
  await dropFile(page, 'text=Drop a CSV file here', 'customers.csv', file)
  await page.getByRole('button', { name: 'Start the import' }).click()
  await page.getByText('Done', { exact: true }).first().waitFor()
  const saved = await page.evaluate(
    async (slug) => {
      const filter = { fact: 'fields.tier', op: 'is', value: 'gold' }
      const body = {
        name: 'Golden',
        question: { filter: JSON.stringify(filter) },
        columns: ['email', 'fields.tier'],
      }
      const reply = await fetch('/api/views', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-workspace': slug },
        body: JSON.stringify(body),
      })
      return reply.status
    },
    workspace.split('/').at(-1) ?? '',
  )
  expect(saved).toBe(201)

  await openScreen(page, `${workspace}/settings/fields`)
  await row('Seats').getByText('40', { exact: true }).waitFor()
  await row('Tier').getByText('10', { exact: true }).waitFor()
  await row('Tier').getByText('from customers.csv').waitFor()
  expect(await seriousFindings(page)).toEqual([])
  await row('Tier').getByRole('button', { name: 'What uses Tier' }).click()
  await page.getByText('The filter of the view Golden').waitFor()
  await page.getByText('A column of the view Golden').waitFor()
  await page.keyboard.press('Escape')

  await choose('Seats', 'Rename')
  await page.getByRole('textbox', { name: 'Name' }).fill('Seats bought')
  await page.keyboard.press('Enter')
  await row('Seats bought').getByText('seats', { exact: true }).waitFor()

  await choose('Seats bought', 'Change the type')
  await page.getByRole('dialog').getByRole('combobox', { name: 'Type' }).click()
  await page.getByRole('option', { name: 'Number' }).click()
  await page.getByText('2 do not fit').waitFor()
  await page.getByRole('list', { name: 'Values that do not fit' }).getByText('a few').waitFor()
  expect(await seriousFindings(page)).toEqual([])
  await page.getByRole('button', { name: 'Change to number' }).click()
  await row('Seats bought').getByText('Number', { exact: true }).waitFor()
  await row('Seats bought').getByText('2 unfit').waitFor()
  await row('Seats bought').getByText('38', { exact: true }).waitFor()

  await choose('Tier', 'Merge into another')
  await page.getByRole('dialog').getByRole('combobox', { name: 'Into' }).click()
  await page.getByRole('option', { name: 'Level' }).click()
  await page.getByText('2 lack Level and get it, 3 have the same already, 5 have another').waitFor()
  await page.getByLabel('Take Tier').check()
  await page.getByLabel('Type Tier to go on').fill('Tier')
  expect(await seriousFindings(page)).toEqual([])
  await page.getByRole('button', { name: 'Merge (10 leads)' }).click()
  await row('Tier').waitFor({ state: 'detached' })
  await row('Level').getByText('10', { exact: true }).waitFor()
  await row('Level').getByRole('button', { name: 'What uses Level' }).click()
  await page.getByText('The filter of the view Golden').waitFor()
  await page.getByText('What still comes in as tier is kept here').waitFor()
  await page.keyboard.press('Escape')

  await choose('Level', 'Archive')
  await page
    .getByRole('table', { name: 'Archived custom fields' })
    .getByText('level', { exact: true })
    .waitFor()
  await choose('Level', 'Remove for good')
  await page.getByText('10 leads lose their values').waitFor()
  await page.getByLabel('Type Level to go on').fill('Level')
  await page.getByRole('button', { name: 'Remove (10 leads)' }).click()
  await page.getByRole('table', { name: 'Archived custom fields' }).waitFor({ state: 'detached' })

  await page.goto(`${workspace}/leads`)
  await page.getByText('40 leads', { exact: true }).waitFor()
  await openScreen(page, `${workspace}/settings/audit`)
  await page.getByText('Field merged').first().waitFor()
  await page.getByText('Field removed').first().waitFor()
})
