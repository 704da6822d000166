// Guarantees of workspaces, keys and the audit log.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deploy, ownerOf } from '../../test/accounts.ts'
import type { Ask, Deployment } from '../../test/accounts.ts'
import { sql } from '../platform/postgres.ts'
import {
  acceptInvitation,
  createApiKey,
  createWorkspace,
  createWriteKey,
  getMe,
  getWorkspace,
  inviteMember,
  listApiKeys,
  listAuditLog,
  listMembers,
  listWorkspaces,
  listWriteKeys,
  revokeApiKey,
  revokeWriteKey,
  updateWorkspace,
  updateWriteKey,
} from './contract.ts'
import {
  createApiKey as makeApiKey,
  findWorkspace,
  operator,
  workspaceSettings,
  writeKeyWorkspace,
} from './index.ts'

let deployment: Deployment
let owner: Ask

beforeAll(async () => {
  deployment = await deploy()
  owner = await ownerOf(deployment)
})
afterAll(() => deployment.close())

test('a workspace opened later has a team and a twin of its own, and a slug of its own', async () => {
  const body = { name: 'Shop', timeZone: 'America/New_York', currency: 'eur' }
  const made = await owner(createWorkspace, { body })
  expect(made.status).toBe(201)
  expect([made.body.live.slug, made.body.test.slug]).toEqual(['shop-2', 'shop-2-test'])
  expect(made.body.live.currency).toBe('EUR')
  const me = await owner(getMe)
  expect(me.body.workspaces.map(({ slug }) => slug)).toEqual(['shop', 'shop-2', 'shop-test', 'shop-2-test'])
  const there = await owner(listMembers, { headers: { 'x-workspace': 'shop-2' } })
  expect(there.body.items).toHaveLength(1)
})

test('without x-workspace a session is in the first live workspace; with it, in that one, by slug or id', async () => {
  const me = await owner(getMe)
  const [first, second] = me.body.workspaces
  expect(me.body.workspaceId).toBe(first?.id)
  for (const name of [second?.slug, second?.id]) {
    expect((await owner(getMe, { headers: { 'x-workspace': name ?? '' } })).body.workspaceId).toBe(second?.id)
  }
})

test('a workspace of others is refused as one that does not exist', async () => {
  const stranger = deployment.browser()
  const { link } = (
    await owner(inviteMember, { body: { role: 'admin' }, headers: { 'x-workspace': 'shop-2' } })
  ).body
  const account = { email: 'sam@other.example', name: 'Sam', password: 'a good long password' }
  await stranger(acceptInvitation, { body: { token: link.split('#')[1], account } })
  const foreign = await findWorkspace(deployment.db, 'shop')
  const ask = (name: string) => stranger(listMembers, { headers: { 'x-workspace': name } })
  const known = await ask(foreign.id)
  const unknown = await ask('01890000-0000-7000-8000-000000000000')
  expect([known.status, unknown.status]).toEqual([404, 404])
  expect(known.body.code).toBe(unknown.body.code)
  for (const id of [foreign.id, 'shop']) {
    expect((await stranger(getWorkspace, { params: { id } })).status).toBe(404)
    expect((await stranger(updateWorkspace, { params: { id }, body: { name: 'Mine' } })).status).toBe(404)
  }
  const [key] = (await owner(listWriteKeys)).body.items
  const params = { id: key?.id ?? '' }
  expect((await stranger(updateWriteKey, { params, body: { name: 'Mine' } })).status).toBe(404)
  expect((await stranger(revokeWriteKey, { params })).status).toBe(404)
})

test('name, zone, currency and settings change one by one; the name in both twins, the rest where it was asked', async () => {
  const change = (body: unknown) => owner(updateWorkspace, { params: { id: 'shop' }, body })
  expect((await change({ settings: { ownDomains: ['shop.example'] } })).status).toBe(200)
  await change({ settings: { ipPolicy: 'with_consent' } })
  const changed = await change({ name: 'Shop & Co', timeZone: 'Asia/Tokyo' })
  expect(changed.body).toMatchObject({
    name: 'Shop & Co',
    slug: 'shop',
    timeZone: 'Asia/Tokyo',
    settings: { ownDomains: ['shop.example'], ipPolicy: 'with_consent', excludedAddresses: [] },
  })
  const twin = await owner(getWorkspace, {
    params: { id: 'shop-test' },
    headers: { 'x-workspace': 'shop-test' },
  })
  expect(twin.body).toMatchObject({
    name: 'Shop & Co',
    timeZone: 'Europe/Berlin',
    settings: { ownDomains: [] },
  })
  const { id } = await findWorkspace(deployment.db, 'shop')
  expect(await workspaceSettings(deployment.db, id)).toMatchObject({
    timeZone: 'Asia/Tokyo',
    ipPolicy: 'with_consent',
  })
})

