// Accounts as people handle them in the browser: two-factor, a lost password by mail, sessions, members, mail, the audit log.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeOf } from '../authenticator.ts'
import { openMailSink } from '../mail-sink.ts'
import type { MailSink } from '../mail-sink.ts'
import { launchChromium, openScreen, screenFindings, startBuilt } from './browser.ts'
import type { RunningProduct } from './browser.ts'

const olive = { email: 'olive@shop.example', password: 'correct horse battery' }
const mia = { email: 'mia@shop.example', password: 'a good long password' }

let sink: MailSink
let product: RunningProduct
let browser: Browser
/** Olive's, who owns the workspace; Mia has another browser */
let page: Page
let workspace = ''
let recoveryCode = ''
const checked: string[] = []

beforeAll(async () => {
  sink = await openMailSink()
  const mail = { SMTP_URL: sink.url, MAIL_FROM: 'Northlight <hello@shop.example>' }
  ;[product, browser] = await Promise.all([startBuilt(mail), launchChromium()])
  page = await (await freshBrowser()).newPage()
  await page.goto(product.url)
  await page.getByLabel('Your name').fill('Olive')
  await page.getByLabel('E-mail').fill(olive.email)
  await page.getByRole('textbox', { name: 'Password' }).fill(olive.password)
  await page.getByLabel('Workspace').fill('Northlight')
  await page.getByRole('button', { name: 'Create owner and workspace' }).click()
  await page.waitForURL('**/w/*/start')
  workspace = page.url().replace(/\/start$/, '')
})

afterAll(async () => {
  await browser?.close()
  await product?.stop()
  await sink?.close()
})

async function freshBrowser(): Promise<BrowserContext> {
  const context = await browser.newContext({
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
    bypassCSP: true,
    acceptDownloads: true,
    viewport: { width: 1440, height: 900 },
  })
  context.setDefaultTimeout(15_000)
  return context
}

/** Holds what holds on every screen: nothing serious for axe in either scheme, and no scrolling sideways on a phone. */
async function holds(name: string, shown: Page = page): Promise<void> {
  expect(await screenFindings(shown), name).toEqual([])
  checked.push(name)
}

async function enter(shown: Page, person: { email: string; password: string }): Promise<void> {
  await shown.goto(`${product.url}/sign-in`)
  await shown.getByLabel('E-mail').fill(person.email)
  await shown.getByRole('textbox', { name: 'Password' }).fill(person.password)
  await shown.getByRole('button', { name: 'Sign in' }).click()
}

test('a test mail is sent from the page of mail, which shows what the server said', async () => {
  await openScreen(page, `${workspace}/settings/mail`)
  await page.getByText('No mail yet').waitFor()
  await page.getByRole('button', { name: 'Send a test mail' }).click()
  expect((await sink.mailTo(olive.email)).subject).toBe('Mail works')
  const row = page.getByRole('table', { name: 'Last mails' }).getByRole('row').nth(1)
  await row.getByText('Sent', { exact: true }).waitFor()
  expect(await row.innerText()).toMatch(/250 /)
  await holds('mail')
})

test('an invited person joins by the link in the mail', async () => {
  await openScreen(page, `${workspace}/settings/team`)
  await page.getByRole('button', { name: 'Invite' }).click()
  await page.getByRole('dialog').getByLabel('E-mail').fill(mia.email)
  await page.getByRole('button', { name: 'Make the link' }).click()
  await page.getByText(`A link is on its way to ${mia.email}`).waitFor()
  const link = /http\S+/.exec((await sink.mailTo(mia.email)).text ?? '')?.[0] ?? ''
  const shown = await (await freshBrowser()).newPage()
  await shown.goto(link)
  await shown.getByLabel('Your name').fill('Mia')
  await shown.getByRole('textbox', { name: 'Password' }).fill(mia.password)
  await shown.getByRole('button', { name: 'Join' }).click()
  await shown.waitForURL('**/w/northlight**')
  await shown.context().close()
})

