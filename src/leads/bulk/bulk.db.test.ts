// Bulk work on the real database: each selected lead once, whatever happens to the worker, and nobody else.
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../../test/stores.ts'
import { logColumns } from '../../events/contract.ts'
import { newId } from '../../lib/ids.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import { openClickHouse } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import { createLog } from '../../platform/log.ts'
import { openPostgres, rows, run, sql } from '../../platform/postgres.ts'
import type { Db, Postgres } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import { readLeadRows } from '../store.ts'
import { selectionSchema } from './contract.ts'
import type { BulkAction } from './contract.ts'
import { beginBulkWork, cancelBulkJob, countSelection, getBulkJob, listBulkJobs } from './index.ts'
import { workBulkJob, workChunk } from './work.ts'

const now = new Date('2026-06-30T12:00:00.000Z')
const userId = newId()
const teamId = newId()
const workspaceId = newId<WorkspaceId>()
const strangers = newId<WorkspaceId>()
const caller: Caller = { actor: `user:${userId}`, userId, role: 'marketer', workspaceId, teamId }

let postgres: Postgres
let clickhouse: ClickHouse
const world = {
  get db(): Db {
    return postgres.db
  },
  get clickhouse(): ClickHouse {
    return clickhouse
  },
  clock: () => now,
  log: createLog('silent'),
}

beforeAll(async () => {
  const stores = await freshDatabase()
  postgres = openPostgres(stores.databaseUrl, { max: 4 })
  clickhouse = openClickHouse(stores.clickhouseUrl)
  await run(postgres.db, sql`insert into teams (id, name) values (${teamId}, 'Team')`)
  await run(
    postgres.db,
    sql`insert into workspaces (id, team_id, mode, name, slug) values (${workspaceId}, ${teamId}, 'live', 'Shop', 'shop')`,
  )
})
afterAll(() => Promise.all([postgres.close(), clickhouse.close()]))
beforeEach(async () => {
  for (const table of ['leads', 'consents', 'consent_history', 'batches', 'bulk_jobs'])
    await run(postgres.db, sql`delete from ${sql.table(table)}`)
})

const everybody = selectionSchema.parse({ audience: 'all' })

async function leads(count: number, workspace: string = workspaceId): Promise<string[]> {
  const made = await rows<{ id: string }>(
    postgres.db,
    sql`insert into leads (id, workspace_id, is_known, first_name, company, source, tags, provenance, created_at, updated_at)
        select gen_random_uuid(), ${workspace}, true, 'Ann', 'Acme', 'manual', '{old}', '{"*": [2, 5]}', ${now}, ${now}
        from generate_series(1, ${count}::int) returning id`,
  )
  return made.map(({ id }) => id)
}

const begin = (action: BulkAction, selection = everybody, expected?: number) =>
  beginBulkWork(world, caller, { action, selection, expected })

async function done(action: BulkAction, selection = everybody) {
  const { id } = await begin(action, selection)
  while (await workBulkJob(world, id, 60_000));
  return getBulkJob(postgres.db, workspaceId, id)
}

/** How often each lead stands in the log. */
async function logged(name: string): Promise<Map<string, number>> {
  const batches = await rows<{ rows: Buffer }>(postgres.db, sql`select rows from batches`)
  const counts = new Map<string, number>()
  for (const line of batches.flatMap((batch) => gunzipSync(batch.rows).toString().split('\n'))) {
    const row = JSON.parse(line) as string[]
    if (row[logColumns.indexOf('name')] !== name) continue
    const leadId = row[logColumns.indexOf('lead_id')]!
    counts.set(leadId, (counts.get(leadId) ?? 0) + 1)
  }
  return counts
}

