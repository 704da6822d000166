// Website forms in a real browser: made in the editor, sent on their hosted page and inside another site, with and without JavaScript.
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openMailSink } from '../mail-sink.ts'
import type { MailSink } from '../mail-sink.ts'
import {
  firstVisit,
  launchChromium,
  openScreen,
  picture,
  screenFindings,
  startBuilt,
  windowedUserAgent,
} from './browser.ts'
import type { RunningProduct } from './browser.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let product: RunningProduct
let browser: Browser
let page: Page
let workspace = ''
let sink: MailSink
/** a site of somebody else, on an origin of its own */
let site: Server
let siteUrl = ''
let siteHead = ''
let siteBody = ''
let formUrl = ''
let writeKey = ''

beforeAll(async () => {
  sink = await openMailSink()
  site = createServer((_request, response) =>
    response
      .setHeader('content-type', 'text/html')
      .end(
        `<!doctype html><html lang="en"><head><title>Shop</title>${siteHead}</head><body>${siteBody}</body></html>`,
      ),
  )
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  siteUrl = `http://localhost:${(site.address() as AddressInfo).port}`
  ;[product, browser] = await Promise.all([
    startBuilt({ SMTP_URL: sink.url, MAIL_FROM: 'Shop <hello@shop.example>' }),
    launchChromium(),
  ])
  const first = await firstVisit(product, browser)
  page = first.page
  workspace = first.workspace
  const keys = (await api('GET', '/api/write-keys')) as { items: { key: string }[] }
  writeKey = keys.items[0]!.key
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
  await sink?.close()
  site?.closeAllConnections()
  site?.close()
})

