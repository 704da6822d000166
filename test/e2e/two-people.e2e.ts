// What is done to leads by hand, by two people in two browsers: leads merged and parted, and one lead edited by both.
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { firstVisit, launchChromium, openScreen, screenFindings, startBuilt } from './browser.ts'
import type { RunningProduct } from './browser.ts'

let product: RunningProduct
let browser: Browser
/** Olive's, who owns the workspace, and Mia's */
let olive: Page
let mia: Page
let workspace = ''
let slug = ''

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startBuilt(), launchChromium()])
  ;({ page: olive, workspace } = await firstVisit(product, browser))
  slug = workspace.split('/').at(-1)!
  const { link } = await api<{ link: string }>('POST', '/api/invitations', {
    email: 'mia@shop.example',
    role: 'marketer',
  })
  mia = await (await freshBrowser()).newPage()
  await mia.goto(link)
  await mia.getByLabel('Your name').fill('Mia')
  await mia.getByRole('textbox', { name: 'Password' }).fill('a good long password')
  await mia.getByRole('button', { name: 'Join' }).click()
  await mia.waitForURL('**/w/northlight**')
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

async function freshBrowser(): Promise<BrowserContext> {
  const context = await browser.newContext({
    locale: 'en-GB',
    reducedMotion: 'reduce',
    bypassCSP: true,
    viewport: { width: 1440, height: 900 },
  })
  context.setDefaultTimeout(15_000)
  return context
}

async function api<Reply = { id: string }>(method: string, path: string, data?: unknown): Promise<Reply> {
  const reply = await olive.request.fetch(product.url + path, {
    method,
    data,
    headers: { 'x-workspace': slug, origin: product.url },
  })
  expect(reply.ok(), await reply.text()).toBe(true)
  return (await reply.json()) as Reply
}

/** Holds what holds on every screen, with a dialog open. */
async function holds(shown: Page): Promise<void> {
  expect(await screenFindings(shown)).toEqual([])
}

function row(dialog: Locator, name: string): Locator {
  return dialog.getByRole('row').filter({ has: olive.getByRole('rowheader', { name, exact: true }) })
}

async function twoAnns(): Promise<[string, string]> {
  const [ann, anna] = [
    await api('POST', '/api/leads', {
      email: 'ann@mail.example',
      firstName: 'Ann',
      lastName: 'Falk',
      company: 'Falk Ceramics',
      tags: ['fair'],
      consents: { email_marketing: 'granted' },
    }),
    await api('POST', '/api/leads', {
      email: 'anna@falk.example',
      firstName: 'Anna',
      lastName: 'Falk',
      company: 'Falk GmbH',
      phone: '+4915112345678',
      tags: ['newsletter'],
      consents: { email_marketing: 'denied' },
    }),
  ]
  return [ann.id, anna.id]
}

const about = ['email', 'phone', 'firstName', 'company', 'tags', 'status'] as const

async function said(id: string): Promise<unknown> {
  const lead = await api<Record<(typeof about)[number] | 'id', unknown> & { consents: unknown[] }>(
    'GET',
    `/api/leads/${id}`,
  )
  expect(lead.id).toBe(id)
  return [about.map((name) => lead[name]), lead.consents]
}

test('two leads are merged from the page of one, side by side with values of choice, and parted again', async () => {
  const [ann, anna] = await twoAnns()
  const before = [await said(ann), await said(anna)]
  await openScreen(olive, `${workspace}/leads/${ann}`)
  await olive.getByRole('button', { name: 'What can be done with this lead' }).click()
  await olive.getByRole('menuitem', { name: 'Merge with…' }).click()
  const finding = olive.getByRole('dialog', { name: 'Merge with another lead' })
  await finding.getByLabel('Search for the other lead').fill('falk.example')
  await finding.getByRole('button', { name: 'Anna Falk' }).click()

  const dialog = olive.getByRole('dialog', { name: 'Merge 2 leads' })
  await row(dialog, 'Tags').getByText('fair, newsletter').waitFor()
  expect(await row(dialog, 'Consent: E-mail marketing').innerText()).toContain(
    'Anna Falk refused, which outweighs that Ann Falk agreed.',
  )
  await dialog.getByRole('radio', { name: 'Company: Falk Ceramics' }).check()
  expect(await row(dialog, 'Company').getByRole('cell').last().innerText()).toBe('Falk Ceramics')
  expect(await row(dialog, 'Phone').getByRole('radio').count()).toBe(0)
  await holds(olive)
  await dialog.getByRole('button', { name: 'Merge 2 leads' }).click()
  await dialog.waitFor({ state: 'detached' })

  const line = olive.getByRole('list', { name: 'Merged by hand' })
  await line.getByText('Anna Falk (anna@falk.example) was merged into this lead by Olive').waitFor()
  const merged = await api<{ company: string; phone: string; tags: string[] }>('GET', `/api/leads/${anna}`)
  expect(merged).toMatchObject({
    id: ann,
    firstName: 'Anna',
    company: 'Falk Ceramics',
    phone: '+4915112345678',
    tags: ['fair', 'newsletter'],
  })
  await holds(olive)

  await line.getByRole('button', { name: 'Undo the merge of Anna Falk' }).click()
  await olive.getByRole('button', { name: 'Undo the merge', exact: true }).click()
  await line.waitFor({ state: 'detached' })
  expect([await said(ann), await said(anna)]).toEqual(before)
  for (const id of [ann, anna]) await api('DELETE', `/api/leads/${id}`)
})

