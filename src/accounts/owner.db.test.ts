// Guarantees of the first visit.
import { afterEach, expect, test } from 'vitest'
import { OWNER, deploy } from '../../test/accounts.ts'
import type { Deployment } from '../../test/accounts.ts'
import { getMe, getSetup, listWriteKeys, setUp } from './contract.ts'
import { createOwner, findWorkspace, offerSetupCode } from './index.ts'

let deployment: Deployment
afterEach(() => deployment.close())

test('the first visitor on this machine becomes the owner of a live workspace and its test twin, and is signed in', async () => {
  deployment = await deploy()
  const browser = deployment.browser()
  expect((await browser(getSetup)).body).toEqual({ needsOwner: true, needsCode: false, resetsByMail: false })
  const made = await browser(setUp, { body: OWNER })
  expect(made.status).toBe(201)
  expect(
    made.body.workspaces.map(({ slug, mode, role, timeZone }) => ({ slug, mode, role, timeZone })),
  ).toEqual([
    { slug: 'shop', mode: 'live', role: 'owner', timeZone: 'Europe/Berlin' },
    { slug: 'shop-test', mode: 'test', role: 'owner', timeZone: 'Europe/Berlin' },
  ])
  const me = await browser(getMe)
  expect(me.status).toBe(200)
  expect(me.body.user).toMatchObject({ email: 'olive@shop.example', name: 'Olive' })
  for (const workspace of ['shop', 'shop-test']) {
    const keys = await browser(listWriteKeys, { headers: { 'x-workspace': workspace } })
    expect(keys.body.items).toHaveLength(1)
    expect(keys.body.items[0]?.key).toMatch(workspace === 'shop' ? /^wk_live_/ : /^wk_test_/)
  }
  expect((await browser(getSetup)).body).toEqual({ needsOwner: false, needsCode: false, resetsByMail: false })
})

test('of many who become the owner at the same moment, one does', async () => {
  deployment = await deploy()
  const tries = Array.from({ length: 6 }, (_, i) =>
    deployment.browser()(setUp, { body: { ...OWNER, email: `owner${i}@shop.example` } }),
  )
  const statuses = (await Promise.all(tries)).map(({ status }) => status).sort()
  expect(statuses).toEqual([201, 409, 409, 409, 409, 409])
})

test('from another machine it takes the code printed at start, and a wrong one does not do', async () => {
  deployment = await deploy()
  const code = await offerSetupCode(deployment.world)
  const from = '203.0.113.9'
  const browser = deployment.browser()
  expect((await browser(getSetup, { from })).body).toEqual({
    needsOwner: true,
    needsCode: true,
    resetsByMail: false,
  })
  expect((await browser(setUp, { body: OWNER, from })).body.code).toBe('setup_code_required')
  expect((await browser(setUp, { body: { ...OWNER, code: 'AAAAA-AAAAA' }, from })).body.code).toBe(
    'setup_code_wrong',
  )
  const typed = code?.toLowerCase().replace('-', ' ')
  expect((await browser(setUp, { body: { ...OWNER, code: typed }, from })).status).toBe(201)
  expect(await offerSetupCode(deployment.world)).toBeUndefined()
})

test.each([
  ['a forwarded address', { 'x-forwarded-for': '203.0.113.9' }],
  ['a Via header', { via: '1.1 proxy' }],
  ['a host name of elsewhere', { host: 'leads.example.com' }],
  ['a page of elsewhere', { origin: 'https://leads.example.com' }],
])('a request from this machine with %s needs the code, for it came through a proxy', async (_, headers) => {
  deployment = await deploy()
  expect((await deployment.browser()(getSetup, { headers })).body.needsCode).toBe(true)
})

test('behind a trusted proxy or under a public address the code is always asked', async () => {
  deployment = await deploy({ trustProxy: true })
  expect((await deployment.browser()(getSetup)).body.needsCode).toBe(true)
  await deployment.close()
  deployment = await deploy({ publicUrl: 'https://leads.example.com' })
  expect((await deployment.browser()(getSetup)).body.needsCode).toBe(true)
})

test('guessing the code is refused after ten tries', async () => {
  deployment = await deploy()
  const guess = () =>
    deployment.browser()(setUp, { body: { ...OWNER, code: 'BBBBB-BBBBB' }, from: '203.0.113.9' })
  for (let i = 0; i < 10; i++) expect((await guess()).status).toBe(403)
  expect((await guess()).status).toBe(429)
})

test('a password of nine characters is refused by browser and command line alike', async () => {
  deployment = await deploy()
  const refused = await deployment.browser()(setUp, { body: { ...OWNER, password: '123456789' } })
  expect(refused.status).toBe(400)
  expect(refused.body.detail).toContain('at least 10 characters')
  await expect(createOwner(deployment.world, { ...OWNER, password: '123456789' })).rejects.toThrow(
    '10 to 128',
  )
})

test('the command line creates the owner once, and finds the workspace by slug, by id, or as the first', async () => {
  deployment = await deploy()
  const { live } = await createOwner(deployment.world, OWNER)
  await expect(createOwner(deployment.world, OWNER)).rejects.toThrow('owner already')
  for (const name of ['shop', live.id, undefined]) {
    expect((await findWorkspace(deployment.db, name)).id).toBe(live.id)
  }
  await expect(findWorkspace(deployment.db, 'elsewhere')).rejects.toThrow('There is no workspace elsewhere')
})
