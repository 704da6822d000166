// Guarantees of deleting a workspace, in the whole product: nothing of it is left, and nothing of others is touched.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createWorkspace, deleteWorkspace, getMe } from '../src/accounts/contract.ts'
import { createLead } from '../src/leads/contract.ts'
import { ask as askLog } from '../src/platform/clickhouse.ts'
import { rows, sql } from '../src/platform/postgres.ts'
import { basic, serve } from './deployment.ts'
import type { Served } from './deployment.ts'

let served: Served
beforeAll(async () => {
  served = await serve()
})
afterAll(() => served.stop())

const remove = (slug: string, name: string) =>
  served.call('POST', deleteWorkspace.path.replace(':id', slug), { name }, { 'x-workspace': slug })

// How many rows of each table name one of the workspaces or their team.
async function traces(ids: string[]): Promise<Record<string, number>> {
  const columns = await rows<{ name: string; scope: string }>(
    served.services.db,
    sql`select table_name as name, column_name as scope from information_schema.columns
        join information_schema.tables using (table_schema, table_name)
        where table_schema = 'public' and column_name in ('workspace_id', 'team_id') and table_type = 'BASE TABLE'
          and table_name !~ '^inbox_[0-9]'`,
  )
  const found: Record<string, number> = {}
  for (const { name, scope } of columns) {
    const [row] = await rows<{ count: number }>(
      served.services.db,
      sql`select count(*)::int as count from ${sql.table(name)} where ${sql.ref(scope)} = any(${ids}::uuid[])`,
    )
    if (row && row.count > 0) found[name] = (found[name] ?? 0) + row.count
  }
  const [log] = await askLog<{ count: number }>(
    served.services.clickhouse,
    'select count() as count from events where workspace_id in {ids:Array(UUID)}',
    { ids },
  )
  if (Number(log?.count) > 0) found.log = Number(log?.count)
  return found
}

test('with its name typed a workspace is gone at once, with all it held in both stores; others keep theirs', async () => {
  expect((await remove('shop', 'Shop')).body.code).toBe('workspace_last')
  const made = await served.call('POST', createWorkspace.path, { name: 'Old brand', timeZone: 'UTC' })
  const { id, slug, teamId } = made.body.live as { id: string; slug: string; teamId: string }
  const twin = (made.body.test as { id: string }).id
  const keys = await served.call('GET', '/api/write-keys', undefined, { 'x-workspace': slug })
  const authorization = basic((keys.body.items as { key: string }[])[0]!.key)
  const send = (userId: string, headers?: Record<string, string>) =>
    served.post('/v1/identify', { userId, traits: { email: `${userId}@shop.example` } }, headers)
  await send('old', { authorization })
  await served.call(
    'POST',
    createLead.path,
    { email: 'typed@shop.example' },
    { 'x-workspace': slug, 'idempotency-key': 'typed' },
  )
  await send('kept')
  await served.settled()
  const held = async () => {
    const { leads, identifiers, inbox, write_keys, log } = await traces([served.workspaceId])
    return { leads, identifiers, inbox, write_keys, log }
  }
  const before = await held()
  expect(await traces([id, twin, teamId])).toMatchObject({ leads: 2, idempotency_keys: 1 })

  const wrong = await remove(slug, 'old brand')
  expect([wrong.status, wrong.body.code]).toEqual([400, 'name_wrong'])
  expect((await remove(slug, 'Old brand')).status).toBe(200)
  const me = await served.call('GET', getMe.path)
  expect((me.body.workspaces as { slug: string }[]).map((one) => one.slug)).toEqual(['shop', 'shop-test'])
  expect((await served.call('GET', '/api/leads', undefined, { 'x-workspace': slug })).status).toBe(404)
  expect((await send('late', { authorization })).status).toBe(401)

  await vi.waitFor(async () => expect(await traces([id, twin, teamId])).toEqual({ audit_log: 2 }), {
    timeout: 60_000,
    interval: 200,
  })
  expect(await held()).toEqual(before)
  expect(served.errors).toEqual([])
})
