// Declared custom fields: each once, the first type stays, and no sender can fill the list without end.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '../../test/stores.ts'
import { newId } from '../lib/ids.ts'
import { openPostgres, rows, sql } from '../platform/postgres.ts'
import type { Postgres } from '../platform/postgres.ts'
import { declareFields } from './index.ts'

let postgres: Postgres
beforeAll(async () => {
  postgres = openPostgres((await freshDatabase()).databaseUrl, { max: 2 })
})
afterAll(() => postgres.close())

const field = (workspaceId: string, key: string, type = 'text') => ({ workspaceId, key, label: key, type })
const declared = (workspaceId: string) =>
  rows<{ key: string; type: string }>(
    postgres.db,
    sql`select key, type from custom_fields where workspace_id = ${workspaceId} order by key`,
  )

test('a field keeps the type of its first value', async () => {
  const workspaceId = newId()
  await declareFields(postgres.db, [field(workspaceId, 'plan')])
  await declareFields(postgres.db, [
    field(workspaceId, 'plan', 'number'),
    field(workspaceId, 'seats', 'number'),
  ])
  expect(await declared(workspaceId)).toEqual([
    { key: 'plan', type: 'text' },
    { key: 'seats', type: 'number' },
  ])
})

test('a workspace has at most 1,000 of them, whoever names more, and another has its own', async () => {
  const [full, other] = [newId(), newId()]
  for (let n = 0; n < 3; n++) {
    const many = Array.from({ length: 600 }, (_, i) => field(full, `field_${n}_${i}`))
    await declareFields(postgres.db, [...many, field(other, `field_${n}`)])
  }
  expect(await declared(full)).toHaveLength(1_000)
  expect(await declared(other)).toHaveLength(3)
})