test('a form is made in a minute: fields are added and reworded, and the preview shows each change at once', async () => {
  await openScreen(page, `${workspace}/forms`)
  await page.getByText('No forms yet').waitFor()
  await page.getByRole('button', { name: 'New form' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Newsletter')
  await page.getByRole('button', { name: 'Make the form' }).click()
  const preview = page.frameLocator('iframe[title="Preview of the form"]')
  await preview.getByLabel('E-mail *').waitFor()
  await page.getByRole('button', { name: 'Add a field' }).click()
  await page.getByRole('menuitem', { name: 'Company' }).click()
  await preview.getByLabel('Company').waitFor()
  await page.getByLabel('Title', { exact: true }).fill('Join <us>')
  await preview.getByRole('heading', { name: 'Join <us>' }).waitFor()
  // So that the tests need not wait as long as a person types; one of them sets it again.
  await page.getByLabel('Soonest after it was shown').fill('0')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Version 2.').waitFor()
  await picture(page, 'form-editor')
  await page.getByRole('tab', { name: 'Put on your site' }).click()
  formUrl = (await page.getByLabel('link', { exact: true }).textContent()) ?? ''
  expect(formUrl).toMatch(/\/f\/[0-9a-f-]{36}$/)
  expect(await page.getByLabel('embed code', { exact: true }).textContent()).toContain(`${formUrl}/embed.js`)
  await picture(page, 'form-share')
})

test('on its hosted page it is sent without leaving the page, and the lead is on screen with the campaign', async () => {
  const visitor = await newVisitor()
  await visitor.goto(`${formUrl}?utm_source=magazine&utm_medium=print`)
  await picture(visitor, 'form-hosted')
  await fillIn(visitor, { 'First name': 'Hedy', 'E-mail *': 'hedy@example.com', Company: 'Lamarr Ltd' })
  await visitor.getByText('Yes, send me news and offers').click()
  await visitor.getByRole('button', { name: 'Sign up' }).click()
  await visitor.getByText('Thank you, your message has arrived.').waitFor()
  expect(visitor.url()).toContain(formUrl)
  await visitor.context().close()
  await openLead('Hedy')
  await page.getByText('Lamarr Ltd').first().waitFor()
  await page.getByText('Submitted a form').first().waitFor()
  const lead = await leadOf('hedy@example.com')
  const consent = (await api('GET', `/api/leads/${lead.id}/consent`)) as unknown
  expect(JSON.stringify(consent)).toContain('Yes, send me news and offers by e-mail.')
  const timeline = JSON.stringify(await api('GET', `/api/leads/${lead.id}/timeline`))
  expect(timeline).toContain('magazine')
})

test('inside another site, beside the tracker, the visits before it belong to the lead', async () => {
  siteHead = `<script async src="${product.url}/t.js" data-write-key="${writeKey}" data-forms></script>`
  siteBody = ''
  const visitor = await newVisitor()
  await visitor.goto(`${siteUrl}/pricing?utm_source=partner&utm_medium=referral`)
  await visitor.waitForFunction('window.throughline && throughline.user && throughline.user().anonymousId')
  siteBody = `<main><h1>Contact</h1><script async src="${formUrl}/embed.js"></script></main>`
  await visitor.goto(`${siteUrl}/contact`)
  await fillIn(visitor, { 'First name': 'Grace', 'E-mail *': 'grace@example.com' })
  await picture(visitor, 'form-embedded')
  await visitor.getByRole('button', { name: 'Sign up' }).click()
  await visitor.getByText('Thank you, your message has arrived.').waitFor()
  await openLead('Grace')
  const lead = await leadOf('grace@example.com')
  await vi.waitFor(
    async () => {
      const { items } = (await api('GET', `/api/leads/${lead.id}/timeline`)) as {
        items: { name: string; pageUrl: string; properties: Record<string, unknown> }[]
      }
      const pages = items.filter(({ name }) => name === 'page_viewed').map(({ pageUrl }) => pageUrl)
      expect(pages.some((url) => url.includes('/pricing'))).toBe(true)
      // Once: the tracker, which counts other forms, leaves this one to itself.
      const sent = items.filter(({ name }) => name === 'form_submitted')
      expect(sent).toHaveLength(1)
      expect(sent[0]?.pageUrl).toContain('/contact')
      expect(sent[0]?.properties.fields).toMatchObject({ utm_source: 'partner' })
    },
    { timeout: 20_000 },
  )
  await visitor.context().close()
})

test('an answer that does not hold is shown at its field, and what was typed stays', async () => {
  const visitor = await newVisitor()
  await visitor.goto(formUrl)
  await fillIn(visitor, { 'First name': 'Ada', 'E-mail *': 'ada@nowhere' })
  await visitor.getByRole('button', { name: 'Sign up' }).click()
  await visitor.getByText('Please enter an e-mail address').waitFor()
  expect(await visitor.getByLabel('First name').inputValue()).toBe('Ada')
  await visitor.getByLabel('E-mail *').fill('ada@example.com')
  await visitor.getByRole('button', { name: 'Sign up' }).click()
  await visitor.getByText('Thank you, your message has arrived.').waitFor()
  await visitor.context().close()
})

test('without JavaScript it works all the same; a filled trap and one sent too fast are refused in words', async () => {
  await setSoonest(60)
  const visitor = await newVisitor({ javaScriptEnabled: false })
  await visitor.goto(formUrl)
  await fillIn(visitor, { 'First name': 'Fast', 'E-mail *': 'fast@example.com' })
  await visitor.getByRole('button', { name: 'Sign up' }).click()
  await visitor.getByText('quicker than a person can').waitFor()
  expect(await visitor.getByLabel('E-mail *').inputValue()).toBe('fast@example.com')
  await setSoonest(0)
  await visitor.getByRole('button', { name: 'Sign up' }).click()
  await visitor.getByText('Thank you, your message has arrived.').waitFor()
  await visitor.context().close()

  const robot = await newVisitor()
  await robot.goto(formUrl)
  await fillIn(robot, { 'E-mail *': 'robot@example.com' })
  await robot.evaluate("document.querySelector('input[name=website]').value = 'https://spam.example'")
  await robot.getByRole('button', { name: 'Sign up' }).click()
  await robot.getByText('A field that nobody can see was filled in.').waitFor()
  await robot.context().close()

  await openLead('Fast')
  expect(await leadOf('robot@example.com')).toBeUndefined()
  await openScreen(page, `${workspace}/forms/${formUrl.split('/').at(-1)}?tab=numbers`)
  const why = page.getByRole('table', { name: 'Sent back, and why' })
  await why.getByRole('row', { name: /sooner after the form was shown .* 1$/ }).waitFor()
  await why.getByRole('row', { name: /people do not see was filled in.* 1$/ }).waitFor()
  await picture(page, 'form-numbers')
})

test('with work asked for, the browser does it and the form is sent', async () => {
  await openScreen(page, `${workspace}/forms/${formUrl.split('/').at(-1)}`)
  await page.getByRole('switch', { name: 'Let the browser work for a second' }).check()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Version 5.').waitFor()
  const visitor = await newVisitor()
  await visitor.goto(formUrl)
  await fillIn(visitor, { 'E-mail *': 'worker@example.com' })
  await visitor.getByRole('button', { name: 'Sign up' }).click()
  await visitor.getByText('Thank you, your message has arrived.').waitFor()
  await visitor.context().close()
})

test('with double opt-in the consent counts once the mail was confirmed, and not before', async () => {
  await openScreen(page, `${workspace}/forms/${formUrl.split('/').at(-1)}`)
  await page.getByRole('switch', { name: 'Consents count once a link' }).check()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Version 6.').waitFor()
  const visitor = await newVisitor()
  await visitor.goto(formUrl)
  await fillIn(visitor, { 'E-mail *': 'double@example.com' })
  await visitor.getByText('Yes, send me news and offers').click()
  await visitor.getByRole('button', { name: 'Sign up' }).click()
  await visitor.getByText('a mail with a link is on its way').waitFor()
  const mail = await sink.mailTo('double@example.com')
  const link = /http\S+confirm\?c=\S+/.exec(mail.text ?? '')?.[0] ?? ''
  const lead = await vi.waitFor(async () => {
    const found = await leadOf('double@example.com')
    expect(found).toBeDefined()
    return found!
  }, 15_000)
  const state = async () => {
    const { items } = (await api('GET', `/api/leads/${lead.id}/consent`)) as {
      items: { purpose: string; state: string }[]
    }
    return items.find(({ purpose }) => purpose === 'email_marketing')?.state
  }
  expect(await state()).toBeUndefined()
  await visitor.goto(link)
  await visitor.getByRole('heading', { name: 'Confirm your address' }).waitFor()
  await picture(visitor, 'form-confirm')
  await visitor.getByRole('button', { name: 'Confirm my address' }).click()
  await visitor.getByText('Thank you, your address is confirmed.').waitFor()
  await vi.waitFor(async () => expect(await state()).toBe('granted'), 15_000)
  await visitor.context().close()
})

test('the pages of forms hold on a wide screen and on a phone, in light and in dark', async () => {
  const id = formUrl.split('/').at(-1)
  for (const screen of ['forms', `forms/${id}`, `forms/${id}?tab=share`, `forms/${id}?tab=numbers`]) {
    await openScreen(page, `${workspace}/${screen}`)
    await picture(page, `screen-${screen.replaceAll(/\W/g, '-').replace(id ?? '', 'form')}`)
    expect(await screenFindings(page), screen).toEqual([])
  }
})

async function newVisitor(more: { javaScriptEnabled?: boolean } = {}): Promise<Page> {
  const context = await browser.newContext({
    userAgent: windowedUserAgent(browser),
    locale: 'en-GB',
    ...more,
  })
  context.setDefaultTimeout(15_000)
  return context.newPage()
}

async function fillIn(visitor: Page, answers: Record<string, string>): Promise<void> {
  for (const [label, answer] of Object.entries(answers)) await visitor.getByLabel(label).fill(answer)
}

async function openLead(name: string): Promise<void> {
  await vi.waitFor(
    async () => {
      await openScreen(page, `${workspace}/leads`)
      await page.getByText(name, { exact: false }).first().waitFor({ timeout: 2_000 })
    },
    { timeout: 30_000 },
  )
  await page.getByText(name, { exact: false }).first().click()
  await page.waitForURL(/\/leads\/[0-9a-f-]{36}/)
}

async function leadOf(email: string): Promise<{ id: string }> {
  const { items } = (await api('GET', `/api/leads?search=${encodeURIComponent(email)}`)) as {
    items: { id: string }[]
  }
  return items[0] as { id: string }
}

/** Seconds that must pass between showing and sending. */
async function setSoonest(minSeconds: number): Promise<void> {
  const path = `/api/forms/${formUrl.split('/').at(-1)}`
  const { definition } = (await api('GET', path)) as { definition: { protection: object } }
  const protection = { ...definition.protection, minSeconds }
  await api('PATCH', path, { definition: { ...definition, protection } })
}

function api(method: string, path: string, body?: unknown): Promise<unknown> {
  return page.evaluate(
    async ([verb, address, slug, sent]) => {
      const headers = { 'x-workspace': slug!, ...(sent ? { 'content-type': 'application/json' } : {}) }
      const reply = await fetch(address!, { method: verb, headers, body: sent || null })
      return (await reply.json()) as unknown
    },
    [method, path, workspace.split('/').at(-1) ?? '', body === undefined ? '' : JSON.stringify(body)],
  )
}
