// The product killed in the midst of work on a custom field: it goes on where it stood, each lead once, and the copy of the leads follows.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FieldJob } from '../src/leads/fields/contract.ts'
import { openPostgres, rows, run, sql } from '../src/platform/postgres.ts'
import type { Postgres } from '../src/platform/postgres.ts'
import { ask, signUp } from './deployment.ts'
import { startProduct } from './product.ts'
import type { Product } from './product.ts'

const LEADS = 60_000

let product: Product
let owner: { cookie: string; workspaceId: string }
beforeAll(async () => {
  product = await startProduct()
  owner = await signUp(product.url)
})
afterAll(async () => {
  expect(await product.stop()).toEqual([])
})

const call = (method: 'GET' | 'POST', path: string, body?: unknown) =>
  ask(product.url + path, method, body, { cookie: owner.cookie, 'sec-fetch-site': 'same-origin' })

async function withPostgres<T>(work: (db: Postgres['db']) => Promise<T>): Promise<T> {
  const postgres = openPostgres((await product.facts()).databaseUrl!)
  try {
    return await work(postgres.db)
  } finally {
    await postgres.close()
  }
}

test(
  'a change of type that is killed with the server is done by the next one, no value twice and none left',
  { timeout: 400_000 },
  async () => {
    await withPostgres(async (db) => {
      await run(
        db,
        sql`insert into leads (id, workspace_id, is_known, source, fields, created_at, updated_at)
            select gen_random_uuid(), ${owner.workspaceId}, true, 'manual', jsonb_build_object('seats', n::text), now(), now()
            from generate_series(1, ${LEADS}) n`,
      )
      await run(
        db,
        sql`insert into custom_fields (workspace_id, key, label, type) values (${owner.workspaceId}, 'seats', 'Seats', 'text')`,
      )
    })
    const begun = await call('POST', '/api/fields/seats/type', { type: 'number' })
    expect(begun.status, begun.text).toBe(202)
    const job = async () => {
      const reply = await call('GET', '/api/fields/jobs').catch(() => undefined)
      return (reply?.body.items as FieldJob[] | undefined)?.[0]
    }
    await expect.poll(async () => (await job())?.done, { timeout: 30_000, interval: 50 }).toBeGreaterThan(0)
    await product.kill('server')
    expect(await job()).toMatchObject({ status: 'running' })
    await expect.poll(async () => (await job())?.status, { timeout: 180_000 }).toBe('done')
    expect(await job()).toMatchObject({ total: LEADS, done: LEADS, changed: LEADS, unfit: 0 })
    const kinds = await withPostgres((db) =>
      rows(
        db,
        sql`select jsonb_typeof(fields->'seats') as kind, revision, count(*)::int from leads group by 1, 2`,
      ),
    )
    expect(kinds).toEqual([{ kind: 'number', revision: 2, count: LEADS }])
    const counted = async () => (await call('GET', '/api/fields/values')).body.items
    await expect
      .poll(counted, { timeout: 150_000, interval: 500 })
      .toMatchObject([{ key: 'seats', leads: LEADS, unfit: 0 }])
  },
)
