// Work on custom fields in the real stores: no value is lost unseen, a killed worker's job goes on, and what comes in meanwhile fits.
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../../test/stores.ts'
import { logColumns } from '../../events/contract.ts'
import { newId } from '../../lib/ids.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import { openClickHouse } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import { createLog } from '../../platform/log.ts'
import { inTransaction, openPostgres, rows, run, sql } from '../../platform/postgres.ts'
import type { Db, Postgres } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import { feedLeadFacts } from '../fact-feed.ts'
import { writePeople } from '../people.ts'
import { readLeadRows } from '../store.ts'
import {
  cancelFieldJob,
  changeFieldType,
  listFieldJobs,
  mergeFields,
  removeField,
  retryFieldJob,
} from './change.ts'
import { archiveField, countFields, createField, listFields } from './index.ts'
import { previewFieldMerge, previewFieldRemoval, previewFieldType } from './preview.ts'
import { readFields } from './store/fields.ts'
import { countInCopy } from './store/values.ts'
import { workFieldSlice } from './work.ts'

const now = new Date('2026-06-30T12:00:00.000Z')
const userId = newId()
const teamId = newId()
const workspaceId = newId<WorkspaceId>()
const strangers = newId<WorkspaceId>()
const caller: Caller = { actor: `user:${userId}`, userId, role: 'admin', workspaceId, teamId }

let postgres: Postgres
let clickhouse: ClickHouse
const world = {
  get db(): Db {
    return postgres.db
  },
  clock: () => now,
  log: createLog('silent'),
}
const merged: unknown[] = []
const reactions = {
  fieldMerged: (_: Db, fact: unknown) => {
    merged.push(fact)
    return Promise.resolve()
  },
}

beforeAll(async () => {
  const stores = await freshDatabase()
  postgres = openPostgres(stores.databaseUrl, { max: 4 })
  clickhouse = openClickHouse(stores.clickhouseUrl)
  await run(postgres.db, sql`insert into teams (id, name) values (${teamId}, 'Team')`)
  for (const [id, mode] of [
    [workspaceId, 'live'],
    [strangers, 'test'],
  ])
    await run(
      postgres.db,
      sql`insert into workspaces (id, team_id, mode, name, slug) values (${id}, ${teamId}, ${mode}, ${mode}, ${mode})`,
    )
})
afterAll(() => Promise.all([postgres.close(), clickhouse.close()]))
beforeEach(async () => {
  for (const table of ['leads', 'batches', 'field_jobs', 'custom_fields', 'saved_views'])
    await run(postgres.db, sql`delete from ${sql.table(table)}`)
})

async function lead(
  fields: Record<string, unknown>,
  more: { provenance?: Record<string, [number, number]>; status?: string; workspace?: string } = {},
): Promise<string> {
  const id = newId()
  await run(
    postgres.db,
    sql`insert into leads (id, workspace_id, status, is_known, first_name, source, fields, provenance, created_at, updated_at)
        values (${id}, ${more.workspace ?? workspaceId}, ${more.status ?? 'active'}, true, 'Ann', 'manual', ${JSON.stringify(fields)}::jsonb,
          ${JSON.stringify(more.provenance ?? { '*': [2, 5] })}::jsonb, '2026-01-01', '2026-01-01')`,
  )
  return id
}

async function declare(key: string, type: string, workspace: string = workspaceId): Promise<void> {
  const label = key.replace(/^./, (first) => first.toUpperCase())
  await run(
    postgres.db,
    sql`insert into custom_fields (workspace_id, key, label, type) values (${workspace}, ${key}, ${label}, ${type})`,
  )
}

// Transactions of other tests are waited for, too.
async function slice(id: string) {
  for (;;) {
    const next = await workFieldSlice(world, id)
    if (next !== 'wait') return next
    await new Promise(setImmediate)
  }
}

async function ended(id: string) {
  while ((await slice(id)) !== 'ended');
  return (await listFieldJobs(postgres.db, workspaceId)).items.find((job) => job.id === id)
}

const fieldsOf = async (id: string) => (await readLeadRows(postgres.db, [id])).get(id)!.fields
const row = async (id: string) => (await readLeadRows(postgres.db, [id])).get(id)!
const audited = () =>
  rows(
    postgres.db,
    sql`select action, before, after from audit_log where workspace_id = ${workspaceId} order by id`,
  )