describe('bulk work', () => {
  test('changes each selected lead once, in chunks, and tells the log of each', async () => {
    const mine = await leads(11_000)
    await leads(3, strangers)
    const job = await done({ kind: 'tag', tags: ['new', 'old'] })
    expect(job).toMatchObject({ status: 'done', total: 11_000, done: 11_000, changed: 11_000 })
    const tagged = await rows(
      postgres.db,
      sql`select workspace_id, tags, revision, count(*)::int from leads group by 1, 2, 3 order by 4`,
    )
    expect(tagged).toEqual([
      { workspace_id: strangers, tags: ['old'], revision: 1, count: 3 },
      { workspace_id: workspaceId, tags: ['old', 'new'], revision: 2, count: 11_000 },
    ])
    const counts = await logged('lead_updated')
    expect(counts.size).toBe(mine.length)
    expect(new Set(counts.values())).toEqual(new Set([1]))
    expect(await rows(postgres.db, sql`select 1 from bulk_chunks`)).toEqual([])
    expect(
      await rows(
        postgres.db,
        sql`select action, actor from audit_log where subject = ${`bulk_job:${job.id}`} order by id`,
      ),
    ).toEqual([
      { action: 'leads_bulk_begun', actor: caller.actor },
      { action: 'leads_bulk_ended', actor: caller.actor },
    ])
  })

  test('goes on after a worker that died between two chunks or in the midst of one, without a double', async () => {
    await leads(11_000)
    const { id } = await begin({ kind: 'tag', tags: ['new'] })
    await workChunk(world, id)
    const dying = {
      ...world,
      db: postgres.db,
      clock: () => {
        throw new Error('the worker dies')
      },
    }
    await expect(workChunk(dying, id)).rejects.toThrow('dies')
    expect(await getBulkJob(postgres.db, workspaceId, id)).toMatchObject({ status: 'running', done: 5_000 })
    await workBulkJob(world, id, 60_000)
    expect(await getBulkJob(postgres.db, workspaceId, id)).toMatchObject({ status: 'done', changed: 11_000 })
    expect(new Set((await logged('lead_updated')).values())).toEqual(new Set([1]))
  })

  test('works two workers on one job as one', async () => {
    await leads(11_000)
    const { id } = await begin({ kind: 'tag', tags: ['new'] })
    await Promise.all([workBulkJob(world, id, 60_000), workBulkJob(world, id, 60_000)])
    expect(await getBulkJob(postgres.db, workspaceId, id)).toMatchObject({ done: 11_000, changed: 11_000 })
  })

  test('is about the leads of the moment it was confirmed; who left since is passed over, who came is left alone', async () => {
    const [first] = await leads(2)
    const { id } = await begin({ kind: 'untag', tags: ['old'] })
    await run(postgres.db, sql`update leads set status = 'binned', binned_at = ${now} where id = ${first}`)
    await leads(1)
    await workBulkJob(world, id, 60_000)
    expect(await getBulkJob(postgres.db, workspaceId, id)).toMatchObject({
      total: 2,
      done: 2,
      changed: 1,
      gone: 1,
    })
    expect(await rows(postgres.db, sql`select 1 from leads where tags = '{}'`)).toHaveLength(1)
  })

  test('stops when it is cancelled; what was changed stays changed', async () => {
    await leads(11_000)
    const { id } = await begin({ kind: 'tag', tags: ['new'] })
    await workChunk(world, id)
    expect(await cancelBulkJob(world, caller, id)).toMatchObject({ status: 'cancelled', done: 5_000 })
    expect(await workChunk(world, id)).toBe(false)
    expect(await cancelBulkJob(world, caller, id)).toMatchObject({ status: 'cancelled', done: 5_000 })
    expect((await listBulkJobs(postgres.db, workspaceId)).items).toHaveLength(1)
  })

  test('is ended and named as failed where a chunk cannot be worked', async () => {
    const [id] = await leads(1)
    const job = await begin(
      { kind: 'consent', purpose: 'analytics', state: 'denied', proof: 'letter' },
      { ids: [id!] },
    )
    await run(postgres.db, sql`alter table consents rename to consents_away`)
    await expect(workChunk(world, job.id)).rejects.toThrow()
    await expect(workChunk(world, job.id)).rejects.toThrow()
    expect(await workChunk(world, job.id)).toBe(false)
    await run(postgres.db, sql`alter table consents_away rename to consents`)
    expect(await getBulkJob(postgres.db, workspaceId, job.id)).toMatchObject({ status: 'failed', changed: 0 })
  })

  test('asks again where the selection has clearly grown, and begins nothing for nobody', async () => {
    await leads(200)
    await expect(begin({ kind: 'bin' }, everybody, 100)).rejects.toMatchObject({
      code: 'selection_grown',
      details: { total: 200 },
    })
    await expect(begin({ kind: 'restore' })).rejects.toMatchObject({ code: 'selection_empty' })
    expect((await listBulkJobs(postgres.db, workspaceId)).items).toEqual([])
    expect(await begin({ kind: 'bin' }, everybody, 195)).toMatchObject({ total: 200 })
  })

  test('counts a selection by its filter, and names leads of other workspaces in vain', async () => {
    await leads(3)
    const foreign = await leads(2, strangers)
    const count = (selection: unknown, status: 'active' | 'binned' = 'active') =>
      countSelection(world, workspaceId, { selection: selectionSchema.parse(selection), status })
    expect(await count({ filter: '{"fact":"company","op":"is","value":"acme"}' })).toEqual({ total: 3 })
    expect(await count({ search: 'nobody' })).toEqual({ total: 0 })
    expect(await count({ ids: foreign })).toEqual({ total: 0 })
    expect(await count({ audience: 'all' }, 'binned')).toEqual({ total: 0 })
  })

  test('sets a field with the word behind it, so that a later import does not write over it', async () => {
    const [id] = await leads(2)
    await run(postgres.db, sql`update leads set provenance = '{"company": [4, 1]}' where id <> ${id}`)
    expect(await done({ kind: 'set', field: 'company', value: 'Initech' })).toMatchObject({ changed: 1 })
    const row = (await readLeadRows(postgres.db, [id!])).get(id!)!
    expect(row).toMatchObject({ company: 'Initech', first_name: 'Ann' })
    expect(row.provenance).toEqual({ company: [3, now.getTime()], first_name: [2, 5] })
    expect(await done({ kind: 'set', field: 'company', value: 'Initech' })).toMatchObject({ changed: 0 })
    expect(await done({ kind: 'set', field: 'company', value: '' })).toMatchObject({ changed: 1 })
  })

  test('sets a custom field and makes it known', async () => {
    const [id] = await leads(1)
    expect(await done({ kind: 'set', field: 'fields.Plan Name', value: 'gold' })).toMatchObject({
      changed: 1,
    })
    const fields = await rows<{ key: string }>(postgres.db, sql`select key, type from custom_fields`)
    expect(fields).toEqual([{ key: 'plan_name', type: 'text' }])
    expect((await readLeadRows(postgres.db, [id!])).get(id!)?.fields).toEqual({ plan_name: 'gold' })
    await done({ kind: 'set', field: 'fields.plan_name', value: null })
    expect((await readLeadRows(postgres.db, [id!])).get(id!)?.fields).toEqual({})
  })

  test.each([
    [{ kind: 'set', field: 'timeZone', value: 'Mars' }, 'time_zone_unknown'],
    [{ kind: 'set', field: 'country', value: 'Germany' }, 'value_unfit'],
    [{ kind: 'set', field: 'company', value: 5 }, 'value_unfit'],
    [{ kind: 'assign', ownerId: newId() }, 'owner_unknown'],
  ] as [BulkAction, string][])('refuses %j', async (action, code) => {
    await leads(1)
    await expect(begin(action)).rejects.toMatchObject({ code, status: 400 })
  })

  test('records consents by the rules: an undated yes lifts no refusal', async () => {
    const [refuser, silent] = await leads(2)
    await run(
      postgres.db,
      sql`insert into consents (workspace_id, lead_id, purpose, state, source, recorded_at)
          values (${workspaceId}, ${refuser}, 'email_marketing', 'denied', 'form', ${now})`,
    )
    const job = await done({
      kind: 'consent',
      purpose: 'email_marketing',
      state: 'granted',
      proof: 'signed up at the fair',
    })
    expect(job).toMatchObject({ done: 2, changed: 1 })
    const standing = await rows(postgres.db, sql`select lead_id, state from consents order by state`)
    expect(standing).toEqual([
      { lead_id: refuser, state: 'denied' },
      { lead_id: silent, state: 'granted' },
    ])
    expect((await logged('consent_changed')).get(silent!)).toBe(1)
  })

  test('moves to the bin and back', async () => {
    await leads(3)
    await done({ kind: 'bin' })
    expect(
      await rows(postgres.db, sql`select 1 from leads where status = 'binned' and binned_at is not null`),
    ).toHaveLength(3)
    expect(await done({ kind: 'restore' })).toMatchObject({ changed: 3 })
    expect(
      await rows(postgres.db, sql`select 1 from leads where status = 'active' and binned_at is null`),
    ).toHaveLength(3)
  })
})