test.each([
  [{ timeZone: 'Mars/Olympus' }, 'time zone'],
  [{ currency: 'XXQ' }, 'currency'],
  [{ settings: { excludedAddresses: ['300.1.1.1'] } }, 'address'],
  [{ settings: { ownDomains: ['https://shop.example/'] } }, 'domain'],
])('a setting that cannot be is refused with a sentence: %j', async (body, word) => {
  const refused = await owner(updateWorkspace, { params: { id: 'shop' }, body })
  expect(refused.status).toBe(400)
  expect(refused.body.detail).toContain(word)
})

test('an API key is shown once, kept as a hash, works in its workspace alone, and is refused once revoked', async () => {
  const made = await owner(createApiKey, { body: { name: 'Warehouse', role: 'marketer' } })
  const { key, apiKey } = made.body
  expect(key).toMatch(/^tl_live_[\w-]{43}$/)
  const program = deployment.program(key)
  expect((await program(listMembers)).status).toBe(200)
  expect((await program(listWorkspaces)).body.items.map(({ slug }) => slug)).toEqual(['shop'])
  expect((await program(listMembers, { headers: { 'x-workspace': 'shop-2' } })).status).toBe(404)
  const listed = (await owner(listApiKeys)).body.items.find(({ id }) => id === apiKey.id)
  expect(listed).toMatchObject({ name: 'Warehouse', prefix: key.slice(0, 12), createdBy: 'Olive' })
  expect(listed?.lastUsedAt).not.toBeNull()
  const kept = await sql<{ text: string }>`
    select row_to_json(k)::text as text from api_keys k
    union all select row_to_json(a)::text from audit_log a`.execute(deployment.db)
  expect(kept.rows.some(({ text }) => text.includes(key))).toBe(false)
  expect((await owner(listApiKeys, { headers: { 'x-workspace': 'shop-test' } })).body.items).toEqual([])
  const elsewhere = { params: { id: apiKey.id }, headers: { 'x-workspace': 'shop-test' } }
  expect((await owner(revokeApiKey, elsewhere)).status).toBe(404)
  expect((await owner(revokeApiKey, { params: { id: apiKey.id } })).status).toBe(200)
  const refused = await program(listMembers)
  expect([refused.status, refused.body.code]).toEqual([401, 'api_key_refused'])
})

test('a repeated Idempotency-Key leaves no copy of a key in the database', async () => {
  const headers = { 'idempotency-key': 'once' }
  const { key } = (await owner(createApiKey, { body: { name: 'Twice', role: 'analyst' }, headers })).body
  const kept = await sql<{
    text: string
  }>`select row_to_json(k)::text as text from idempotency_keys k`.execute(deployment.db)
  expect(kept.rows.some(({ text }) => text.includes(key))).toBe(false)
})

test('the table of roles and the scopes hold for API keys, and no key hands out authority', async () => {
  const keyOf = async (body: object) => deployment.program((await owner(createApiKey, { body })).body.key)
  const reader = await keyOf({ name: 'Reader', role: 'admin', scopes: ['team.read'] })
  expect((await reader(listMembers)).status).toBe(200)
  expect((await reader(listWriteKeys)).body.code).toBe('permission_missing')
  expect((await reader(getMe)).body.code).toBe('session_required')
  const strongest = await keyOf({ name: 'Strong', role: 'owner' })
  expect((await strongest(createWriteKey, { body: { name: 'By key' } })).status).toBe(201)
  const refused = await Promise.all([
    strongest(createApiKey, { body: { name: 'Child', role: 'analyst' } }),
    strongest(inviteMember, { body: { role: 'owner' } }),
    strongest(createWorkspace, { body: { name: 'Own', timeZone: 'UTC' } }),
  ])
  expect(refused.map(({ status }) => status)).toEqual([403, 403, 403])
  const beyond = await owner(createApiKey, { body: { name: 'x', role: 'analyst', scopes: ['leads.write'] } })
  expect([beyond.status, beyond.body.code]).toEqual([400, 'scopes_beyond_role'])
})