/** What somebody says about a lead, as a tracking call would. */
const say = (leadId: string, custom: Record<string, string | number | boolean | null>, at = now.getTime()) =>
  inTransaction(postgres.db, (tx) =>
    writePeople(
      tx,
      {
        newLeads: [],
        becameKnown: [],
        merges: [],
        actor: '',
        sayings: [{ leadId, workspaceId, words: { fields: {}, custom, rank: 3, at } }],
      },
      now,
    ),
  )

describe('changing a type', () => {
  test('is foretold to the value, converts what fits, keeps the rest readable, and is told to the copy', async () => {
    await declare('seats', 'text')
    await declare('seats', 'text', strangers)
    const fitting = await lead({ seats: '1.200,5', plan: 'gold' })
    const code = await lead({ seats: '007' })
    const binned = await lead({ seats: '3' }, { status: 'binned' })
    const part = await lead({ seats: '4' }, { status: 'merged' })
    const already = await lead({ seats: 5 })
    const theirs = await lead({ seats: '6' }, { workspace: strangers })
    const foretold = await previewFieldType(world, caller, 'seats', { type: 'number', reading: {} })
    expect(foretold).toMatchObject({
      total: 4,
      same: 1,
      converted: 2,
      unfit: 1,
      reading: { decimal: ',' },
      unfitExamples: [{ value: '007', leads: 1 }],
      brokenViews: [],
    })
    expect(foretold.examples).toContainEqual({ value: '1.200,5', becomes: 1200.5, leads: 1 })
    expect(await fieldsOf(fitting)).toEqual({ seats: '1.200,5', plan: 'gold' })

    const { id } = await changeFieldType(world, caller, 'seats', { type: 'number', reading: {} })
    expect(await ended(id)).toMatchObject({ status: 'done', total: 4, done: 4, changed: 2, unfit: 1 })
    expect(await row(fitting)).toMatchObject({ fields: { seats: 1200.5, plan: 'gold' }, revision: 2 })
    // No word about the lead: that it was changed is not said, so an import can still be taken back.
    expect((await row(fitting)).updated_at).toBe('2026-01-01T00:00:00.000Z')
    for (const [one, value] of [
      [code, '007'],
      [binned, 3],
      [part, 4],
      [already, 5],
      [theirs, '6'],
    ] as const)
      expect(await fieldsOf(one)).toEqual({ seats: value })
    while (await feedLeadFacts({ db: postgres.db, clickhouse }, 'live'));
    const [count] = await countInCopy(clickhouse, workspaceId, [{ key: 'seats', type: 'number' }])
    expect(count).toMatchObject({ leads: 3, fitting: 2 })
    expect((await countFields({ db: postgres.db, clickhouse }, workspaceId)).items).toEqual([
      { key: 'seats', leads: 3, unfit: 1, examples: expect.arrayContaining([1200.5, '007', 5]) as unknown },
    ])
    expect(await audited()).toMatchObject([
      {
        action: 'field_retyped',
        before: { type: 'text' },
        after: { type: 'number', decimal: ',', leads: 4 },
      },
      { action: 'field_retype_ended', after: { status: 'done', changed: 2, unfit: 1 } },
    ])
  })

  test('goes on after a worker that died in its midst, each lead once', async () => {
    await declare('seats', 'text')
    await run(
      postgres.db,
      sql`insert into leads (id, workspace_id, is_known, source, fields, created_at, updated_at)
          select gen_random_uuid(), ${workspaceId}, true, 'manual', jsonb_build_object('seats', n::text), ${now}, ${now}
          from generate_series(1, 11000) n`,
    )
    const { id } = await changeFieldType(world, caller, 'seats', { type: 'number', reading: {} })
    expect(await slice(id)).toBe('more')
    await run(postgres.db, sql`alter table leads rename column revision to away`)
    await expect(slice(id)).rejects.toThrow()
    await run(postgres.db, sql`alter table leads rename column away to revision`)
    expect((await listFieldJobs(postgres.db, workspaceId)).items).toMatchObject([
      { status: 'running', done: 5000 },
    ])
    await Promise.all([ended(id), ended(id)])
    expect((await listFieldJobs(postgres.db, workspaceId)).items).toMatchObject([
      { status: 'done', changed: 11_000 },
    ])
    expect(
      await rows(
        postgres.db,
        sql`select jsonb_typeof(fields->'seats') as kind, revision, count(*)::int from leads group by 1, 2`,
      ),
    ).toEqual([{ kind: 'number', revision: 2, count: 11_000 }])
  })

  test('ends as failed where a slice cannot be worked, and goes on from there when it is asked to', async () => {
    await declare('seats', 'text')
    const id = await lead({ seats: '3' })
    const job = await changeFieldType(world, caller, 'seats', { type: 'number', reading: {} })
    await run(postgres.db, sql`alter table leads rename column revision to away`)
    await expect(slice(job.id)).rejects.toThrow()
    await expect(slice(job.id)).rejects.toThrow()
    expect(await slice(job.id)).toBe('ended')
    await run(postgres.db, sql`alter table leads rename column away to revision`)
    expect((await listFieldJobs(postgres.db, workspaceId)).items).toMatchObject([{ status: 'failed' }])
    await expect(retryFieldJob(world, { ...caller, workspaceId: strangers }, job.id)).rejects.toMatchObject({
      status: 404,
    })
    expect(await retryFieldJob(world, caller, job.id)).toMatchObject({ status: 'running' })
    expect(await ended(job.id)).toMatchObject({ status: 'done', changed: 1 })
    expect(await fieldsOf(id)).toEqual({ seats: 3 })
  })

  test('waits for those who may still write by the old type, and reads what comes in afterwards', async () => {
    await declare('seats', 'text')
    const id = await lead({})
    let letGo: () => void = () => undefined
    const slow = new Promise<void>((resolve) => (letGo = resolve))
    const writing = inTransaction(postgres.db, async (tx) => {
      await run(tx, sql`update leads set fields = '{"seats": "8"}' where id = ${id}`)
      await slow
    })
    const job = await changeFieldType(world, caller, 'seats', { type: 'number', reading: {} })
    expect(await workFieldSlice(world, job.id)).toBe('wait')
    letGo()
    await writing
    await ended(job.id)
    expect(await fieldsOf(id)).toEqual({ seats: 8 })
    await say(id, { seats: '9' })
    expect(await fieldsOf(id)).toEqual({ seats: 9 })
    await say(id, { seats: 'plenty' })
    expect(await fieldsOf(id)).toEqual({ seats: 'plenty' })
  })

  test('is refused while other work is at the field', async () => {
    await declare('seats', 'text')
    await changeFieldType(world, caller, 'seats', { type: 'number', reading: {} })
    await expect(
      changeFieldType(world, caller, 'seats', { type: 'text', reading: {} }),
    ).rejects.toMatchObject({
      code: 'field_busy',
    })
  })
})

