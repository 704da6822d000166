// Custom fields as they are listed: what uses them, who has them, and what may be called how.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { freshDatabase } from '../../../test/stores.ts'
import { newId } from '../../lib/ids.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import { openClickHouse } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import { openPostgres, rows, run, sql } from '../../platform/postgres.ts'
import type { Db, Postgres } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import { feedLeadFacts } from '../fact-feed.ts'
import { factsOfWorkspace } from '../filter.ts'
import { filterOf, listFacets } from '../list.ts'
import { fieldTypes } from './contract.ts'
import { archiveField, countFields, createField, listFields, renameField } from './index.ts'
import { countInCopy, countInRecords } from './store/values.ts'

const now = new Date('2026-06-30T12:00:00.000Z')
const userId = newId()
const workspaceId = newId<WorkspaceId>()
const strangers = newId<WorkspaceId>()
const mia = `user:${newId()}`
const caller: Caller = { actor: `user:${userId}`, userId, role: 'marketer', workspaceId, teamId: newId() }

let postgres: Postgres
let clickhouse: ClickHouse
const world = {
  get db(): Db {
    return postgres.db
  },
  clock: () => now,
}

beforeAll(async () => {
  const stores = await freshDatabase()
  postgres = openPostgres(stores.databaseUrl, { max: 4 })
  clickhouse = openClickHouse(stores.clickhouseUrl)
  await run(postgres.db, sql`insert into teams (id, name) values (${caller.teamId}, 'Team')`)
  await run(
    postgres.db,
    sql`insert into workspaces (id, team_id, mode, name, slug) values (${workspaceId}, ${caller.teamId}, 'live', 'Shop', 'shop')`,
  )
})
afterAll(() => Promise.all([postgres.close(), clickhouse.close()]))
beforeEach(async () => {
  for (const table of ['leads', 'custom_fields', 'saved_views', 'segments', 'imports', 'bulk_jobs'])
    await run(postgres.db, sql`delete from ${sql.table(table)}`)
})

async function view(name: string, by: string, isShared: boolean, workspace = workspaceId): Promise<void> {
  const filter = {
    not: {
      and: [
        { fact: 'fields.plan', op: 'is', value: 'x' },
        { event: 'page_viewed', op: 'did' },
      ],
    },
  }
  await run(
    postgres.db,
    sql`insert into saved_views (id, workspace_id, name, created_by, is_shared, is_open, question, columns, created_at, updated_at)
        values (${newId()}, ${workspace}, ${name}, ${by}, ${isShared}, false,
          ${JSON.stringify({ filter: JSON.stringify(filter) })}::jsonb, '{email,fields.planet}', ${now}, ${now})`,
  )
}

async function segment(name: string, fact: string, workspace = workspaceId): Promise<void> {
  const condition = { and: [{ not: { fact, op: 'is', value: 'x' } }, { event: 'page_viewed', op: 'did' }] }
  await run(
    postgres.db,
    sql`insert into segments (id, workspace_id, name, description, condition, version, status, created_by, created_at, updated_at)
        values (${newId()}, ${workspace}, ${name}, '', ${JSON.stringify(condition)}::jsonb, 1, 'live', ${mia}, ${now}, ${now})`,
  )
}

async function file(status: string, fileName: string): Promise<void> {
  const mapping = { columns: [{ target: 'email' }, { target: 'custom', key: 'plan' }] }
  await run(
    postgres.db,
    sql`insert into imports (id, workspace_id, kind, file_name, status, encoding, delimiter, header_row, mapping, created_by, created_at)
        values (${newId()}, ${workspaceId}, 'contacts', ${fileName}, ${status}, 'utf-8', ',', 1, ${JSON.stringify(mapping)}::jsonb, ${mia}, ${now})`,
  )
}

test('a field tells which views, segments, files and bulk work name it, whose they are, and keeps private names', async () => {
  await createField(world, caller, { label: 'Plan', type: 'text' })
  await view('Shared', mia, true)
  await view('Secret', mia, false)
  await view('Own', caller.actor, false)
  await view('Elsewhere', mia, true, strangers)
  for (const [status, name] of [
    ['done', 'old.csv'],
    ['mapped', 'waiting.csv'],
  ] as const)
    await file(status, name)
  await run(
    postgres.db,
    sql`insert into bulk_jobs (id, workspace_id, team_id, action, selection, status, total, created_by, created_at)
        values (${newId()}, ${workspaceId}, ${caller.teamId}, '{"kind":"set","field":"fields.plan","value":"x"}', '{}', 'running', 1, ${mia}, ${now})`,
  )
  await segment('Golden', 'fields.plan')
  await segment('Planets', 'fields.planet')
  await segment('Foreign', 'fields.plan', strangers)
  const [plan] = (await listFields(postgres.db, caller)).items
  expect(plan).toMatchObject({
    key: 'plan',
    origin: 'manual',
    importCount: 1,
    imports: [{ fileName: 'old.csv' }],
  })
  expect(plan?.uses.map((use) => [use.kind, 'name' in use ? use.name : undefined, use.owner])).toEqual([
    ['view_filter', 'Own', caller.actor],
    ['view_filter', null, mia],
    ['view_filter', 'Shared', mia],
    ['segment', 'Golden', mia],
    ['import', 'waiting.csv', mia],
    ['bulk_job', undefined, mia],
  ])
})

