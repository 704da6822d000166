// Guarantees of lost passwords: by mail, by an admin's link, by the command line.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OWNER, deploy, join, ownerOf } from '../../test/accounts.ts'
import type { Ask, Deployment } from '../../test/accounts.ts'
import { openMailSink, tokenIn } from '../../test/mail-sink.ts'
import type { MailSink } from '../../test/mail-sink.ts'
import { rows, sql } from '../platform/postgres.ts'
import {
  acceptInvitation,
  changeRole,
  createWorkspace,
  endTwoFactorOf,
  getMe,
  getReset,
  getSetup,
  inviteMember,
  listAuditLog,
  makeResetLink,
  removeMember,
  requestReset,
  resetPassword,
  signIn,
} from './contract.ts'
import { createOwner, makeResetLinkFor, setPassword } from './index.ts'

let sink: MailSink
let deployment: Deployment
let owner: Ask
const newPassword = 'another good password'

beforeAll(async () => {
  sink = await openMailSink()
  deployment = await deploy({ smtpUrl: sink.url, publicUrl: 'https://leads.shop.example' })
  owner = await makeOwner(deployment)
})
afterAll(async () => {
  await deployment.close()
  await sink.close()
})

// Under a public address the owner needs the printed code, so it comes from the command line's verb.
async function makeOwner(at: Deployment): Promise<Ask> {
  await createOwner(at.world, OWNER)
  const ask = at.browser()
  expect((await ask(signIn, { body: { email: OWNER.email, password: OWNER.password } })).status).toBe(200)
  return ask
}

const signInWith = (email: string, password: string) =>
  deployment.browser()(signIn, { body: { email, password } })

test('a mailed link sets a new password once, within an hour; every session ends, and the person is told', async () => {
  const mia = await join(deployment, owner, 'Mia', 'marketer')
  expect((await deployment.browser()(getSetup)).body.resetsByMail).toBe(true)
  const asked = await deployment.browser()(requestReset, { body: { email: 'MIA@shop.example' } })
  expect(asked.body).toEqual({ requested: true })
  const mail = await sink.mailTo(mia.email)
  expect(mail.subject).toBe('Set a new password')
  expect(mail.from?.address).toBe('hello@shop.example')
  const token = tokenIn(mail)
  expect(mail.text).toContain(`https://leads.shop.example/reset-password#${token}`)
  const visitor = deployment.browser()
  expect((await visitor(getReset, { body: { token } })).body).toEqual({ email: mia.email, name: 'Mia' })
  expect((await visitor(resetPassword, { body: { token, password: 'short' } })).status).toBe(400)
  expect((await visitor(resetPassword, { body: { token, password: newPassword } })).status).toBe(200)
  expect((await mia.ask(getMe)).status).toBe(401)
  expect((await visitor(getMe)).status).toBe(401)
  expect((await signInWith(mia.email, OWNER.password)).status).toBe(401)
  expect((await signInWith(mia.email, newPassword)).status).toBe(200)
  const again = await visitor(resetPassword, { body: { token, password: newPassword } })
  expect([again.status, again.body.code]).toEqual([404, 'reset_link_missing'])
  expect((await sink.mailTo(mia.email)).subject).toBe('Your password was changed')
  const { items } = (await owner(listAuditLog)).body
  expect(items[0]).toMatchObject({ action: 'password_reset', actor: `user:${mia.userId}` })
})

test('a link is over after its hour, and all of them once one was used', async () => {
  const nora = await join(deployment, owner, 'Nora', 'marketer')
  const ask = () => deployment.browser()(requestReset, { body: { email: nora.email } })
  await ask()
  const old = tokenIn(await sink.mailTo(nora.email))
  deployment.wait(3_600_000)
  expect((await deployment.browser()(getReset, { body: { token: old } })).status).toBe(404)
  await ask()
  const first = tokenIn(await sink.mailTo(nora.email))
  await ask()
  const second = tokenIn(await sink.mailTo(nora.email))
  const use = (token: string) =>
    deployment.browser()(resetPassword, { body: { token, password: newPassword } })
  expect((await use(second)).status).toBe(200)
  expect((await use(first)).status).toBe(404)
})

test('of two who use one link at the same moment, one sets the password', async () => {
  const omar = await join(deployment, owner, 'Omar', 'marketer')
  const { token } = await makeResetLinkFor(deployment.world, omar.email)
  const replies = await Promise.all(
    ['the left password', 'the right password'].map((password) =>
      deployment.browser()(resetPassword, { body: { token, password } }),
    ),
  )
  expect(replies.map(({ status }) => status).sort()).toEqual([200, 404])
})

test('no token of a link stands in the database in the clear, neither before it is sent nor after', async () => {
  const pia = await join(deployment, owner, 'Pia', 'marketer')
  await deployment.browser()(requestReset, { body: { email: pia.email } })
  const token = tokenIn(await sink.mailTo(pia.email))
  const shown = (await owner(makeResetLink, { params: { userId: pia.userId } })).body.link.split('#')[1] ?? ''
  const kept = await rows<{ text: string }>(
    deployment.db,
    sql`select row_to_json(m)::text as text from system_mails m union all select row_to_json(l)::text from account_links l
        union all select row_to_json(j)::text from graphile_worker._private_jobs j
        union all select row_to_json(k)::text from idempotency_keys k union all select row_to_json(a)::text from audit_log a`,
  )
  const all = kept.map((row) => row.text).join()
  expect(token).toHaveLength(43)
  for (const secret of [token, shown]) expect(all).not.toContain(secret)
})