describe('merging fields', () => {
  const view = async (id: string) =>
    (await rows(postgres.db, sql`select question, columns from saved_views where id = ${id}`))[0]
  async function saved(
    filter: object,
    columns: string[] | null,
    workspace: string = workspaceId,
  ): Promise<string> {
    const id = newId()
    await run(
      postgres.db,
      sql`insert into saved_views (id, workspace_id, name, created_by, is_shared, is_open, question, columns, created_at, updated_at)
          values (${id}, ${workspace}, 'Golden', ${`user:${newId()}`}, false, false,
            ${JSON.stringify({ audience: 'known', filter: JSON.stringify(filter) })}::jsonb, ${columns}::text[], ${now}, ${now})`,
    )
    return id
  }

  test.each([
    ['into', 'gold'],
    ['from', 'silver'],
    ['newest', 'silver'],
  ] as const)(
    'keeps of two values that of %s, and the other in the story of the lead',
    async (wins, kept) => {
      await declare('tier', 'text')
      await declare('plan', 'text')
      const both = await lead(
        { tier: 'silver', plan: 'gold', seats: 1 },
        { provenance: { 'fields.tier': [2, 30], '*': [3, 20] } },
      )
      const alone = await lead({ tier: 'free' }, { provenance: { 'fields.tier': [4, 7] } })
      const emptied = await lead(
        { plan: 'x' },
        { provenance: { 'fields.tier': [3, 50], 'fields.plan': [3, 1] } },
      )
      const foretold = await previewFieldMerge(world, caller, 'tier', 'plan')
      expect(foretold).toMatchObject({ total: 2, moved: 1, same: 0, conflicts: 1, newer: 1, unfit: 0 })
      expect(foretold.conflictExamples).toEqual([
        { leadId: both, label: 'Ann', from: 'silver', into: 'gold' },
      ])

      const job = await mergeFields(world, caller, 'tier', { into: 'plan', wins, expected: 2 }, reactions)
      expect(await ended(job.id)).toMatchObject({ status: 'done', total: 2, done: 2 })
      expect(await row(both)).toMatchObject({
        fields: { plan: kept, seats: 1 },
        provenance: { first_name: [3, 20], 'fields.plan': kept === 'gold' ? [3, 20] : [2, 30] },
        updated_at: now.toISOString(),
      })
      expect(await row(alone)).toMatchObject({
        fields: { plan: 'free' },
        provenance: { 'fields.plan': [4, 7] },
      })
      expect((await row(emptied)).provenance).toEqual({ 'fields.plan': [3, 1] })
      const batches = await rows<{ rows: Buffer }>(postgres.db, sql`select rows from batches`)
      const told = batches.flatMap(({ rows: bytes }) => gunzipSync(bytes).toString().split('\n'))
      expect(told).toHaveLength(1)
      const cells = JSON.parse(told[0]!) as string[]
      expect(JSON.parse(cells[logColumns.indexOf('properties')]!)).toMatchObject({
        before: { 'fields.tier': 'silver', 'fields.plan': 'gold' },
        after: { 'fields.plan': kept },
      })
    },
  )

  test('rewrites what names the field that goes, here and in its files, and keeps later words under the other', async () => {
    await declare('tier', 'text')
    await declare('plan', 'number')
    await declare('tier', 'text', strangers)
    const filter = (key: string) => ({ and: [{ fact: `fields.${key}`, op: 'is_set' }] })
    const named = await saved(filter('tier'), ['email', 'fields.tier', 'fields.plan'])
    const broken = await saved({ fact: 'fields.tier', op: 'contains', value: 'x' }, null)
    const theirs = await saved(filter('tier'), ['fields.tier'], strangers)
    const segment = newId()
    await run(
      postgres.db,
      sql`insert into segments (id, workspace_id, name, description, condition, version, status, created_by, created_at, updated_at)
          values (${segment}, ${workspaceId}, 'Tiers', '', ${JSON.stringify({ fact: 'fields.tier', op: 'contains', value: 'x' })}::jsonb,
            1, 'live', ${caller.actor}, ${now}, ${now})`,
    )
    const id = await lead({ tier: '5' })
    const foretold = await previewFieldMerge(world, caller, 'tier', 'plan')
    expect(foretold.uses).toMatchObject([
      { kind: 'view_filter', name: null },
      { kind: 'view_column', name: null },
      { kind: 'view_filter' },
      { kind: 'segment', name: 'Tiers' },
    ])
    expect(foretold.brokenViews.map((one) => one.id)).toEqual([broken])
    expect(foretold.brokenSegments).toMatchObject([{ id: segment, name: 'Tiers' }])
    await run(postgres.db, sql`delete from segments where id = ${segment}`)
    merged.length = 0
    const job = await mergeFields(
      world,
      caller,
      'tier',
      { into: 'plan', wins: 'into', expected: 1 },
      reactions,
    )
    await say(id, { tier: '6' })
    await ended(job.id)
    expect(await fieldsOf(id)).toEqual({ plan: 6 })
    expect(await view(named)).toMatchObject({
      question: { audience: 'known', filter: JSON.stringify(filter('plan')) },
      columns: ['email', 'fields.plan'],
    })
    expect(await view(theirs)).toMatchObject({ columns: ['fields.tier'] })
    expect(merged).toEqual([
      { workspaceId, from: 'tier', into: expect.objectContaining({ key: 'plan' }) as unknown },
    ])
    await say(id, { tier: '7' }, now.getTime() + 1)
    expect(await fieldsOf(id)).toEqual({ plan: 7 })
    await expect(
      previewFieldType(world, caller, 'tier', { type: 'text', reading: {} }),
    ).rejects.toMatchObject({
      code: 'field_merged',
    })
    await declare('level', 'text')
    const second = await mergeFields(
      world,
      caller,
      'plan',
      { into: 'level', wins: 'into', expected: 1 },
      reactions,
    )
    await ended(second.id)
    await say(id, { tier: 'nine' }, now.getTime() + 2)
    expect(await fieldsOf(id)).toEqual({ level: 'nine' })
    expect((await readFields(postgres.db, workspaceId)).map((f) => [f.key, f.mergedInto])).toEqual([
      ['level', null],
      ['plan', 'level'],
      ['tier', 'level'],
    ])
  })

  test('can be stopped: what was reached stays merged, the rest is a field again, and it can go on', async () => {
    await declare('tier', 'text')
    await declare('plan', 'text')
    const many = 5_001
    await run(
      postgres.db,
      sql`insert into leads (id, workspace_id, is_known, first_name, source, fields, created_at, updated_at)
          select gen_random_uuid(), ${workspaceId}, true, 'Ann', 'manual', '{"tier": "gold"}', '2026-01-01', '2026-01-01'
          from generate_series(1, ${many})`,
    )
    const holders = async (key: string) =>
      (await rows(postgres.db, sql`select 1 from leads where fields ? ${key}::text`)).length
    const job = await mergeFields(
      world,
      caller,
      'tier',
      { into: 'plan', wins: 'into', expected: many },
      reactions,
    )
    expect(await slice(job.id)).toBe('more')
    expect(await cancelFieldJob(world, caller, job.id)).toMatchObject({ status: 'cancelled', done: 5_000 })
    expect(await slice(job.id)).toBe('ended')
    expect([await holders('tier'), await holders('plan')]).toEqual([1, 5_000])
    const { items } = await listFields(postgres.db, caller)
    expect(items.map(({ key }) => key)).toEqual(['plan', 'tier'])
    await expect(cancelFieldJob(world, { ...caller, workspaceId: strangers }, job.id)).rejects.toMatchObject({
      code: 'field_job_missing',
    })
    expect(await retryFieldJob(world, caller, job.id)).toMatchObject({ status: 'running', total: 1, done: 0 })
    expect(await ended(job.id)).toMatchObject({ status: 'done', done: 1 })
    expect([await holders('tier'), await holders('plan')]).toEqual([0, many])
    // What ended can be stopped no more.
    expect(await cancelFieldJob(world, caller, job.id)).toMatchObject({ status: 'done' })
  })

  test('asks again where clearly more leads have a value, and takes neither itself nor an archived field', async () => {
    for (const key of ['tier', 'plan']) await declare(key, 'text')
    for (let n = 0; n < 12; n++) await lead({ tier: 'x' })
    const merge = (into: string, expected: number) =>
      mergeFields(world, caller, 'tier', { into, wins: 'into', expected }, reactions)
    await expect(merge('plan', 1)).rejects.toMatchObject({ code: 'field_grown', details: { total: 12 } })
    await expect(merge('tier', 12)).rejects.toMatchObject({ code: 'field_same' })
    await expect(merge('nothing', 12)).rejects.toMatchObject({ code: 'field_missing', status: 404 })
    await archiveField(world, caller, 'plan', true)
    await expect(merge('plan', 12)).rejects.toMatchObject({ code: 'field_archived' })
    expect((await listFieldJobs(postgres.db, workspaceId)).items).toEqual([])
  })
})