test('a field is counted in the copy as in the records, whatever its values are, and shown with values as they are written', async () => {
  const odd = "o'hara; --.ü"
  const values = ['Gold', '', 5, 2.5, true, false, '2024-06-01', '2024-06-01T10:00:00.000Z', '2024-6-1', null]
  const fields = fieldTypes.flatMap((type) => [type, `${odd}${type}`].map((key) => ({ key, type })))
  for (const { key, type } of fields)
    await run(
      postgres.db,
      sql`insert into custom_fields (workspace_id, key, label, type) values (${workspaceId}, ${key}, ${key}, ${type})`,
    )
  for (const [nth, value] of values.entries()) {
    const given = Object.fromEntries(fields.map(({ key }) => [key, value]))
    const known = value === null ? {} : given
    await run(
      postgres.db,
      sql`insert into leads (id, workspace_id, status, is_known, source, fields, created_at, updated_at)
          values (${newId()}, ${workspaceId}, ${nth === 0 ? 'binned' : 'active'}, true, 'manual', ${JSON.stringify(known)}::jsonb, ${now}, ${now})`,
    )
  }
  while (await feedLeadFacts({ db: postgres.db, clickhouse }, 'live'));
  const sorted = (counts: Awaited<ReturnType<typeof countInRecords>>) =>
    counts
      .map(({ key, leads, fitting }) => ({ key, leads, fitting }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
  const inCopy = sorted(await countInCopy(clickhouse, workspaceId, fields))
  expect(inCopy).toEqual(sorted(await countInRecords(postgres.db, workspaceId, fields)))
  expect(inCopy.find(({ key }) => key === 'date')).toEqual({ key: 'date', leads: 8, fitting: 2 })
  const { items, isPartial } = await countFields({ db: postgres.db, clickhouse }, workspaceId)
  expect(isPartial).toBe(false)
  expect(items.find(({ key }) => key === 'number')).toMatchObject({ leads: 8, unfit: 6 })
  expect(
    items.every(({ examples }) => examples.length === 3 && examples.every((one) => values.includes(one))),
  ).toBe(true)
})

test('an archived field leaves the choices, and filters that name it go on', async () => {
  await createField(world, caller, { label: 'Shirt size', type: 'text' })
  expect(await archiveField(world, caller, 'shirt_size', true)).toMatchObject({
    archivedAt: now.toISOString(),
  })
  const field = { key: 'shirt_size', label: 'Shirt size', type: 'text' }
  expect(await listFacets(postgres.db, workspaceId)).toMatchObject({
    customFields: [],
    archivedFields: [field],
  })
  const filter = { fact: 'fields.shirt_size', op: 'is_set' } as const
  expect(await filterOf(postgres.db, workspaceId, { filter }, now)).toBeDefined()
  await archiveField(world, caller, 'shirt_size', false)
  expect(await listFacets(postgres.db, workspaceId)).toMatchObject({
    customFields: [field],
    archivedFields: [],
  })
  const actions = await rows(
    postgres.db,
    sql`select action from audit_log where subject = 'field:shirt_size' order by id`,
  )
  expect(actions).toEqual([
    { action: 'field_created' },
    { action: 'field_archived' },
    { action: 'field_restored' },
  ])
})

test('a filter that names a field which was merged is told its new name', async () => {
  await run(
    postgres.db,
    sql`insert into custom_fields (workspace_id, key, label, type, merged_into)
        values (${workspaceId}, 'plan', 'Plan', 'text', null), (${workspaceId}, 'tier', 'Tier', 'text', 'plan')`,
  )
  const asked = filterOf(postgres.db, workspaceId, { filter: { fact: 'fields.tier', op: 'is_set' } }, now)
  await expect(asked).rejects.toMatchObject({
    code: 'fact_renamed',
    message: expect.stringContaining('Plan') as unknown,
  })
  expect((await factsOfWorkspace(postgres.db, workspaceId)).customFields.map(({ key }) => key)).toEqual([
    'plan',
  ])
})

test('no two fields have one name or one key, and a renamed field keeps its key', async () => {
  const make = (label: string, key?: string) => createField(world, caller, { label, type: 'text', key })
  await make('Plan')
  await expect(make('plan')).rejects.toMatchObject({ code: 'field_exists' })
  await expect(make('PLAN', 'other')).rejects.toMatchObject({ code: 'field_label_taken' })
  expect(await make('会社')).toMatchObject({ key: 'field_1' })
  expect(await make('部署')).toMatchObject({ key: 'field_2' })
  expect(await renameField(world, caller, 'plan', 'Tariff')).toMatchObject({ key: 'plan', label: 'Tariff' })
  await expect(renameField(world, caller, 'plan', '会社')).rejects.toMatchObject({
    code: 'field_label_taken',
  })
  expect(await renameField(world, caller, 'plan', 'tariff')).toMatchObject({ label: 'tariff' })
  const theirs = { ...caller, workspaceId: strangers }
  await expect(renameField(world, theirs, 'plan', 'x')).rejects.toMatchObject({
    code: 'field_missing',
    status: 404,
  })
  expect((await listFields(postgres.db, theirs)).items).toEqual([])
})
