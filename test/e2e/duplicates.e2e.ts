// Duplicates in the browser: looked for, explained, kept apart, merged with a preview, and merging by itself chosen.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { firstVisit, launchChromium, screenFindings, seriousFindings, startBuilt } from './browser.ts'
import type { RunningProduct } from './browser.ts'

let product: RunningProduct
let browser: Browser
let page: Page
let workspace = ''

const pairs = () => page.getByRole('article')

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startBuilt(), launchChromium()])
  ;({ page, workspace } = await firstVisit(product, browser))
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

async function create(firstName: string, lastName: string, more: Record<string, string>): Promise<void> {
  const made = await page.request.post(`${product.url}/api/leads`, {
    data: { firstName, lastName, ...more },
    headers: { 'x-workspace': workspace.split('/').at(-1)!, origin: product.url },
  })
  expect(made.status()).toBe(201)
}

test('an empty page says what will stand there and when somebody looks', async () => {
  await page.goto(`${workspace}/leads/duplicates`)
  await page.getByRole('heading', { name: 'No duplicates wait' }).waitFor()
  await page.getByText('Nobody has looked yet').waitFor()
  expect(await screenFindings(page)).toEqual([])
})

test('a look finds pairs, the likeliest first, with what each field says, side by side', async () => {
  for (const [at, name] of [
    'Nora Quist',
    'Omar Haddad',
    'Petra Novak',
    'Quentin Bell',
    'Rosa Mendes',
  ].entries()) {
    const [first = '', last = ''] = name.split(' ')
    await create(first, last, { email: `${first}${at}@post.example`, company: `${last} & Co`, city: 'Oslo' })
  }
  const jane = { company: 'Northwind Traders', city: 'Uppsala' }
  await create('Jane', 'Wojciechowski', { ...jane, email: 'jane.w@work.example' })
  await create('Jane', 'Wojciechowsky', { ...jane, email: 'jane@home.example' })
  await create('William', 'Ostrander', { company: 'Globex Corporation', email: 'will@globex.example' })
  await create('Bill', 'Ostrander', { company: 'Globex Corp.', phone: '+46701234567' })
  await page.getByRole('button', { name: 'Look for duplicates now' }).click()
  await page.getByText('9 new or changed leads compared, 2 new pairs found').waitFor({ timeout: 60_000 })
  await expect.poll(() => pairs().count(), { timeout: 20_000 }).toBe(2)
  const pair = page.getByRole('article', { name: /Wojciechowski and|and Jane Wojciechowski/ })
  await pair.getByText('likely the same').waitFor()
  await pair.getByText(/Last name is almost the same: .* times more likely/).waitFor()
  await pair.getByRole('cell', { name: 'Northwind Traders' }).first().waitFor()
  expect(await screenFindings(page)).toEqual([])
})

test('a pair that is said to be two people goes, and no later look brings it back', async () => {
  const pair = page.getByRole('article', { name: /Ostrander/ })
  await pair.getByRole('button', { name: 'Not the same person' }).click()
  await pair.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Look for duplicates now' }).click()
  await page.getByText('0 new or changed leads compared').waitFor({ timeout: 60_000 })
  expect(await pairs().count()).toBe(1)
})

test('a merge is previewed and done, and says where it can be undone', async () => {
  await pairs().first().getByRole('button', { name: 'Look and merge' }).click()
  const dialog = page.getByRole('dialog', { name: 'Merge 2 leads' })
  await dialog.getByText('jane@home.example').first().waitFor()
  expect(await seriousFindings(page)).toEqual([])
  await dialog.getByRole('button', { name: /^Merge/ }).click()
  await page.getByText('Its page can undo it').waitFor()
  await page.getByRole('heading', { name: 'No duplicates wait' }).waitFor()
})

test('merging without a person is off, and its threshold is kept within bounds', async () => {
  const merging = page.getByRole('region', { name: 'Merging without a person' })
  const by = merging.getByRole('switch', { name: /Merge the surest pairs/ })
  expect(await by.isChecked()).toBe(false)
  await by.click()
  await merging.getByRole('textbox', { name: 'From a probability of' }).fill('99.5')
  await merging.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The surest pairs are merged from the next look on').waitFor()
  await page.reload()
  await expect.poll(() => by.isChecked()).toBe(true)
  expect(await merging.getByRole('textbox', { name: 'From a probability of' }).inputValue()).toBe('99.5 %')
})