test('asking for an address without an account answers alike, leaves the same trace, and sends nothing', async () => {
  const away = await deploy({ smtpUrl: sink.url, publicUrl: 'https://leads.shop.example', jobs: false })
  await makeOwner(away)
  const ask = (email: string) => away.browser()(requestReset, { body: { email }, from: '198.51.100.7' })
  const trace = async () =>
    rows<{ task: string }>(away.db, sql`select task_identifier as task from graphile_worker.jobs`)
  const known = await ask(OWNER.email)
  const one = await trace()
  const unknown = await ask('nobody@shop.example')
  const two = await trace()
  expect([unknown.status, unknown.body]).toEqual([known.status, known.body])
  expect(one).toEqual([{ task: 'accounts.answer_reset_request' }])
  expect(two).toEqual([...one, ...one])
  expect(await rows(away.db, sql`select 1 from system_mails`)).toEqual([])
  await away.close()

  await deployment.browser()(requestReset, { body: { email: 'nobody@shop.example' } })
  await deployment.browser()(requestReset, { body: { email: OWNER.email } })
  await sink.mailTo(OWNER.email)
  expect(sink.mails.some((mail) => mail.to?.[0]?.address === 'nobody@shop.example')).toBe(false)
})

test('asking again and again is refused, for an address with an account and without, and for one client', async () => {
  for (const email of [OWNER.email, 'nobody.else@shop.example']) {
    const ask = (from: string) => deployment.browser()(requestReset, { body: { email }, from })
    deployment.wait(15 * 60_000)
    for (let i = 0; i < 5; i++) expect((await ask(`203.0.113.${i}`)).status).toBe(200)
    expect((await ask('203.0.113.99')).body.code).toBe('attempts_exceeded')
  }
  const statuses: number[] = []
  for (let i = 0; i < 21; i++) {
    const body = { email: `someone${i}@shop.example` }
    statuses.push((await deployment.browser()(requestReset, { body, from: '203.0.113.200' })).status)
  }
  expect(statuses.slice(-2)).toEqual([200, 429])
})

test('trying links is limited per client', async () => {
  const statuses: number[] = []
  for (let i = 0; i < 31; i++) {
    const body = { token: `${'x'.repeat(40)}${String(i).padStart(3, '0')}` }
    statuses.push((await deployment.browser()(getReset, { body, from: '203.0.113.201' })).status)
  }
  expect(statuses.slice(-2)).toEqual([404, 429])
})

test('a request under a foreign host name has no link mailed, so that no mail leads there', async () => {
  const open = await deploy({ smtpUrl: sink.url })
  const ines = await join(open, await ownerOf(open), 'Ines', 'marketer')
  const headers = { host: 'evil.example', 'x-workspace': 'shop' }
  const body = { email: ines.email }
  const refused = await open.browser()(requestReset, { body, headers })
  expect([refused.status, refused.body.code]).toEqual([409, 'mail_missing'])
  expect(refused.body.detail).toContain('PUBLIC_URL')
  expect((await open.browser()(requestReset, { body })).status).toBe(200)
  expect((await sink.mailTo(ines.email)).text).toContain('http://localhost:3000/reset-password#')
  await open.close()
})

test('behind a proxy that passes on whatever host it is told, no mail leads there either', async () => {
  const behind = await deploy({ smtpUrl: sink.url, trustProxy: true, jobs: false })
  const headers = { 'x-forwarded-host': 'evil.example' }
  const body = { email: OWNER.email }
  const refused = await behind.browser()(requestReset, { body, headers })
  expect([refused.status, refused.body.code]).toEqual([409, 'mail_missing'])
  expect((await behind.browser()(requestReset, { body })).status).toBe(200)
  await behind.close()
})

test('without mail an admin makes the link, shown once, and passes it on', async () => {
  const quiet = await deploy()
  const boss = await ownerOf(quiet)
  const rita = await join(quiet, boss, 'Rita', 'marketer')
  expect((await quiet.browser()(getSetup)).body.resetsByMail).toBe(false)
  const refused = await quiet.browser()(requestReset, { body: { email: rita.email } })
  expect([refused.status, refused.body.code]).toEqual([409, 'mail_missing'])
  const made = await boss(makeResetLink, { params: { userId: rita.userId } })
  expect(made.status).toBe(201)
  expect(made.body).toMatchObject({ email: rita.email })
  const [address, token = ''] = made.body.link.split('#')
  expect(address).toBe('http://localhost:3000/reset-password')
  quiet.wait(23 * 3_600_000)
  expect((await quiet.browser()(resetPassword, { body: { token, password: newPassword } })).status).toBe(200)
  expect((await rita.ask(getMe)).status).toBe(401)
  const { items } = (await boss(listAuditLog)).body
  expect(items.slice(0, 2).map(({ action }) => action)).toEqual(['password_reset', 'reset_link_made'])
  expect(items[0]?.after).toEqual({ linkMadeBy: items[1]?.actor })
  await quiet.close()
})