test('what is no API key is refused with a sentence', async () => {
  expect((await deployment.program('tl_live_nothing')(listMembers)).body.code).toBe('api_key_refused')
  const basic = await deployment.browser()(listMembers, { headers: { authorization: 'Basic dXNlcjpwYXNz' } })
  expect(basic.body.code).toBe('authorization_malformed')
})

test('the command line makes keys in the name of the operator', async () => {
  const workspace = await findWorkspace(deployment.db, 'shop-test')
  const wanted = { name: 'CLI', role: 'admin' } as const
  const { key } = await makeApiKey(deployment.world, operator(workspace), wanted)
  expect(key).toMatch(/^tl_test_/)
  expect((await deployment.program(key)(listMembers)).status).toBe(200)
  const { items } = (await owner(listAuditLog, { headers: { 'x-workspace': 'shop-test' } })).body
  expect(items[0]).toMatchObject({ action: 'api_key_created', actor: 'cli', after: wanted })
})

test('a write key leads to its workspace with domains and settings, and to nothing once revoked', async () => {
  const made = await owner(createWriteKey, {
    body: { name: 'Blog', allowedDomains: ['Blog.Example', 'blog.example'] },
  })
  expect(made.body).toMatchObject({ kind: 'browser', allowedDomains: ['blog.example'] })
  const { id } = await findWorkspace(deployment.db, 'shop')
  const target = () => writeKeyWorkspace(deployment.db, made.body.key)
  expect(await target()).toMatchObject({ workspaceId: id, mode: 'live', allowedDomains: ['blog.example'] })
  const params = { id: made.body.id }
  await owner(updateWriteKey, { params, body: { allowedDomains: [] } })
  expect(await target()).toMatchObject({ allowedDomains: [] })
  expect((await owner(revokeWriteKey, { params })).status).toBe(200)
  expect(await target()).toBeUndefined()
  expect((await owner(revokeWriteKey, { params })).status).toBe(404)
  expect(await writeKeyWorkspace(deployment.db, "x' or true --")).toBeUndefined()
})

test('a write key made for a server is known as one, so that its word about a person counts', async () => {
  const made = await owner(createWriteKey, { body: { name: 'Shop backend', kind: 'server' } })
  expect(made.body.kind).toBe('server')
  expect(await writeKeyWorkspace(deployment.db, made.body.key)).toMatchObject({ kind: 'server' })
})

test('every change stands in the audit log with who, what, before and after, page by page, newest first', async () => {
  await owner(updateWorkspace, { params: { id: 'shop' }, body: { currency: 'CHF' } })
  const first = (await owner(listAuditLog, { query: { limit: '2' } })).body
  expect(first.items[0]).toMatchObject({
    actorLabel: 'Olive',
    action: 'workspace_changed',
    before: { currency: 'USD' },
    after: { currency: 'CHF' },
  })
  const all = (await owner(listAuditLog, { query: { limit: '200' } })).body.items
  const paged = [...first.items]
  for (let cursor = first.nextCursor; cursor !== null;) {
    const page = (await owner(listAuditLog, { query: { limit: '2', cursor } })).body
    paged.push(...page.items)
    cursor = page.nextCursor
  }
  expect(paged).toEqual(all)
  expect(new Set(all.map(({ action }) => action))).toEqual(
    new Set([
      'workspace_created',
      'workspace_changed',
      'api_key_created',
      'api_key_revoked',
      'write_key_created',
      'write_key_changed',
      'write_key_revoked',
    ]),
  )
  const others = (await owner(listAuditLog, { headers: { 'x-workspace': 'shop-2' } })).body.items
  expect(others.map(({ action }) => action)).toEqual([
    'invitation_accepted',
    'invitation_created',
    'workspace_created',
  ])
})

test('the audit log cannot be changed or emptied, even in SQL', async () => {
  for (const statement of [
    sql`update audit_log set action = 'nothing'`,
    sql`delete from audit_log`,
    sql`truncate audit_log`,
  ]) {
    await expect(statement.execute(deployment.db)).rejects.toThrow('the audit log only grows')
  }
})
