// Leads merged by hand on the real database: several at once, what is refused, and parting them again in any order.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../test/stores.ts'
import { newId } from '../lib/ids.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import { openPostgres, rows, run, sql } from '../platform/postgres.ts'
import type { Postgres } from '../platform/postgres.ts'
import type { Caller } from '../platform/server.ts'
import type { Purpose } from './contract.ts'
import { createLead, updateLead } from './edit.ts'
import type { GivenLead } from './given.ts'
import { previewMerge } from './merge-preview.ts'
import { dismissProposal, mergeLeads, unmergeLeads } from './merge.ts'
import { getLead, listProposals } from './read.ts'
import { addNote, setConsent } from './remarks.ts'

const userId = newId()
const workspaceId = newId<WorkspaceId>()
const member: Caller = {
  actor: `user:${userId}`,
  userId,
  role: 'marketer',
  workspaceId,
  teamId: newId(),
}
const reactions = {
  merged: async () => undefined,
  unmerged: async () => undefined,
  erased: async () => undefined,
}

let postgres: Postgres
let minutes = 0
// Each change happens a minute after the one before.
const world = {
  get db() {
    return postgres.db
  },
  clock: () => new Date(Date.UTC(2026, 5, 30, 12, minutes++)),
}

beforeAll(async () => {
  postgres = openPostgres((await freshDatabase()).databaseUrl, { max: 4 })
  await run(postgres.db, sql`insert into teams (id, name) values (${member.teamId}, 'Team')`)
  await run(
    postgres.db,
    sql`insert into workspaces (id, team_id, mode, name, slug) values (${workspaceId}, ${member.teamId}, 'live', 'Shop', 'shop')`,
  )
})

afterAll(() => postgres.close())

async function create(
  given: GivenLead & { consents?: Partial<Record<Purpose, 'granted' | 'denied'>> },
): Promise<string> {
  return (await createLead(world, member, given, reactions)).id
}

async function everythingOf(leadId: string) {
  const [lead] = await rows<Record<string, unknown>>(
    postgres.db,
    sql`select * from leads where id = ${leadId}`,
  )
  const { revision: _revision, updated_at: _updatedAt, tags, ...record } = lead!
  return {
    record: { ...record, tags: [...(tags as string[])].sort() },
    identifiers: await rows(
      postgres.db,
      sql`select kind, value from identifiers where lead_id = ${leadId} order by kind, value`,
    ),
    consents: await rows(postgres.db, sql`select * from consents where lead_id = ${leadId} order by purpose`),
  }
}

async function threeLeads(): Promise<[string, string, string]> {
  const n = minutes
  return [
    await create({
      email: `ann${n}@shop.example`,
      firstName: 'Ann',
      city: 'Bonn',
      tags: ['a'],
      consents: { email_marketing: 'granted' },
    }),
    await create({
      email: `bea${n}@shop.example`,
      firstName: 'Bea',
      city: 'Ulm',
      tags: ['b'],
      fields: { seats: 4 },
      consents: { email_marketing: 'denied', analytics: 'granted' },
    }),
    await create({
      email: `cleo${n}@shop.example`,
      firstName: 'Cleo',
      company: 'Works',
      tags: ['a', 'c'],
      fields: { seats: 9 },
      consents: { email_marketing: 'denied' },
    }),
  ]
}

