// Selections on real stores: any filter comes to the same leads wherever it is asked, knows what was written before, and stays as decided.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../test/stores.ts'
import { logEvents, sendOpenBatches, systemEvent } from '../events/index.ts'
import { newId } from '../lib/ids.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import { openClickHouse } from '../platform/clickhouse.ts'
import type { ClickHouse } from '../platform/clickhouse.ts'
import { createLog } from '../platform/log.ts'
import { openPostgres, rows, run, sql } from '../platform/postgres.ts'
import type { Postgres } from '../platform/postgres.ts'
import type { Caller } from '../platform/server.ts'
import { selectionSchema } from './bulk/contract.ts'
import type { BulkAction } from './bulk/contract.ts'
import { beginBulkWork, getBulkJob } from './bulk/index.ts'
import { workBulkJob, workChunk } from './bulk/work.ts'
import { exportLeads } from './export/index.ts'
import { feedLeadFacts, owedState } from './fact-feed.ts'
import { countLeads, fixLeads } from './selection.ts'

const now = new Date('2026-06-30T12:00:00.000Z')
const teamId = newId()
const userId = newId()
const small = newId<WorkspaceId>()
const large = newId<WorkspaceId>()
const strangers = newId<WorkspaceId>()
const MANY = 20_100

let postgres: Postgres
let clickhouse: ClickHouse
const world = {
  get db() {
    return postgres.db
  },
  get clickhouse() {
    return clickhouse
  },
  clock: () => now,
  log: createLog('silent'),
}
const callerIn = (workspaceId: WorkspaceId): Caller => ({
  actor: `user:${userId}`,
  userId,
  role: 'marketer',
  workspaceId,
  teamId,
})

beforeAll(async () => {
  const stores = await freshDatabase()
  postgres = openPostgres(stores.databaseUrl, { max: 4 })
  clickhouse = openClickHouse(stores.clickhouseUrl)
  const { db } = postgres
  for (const [id, slug, team] of [
    [small, 'small', teamId],
    [large, 'large', newId()],
    [strangers, 'strangers', newId()],
  ]) {
    await run(db, sql`insert into teams (id, name) values (${team}, 'Team')`)
    await run(
      db,
      sql`insert into workspaces (id, team_id, mode, name, slug) values (${id}, ${team}, 'live', 'Shop', ${slug})`,
    )
  }
  await makeLeads(small, 40)
  await makeLeads(strangers, 40)
  await makeLeads(large, MANY)
  for (const workspaceId of [small, strangers]) {
    const buyers = await leadsOf(workspaceId, sql`city = 'No 1'`)
    await logEvents(
      db,
      buyers.map((leadId) => ({
        workspaceId,
        leadId,
        event: systemEvent({
          eventId: newId(),
          at: now,
          name: 'order_completed',
          category: 'commerce',
          call: 'track',
          source: 'api',
        }),
      })),
    )
    await sendOpenBatches(db, clickhouse)
  }
  while ((await owedState(db)).leads > 0) {
    await feedLeadFacts({ db, clickhouse }, 'live')
    await feedLeadFacts({ db, clickhouse }, 'bulk')
  }
})
afterAll(() => Promise.all([postgres.close(), clickhouse.close()]))

async function makeLeads(workspaceId: string, count: number): Promise<void> {
  await run(
    postgres.db,
    sql`insert into leads (id, workspace_id, is_known, email, company, city, source, tags, created_at, updated_at)
        select gen_random_uuid(), ${workspaceId}, true, 'p' || n || '@example.com', 'Firm ' || n % 10, 'No ' || n % 4, 'manual', '{}', ${now}, ${now}
        from generate_series(1, ${count}::int) n`,
  )
}

async function leadsOf(workspaceId: string, that = sql`true`): Promise<string[]> {
  const found = await rows<{ id: string }>(
    postgres.db,
    sql`select id from leads where workspace_id = ${workspaceId} and ${that} order by id`,
  )
  return found.map(({ id }) => id)
}

const bought = { event: 'order_completed', op: 'did' }
const filter = (condition: unknown, more: Record<string, unknown> = {}) =>
  selectionSchema.parse({ filter: JSON.stringify(condition), ...more })
const selected = (workspaceId: WorkspaceId, selection: ReturnType<typeof filter>) => ({
  workspaceId,
  selection,
  status: 'active' as const,
})

async function idsOf(workspaceId: WorkspaceId, selection: ReturnType<typeof filter>): Promise<string[]> {
  const fixed = await fixLeads(world, selected(workspaceId, selection))
  const ids = [...fixed.pages(7)].flat()
  expect(ids).toHaveLength(fixed.count)
  expect(await countLeads(world, selected(workspaceId, selection))).toBe(fixed.count)
  return ids
}

const begin = (workspaceId: WorkspaceId, action: BulkAction, selection: ReturnType<typeof filter>) =>
  beginBulkWork(world, callerIn(workspaceId), { action, selection })

