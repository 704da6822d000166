// Guarantees of signing in and out.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OWNER, deploy, ownerOf } from '../../test/accounts.ts'
import type { Ask, Deployment } from '../../test/accounts.ts'
import { sql } from '../platform/postgres.ts'
import { changePassword, createWriteKey, getMe, listMembers, signIn, signOut } from './contract.ts'

let deployment: Deployment
let owner: Ask
const right = { email: OWNER.email, password: OWNER.password }

beforeAll(async () => {
  deployment = await deploy()
  owner = await ownerOf(deployment)
})
afterAll(() => deployment.close())

test('e-mail and password open a session, in whatever case the address is typed, and signing out ends it', async () => {
  const browser = deployment.browser()
  expect((await browser(getMe)).body.code).toBe('sign_in_required')
  const entered = await browser(signIn, { body: { ...right, email: ' Olive@SHOP.example ' } })
  expect(entered.status).toBe(200)
  expect(entered.body.user?.email).toBe(OWNER.email)
  expect(String(entered.headers['set-cookie'])).toMatch(/HttpOnly.*SameSite=Lax/i)
  expect((await browser(getMe)).status).toBe(200)
  expect((await browser(signOut)).status).toBe(200)
  expect((await browser(getMe)).status).toBe(401)
})

test('a session that was ended on the server is refused though its cookie is still sent', async () => {
  const browser = deployment.browser()
  const { headers } = await browser(signIn, { body: right })
  const cookie = String(headers['set-cookie']).split(';')[0] ?? ''
  const thief = deployment.browser()
  expect((await thief(getMe, { headers: { cookie } })).status).toBe(200)
  await browser(signOut)
  expect((await thief(getMe, { headers: { cookie } })).status).toBe(401)
})

test('a forged cookie is nobody', async () => {
  const found = await sql<{ token: string }>`select token from sessions limit 1`.execute(deployment.db)
  const token = found.rows[0]?.token ?? ''
  for (const value of [token, `${token}.${'A'.repeat(43)}%3D`, 'nonsense']) {
    const reply = await deployment.browser()(getMe, {
      headers: { cookie: `throughline.session_token=${value}` },
    })
    expect(reply.body.code).toBe('sign_in_required')
  }
})

test('a wrong password and an unknown address get the same answer', async () => {
  const browser = deployment.browser()
  const from = '198.51.100.1'
  const wrong = await browser(signIn, { body: { ...right, password: 'wrong password' }, from })
  const unknown = await browser(signIn, {
    body: { email: 'nobody@shop.example', password: 'wrong password' },
    from,
  })
  expect(wrong.status).toBe(401)
  expect(unknown.body.detail).toBe(wrong.body.detail)
})

test('after ten wrong passwords the account is closed to that address for a while, with Retry-After, and to it alone', async () => {
  const from = '198.51.100.2'
  const attempt = (password: string, address = from) =>
    deployment.browser()(signIn, { body: { ...right, password }, from: address })
  for (let i = 0; i < 10; i++) expect((await attempt('wrong password')).status).toBe(401)
  const refused = await attempt(OWNER.password)
  expect(refused.status).toBe(429)
  expect(refused.body.code).toBe('attempts_exceeded')
  const seconds = Number(refused.headers['retry-after'])
  expect(seconds).toBeGreaterThan(0)
  expect(seconds).toBeLessThanOrEqual(900)
  expect((await attempt(OWNER.password, '198.51.100.3')).status).toBe(200)
  deployment.wait(seconds * 1000)
  expect((await attempt(OWNER.password)).status).toBe(200)
})

test('one address cannot try many accounts', async () => {
  const attempt = (i: number) =>
    deployment.browser()(signIn, {
      body: { email: `someone${i}@shop.example`, password: 'wrong password' },
      from: '198.51.100.4',
    })
  const statuses: number[] = []
  for (let i = 0; i < 31; i++) statuses.push((await attempt(i)).status)
  expect(statuses.slice(0, 30).every((status) => status === 401)).toBe(true)
  expect(statuses[30]).toBe(429)
})

test('simultaneous guesses cannot pass the limit together', async () => {
  const attempts = Array.from({ length: 16 }, () =>
    deployment.browser()(signIn, {
      body: { email: 'target@shop.example', password: 'wrong password' },
      from: '198.51.100.5',
    }),
  )
  const statuses = (await Promise.all(attempts)).map(({ status }) => status)
  expect(statuses.filter((status) => status === 401)).toHaveLength(10)
  expect(statuses.filter((status) => status === 429)).toHaveLength(6)
})

test('signing in correctly again and again is never limited', async () => {
  for (let i = 0; i < 12; i++) {
    expect((await deployment.browser()(signIn, { body: right, from: '198.51.100.6' })).status).toBe(200)
  }
})

test("another site's page cannot use the session to change anything", async () => {
  const make = (headers: Record<string, string>) => owner(createWriteKey, { body: { name: 'Shop' }, headers })
  expect((await make({ 'sec-fetch-site': 'cross-site' })).body.code).toBe('origin_foreign')
  expect((await make({ 'sec-fetch-site': 'same-site' })).body.code).toBe('origin_foreign')
  expect((await make({ 'sec-fetch-site': 'same-origin' })).status).toBe(201)
  expect((await make({ 'x-workspace': 'shop', 'sec-fetch-site': 'cross-site' })).status).toBe(201)
  expect((await owner(listMembers, { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(200)
})

test('changing the password takes the current one, and ends every other session', async () => {
  const here = deployment.browser()
  const elsewhere = deployment.browser()
  await here(signIn, { body: right })
  await elsewhere(signIn, { body: right })
  const change = (currentPassword: string) =>
    here(changePassword, { body: { currentPassword, newPassword: 'a longer password' } })
  expect((await change('not the password')).body.code).toBe('password_wrong')
  expect((await change(OWNER.password)).status).toBe(200)
  expect((await here(getMe)).status).toBe(200)
  expect((await elsewhere(getMe)).status).toBe(401)
  expect((await elsewhere(signIn, { body: right })).status).toBe(401)
  expect((await elsewhere(signIn, { body: { ...right, password: 'a longer password' } })).status).toBe(200)
})
