// Guarantees of system mail, against a real SMTP server.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { OWNER, deploy, join, ownerOf } from '../../test/accounts.ts'
import type { Ask, Deployment } from '../../test/accounts.ts'
import { openMailSink, tokenIn } from '../../test/mail-sink.ts'
import type { MailSink } from '../../test/mail-sink.ts'
import { rows, run, sql } from '../platform/postgres.ts'
import {
  acceptInvitation,
  createWorkspace,
  getInvitation,
  getMail,
  inviteMember,
  requestReset,
  revokeInvitation,
  sendTestMail,
} from './contract.ts'
import { tidyAccounts } from './index.ts'

let sink: MailSink
let deployment: Deployment
let owner: Ask

beforeAll(async () => {
  sink = await openMailSink()
  deployment = await deploy({ smtpUrl: sink.url })
  owner = await ownerOf(deployment)
})
afterAll(async () => {
  await deployment.close()
  await sink.close()
})

const last = async () => (await owner(getMail)).body.items[0]
const lastAs = (status: string) =>
  vi.waitFor(
    async () => {
      const mail = await last()
      expect(mail?.status).toBe(status)
      return mail
    },
    { timeout: 15_000, interval: 50 },
  )

test('a test mail goes to who asks, as text and as HTML, and the list says so in the words of the server', async () => {
  const asked = await owner(sendTestMail)
  expect([asked.status, asked.body.to]).toEqual([202, OWNER.email])
  const mail = await sink.mailTo(OWNER.email)
  expect(mail.subject).toBe('Mail works')
  expect(mail.from).toMatchObject({ name: 'Shop', address: 'hello@shop.example' })
  expect(mail.text).toContain('Olive sent this test')
  expect(mail.html).toContain('Olive sent this test')
  expect(mail.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated')
  expect(await lastAs('sent')).toMatchObject({ kind: 'test', attempts: 1 })
  expect((await last())?.words).toMatch(/^250 /)
  const { server, from, isSetUp } = (await owner(getMail)).body
  expect([isSetUp, from]).toEqual([true, 'Shop <hello@shop.example>'])
  expect(server).toMatch(/^127\.0\.0\.1:\d+$/)
})

test('a server that fails for now is shown in its own words, and tried again until it takes the mail', async () => {
  sink.refuseWith({ code: 451, words: 'Try again later, greylisted' })
  await owner(sendTestMail)
  await vi.waitFor(async () => expect((await last())?.attempts).toBe(1), { timeout: 15_000 })
  expect(await last()).toMatchObject({ status: 'waiting', words: '451 Try again later, greylisted' })
  sink.refuseWith(undefined)
  await run(deployment.db, sql`update graphile_worker._private_jobs set run_at = now()`)
  await sink.mailTo(OWNER.email)
  expect(await lastAs('sent')).toMatchObject({ attempts: 2 })
})

test('a mailbox that the server will never take is tried once, and its words are shown', async () => {
  sink.refuseWith({ code: 550, words: 'No such mailbox' })
  await owner(sendTestMail)
  expect(await lastAs('failed')).toMatchObject({ attempts: 1, words: '550 No such mailbox' })
  sink.refuseWith(undefined)
})

test('a server that cannot be reached or refuses the password is shown, and tried again', async () => {
  const wrong = new URL(sink.url)
  wrong.password = 'wrong'
  for (const [smtpUrl, words] of [
    ['smtp://127.0.0.1:1', 'ECONNREFUSED'],
    [wrong.href, 'Authentication failed'],
  ] as const) {
    const broken = await deploy({ smtpUrl })
    const boss = await ownerOf(broken)
    await boss(sendTestMail)
    const tried = await vi.waitFor(
      async () => {
        const [mail] = (await boss(getMail)).body.items
        expect(mail?.attempts).toBe(1)
        return mail
      },
      { timeout: 15_000 },
    )
    expect(tried?.status).toBe('waiting')
    expect(tried?.words).toContain(words)
    await broken.close()
  }
})

test('an invitation to an address is mailed with a link of its own; either link lets one person in', async () => {
  const invite = (email: string) => owner(inviteMember, { body: { role: 'marketer', email } })
  const shown = await invite('mia@shop.example')
  expect(shown.body.isMailed).toBe(true)
  const mail = await sink.mailTo('mia@shop.example')
  expect(mail.subject).toBe('Olive invites you to Shop')
  const mailed = tokenIn(mail)
  const token = shown.body.link.split('#')[1] ?? ''
  expect(mailed).not.toBe(token)
  const look = (one: string) => deployment.browser()(getInvitation, { body: { token: one } })
  expect((await look(mailed)).body.email).toBe('mia@shop.example')
  const account = { email: 'mia@shop.example', name: 'Mia', password: OWNER.password }
  const joined = await deployment.browser()(acceptInvitation, { body: { token: mailed, account } })
  expect(joined.status).toBe(200)
  expect([(await look(token)).status, (await look(mailed)).status]).toEqual([404, 404])

  const withdrawn = await invite('nora@shop.example')
  const late = tokenIn(await sink.mailTo('nora@shop.example'))
  await owner(revokeInvitation, { params: { id: withdrawn.body.invitation.id } })
  expect((await look(late)).status).toBe(404)
})

test('an invitation without an address is a link to copy', async () => {
  const { body } = await owner(inviteMember, { body: { role: 'analyst' } })
  expect(body.isMailed).toBe(false)
})

test('an admin sees the mails to the team and its members, a marketer none, and another team none of ours', async () => {
  const ada = await join(deployment, owner, 'Ada', 'admin')
  const mark = await join(deployment, owner, 'Mark', 'marketer')
  await deployment.browser()(requestReset, { body: { email: mark.email } })
  await sink.mailTo(mark.email)
  const seen = (await ada.ask(getMail)).body.items
  expect(seen.map(({ kind, to }) => [kind, to])).toContainEqual(['password_reset', mark.email])
  expect((await mark.ask(getMail)).body.code).toBe('permission_missing')
  const other = (await owner(createWorkspace, { body: { name: 'Other', timeZone: 'UTC' } })).body.live
  const there = (await owner(getMail, { headers: { 'x-workspace': other.slug } })).body.items
  expect(there.filter(({ to }) => to !== OWNER.email)).toEqual([])
})

test('without mail the test says what to set, and nothing is queued', async () => {
  const quiet = await deploy()
  const boss = await ownerOf(quiet)
  const refused = await boss(sendTestMail)
  expect([refused.status, refused.body.code]).toEqual([409, 'mail_missing'])
  expect(refused.body.detail).toContain('SMTP_URL and MAIL_FROM')
  expect((await boss(getMail)).body).toMatchObject({ isSetUp: false, server: null, items: [] })
  expect(
    (await boss(inviteMember, { body: { role: 'analyst', email: 'a@shop.example' } })).body.isMailed,
  ).toBe(false)
  await quiet.close()
})

test('mails older than their days are forgotten', async () => {
  const kept = () => rows(deployment.db, sql`select 1 from system_mails`)
  await tidyAccounts(deployment.world, 30)
  expect((await kept()).length).toBeGreaterThan(3)
  deployment.wait(31 * 86_400_000)
  await tidyAccounts(deployment.world, 30)
  expect(await kept()).toEqual([])
})
