// Looking for duplicates among the leads of a workspace: what is proposed, what stays decided, and what is merged by itself.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { freshDatabase } from '../../../test/stores.ts'
import { newId } from '../../lib/ids.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import { openPostgres, rows, run, sql } from '../../platform/postgres.ts'
import type { Postgres } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import { createLead, updateLead } from '../edit.ts'
import { dismissProposal, mergeLeads, unmergeLeads } from '../merge.ts'
import { listProposals } from '../read.ts'
import { duplicateLook, lookForDuplicates, setMerging } from './index.ts'
import { lookOn } from './look.ts'

const userId = newId()
const teamId = newId()
const workspaceId = newId<WorkspaceId>()
const otherWorkspaceId = newId<WorkspaceId>()
const member: Caller = { actor: `user:${userId}`, userId, role: 'owner', workspaceId, teamId }
const stranger: Caller = { ...member, workspaceId: otherWorkspaceId }
const reactions = {
  merged: async () => undefined,
  unmerged: async () => undefined,
  erased: async () => undefined,
}

let postgres: Postgres
const world = {
  get db() {
    return postgres.db
  },
  clock: () => new Date(),
}

beforeAll(async () => {
  postgres = openPostgres((await freshDatabase()).databaseUrl, { max: 4 })
  await run(postgres.db, sql`insert into teams (id, name) values (${teamId}, 'Shop')`)
})
afterAll(() => postgres.close())
beforeEach(async () => {
  for (const table of [
    'leads',
    'identifiers',
    'merges',
    'merge_proposals',
    'kept_apart',
    'duplicate_looks',
    'duplicate_looked',
    'duplicate_keys',
    'workspaces',
  ])
    await run(postgres.db, sql`truncate ${sql.table(table)} cascade`)
  for (const [id, slug, mode] of [
    [workspaceId, 'shop', 'live'],
    [otherWorkspaceId, 'rival', 'test'],
  ])
    await run(
      postgres.db,
      sql`insert into workspaces (id, team_id, slug, name, mode, time_zone, currency, settings)
          values (${id}, ${teamId}, ${slug}, ${slug}, ${mode}, 'UTC', 'EUR', '{}')`,
    )
})

type Given = Parameters<typeof createLead>[2]
const create = (body: Given, by = member) => createLead(world, by, body, reactions)
const jane = { firstName: 'Jane', lastName: 'Wojciechowski', company: 'Northwind Traders', city: 'Uppsala' }

async function look(by = member): Promise<void> {
  await lookForDuplicates(world, by.workspaceId)
  while (await lookOn(world, by.workspaceId, reactions));
}

const items = async (by = member) => (await listProposals(postgres.db, by.workspaceId)).items

async function withOthers(by = member): Promise<void> {
  const names = ['Nora Quist', 'Omar Haddad', 'Petra Novak', 'Quentin Bell', 'Rosa Mendes', 'Samir Khan']
  for (const [at, name] of names.entries()) {
    const [firstName = '', lastName = ''] = name.split(' ')
    await create(
      { firstName, lastName, email: `${firstName}${at}@post.example`, company: `${lastName} & Co` },
      by,
    )
  }
}

test('proposes leads that look alike, with a probability and what each field says', async () => {
  await withOthers()
  const one = await create({ ...jane, email: 'jane.wojciechowski@work.example' })
  const other = await create({
    ...jane,
    firstName: 'Jane',
    lastName: 'Wojciechowsky',
    email: 'jane@home.example',
  })
  await look()
  const [item, ...more] = await items()
  expect(more).toEqual([])
  expect(item!.leads.map(({ id }) => id)).toEqual([one.id, other.id].sort())
  expect(item).toMatchObject({ reason: 'looks alike', needsPerson: null })
  expect(item!.probability).toBeGreaterThan(0.8)
  expect(item!.because.find(({ column }) => column === 'Last name')).toMatchObject({ level: 'almost' })
  expect(item!.because.find(({ column }) => column === 'Company')!.bits).toBeGreaterThan(3)
  expect(await duplicateLook(postgres.db, workspaceId)).toMatchObject({
    isLooking: false,
    leadsLooked: 8,
    pairsFound: 1,
    merged: 0,
  })
})

