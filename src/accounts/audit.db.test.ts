// Guarantees of narrowing and exporting the audit log, and of keys that expire.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deploy, join, ownerOf } from '../../test/accounts.ts'
import type { Ask, Deployment } from '../../test/accounts.ts'
import {
  createApiKey,
  createWriteKey,
  exportAuditLog,
  listApiKeys,
  listAuditChoices,
  listAuditLog,
  listMembers,
  updateWorkspace,
} from './contract.ts'

let deployment: Deployment
let owner: Ask
const day = 86_400_000

beforeAll(async () => {
  deployment = await deploy()
  owner = await ownerOf(deployment)
})
afterAll(() => deployment.close())

test('the log is narrowed by who, what and when, and says what there is to choose from', async () => {
  const ada = await join(deployment, owner, 'Ada', 'admin')
  await ada.ask(createWriteKey, { body: { name: 'Blog' } })
  await owner(createWriteKey, { body: { name: 'Shop' } })
  const list = async (query: Record<string, string>) =>
    (await owner(listAuditLog, { query })).body.items.map(
      ({ action, actorLabel }) => `${actorLabel} ${action}`,
    )
  const actor = `user:${ada.userId}`
  expect(await list({ actor })).toEqual(['Ada write_key_created', 'Ada invitation_accepted'])
  expect(await list({ action: 'write_key_created' })).toEqual([
    'Olive write_key_created',
    'Ada write_key_created',
  ])
  expect(await list({ actor, action: 'write_key_created', limit: '1' })).toEqual(['Ada write_key_created'])
  const { items } = (await owner(listAuditLog)).body
  const [newest] = items
  expect(await list({ from: newest?.occurredAt ?? '' })).toEqual(['Olive write_key_created'])
  expect(await list({ to: newest?.occurredAt ?? '' })).toHaveLength(items.length - 1)
  expect(await list({ actor: 'user:nobody' })).toEqual([])
  const { actors, actions } = (await owner(listAuditChoices)).body
  expect(actors.map(({ label }) => label)).toEqual(['Ada', 'Olive'])
  expect(actions).toContain('write_key_created')
})

test('the log is exported as CSV as it is narrowed, with before and after, and no cell that a spreadsheet runs', async () => {
  await owner(updateWorkspace, { params: { id: 'shop' }, body: { name: '=1+2' } })
  await owner(createApiKey, { body: { name: '=cmd()', role: 'analyst' } })
  const exported = await owner(exportAuditLog, { query: { action: 'workspace_changed' } })
  expect(exported.headers['content-type']).toBe('text/csv; charset=utf-8')
  expect(exported.headers['content-disposition']).toBe('attachment; filename="audit-log.csv"')
  const lines = String(exported.body).replace('\ufeff', '').trim().split('\r\n')
  expect(lines[0]).toBe('When,Actor,Who,Action,Subject,Before,After')
  expect(lines).toHaveLength(2)
  expect(lines[1]).toContain('"{""name"":""Shop""}","{""name"":""=1+2""}"')

  const program = deployment.program(
    (await owner(createApiKey, { body: { name: '=cmd()', role: 'admin' } })).body.key,
  )
  await program(createWriteKey, { body: { name: 'By a program' } })
  const all = String((await owner(exportAuditLog)).body)
  expect(all).toContain(",'=cmd(),write_key_created,")
  const count = (await owner(listAuditLog, { query: { limit: '200' } })).body.items.length
  expect(all.trim().split('\r\n')).toHaveLength(count + 1)
})

test('an API key works until its day, and is then refused with a sentence that says so', async () => {
  const until = new Date(deployment.world.clock().getTime() + 30 * day)
  const body = { name: 'Monthly', role: 'analyst', expiresAt: until.toISOString() }
  const { key, apiKey } = (await owner(createApiKey, { body })).body
  expect(apiKey.expiresAt).toBe(until.toISOString())
  const program = deployment.program(key)
  expect((await program(listMembers)).status).toBe(200)
  deployment.wait(30 * day)
  const refused = await program(listMembers)
  expect([refused.status, refused.body.code]).toEqual([401, 'api_key_expired'])
  expect(refused.body.detail).toContain(until.toISOString().slice(0, 10))
  deployment.wait(-30 * day)
  expect((await owner(listApiKeys)).body.items.find(({ id }) => id === apiKey.id)?.lastUsedAt).not.toBeNull()
  const past = { ...body, expiresAt: '2020-01-01T00:00:00Z' }
  expect((await owner(createApiKey, { body: past })).body.code).toBe('expiry_past')
})