test('two-factor is turned on by a QR code and its first code, and recovery codes have to be kept', async () => {
  await openScreen(page, `${workspace}/settings/account`)
  await page.getByRole('button', { name: 'Turn on two-factor' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Your password' }).fill('not the password')
  await dialog.getByRole('button', { name: 'Go on' }).click()
  await dialog.getByText('The password is wrong.').waitFor()
  await dialog.getByRole('textbox', { name: 'Your password' }).fill(olive.password)
  await dialog.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('img', { name: 'QR code for your authenticator app' }).waitFor()
  await holds('QR code')
  const secret = (await dialog.getByText(/^([A-Z2-7]{4} )+[A-Z2-7]{1,4}$/).innerText()).replaceAll(' ', '')
  await dialog.getByLabel('Code', { exact: true }).fill(codeOf(secret))
  await dialog.getByRole('button', { name: 'Turn on' }).click()
  const list = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
  await list.first().waitFor()
  const codes = await list.allInnerTexts()
  expect(codes).toHaveLength(10)
  recoveryCode = codes[3] ?? ''
  await holds('recovery codes')
  expect(await page.getByRole('button', { name: 'Done' }).isDisabled()).toBe(true)
  await page.getByLabel('I have kept them in a safe place').check()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByText('10 recovery codes left').waitFor()
  expect((await sink.mailTo(olive.email)).subject).toBe('Two-factor is on')
  await holds('own account')
})

test('signing in asks for the code, takes a recovery code instead, and the session shows among the others', async () => {
  const shown = await (await freshBrowser()).newPage()
  await enter(shown, olive)
  await shown.getByRole('heading', { name: 'Enter the code' }).waitFor()
  await shown.getByLabel('Code', { exact: true }).fill('000000')
  await shown.getByRole('button', { name: 'Sign in' }).click()
  await shown.getByText('This code is wrong or was used before.').waitFor()
  await holds('code', shown)
  await shown.getByRole('button', { name: 'Use a recovery code' }).click()
  await shown.getByLabel('Recovery code').fill(recoveryCode.toLowerCase())
  await shown.getByRole('button', { name: 'Sign in' }).click()
  await shown.waitForURL('**/w/northlight**')

  await openScreen(page, `${workspace}/settings/account`)
  await page.getByText('9 recovery codes left').waitFor()
  const rows = page.getByRole('table', { name: 'Sessions' }).locator('tbody tr')
  expect(await rows.count()).toBe(2)
  const other = rows.filter({ hasNotText: 'This one' })
  expect(await other.innerText()).toMatch(/Chrom[\w ]+ on Linux/)
  await other.hover()
  await other.getByRole('button', { name: 'End' }).click()
  await page.getByText('That session has ended.').waitFor()
  await shown.reload()
  await shown.getByRole('heading', { name: 'Sign in' }).waitFor()
  await holds('sign in', shown)
  await shown.context().close()
})

test('who forgot the password asks for a link by mail, sets a new one and signs in with it', async () => {
  const shown = await (await freshBrowser()).newPage()
  await shown.goto(`${product.url}/sign-in`)
  await shown.getByRole('link', { name: 'Forgot your password?' }).click()
  await shown.getByLabel('E-mail').fill(mia.email)
  await holds('forgot password', shown)
  await shown.getByRole('button', { name: 'Send me a link' }).click()
  await shown.getByText('Look into your mail').waitFor()
  const link = /http\S+/.exec((await sink.mailTo(mia.email)).text ?? '')?.[0] ?? ''
  await shown.goto(link)
  await shown.getByText('For the account of Mia.').waitFor()
  await holds('reset password', shown)
  await shown.getByRole('textbox', { name: 'New password' }).fill('another good password')
  await shown.getByRole('button', { name: 'Set password' }).click()
  await shown.getByRole('heading', { name: 'Your password is set' }).waitFor()
  await enter(shown, { ...mia, password: 'another good password' })
  await shown.waitForURL('**/w/northlight**')
  await shown.goto('about:blank')
  await shown.goto(link)
  await shown.getByText('This link does not work any more').waitFor()
  await shown.context().close()
})

test('a new address counts once the link in its mail is confirmed', async () => {
  const shown = await (await freshBrowser()).newPage()
  await enter(shown, { ...mia, password: 'another good password' })
  await shown.waitForURL('**/w/northlight**')
  await openScreen(shown, `${workspace}/settings/account`)
  const section = shown.getByRole('region', { name: 'E-mail' })
  await section.getByLabel('New address').fill('mia@new.example')
  await section.getByRole('textbox', { name: 'Your password' }).fill('another good password')
  await section.getByRole('button', { name: 'Change address' }).click()
  await section.getByText('A link is on its way to mia@new.example').waitFor()
  const link = /http\S+/.exec((await sink.mailTo('mia@new.example')).text ?? '')?.[0] ?? ''
  await shown.goto(link)
  await holds('confirm address', shown)
  await shown.getByRole('button', { name: 'Confirm' }).click()
  await shown.getByText('From now on you sign in with mia@new.example.').waitFor()
  await shown.context().close()
})

test('a member is helped with a link to set a password, from the menu of the row', async () => {
  await openScreen(page, `${workspace}/settings/team`)
  const row = page.getByRole('table', { name: 'Members' }).getByRole('row', { name: /Mia/ })
  await row.hover()
  await row.getByRole('button', { name: 'More about Mia' }).click()
  await page.getByRole('menuitem', { name: 'Link to set a new password' }).click()
  await page.getByRole('button', { name: 'Make the link' }).click()
  const link = await page.getByLabel('link to set a new password', { exact: true }).innerText()
  expect(link).toMatch(/\/reset-password#[\w-]{43}$/)
  await holds('reset link')
  await page.getByRole('button', { name: 'Done' }).click()
  await holds('team')
})

test('the audit log is narrowed in its address, and exported as narrowed', async () => {
  await openScreen(page, `${workspace}/settings/audit`)
  await page.getByRole('combobox', { name: 'Who' }).click()
  await page.getByRole('option', { name: 'Mia' }).click()
  await page.waitForURL(/actor=user/)
  const table = page.getByRole('table', { name: 'Audit log' })
  await table.getByText('Password reset').waitFor()
  await page.waitForFunction(() => !document.querySelector('main tbody')?.textContent.includes('Olive'))
  await holds('audit log')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export as CSV' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('audit-log.csv')
  const stream = await download.createReadStream()
  let text = ''
  for await (const piece of stream) text += String(piece)
  expect(text).toContain(',password_reset,')
  expect(text).not.toContain('Olive')
})

test('an API key is made with an end', async () => {
  await openScreen(page, `${workspace}/settings/api-keys`)
  await page.getByRole('button', { name: 'New API key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Warehouse')
  await dialog.getByRole('combobox', { name: 'Expires' }).click()
  await page.getByRole('option', { name: 'In 30 days' }).click()
  await dialog.getByRole('button', { name: 'Make the key' }).click()
  await dialog.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('table', { name: 'API keys' }).getByText('Warehouse').waitFor()
  await holds('API keys')
})

test('a workspace is deleted only with its name typed, and the way leads to another one', async () => {
  await page
    .getByRole('button', { name: /Workspace/ })
    .first()
    .click()
  await page.getByRole('menuitem', { name: 'New workspace' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Old brand')
  await page.getByRole('button', { name: 'Create workspace' }).click()
  await page.waitForURL('**/w/old-brand/start')
  await openScreen(page, `${product.url}/w/old-brand/settings`)
  await page.getByRole('button', { name: 'Delete Old brand' }).click()
  const confirm = page.getByRole('button', { name: 'Delete for good' })
  expect(await confirm.isDisabled()).toBe(true)
  await page.getByLabel('Type Old brand to go on').fill('Old brand')
  await holds('delete workspace')
  await confirm.click()
  await page.waitForURL('**/w/northlight**')
})

test('each of these screens was looked at in both schemes, on a desk and on a phone', () => {
  expect(checked).toHaveLength(14)
})