test('only an archived field is removed, with all its values, and what comes in meanwhile is dropped', async () => {
  await declare('tier', 'text')
  const one = await lead({ tier: 'a', plan: 'b' }, { provenance: { '*': [2, 5], 'fields.tier': [3, 9] } })
  await lead({ tier: 'a' }, { status: 'merged' })
  const theirs = await lead({ tier: 'a' }, { workspace: strangers })
  await expect(removeField(world, caller, 'tier', 1)).rejects.toMatchObject({ code: 'field_offered' })
  await archiveField(world, caller, 'tier', true)
  expect(await previewFieldRemoval(world, caller, 'tier')).toEqual({ leads: 1, uses: [] })
  const { id } = await removeField(world, caller, 'tier', 1)
  await say(one, { tier: 'late' })
  expect(await ended(id)).toMatchObject({ status: 'done', done: 1, changed: 1 })
  expect(await row(one)).toMatchObject({
    fields: { plan: 'b' },
    provenance: { first_name: [2, 5], 'fields.plan': [2, 5] },
  })
  expect(
    await rows(postgres.db, sql`select 1 from leads where workspace_id = ${workspaceId} and fields ? 'tier'`),
  ).toEqual([])
  expect(await fieldsOf(theirs)).toEqual({ tier: 'a' })
  expect(await readFields(postgres.db, workspaceId)).toEqual([])
  await say(one, { tier: 'again' })
  expect(await readFields(postgres.db, workspaceId)).toMatchObject([{ key: 'tier', origin: 'tracking' }])
  expect(await createField(world, caller, { label: 'Level', type: 'number' })).toMatchObject({
    origin: 'manual',
  })
})
