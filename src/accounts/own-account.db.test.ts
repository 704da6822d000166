// Guarantees of a person's own account: name, address, sessions.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OWNER, deploy, join, ownerOf } from '../../test/accounts.ts'
import type { Ask, Deployment } from '../../test/accounts.ts'
import { openMailSink, tokenIn } from '../../test/mail-sink.ts'
import type { MailSink } from '../../test/mail-sink.ts'
import { rows, sql } from '../platform/postgres.ts'
import {
  changeEmail,
  changePassword,
  confirmEmail,
  endOtherSessions,
  endSession,
  getMail,
  getMe,
  getReset,
  listAuditLog,
  listSessions,
  renameMe,
  signIn,
} from './contract.ts'
import { makeResetLinkFor, setPassword } from './index.ts'

const { password } = OWNER
const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'
const PIXEL =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36'

let sink: MailSink
let deployment: Deployment
let owner: Ask
/** without mail */
let quiet: Deployment
let boss: Ask

beforeAll(async () => {
  sink = await openMailSink()
  deployment = await deploy({
    smtpUrl: sink.url,
    findCountry: (address) => (address === '198.51.100.7' ? 'NZ' : null),
  })
  owner = await ownerOf(deployment)
  quiet = await deploy()
  boss = await ownerOf(quiet)
})
afterAll(async () => {
  await Promise.all([deployment.close(), quiet.close()])
  await sink.close()
})

test('a name is changed at once, with before and after in the audit log', async () => {
  const mia = await join(deployment, owner, 'Mia', 'marketer')
  expect((await mia.ask(renameMe, { body: { name: ' Mia May ' } })).body.name).toBe('Mia May')
  expect((await mia.ask(getMe)).body.user.name).toBe('Mia May')
  expect((await owner(listAuditLog)).body.items[0]).toMatchObject({
    action: 'name_changed',
    before: { name: 'Mia' },
    after: { name: 'Mia May' },
  })
})

test('with mail an address changes once the new one confirms it, and the old one is told', async () => {
  const nora = await join(deployment, owner, 'Nora', 'marketer')
  const change = (email: string, typed = password) =>
    nora.ask(changeEmail, { body: { email, password: typed } })
  expect((await change('n@new.example', 'not the password')).body.code).toBe('password_wrong')
  expect((await change(nora.email)).body.code).toBe('email_same')
  expect((await change('n@new.example')).body).toEqual({ status: 'confirm' })
  expect((await nora.ask(getMe)).body.user.email).toBe(nora.email)
  const token = tokenIn(await sink.mailTo('n@new.example'))
  const old = (await makeResetLinkFor(deployment.world, nora.email)).token
  const anyone = deployment.browser()
  expect((await anyone(confirmEmail, { body: { token } })).body).toEqual({ email: 'n@new.example' })
  expect((await anyone(confirmEmail, { body: { token } })).body.code).toBe('email_link_missing')
  expect((await nora.ask(getMe)).body.user.email).toBe('n@new.example')
  expect((await sink.mailTo(nora.email)).subject).toBe('Your e-mail address was changed')
  const enter = (email: string) => deployment.browser()(signIn, { body: { email, password } })
  expect((await enter(nora.email)).status).toBe(401)
  expect((await enter('n@new.example')).status).toBe(200)
  // A link that was made for the old address opens the account no more.
  expect((await anyone(getReset, { body: { token: old } })).status).toBe(404)
})

test('of two who open one link that confirms an address at the same moment, one changes it', async () => {
  const petra = await join(deployment, owner, 'Petra', 'marketer')
  await petra.ask(changeEmail, { body: { email: 'petra@new.example', password } })
  const token = tokenIn(await sink.mailTo('petra@new.example'))
  const confirm = () => deployment.browser()(confirmEmail, { body: { token } })
  const replies = await Promise.all([confirm(), confirm()])
  expect(replies.map(({ status }) => status).sort()).toEqual([200, 404])
})

test('a new password ends what somebody with the old one began: the address stays', async () => {
  const quinn = await join(deployment, owner, 'Quinn', 'marketer')
  await quinn.ask(changeEmail, { body: { email: 'thief@new.example', password } })
  const token = tokenIn(await sink.mailTo('thief@new.example'))
  await setPassword(deployment.world, quinn.email, 'another good password')
  const tried = await deployment.browser()(confirmEmail, { body: { token } })
  expect([tried.status, tried.body.code]).toEqual([404, 'email_link_missing'])
})

test('a mail with a link that still waits is not sent once the account has another address or password', async () => {
  const away = await deploy({ smtpUrl: sink.url, jobs: false })
  const ruth = await join(away, await ownerOf(away), 'Ruth', 'marketer')
  await ruth.ask(changeEmail, { body: { email: 'thief@new.example', password } })
  await setPassword(away.world, ruth.email, 'another good password')
  const mails = await rows(
    away.db,
    sql`select kind, status, words from system_mails where user_id = ${ruth.userId}`,
  )
  expect(mails).toEqual([
    { kind: 'email_change', status: 'failed', words: 'Not sent: the account was changed meanwhile.' },
  ])
  await away.close()
})

test('with mail a person has a few addresses asked, and no more', async () => {
  const spam = await join(deployment, owner, 'Sam', 'marketer')
  const statuses: number[] = []
  for (let i = 0; i < 11; i++) {
    statuses.push((await spam.ask(changeEmail, { body: { email: `s${i}@new.example`, password } })).status)
  }
  expect(statuses.slice(-2)).toEqual([200, 429])
})

