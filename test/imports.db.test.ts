// An import in the whole product: two batches of a file are in work at once, and the rows count as if they came one by one.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { getImport, importCsv } from '../src/imports/index.ts'
import type { WorkspaceId } from '../src/lib/ids.ts'
import { rows, sql } from '../src/platform/postgres.ts'
import { serve } from './deployment.ts'
import type { Served } from './deployment.ts'

let served: Served

beforeAll(async () => {
  served = await serve()
})
afterAll(() => served.stop())

test('people who stand in two batches that are in work at once are one lead each, and every row is accounted for', async () => {
  const workspaceId = served.workspaceId as WorkspaceId
  const [team] = await rows<{ id: string }>(
    served.postgres.db,
    sql`select team_id as id from workspaces where id = ${workspaceId}`,
  )
  // Row n and row n + 1,500 are the same person, so that neighbouring batches of 2,000 rows meet at 500 and more of them.
  const lines = Array.from(
    { length: 9_000 },
    (_, n) => `person${Math.floor(n / 3_000) * 1_500 + (n % 1_500)}@example.com,Row ${n}`,
  )
  const file = new TextEncoder().encode(`Email,Note\n${lines.join('\n')}\n`)
  const { import: made } = await importCsv(
    served.services,
    { workspaceId, teamId: team?.id ?? '', actor: 'cli' },
    { fileName: 'people.csv', bytes: pieces(file) },
  )
  await expect
    .poll(async () => (await getImport(served.services, workspaceId, made.id)).status, {
      timeout: 60_000,
      interval: 100,
    })
    .toBe('done')
  const { counts } = await getImport(served.services, workspaceId, made.id)
  expect(counts.created + counts.updated + counts.skipped + counts.rejected).toBe(9_000)
  expect(counts).toMatchObject({ rows: 9_000, created: 4_500, rejected: 0 })
  const [leads] = await rows<{ count: number; emails: number }>(
    served.postgres.db,
    sql`select count(*)::int as count, count(distinct email)::int as emails from leads where workspace_id = ${workspaceId}`,
  )
  expect(leads).toEqual({ count: 4_500, emails: 4_500 })
  expect(served.errors).toEqual([])
})

async function* pieces(bytes: Uint8Array): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield Buffer.from(bytes.subarray(at, at + 65_536))
}