test("an admin's link opens neither an owner's account nor one that leads to a team beyond reach", async () => {
  const admin = await join(deployment, owner, 'Ada', 'admin')
  const sven = await join(deployment, owner, 'Sven', 'marketer')
  const ownerId = (await owner(getMe)).body.user.id
  const make = (as: Ask, userId: string) => as(makeResetLink, { params: { userId } })
  expect((await make(admin.ask, ownerId)).body.code).toBe('member_beyond')
  expect((await make(sven.ask, admin.userId)).body.code).toBe('permission_missing')
  expect((await make(admin.ask, sven.userId)).status).toBe(201)
  expect((await sink.mailTo(sven.email)).text).toContain('Ada made a link')
  const made = await owner(createWorkspace, { body: { name: 'Other', timeZone: 'UTC' } })
  const headers = { 'x-workspace': made.body.live.slug }
  const { link } = (await owner(inviteMember, { body: { role: 'admin' }, headers })).body
  await sven.ask(acceptInvitation, { body: { token: link.split('#')[1] } })
  expect((await make(admin.ask, sven.userId)).body.code).toBe('member_beyond')
  expect((await make(owner, sven.userId)).status).toBe(201)
})

test('a link works no more once its maker may not open the account: removed, outranked, or without the other team', async () => {
  const make = async (as: Ask, userId: string) =>
    (await as(makeResetLink, { params: { userId } })).body.link.split('#')[1] ?? ''
  const use = async (token: string) => {
    const ask = deployment.browser()
    const shown = await ask(getReset, { body: { token } })
    const used = await ask(resetPassword, { body: { token, password: newPassword } })
    return [shown.status, used.status]
  }
  const gone = await join(deployment, owner, 'Gero', 'admin')
  const stays = await join(deployment, owner, 'Stina', 'marketer')
  const kept = await make(gone.ask, stays.userId)
  await owner(removeMember, { params: { userId: gone.userId } })
  expect(await use(kept)).toEqual([404, 404])

  const admin = await join(deployment, owner, 'Axel', 'admin')
  const risen = await make(admin.ask, stays.userId)
  await owner(changeRole, { params: { userId: stays.userId }, body: { role: 'owner' } })
  expect(await use(risen)).toEqual([404, 404])
  await owner(changeRole, { params: { userId: stays.userId }, body: { role: 'marketer' } })

  const elsewhere = await make(admin.ask, stays.userId)
  const other = (await owner(createWorkspace, { body: { name: 'Elsewhere', timeZone: 'UTC' } })).body.live
  const headers = { 'x-workspace': other.slug }
  const { link } = (await owner(inviteMember, { body: { role: 'analyst' }, headers })).body
  await stays.ask(acceptInvitation, { body: { token: link.split('#')[1] } })
  expect(await use(elsewhere)).toEqual([404, 404])
  expect(await use(await make(owner, stays.userId))).toEqual([200, 200])
})

test("nobody gets around the own password by treating the own account as a member's", async () => {
  const self = await join(deployment, owner, 'Selma', 'admin')
  const params = { userId: self.userId }
  expect((await self.ask(makeResetLink, { params })).body.code).toBe('member_self')
  expect((await self.ask(endTwoFactorOf, { params })).body.code).toBe('member_self')
})

test('the command line makes a link or sets a password, for an address in any case', async () => {
  const tom = await join(deployment, owner, 'Tom', 'marketer')
  const { token } = await makeResetLinkFor(deployment.world, ' TOM@shop.example ')
  expect((await deployment.browser()(getReset, { body: { token } })).body.name).toBe('Tom')
  await setPassword(deployment.world, tom.email, newPassword)
  expect((await tom.ask(getMe)).status).toBe(401)
  expect((await signInWith(tom.email, newPassword)).status).toBe(200)
  expect((await deployment.browser()(getReset, { body: { token } })).status).toBe(404)
  await expect(setPassword(deployment.world, tom.email, 'short')).rejects.toThrow('10 to 128')
  await expect(makeResetLinkFor(deployment.world, 'nobody@shop.example')).rejects.toThrow('Nobody has')
})

test('who is closed out by wrong passwords gets in with the new one at once', async () => {
  const ulla = await join(deployment, owner, 'Ulla', 'marketer')
  const attempt = (password: string) =>
    deployment.browser()(signIn, { body: { email: ulla.email, password }, from: '198.51.100.44' })
  for (let i = 0; i < 10; i++) await attempt('wrong password')
  expect((await attempt(OWNER.password)).status).toBe(429)
  const { token } = await makeResetLinkFor(deployment.world, ulla.email)
  const body = { token, password: newPassword }
  expect((await deployment.browser()(resetPassword, { body, from: '198.51.100.44' })).status).toBe(200)
  expect((await attempt(newPassword)).status).toBe(200)
})