test('leads picked in the list are merged at once; what another person changed meanwhile is seen before', async () => {
  const ids: string[] = []
  for (const [firstName, city] of [
    ['Bo', 'Bonn'],
    ['Bob', 'Ulm'],
    ['Bobby', null],
  ]) {
    const lead = await api('POST', '/api/leads', {
      firstName,
      lastName: 'Reyes',
      city,
      email: `${firstName}@mail.example`,
    })
    ids.push(lead.id)
  }
  await openScreen(olive, `${workspace}/leads`)
  const list = olive.getByRole('table', { name: 'Leads' })
  for (const name of ['Bo Reyes', 'Bob Reyes', 'Bobby Reyes'])
    await list.getByRole('checkbox', { name: `Select ${name}`, exact: true }).click()
  await olive.getByRole('button', { name: 'Merge', exact: true }).click()
  const dialog = olive.getByRole('dialog', { name: 'Merge 3 leads' })
  await dialog.getByRole('radio', { name: 'Bob Reyes stays' }).check()
  await dialog.getByRole('radio', { name: 'City: Bonn' }).check()

  await openScreen(mia, `${workspace}/leads/${ids[1]}?tab=details`)
  await mia.getByRole('button', { name: 'Edit City: Ulm' }).click()
  await mia.getByRole('textbox', { name: 'City' }).fill('Bremen')
  await mia.getByRole('button', { name: 'Save' }).click()
  await mia.getByRole('button', { name: 'Edit City: Bremen' }).waitFor()

  await dialog.getByRole('button', { name: 'Merge 3 leads' }).click()
  await dialog.getByRole('alert').getByText('Bob Reyes changed since you looked').waitFor()
  await row(dialog, 'City Changed meanwhile').getByRole('radio', { name: 'City: Bremen' }).check()
  await dialog.getByRole('button', { name: 'Merge 3 leads' }).click()
  await dialog.waitFor({ state: 'detached' })
  await olive.waitForURL(`**/leads/${ids[1]}`)
  const line = olive.getByRole('list', { name: 'Merged by hand' })
  for (const name of ['Bo Reyes', 'Bobby Reyes']) await line.getByText(`${name} (`).waitFor()
  expect(await api('GET', `/api/leads/${ids[0]}`)).toMatchObject({ id: ids[1], city: 'Bremen' })
})

test('who edits a field that somebody changed meanwhile sees both values and keeps either', async () => {
  const { id } = await api('POST', '/api/leads', {
    firstName: 'Cleo',
    company: 'Okafor',
    email: 'cleo@mail.example',
    tags: ['trial'],
  })
  for (const page of [olive, mia]) await openScreen(page, `${workspace}/leads/${id}?tab=details`)
  const company = async (page: Page, from: string, to: string) => {
    await page.getByRole('button', { name: `Edit Company: ${from}` }).click()
    await page.getByRole('textbox', { name: 'Company' }).fill(to)
    await page.getByRole('button', { name: 'Save' }).click()
  }
  await company(olive, 'Okafor', 'Okafor Ltd')
  await olive.getByRole('button', { name: 'Edit Company: Okafor Ltd' }).waitFor()
  await company(mia, 'Okafor', 'Okafor and Sons')
  const conflict = mia.getByRole('alert')
  await conflict.getByText('Okafor Ltd', { exact: true }).waitFor()
  await conflict.getByText('Okafor and Sons', { exact: true }).waitFor()
  await conflict.getByText('Olive changed this while you were editing').waitFor()
  await holds(mia)
  await conflict.getByRole('button', { name: 'Keep theirs' }).click()
  await mia.getByRole('button', { name: 'Edit Company: Okafor Ltd' }).waitFor()

  await company(mia, 'Okafor Ltd', 'Okafor Group')
  await mia.getByRole('button', { name: 'Edit Company: Okafor Group' }).waitFor()
  await company(olive, 'Okafor Ltd', 'Okafor plc')
  await olive.getByRole('alert').getByRole('button', { name: 'Keep mine' }).click()
  await olive.getByRole('button', { name: 'Edit Company: Okafor plc' }).waitFor()
  expect(await api('GET', `/api/leads/${id}`)).toMatchObject({ company: 'Okafor plc' })
})

test('changes of different fields stand beside each other, and tags of both people can be kept', async () => {
  const { id } = await api('POST', '/api/leads', {
    firstName: 'Dana',
    city: 'Ulm',
    email: 'dana@mail.example',
    tags: ['trial'],
  })
  for (const page of [olive, mia]) await openScreen(page, `${workspace}/leads/${id}?tab=details`)
  await olive.getByRole('button', { name: 'Edit City: Ulm' }).click()
  await olive.getByRole('textbox', { name: 'City' }).fill('Bonn')
  await olive.getByRole('button', { name: 'Save' }).click()
  await olive.getByRole('button', { name: 'Edit City: Bonn' }).waitFor()
  await mia.getByRole('button', { name: 'Edit Company: Empty' }).click()
  await mia.getByRole('textbox', { name: 'Company' }).fill('Works')
  await mia.getByRole('button', { name: 'Save' }).click()
  await mia.getByText('Saved. Meanwhile somebody changed city; the page shows it now.').waitFor()
  await mia.getByRole('button', { name: 'Edit City: Bonn' }).waitFor()

  const tag = async (page: Page, name: string) => {
    await page.getByRole('button', { name: 'Edit tags' }).click()
    await page.getByRole('combobox', { name: 'Tags' }).fill(name)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Save' }).click()
  }
  await tag(olive, 'fair')
  await olive.getByRole('group', { name: 'Tags' }).getByText('fair').waitFor()
  await tag(mia, 'partner')
  await mia.getByRole('alert').getByRole('button', { name: 'Keep both' }).click()
  await mia.getByRole('group', { name: 'Tags' }).getByText('partner').waitFor()
  expect(await api('GET', `/api/leads/${id}`)).toMatchObject({
    city: 'Bonn',
    company: 'Works',
    tags: ['trial', 'fair', 'partner'],
  })
})