describe('a selection', () => {
  test('over events is the leads of its own workspace whose events fit', async () => {
    const buyers = await leadsOf(small, sql`city = 'No 1'`)
    const others = await leadsOf(small, sql`city <> 'No 1'`)
    expect(buyers).toHaveLength(10)
    expect(await idsOf(small, filter(bought))).toEqual(buyers)
    expect(await idsOf(small, filter({ not: bought }))).toEqual(others)
    expect(
      await idsOf(small, filter({ and: [bought, { fact: 'company', op: 'is', value: 'Firm 1' }] })),
    ).toEqual(await leadsOf(small, sql`city = 'No 1' and company = 'Firm 1'`))
  })

  test('of many leads is the same in the copy as in the records, in the same order', async () => {
    expect(await idsOf(large, filter({ fact: 'company', op: 'is', value: 'firm 3' }))).toEqual(
      await leadsOf(large, sql`company = 'Firm 3'`),
    )
    expect(await idsOf(large, selectionSchema.parse({ search: 'firm 4' }))).toEqual(
      await leadsOf(large, sql`company = 'Firm 4'`),
    )
    expect(await idsOf(large, selectionSchema.parse({ audience: 'all' }))).toEqual(await leadsOf(large))
    expect(await idsOf(large, filter({ fact: 'company', op: 'is', value: 'nobody' }))).toEqual([])
  })

  test('goes by what was written a moment ago', async () => {
    const [first, second] = await leadsOf(large, sql`company = 'Firm 5'`)
    await run(postgres.db, sql`update leads set company = 'Moved on' where id = ${first}`)
    await run(
      postgres.db,
      sql`insert into consents (workspace_id, lead_id, purpose, state, source, recorded_at)
          values (${large}, ${second}, 'email_marketing', 'granted', 'form', ${now})`,
    )
    expect(await idsOf(large, filter({ fact: 'company', op: 'is', value: 'moved on' }))).toEqual([first])
    const mayBeWritten = filter({ fact: 'consent.email_marketing', op: 'allowed' })
    expect(await idsOf(large, mayBeWritten)).toEqual([second])
    await run(postgres.db, sql`update consents set state = 'denied' where lead_id = ${second}`)
    expect(await idsOf(large, mayBeWritten)).toEqual([])
  })

  test('that only the copy could tell is refused while very many changes are on their way to it', async () => {
    await run(postgres.db, sql`update leads set city = 'Ulm' where workspace_id = ${large}`)
    await expect(idsOf(large, filter(bought))).rejects.toMatchObject({ code: 'leads_behind', status: 503 })
    expect(await idsOf(large, filter({ fact: 'city', op: 'is', value: 'ulm' }))).toHaveLength(MANY)
    expect(await idsOf(small, filter(bought))).toHaveLength(10)
  })

  test('is answered by the records as far as they can while ClickHouse is away', async () => {
    const away = {
      ...world,
      db: postgres.db,
      clickhouse: openClickHouse('http://throughline:x@127.0.0.1:1/no'),
    }
    const count = (workspaceId: WorkspaceId, condition: unknown) =>
      countLeads(away, selected(workspaceId, filter(condition)))
    expect(await count(large, { fact: 'city', op: 'is', value: 'ulm' })).toBe(MANY)
    expect(await count(small, { fact: 'company', op: 'is', value: 'firm 1' })).toBe(4)
    await expect(count(small, bought)).rejects.toMatchObject({ code: 'leads_unreachable', status: 503 })
    await away.clickhouse.close()
  })

  test('that asks for what is not there is refused', async () => {
    await expect(idsOf(small, filter({ fact: 'nothing', op: 'is_set' }))).rejects.toMatchObject({
      status: 400,
    })
  })
})

describe('bulk work over a filter', () => {
  test('works each lead once though its own change, and a worker that dies, would change what the filter finds', async () => {
    const untagged = filter({ and: [bought, { not: { fact: 'tags', op: 'has_any', value: ['asked'] } }] })
    const job = await begin(small, { kind: 'tag', tags: ['asked'] }, untagged)
    expect(job.total).toBe(10)
    const dying = {
      ...world,
      db: postgres.db,
      clock: () => {
        throw new Error('the worker dies')
      },
    }
    await expect(workChunk(dying, job.id)).rejects.toThrow('dies')
    while (await workBulkJob(world, job.id, 60_000));
    expect(await getBulkJob(postgres.db, small, job.id)).toMatchObject({
      status: 'done',
      done: 10,
      changed: 10,
    })
    expect(await leadsOf(small, sql`tags = '{asked}' and revision = 2`)).toHaveLength(10)
    await expect(begin(small, { kind: 'tag', tags: ['asked'] }, untagged)).rejects.toMatchObject({
      code: 'selection_empty',
    })
  })

  test('passes over who left meanwhile, and counts them', async () => {
    const [binned, merged] = await leadsOf(small, sql`city = 'No 1'`)
    const job = await begin(small, { kind: 'tag', tags: ['late'] }, filter(bought))
    await run(postgres.db, sql`update leads set status = 'binned', binned_at = ${now} where id = ${binned}`)
    await run(postgres.db, sql`update leads set status = 'merged' where id = ${merged}`)
    while (await workBulkJob(world, job.id, 60_000));
    expect(await getBulkJob(postgres.db, small, job.id)).toMatchObject({
      status: 'done',
      total: 10,
      done: 10,
      changed: 8,
      gone: 2,
    })
  })
})

test('an export over events has the leads of the moment it was begun, but not those that left before their page', async () => {
  const text = await exportLeads(world, callerIn(small), {
    selection: filter(bought),
    status: 'active',
    columns: ['id'],
    bom: false,
  })
  const [first, ...rest] = await leadsOf(small, sql`city = 'No 1' and status = 'active'`)
  await run(postgres.db, sql`update leads set status = 'binned', binned_at = ${now} where id = ${first}`)
  let file = ''
  for await (const piece of text) file += piece
  expect(file.trim().split('\r\n')).toEqual(['Id', ...rest])
  const [audited] = await rows<{ after: unknown }>(
    postgres.db,
    sql`select after from audit_log where action = 'leads_exported'`,
  )
  expect(audited?.after).toEqual({ columns: ['id'], leads: rest.length + 1 })
})