test('keeps to the workspace: leads of another are neither compared nor shown', async () => {
  await withOthers()
  await create({ ...jane, email: 'jane.w@work.example' })
  await create({ ...jane, email: 'jane@home.example' }, stranger)
  await look()
  await look(stranger)
  expect(await items()).toEqual([])
  expect(await items(stranger)).toEqual([])
})

test('keeps a dismissed pair dismissed, also when one of the two changes', async () => {
  await withOthers()
  const one = await create({ ...jane, email: 'jane.w@work.example' })
  await create({ ...jane, email: 'jane@home.example' })
  await look()
  const [item] = await items()
  await expect(dismissProposal(world, stranger, item!.id)).rejects.toMatchObject({ code: 'proposal_missing' })
  await dismissProposal(world, member, item!.id)
  await updateLead(world, member, one.id, { jobTitle: 'Buyer' })
  await look()
  expect(await items()).toEqual([])
})

test('looks only at what is new or changed, and meets what was looked at before', async () => {
  await withOthers()
  await create({ ...jane, email: 'jane.w@work.example' })
  await look()
  expect(await items()).toEqual([])
  await create({ ...jane, email: 'jane@home.example' })
  await look()
  expect(await items()).toHaveLength(1)
  expect(await duplicateLook(postgres.db, workspaceId)).toMatchObject({ leadsLooked: 1, pairsFound: 1 })
  await look()
  expect(await duplicateLook(postgres.db, workspaceId)).toMatchObject({ leadsLooked: 0, pairsFound: 0 })
})

test('withdraws a pair that looks alike no more', async () => {
  await withOthers()
  await create({ ...jane, email: 'jane.w@work.example' })
  const other = await create({ ...jane, email: 'jane@home.example' })
  await look()
  expect(await items()).toHaveLength(1)
  await updateLead(world, member, other.id, {
    firstName: 'Bertil',
    lastName: 'Ek',
    company: 'Soylent',
    city: 'Rom',
  })
  await look()
  expect(await items()).toEqual([])
})

test('compares custom fields whose name says what they hold of a person', async () => {
  const birth = (on: string) => ({ fields: { birth_date: on } })
  await withOthers()
  await create({ ...jane, email: 'jane.w@work.example', ...birth('1980-03-01') })
  await create({ ...jane, email: 'jane@home.example', ...birth('1955-12-24') })
  await look()
  for (const { needsPerson, probability } of await items()) {
    expect(needsPerson).toBe('birth_dates_differ')
    expect(probability).toBeLessThanOrEqual(0.98)
  }
})

test('merges nothing by itself unless that is chosen, then only pairs of that probability, undoably', async () => {
  await withOthers()
  const twins = async () => {
    const phone = '+46 70 123 45 67'
    const one = await create({ ...jane, phone })
    const other = await create({ ...jane, email: 'jane@home.example' })
    return [one.id, other.id]
  }
  const [one, other] = await twins()
  await look()
  const [before] = await items()
  expect(before!.probability).toBeGreaterThan(0.95)
  await setMerging(postgres.db, member, { mergesItself: true, mergeAt: 1 })
  await updateLead(world, member, one!, { language: 'sv' })
  await look()
  expect(await items()).toHaveLength(1)
  await setMerging(postgres.db, member, { mergesItself: true, mergeAt: 0.95 })
  await updateLead(world, member, one!, { language: 'en' })
  await look()
  expect(await items()).toEqual([])
  expect(await duplicateLook(postgres.db, workspaceId)).toMatchObject({ merged: 1 })
  const [merge] = await rows<{ id: string; actor: string }>(
    postgres.db,
    sql`select id, actor from merges where undone_at is null`,
  )
  expect(merge!.actor).toBe('duplicates')
  await unmergeLeads(world, member, merge!.id, reactions)
  await updateLead(world, member, other!, { language: 'de' })
  await look()
  expect(await items()).toEqual([])
  expect(await rows(postgres.db, sql`select 1 from merges where undone_at is null`)).toEqual([])
})

test('a pair merged by a person is proposed no more', async () => {
  await withOthers()
  const one = await create({ ...jane, email: 'jane.w@work.example' })
  const other = await create({ ...jane, email: 'jane@home.example' })
  await look()
  await mergeLeads(world, member, { winnerId: one.id, loserId: other.id }, reactions)
  await updateLead(world, member, one.id, { language: 'sv' })
  await look()
  expect(await items()).toEqual([])
})
