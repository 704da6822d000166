// The predictive model in the browser: too little data says so, then a workspace's own leads are learnt from, and a lead has its chance.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { firstVisit, launchChromium, picture, screenFindings, startBuilt } from './browser.ts'
import type { RunningProduct } from './browser.ts'

let product: RunningProduct
let browser: Browser
let page: Page
let workspace = ''
let writeKey = ''

const DAY_MS = 86_400_000
const ago = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString()
const headers = () => ({ 'x-workspace': workspace.split('/').at(-1)!, origin: product.url })
const read = async (path: string) =>
  (await (await page.request.get(`${product.url}${path}`, { headers: headers() })).json()) as Record<
    string,
    unknown
  >

async function send(batch: Record<string, unknown>[]): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`
  for (let at = 0; at < batch.length; at += 400) {
    const data = { batch: batch.slice(at, at + 400) }
    const reply = await page.request.post(`${product.url}/v1/batch`, { data, headers: { authorization } })
    expect(reply.status()).toBe(200)
  }
}

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startBuilt(), launchChromium()])
  ;({ page, workspace } = await firstVisit(product, browser))
  const keys = (await read('/api/write-keys')).items as { key: string }[]
  writeKey = keys[0]!.key
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

test('a new workspace is told that there is too little to learn from', async () => {
  await page.goto(`${workspace}/settings/predictive`)
  await page.getByText('Nothing was learnt yet').waitFor()
  await page.getByRole('button', { name: 'Train now' }).click()
  await page.getByText('Too little data yet').waitFor({ timeout: 30_000 })
  await page.getByText('a chance is predicted from 120 of either outcome on').waitFor()
  expect(await screenFindings(page)).toEqual([])
  await picture(page, 'predictive-little')
})

test('a workspace with outcomes has a model, told with its tests and what it goes by', async () => {
  // Whoever looks at prices early on often orders some weeks later; the others seldom do.
  const people = Array.from({ length: 1_000 }, (_, person) => person)
  const since = (person: number) => 300 + ((person * 37) % 600)
  const keen = (person: number) => person % 2 === 0
  const buys = (person: number) => (keen(person) ? person % 5 !== 0 : person % 10 === 1)
  await send([
    ...people.map((person) => ({
      type: 'identify',
      userId: `person-${person}`,
      timestamp: ago(since(person)),
      traits: { email: `person-${person}@many.example`, jobTitle: person % 4 === 0 ? 'Buyer' : 'Engineer' },
    })),
    ...people.flatMap((person) =>
      (keen(person) ? [0.5, 2, 6, 13, 25, 40] : [0.5]).map((day) => ({
        type: 'track',
        event: keen(person) ? 'Pricing Viewed' : 'Article Read',
        userId: `person-${person}`,
        timestamp: ago(since(person) - day),
      })),
    ),
    ...people.filter(buys).map((person) => ({
      type: 'track',
      event: 'Order Completed',
      userId: `person-${person}`,
      timestamp: ago(since(person) - 45 - (person % 40)),
      properties: { order_id: `P-${person}`, revenue: 60 },
    })),
    {
      type: 'identify',
      userId: 'open',
      timestamp: ago(20),
      traits: { email: 'open@open.example', jobTitle: 'Buyer' },
    },
    ...[19, 12, 5, 1].map((day) => ({
      type: 'track',
      event: 'Pricing Viewed',
      userId: 'open',
      timestamp: ago(day),
    })),
  ])
  const leads = async () => (await read('/api/leads?search=open@open.example')).items as { id: string }[]
  await expect.poll(async () => (await leads()).length, { timeout: 60_000 }).toBe(1)
  await page.reload()
  // What was sent last is taken in last.
  await expect
    .poll(
      async () => {
        await page.getByRole('button', { name: 'Train now' }).click()
        await expect
          .poll(() => page.getByRole('button', { name: 'Train now' }).isEnabled(), { timeout: 60_000 })
          .toBe(true)
        return page.getByText(/^Learnt from/).count()
      },
      { timeout: 120_000, interval: 2_000 },
    )
    .toBe(1)
  await page.getByRole('img', { name: /Observed share/ }).waitFor()
  await page
    .getByRole('list', { name: 'Strongest weights' })
    .getByText(/Pricing viewed/i)
    .first()
    .waitFor()
  await page.getByText('No leaking column').waitFor()
  expect(await screenFindings(page)).toEqual([])
  await picture(page, 'predictive-trained')

  const [lead] = await leads()
  await page.goto(`${workspace}/leads/${lead!.id}?tab=score`)
  await page.getByRole('list', { name: 'What speaks for and against' }).waitFor()
  expect(await screenFindings(page)).toEqual([])
  await picture(page, 'predictive-lead')
}, 240_000)