test('a link that confirms an address is over after a day', async () => {
  const olga = await join(deployment, owner, 'Olga', 'marketer')
  await olga.ask(changeEmail, { body: { email: 'o@new.example', password } })
  const token = tokenIn(await sink.mailTo('o@new.example'))
  deployment.wait(24 * 3_600_000)
  expect((await deployment.browser()(confirmEmail, { body: { token } })).status).toBe(404)
})

test('with mail nobody learns whether an address has an account: only the mail to it says so', async () => {
  const paul = await join(deployment, owner, 'Paul', 'marketer')
  const taken = await paul.ask(changeEmail, { body: { email: OWNER.email, password } })
  const free = await paul.ask(changeEmail, { body: { email: 'p@new.example', password } })
  expect(taken.body).toEqual(free.body)
  const mail = await sink.mailTo(OWNER.email)
  expect(mail.subject).toBe('You have an account already')
  expect(tokenIn(mail)).toBe('')
  const listed = (await owner(getMail)).body.items.filter(
    ({ to }) => to === OWNER.email || to === 'p@new.example',
  )
  expect(listed.map(({ kind }) => kind)).toEqual(['email_change', 'email_change'])
})

test('an address that another account took meanwhile is refused, and neither account changes', async () => {
  const rosa = await join(deployment, owner, 'Rosa', 'marketer')
  const sven = await join(deployment, owner, 'Sven', 'marketer')
  for (const { ask } of [rosa, sven])
    await ask(changeEmail, { body: { email: 'same@new.example', password } })
  const tokens = [
    tokenIn(await sink.mailTo('same@new.example')),
    tokenIn(await sink.mailTo('same@new.example')),
  ]
  const confirm = (token: string) => deployment.browser()(confirmEmail, { body: { token } })
  const replies = await Promise.all(tokens.map(confirm))
  expect(replies.map(({ status }) => status).sort()).toEqual([200, 409])
})

test('without mail the password is enough, and an address in use is refused', async () => {
  const tara = await join(quiet, boss, 'Tara', 'marketer')
  expect((await tara.ask(changeEmail, { body: { email: OWNER.email, password } })).body.code).toBe(
    'email_taken',
  )
  const changed = await tara.ask(changeEmail, { body: { email: 'T@new.example', password } })
  expect(changed.body).toEqual({ status: 'changed' })
  expect((await tara.ask(getMe)).body.user.email).toBe('t@new.example')
  expect((await boss(listAuditLog)).body.items[0]).toMatchObject({
    action: 'email_changed',
    before: { email: 'tara@shop.example' },
    after: { email: 't@new.example' },
  })
  for (let i = 0; i < 9; i++) await tara.ask(changeEmail, { body: { email: OWNER.email, password } })
  expect((await tara.ask(changeEmail, { body: { email: OWNER.email, password } })).status).toBe(429)
})

test('sessions are listed with device, place and last use, and each can be ended from another', async () => {
  const uma = await join(deployment, owner, 'Uma', 'marketer')
  const desktop = deployment.browser()
  const phone = deployment.browser()
  const enter = (ask: Ask, agent: string, from: string) =>
    ask(signIn, { body: { email: uma.email, password }, headers: { 'user-agent': agent }, from })
  await enter(desktop, FIREFOX, '198.51.100.7')
  await enter(phone, PIXEL, '203.0.113.5')
  deployment.wait(120_000)
  await desktop(getMe, { from: '198.51.100.7' })
  const { items } = (await desktop(listSessions, { from: '198.51.100.7' })).body
  expect(items).toHaveLength(3)
  const [current, other] = items
  expect(current).toMatchObject({ device: 'Firefox on Windows', isPhone: false, address: '198.51.100.7' })
  expect(current).toMatchObject({ country: 'NZ', isCurrent: true })
  expect(items.filter(({ isCurrent }) => isCurrent)).toHaveLength(1)
  const phoneSession = items.find(({ isPhone }) => isPhone)
  expect(phoneSession).toMatchObject({ device: 'Chrome on Google Pixel 8', country: null })
  expect(Date.parse(current?.lastUsedAt ?? '')).toBeGreaterThan(Date.parse(other?.lastUsedAt ?? ''))
  expect((await desktop(endSession, { params: { id: phoneSession?.id ?? '' } })).status).toBe(200)
  expect((await owner(listAuditLog)).body.items[0]).toMatchObject({
    action: 'session_ended',
    before: { userAgent: PIXEL },
  })
  expect((await phone(getMe)).status).toBe(401)
  expect((await desktop(endSession, { params: { id: phoneSession?.id ?? '' } })).status).toBe(404)
})

test("nobody ends another person's session, or learns that it is there", async () => {
  const vera = await join(deployment, owner, 'Vera', 'marketer')
  const [session] = (await vera.ask(listSessions)).body.items
  const tried = await owner(endSession, { params: { id: session?.id ?? '' } })
  expect([tried.status, tried.body.code]).toEqual([404, 'session_missing'])
  expect((await vera.ask(getMe)).status).toBe(200)
})

test('all other sessions can be ended at once', async () => {
  const will = await join(deployment, owner, 'Will', 'marketer')
  const others = [deployment.browser(), deployment.browser()]
  for (const ask of others) await ask(signIn, { body: { email: will.email, password } })
  expect((await will.ask(endOtherSessions)).body).toEqual({ ended: 2 })
  for (const ask of others) expect((await ask(getMe)).status).toBe(401)
  expect((await will.ask(listSessions)).body.items).toHaveLength(1)
})

test('a changed password is told by mail', async () => {
  const xena = await join(deployment, owner, 'Xena', 'marketer')
  const body = { currentPassword: password, newPassword: 'another good password' }
  expect((await xena.ask(changePassword, { body })).status).toBe(200)
  expect((await sink.mailTo(xena.email)).subject).toBe('Your password was changed')
})
