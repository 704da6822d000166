// Proposed merges, pairs that a person keeps apart, and what a merge takes over besides the record.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { freshDatabase } from '../../test/stores.ts'
import { identify } from '../identity/index.ts'
import { newId } from '../lib/ids.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import { inTransaction, openPostgres, rows, run, sql } from '../platform/postgres.ts'
import type { Postgres } from '../platform/postgres.ts'
import type { Caller } from '../platform/server.ts'
import { createLead } from './edit.ts'
import { dismissProposal, mergeLeads, unmergeLeads } from './merge.ts'
import { listProposals } from './read.ts'
import { countProposals } from './store/proposals.ts'

const userId = newId()
const teamId = newId()
const workspaceId = newId<WorkspaceId>()
const member: Caller = { actor: `user:${userId}`, userId, role: 'marketer', workspaceId, teamId }
const stranger: Caller = { ...member, workspaceId: newId<WorkspaceId>() }
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
})
afterAll(() => postgres.close())
beforeEach(async () => {
  for (const table of ['leads', 'identifiers', 'merges', 'merge_proposals', 'kept_apart'])
    await run(postgres.db, sql`delete from ${sql.table(table)}`)
})

const create = (body: Parameters<typeof createLead>[2]) => createLead(world, member, body, reactions)
const pair = async () => ({
  winner: await create({ email: 'jane@shop.example' }),
  loser: await create({ email: 'j.doe@work.example' }),
})

test('gives the winner the owner it lacks, and takes it back with the merge unless it was changed since', async () => {
  const { winner, loser } = await pair()
  const third = await create({ email: 'third@shop.example' })
  const own = (id: string, ownerId: string | null) =>
    run(postgres.db, sql`update leads set owner_id = ${ownerId} where id = ${id}`)
  const ownerNow = async (id = winner.id) =>
    (
      await rows<{ owner_id: string | null }>(postgres.db, sql`select owner_id from leads where id = ${id}`)
    )[0]?.owner_id
  await own(loser.id, 'olive')
  await own(third.id, 'otto')
  const first = await mergeLeads(world, member, { winnerId: winner.id, loserId: loser.id }, reactions)
  expect(await ownerNow()).toBe('olive')
  const second = await mergeLeads(world, member, { winnerId: winner.id, loserId: third.id }, reactions)
  expect(await ownerNow()).toBe('olive')
  // As if the first had never been.
  await unmergeLeads(world, member, first.mergeId, reactions)
  expect(await ownerNow()).toBe('otto')
  await own(winner.id, 'nobody else')
  await unmergeLeads(world, member, second.mergeId, reactions)
  expect(await ownerNow()).toBe('nobody else')
  expect(await ownerNow(loser.id)).toBe('olive')
})

test('shows a proposal of a lead merged since under its winner, once, and not where the pair became one', async () => {
  const { winner, loser } = await pair()
  const other = await create({ email: 'other@shop.example' })
  await propose(loser.id, other.id)
  await propose(winner.id, other.id, 'same phone')
  const merge = await mergeLeads(world, member, { winnerId: winner.id, loserId: loser.id }, reactions)
  const { items } = await listProposals(postgres.db, workspaceId)
  expect(items.map((item) => item.leads.map((lead) => lead.id))).toEqual([[winner.id, other.id].sort()])
  expect(await countProposals(postgres.db, workspaceId)).toBe(1)
  await mergeLeads(world, member, { winnerId: winner.id, loserId: other.id }, reactions)
  expect((await listProposals(postgres.db, workspaceId)).items).toEqual([])
  expect(
    await rows(
      postgres.db,
      sql`select distinct resolution from merge_proposals where resolved_at is not null`,
    ),
  ).toEqual([{ resolution: 'merged' }])
  expect(merge.leadId).toBe(winner.id)
})

test('is proposed no more once it is dismissed or undone, by the same evidence or another, and still done by hand', async () => {
  const { winner, loser } = await pair()
  await propose(winner.id, loser.id)
  const [item] = (await listProposals(postgres.db, workspaceId)).items
  await expect(dismissProposal(world, stranger, item!.id)).rejects.toMatchObject({ code: 'proposal_missing' })
  await dismissProposal(world, member, item!.id)
  expect((await listProposals(postgres.db, workspaceId)).items).toEqual([])
  await expect(dismissProposal(world, member, item!.id)).rejects.toMatchObject({ code: 'proposal_missing' })
  const names = { email: 'keeps@shop.example', userId: 'said-of-the-other' }
  await attachUser(loser.id, names.userId)
  await attachEmail(winner.id, names.email)
  const decided = async () => {
    const { decided, changes } = await inTransaction(postgres.db, (tx) =>
      identify(
        tx,
        [{ workspaceId, ...names, mayMerge: true, at: new Date(), source: 'tracking' }],
        new Date(),
      ),
    )
    return { leadId: decided[0]?.leadId, merges: changes.merges.length, proposals: changes.proposals.length }
  }
  expect(await decided()).toEqual({ leadId: loser.id, merges: 0, proposals: 0 })

  const merge = await mergeLeads(world, member, { winnerId: winner.id, loserId: loser.id }, reactions)
  expect(await decided()).toEqual({ leadId: winner.id, merges: 0, proposals: 0 })
  await unmergeLeads(world, member, merge.mergeId, reactions)
  expect(await decided()).toEqual({ leadId: loser.id, merges: 0, proposals: 0 })
})

test('keeps the winner from whom its loser is kept apart, until they are parted again', async () => {
  const { winner, loser } = await pair()
  const other = await create({ email: 'other@shop.example' })
  await propose(loser.id, other.id)
  const [item] = (await listProposals(postgres.db, workspaceId)).items
  await dismissProposal(world, member, item!.id)
  const merge = await mergeLeads(world, member, { winnerId: winner.id, loserId: loser.id }, reactions)
  await propose(winner.id, other.id)
  expect((await listProposals(postgres.db, workspaceId)).items).toEqual([])
  await unmergeLeads(world, member, merge.mergeId, reactions)
  expect((await listProposals(postgres.db, workspaceId)).items).toHaveLength(1)
})

async function propose(one: string, other: string, reason = 'same email'): Promise<void> {
  const [leadA, leadB] = [one, other].sort()
  await run(
    postgres.db,
    sql`insert into merge_proposals (id, workspace_id, lead_a, lead_b, reason, evidence, proposed_at)
        values (${newId()}, ${workspaceId}, ${leadA}, ${leadB}, ${reason}, '{}', now())`,
  )
}

const attachUser = (leadId: string, value: string) => attach(leadId, 1, value)
const attachEmail = (leadId: string, value: string) => attach(leadId, 3, value)
async function attach(leadId: string, kind: number, value: string): Promise<void> {
  await run(
    postgres.db,
    sql`insert into identifiers (workspace_id, kind, value, lead_id, seen_at)
        values (${workspaceId}, ${kind}, ${value}, ${leadId}, now()) on conflict do nothing`,
  )
}