describe('several leads merged at once', () => {
  test('come to what the preview said, with what was chosen among all of them', async () => {
    const [ann, bea, cleo] = await threeLeads()
    await addNote(world, member, cleo, 'likes blue')
    const asked = { winnerId: ann, loserId: bea, furtherLoserIds: [cleo] }
    const preview = await previewMerge(postgres.db, workspaceId, asked)
    expect(
      preview.leads.map(({ id, noteCount, identifiers }) => [id, noteCount, identifiers.length]),
    ).toEqual([
      [ann, 0, 1],
      [bea, 0, 1],
      [cleo, 1, 1],
    ])
    expect(preview.fields).toContainEqual({
      field: 'firstName',
      values: ['Ann', 'Bea', 'Cleo'],
      result: 'Cleo',
    })
    expect(preview.fields).toContainEqual({ field: 'fields.seats', values: [null, 4, 9], result: 9 })
    expect(preview.tags.sort()).toEqual(['a', 'b', 'c'])
    expect(preview.consents).toEqual([
      {
        purpose: 'email_marketing',
        states: ['granted', 'denied', 'denied'],
        result: 'denied',
        because: 'Bea and Cleo refused, which outweighs that Ann agreed.',
      },
      {
        purpose: 'analytics',
        states: ['unknown', 'granted', 'unknown'],
        result: 'granted',
        because: 'Bea agreed, and nobody refused.',
      },
    ])
    const { mergeIds, leadId } = await mergeLeads(
      world,
      member,
      { ...asked, fields: { firstName: 'Bea' }, custom: { seats: 4 } },
      reactions,
    )
    expect(leadId).toBe(ann)
    const merged = await getLead(postgres.db, workspaceId, cleo)
    const { email } = preview.leads[2]!
    expect(merged).toMatchObject({ id: ann, firstName: 'Bea', city: 'Ulm', company: 'Works', email })
    expect(merged.fields).toEqual({ seats: 4 })
    expect(merged.mergedLeads.map(({ mergeId, actor }) => [mergeId, actor]).sort()).toEqual(
      mergeIds.map((id) => [id, member.actor]).sort(),
    )
  })

  test('are each what they were once all are parted, in whatever order', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const [ann, bea, cleo] = await threeLeads()
      const before = await Promise.all([ann, bea, cleo].map(everythingOf))
      const { mergeIds } = await mergeLeads(
        world,
        member,
        { winnerId: ann, loserId: bea, furtherLoserIds: [cleo], fields: { city: 'Bonn' } },
        reactions,
      )
      for (const at of order) await unmergeLeads(world, member, mergeIds[at]!, reactions)
      expect(await Promise.all([ann, bea, cleo].map(everythingOf))).toEqual(before)
    }
  })

  test('keep the refusal of one that is still part of them when another is parted', async () => {
    const [ann, bea, cleo] = await threeLeads()
    const { mergeIds } = await mergeLeads(
      world,
      member,
      { winnerId: ann, loserId: cleo, furtherLoserIds: [bea] },
      reactions,
    )
    await unmergeLeads(world, member, mergeIds[0]!, reactions)
    const stated = async () =>
      (await getLead(postgres.db, workspaceId, ann)).consents.find(
        ({ purpose }) => purpose === 'email_marketing',
      )?.state
    expect(await stated()).toBe('denied')
    await unmergeLeads(world, member, mergeIds[1]!, reactions)
    expect(await stated()).toBe('granted')
  })

  test('settle every proposal and every "not the same person" among them', async () => {
    const [ann, bea, cleo] = await threeLeads()
    const propose = async (one: string, other: string) => {
      const [leadA, leadB] = [one, other].sort()
      const id = newId()
      await run(
        postgres.db,
        sql`insert into merge_proposals (id, workspace_id, lead_a, lead_b, reason, evidence, proposed_at)
            values (${id}, ${workspaceId}, ${leadA}, ${leadB}, 'same browser', '{}', now())`,
      )
      return id
    }
    await propose(ann, bea)
    await dismissProposal(world, member, await propose(bea, cleo))
    await mergeLeads(world, member, { winnerId: ann, loserId: bea, furtherLoserIds: [cleo] }, reactions)
    expect((await listProposals(postgres.db, workspaceId)).items).toEqual([])
    expect(
      await rows(
        postgres.db,
        sql`select 1 from kept_apart where lead_a = any(${[ann, bea, cleo]}::uuid[]) or lead_b = any(${[ann, bea, cleo]}::uuid[])`,
      ),
    ).toEqual([])
  })
})

describe('a merge that somebody decides on', () => {
  test('is refused where one of the leads changed since they looked, naming which', async () => {
    const [ann, bea, cleo] = await threeLeads()
    const asked = { winnerId: ann, loserId: bea, furtherLoserIds: [cleo] }
    const { leads } = await previewMerge(postgres.db, workspaceId, asked)
    const revisions = Object.fromEntries(leads.map(({ id, revision }) => [id, revision]))
    await updateLead(world, member, cleo, { city: 'Bremen' })
    await expect(mergeLeads(world, member, { ...asked, revisions }, reactions)).rejects.toMatchObject({
      code: 'revision_outdated',
      status: 409,
      message: expect.stringContaining('Cleo changed since you looked') as string,
      details: { leadIds: [cleo] },
    })
    const now = await previewMerge(postgres.db, workspaceId, asked)
    const seen = Object.fromEntries(now.leads.map(({ id, revision }) => [id, revision]))
    expect((await mergeLeads(world, member, { ...asked, revisions: seen }, reactions)).leadId).toBe(ann)
  })

  test('is refused as a whole where two of the leads are one already', async () => {
    const [ann, bea, cleo] = await threeLeads()
    await mergeLeads(world, member, { winnerId: bea, loserId: cleo }, reactions)
    const asked = { winnerId: ann, loserId: bea, furtherLoserIds: [cleo] }
    await expect(previewMerge(postgres.db, workspaceId, asked)).rejects.toMatchObject({
      code: 'leads_merged',
    })
    await expect(mergeLeads(world, member, asked, reactions)).rejects.toMatchObject({ code: 'leads_merged' })
    expect((await getLead(postgres.db, workspaceId, ann)).mergedLeads).toEqual([])
  })

  test('leaves what the person said since where it is undone', async () => {
    const [ann, bea] = await threeLeads()
    const { mergeId } = await mergeLeads(world, member, { winnerId: ann, loserId: bea }, reactions)
    await setConsent(world, member, ann, { purpose: 'analytics', state: 'denied', proof: 'by letter' })
    await unmergeLeads(world, member, mergeId, reactions)
    const { consents } = await getLead(postgres.db, workspaceId, ann)
    expect(Object.fromEntries(consents.map(({ purpose, state }) => [purpose, state]))).toMatchObject({
      email_marketing: 'granted',
      analytics: 'denied',
    })
  })
})
