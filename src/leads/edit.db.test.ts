// Edits of leads on the real database: what is refused, what is written, and what a merge and its undoing leave behind.
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { freshDatabase } from '../../test/stores.ts'
import { newId } from '../lib/ids.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import { openPostgres, rows, run, sql } from '../platform/postgres.ts'
import type { Postgres } from '../platform/postgres.ts'
import type { Caller } from '../platform/server.ts'
import { logColumns } from '../events/contract.ts'
import { binLead, createLead, restoreLead, updateLead } from './edit.ts'
import { listLeads } from './list.ts'
import { listLeads as listEndpoint } from './contract.ts'
import { previewMerge } from './merge-preview.ts'
import { mergeLeads, unmergeLeads } from './merge.ts'
import { getLead, listConsent, listNotes, listProposals } from './read.ts'
import { addNote, removeNote, setConsent } from './remarks.ts'

const userId = newId()
const teamId = newId()
const workspaceId = newId<WorkspaceId>()
const otherWorkspaceId = newId<WorkspaceId>()
const member: Caller = { actor: `user:${userId}`, userId, role: 'marketer', workspaceId, teamId }
const program: Caller = { ...member, actor: `key:${newId()}`, userId: undefined }
const stranger: Caller = { ...member, workspaceId: otherWorkspaceId }
const facts: { merged: unknown[]; unmerged: unknown[] } = { merged: [], unmerged: [] }
const reactions = {
  merged: async (_tx: unknown, pairs: unknown[]) => void facts.merged.push(...pairs),
  unmerged: async (_tx: unknown, leadIds: string[]) => void facts.unmerged.push(...leadIds),
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
  await run(postgres.db, sql`insert into teams (id, name) values (${teamId}, 'Team')`)
  for (const [id, mode] of [
    [workspaceId, 'live'],
    [otherWorkspaceId, 'test'],
  ]) {
    await run(
      postgres.db,
      sql`insert into workspaces (id, team_id, mode, name, slug) values (${id}, ${teamId}, ${mode}, 'Shop', ${`shop-${mode}`})`,
    )
  }
  await run(
    postgres.db,
    sql`insert into users (id, name, email) values (${userId}, 'Mia', 'mia@shop.example')`,
  )
  await run(
    postgres.db,
    sql`insert into members (team_id, user_id, role) values (${teamId}, ${userId}, 'marketer')`,
  )
})
afterAll(() => postgres.close())
beforeEach(async () => {
  facts.merged = []
  facts.unmerged = []
  for (const table of [
    'leads',
    'identifiers',
    'identifier_shares',
    'merges',
    'merge_proposals',
    'kept_apart',
    'consents',
    'consent_history',
    'batches',
    'notes',
  ]) {
    await run(postgres.db, sql`delete from ${sql.table(table)}`)
  }
})

const create = (body: Parameters<typeof createLead>[2], caller = member) =>
  createLead(world, caller, body, reactions)

/** The names of the events logged for a lead, in order. */
async function eventsOf(
  leadId: string,
): Promise<{ name: string; actor: string; properties: Record<string, unknown> }[]> {
  const batches = await rows<{ rows: Buffer }>(postgres.db, sql`select rows from batches order by id`)
  const column = (name: (typeof logColumns)[number]) => logColumns.indexOf(name)
  return batches
    .flatMap((batch) => gunzipSync(batch.rows).toString().split('\n'))
    .map((line) => JSON.parse(line) as string[])
    .filter((row) => row[column('lead_id')] === leadId)
    .map((row) => ({
      name: row[column('name')]!,
      actor: row[column('actor')]!,
      properties: JSON.parse(row[column('properties')]!) as Record<string, unknown>,
    }))
}

/** All that a merge may touch of a lead, without the counters of change. */
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
      sql`select kind, value, lead_count from identifiers where lead_id = ${leadId} order by kind, value`,
    ),
    consents: await rows(postgres.db, sql`select * from consents where lead_id = ${leadId} order by purpose`),
  }
}

describe('a merge by hand with values of one’s own choice', () => {
  test('comes to what the preview said, with what was chosen, and undone each lead is what it was', async () => {
    const ann = await create({
      email: 'ann@shop.example',
      firstName: 'Ann',
      company: 'Acme',
      fields: { size: 'L' },
      consents: { analytics: 'granted' },
    })
    const anna = await create({
      email: 'anna@shop.example',
      firstName: 'Anna',
      jobTitle: 'Buyer',
      fields: { size: 'M', plan: 'gold' },
      consents: { analytics: 'denied' },
    })
    const before = [await everythingOf(ann.id), await everythingOf(anna.id)]
    const asked = { winnerId: ann.id, loserId: anna.id }
    const preview = await previewMerge(postgres.db, workspaceId, asked)
    expect(preview.fields).toContainEqual({
      field: 'firstName',
      values: ['Ann', 'Anna'],
      result: 'Anna',
    })
    expect(preview.fields).toContainEqual({
      field: 'fields.plan',
      values: [null, 'gold'],
      result: 'gold',
    })
    expect(preview.consents).toEqual([
      {
        purpose: 'analytics',
        states: ['granted', 'denied'],
        result: 'denied',
        because: 'Anna refused, which outweighs that Ann agreed.',
      },
    ])
    const { mergeId } = await mergeLeads(
      world,
      member,
      { ...asked, fields: { firstName: 'Ann', company: 'Acme Holding' }, custom: { size: 'L', plan: null } },
      reactions,
    )
    const merged = await getLead(postgres.db, workspaceId, ann.id)
    expect(merged).toMatchObject({ firstName: 'Ann', company: 'Acme Holding', jobTitle: 'Buyer' })
    expect(merged.fields).toEqual({ size: 'L' })
    await unmergeLeads(world, member, mergeId, reactions)
    expect([await everythingOf(ann.id), await everythingOf(anna.id)]).toEqual(before)
  })

  test('hands it to the owner that was chosen, in whichever order the merges are undone', async () => {
    const [one, other] = [newId(), newId()]
    const [a, b, c] = [
      await create({ email: 'own-a@shop.example' }),
      await create({ email: 'own-b@shop.example' }),
      await create({ email: 'own-c@shop.example' }),
    ]
    const give = (id: string, ownerId: string) =>
      run(postgres.db, sql`update leads set owner_id = ${ownerId} where id = ${id}`)
    await give(b.id, one)
    await give(c.id, other)
    const ownerOf = async (id: string) => (await getLead(postgres.db, workspaceId, id)).ownerId
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const asked = { winnerId: a.id, loserId: b.id, furtherLoserIds: [c.id] }
      expect((await previewMerge(postgres.db, workspaceId, asked)).ownerId).toBe(one)
      const { mergeIds } = await mergeLeads(world, member, { ...asked, ownerId: other }, reactions)
      expect(await ownerOf(a.id)).toBe(other)
      await unmergeLeads(world, member, mergeIds[order[0]!]!, reactions)
      // Without the second the first owner is back; without the first the choice stands.
      expect(await ownerOf(a.id)).toBe(order[0] === 0 ? other : one)
      await unmergeLeads(world, member, mergeIds[order[1]!]!, reactions)
      expect([await ownerOf(a.id), await ownerOf(b.id), await ownerOf(c.id)]).toEqual([null, one, other])
    }
    const strange = { winnerId: a.id, loserId: b.id, ownerId: newId() }
    await expect(mergeLeads(world, member, strange, reactions)).rejects.toMatchObject({ code: 'owner_unfit' })
  })

  test('cannot give the lead an address that neither of them has', async () => {
    const [a, b] = [await create({ email: 'a@shop.example' }), await create({ email: 'b@shop.example' })]
    const asked = { winnerId: a.id, loserId: b.id, fields: { email: 'c@shop.example' } }
    await expect(mergeLeads(world, member, asked, reactions)).rejects.toMatchObject({ code: 'value_unfit' })
  })
})

describe('entering a lead', () => {
  test('keeps what is given, normalised, under the name of who gave it', async () => {
    const lead = await create({
      email: ' Jane.Doe@Shop.Example ',
      phone: '030 12345678',
      country: 'DE',
      firstName: 'Jane',
      tags: ['vip', 'vip', ''],
      fields: { 'Favourite Colour': 'red' },
      consents: { email_marketing: 'granted' },
    })
    expect(lead).toMatchObject({
      label: 'Jane',
      email: 'jane.doe@shop.example',
      phone: '+493012345678',
      source: 'manual',
      isKnown: true,
      tags: ['vip'],
      fields: { favourite_colour: 'red' },
    })
    expect((await eventsOf(lead.id)).map((event) => [event.name, event.actor])).toEqual([
      ['consent_changed', member.actor],
      ['lead_created', member.actor],
    ])
    const detail = await getLead(postgres.db, workspaceId, lead.id)
    expect(detail.identifiers.map((i) => [i.kind, i.value])).toEqual([
      ['email', 'jane.doe@shop.example'],
      ['phone', '+493012345678'],
    ])
    expect(detail.consents).toContainEqual(
      expect.objectContaining({ purpose: 'email_marketing', state: 'granted', effective: 'granted' }),
    )
    expect(detail.consents).toContainEqual(
      expect.objectContaining({ purpose: 'analytics', state: 'unknown', effective: 'denied' }),
    )
  })

  test('updates the lead that has the address already, and takes it out of the bin', async () => {
    const first = await create({ email: 'jane@shop.example', firstName: 'Jane' })
    await binLead(world, member, first.id)
    const again = await create({ email: 'JANE@shop.example', company: 'Shop' }, program)
    expect(again).toMatchObject({
      id: first.id,
      firstName: 'Jane',
      company: 'Shop',
      status: 'active',
      source: 'manual',
    })
    expect((await eventsOf(first.id)).map((event) => event.name)).toEqual([
      'lead_created',
      'lead_binned',
      'lead_updated',
      'lead_restored',
    ])
  })

  test('merges leads that a user id and an address show to be one, and tells of it', async () => {
    const byId = await create({ userId: 'u-1', firstName: 'Jane' })
    const byEmail = await create({ email: 'jane@shop.example' })
    const both = await create({ userId: 'u-1', email: 'jane@shop.example' })
    expect(both.id).toBe(byId.id)
    expect(facts.merged).toMatchObject([{ winnerId: byId.id, loserId: byEmail.id, workspaceId }])
    expect((await getLead(postgres.db, workspaceId, byEmail.id)).id).toBe(byId.id)
  })

  test.each([
    [{ email: 'not an address' }, 'email_invalid'],
    [{ phone: '12' }, 'phone_invalid'],
    [{ firstName: 'Jane', timeZone: 'Mars/Olympus' }, 'time_zone_unknown'],
    [{ firstName: 'Jane', fields: { '***': 1 } }, 'field_name_invalid'],
    [{ city: 'Berlin' }, 'lead_empty'],
  ])('refuses %j', async (body, code) => {
    await expect(create(body)).rejects.toMatchObject({ code, status: 400 })
  })

  test('of two programs at once with one address makes one lead', async () => {
    const made = await Promise.all(
      Array.from({ length: 6 }, () => create({ email: 'race@shop.example' }, program)),
    )
    expect(new Set(made.map((lead) => lead.id)).size).toBe(1)
  })

  test('takes SQL in every text for text', async () => {
    const sqlText = "'); drop table leads; --"
    const lead = await create({
      firstName: sqlText,
      lastName: sqlText,
      company: sqlText,
      jobTitle: sqlText,
      city: sqlText,
      userId: sqlText,
      tags: [sqlText],
      fields: { note: sqlText },
    })
    expect(lead).toMatchObject({
      firstName: sqlText,
      company: sqlText,
      tags: [sqlText],
      fields: { note: sqlText },
    })
    await addNote(world, member, lead.id, sqlText)
    expect((await listNotes(postgres.db, workspaceId, lead.id)).items[0]?.body).toBe(sqlText)
  })
})

describe('editing a lead', () => {
  test('changes what is sent, clears what is emptied, and logs what it was', async () => {
    const lead = await create({
      email: 'jane@shop.example',
      firstName: 'Jane',
      city: 'Bonn',
      tags: ['a'],
      fields: { plan: 'free' },
    })
    const edited = await updateLead(world, member, lead.id, {
      city: '',
      firstName: 'Janet',
      tags: ['b'],
      fields: { plan: null },
      ownerId: userId,
    })
    expect(edited).toMatchObject({
      email: 'jane@shop.example',
      firstName: 'Janet',
      city: null,
      tags: ['b'],
      fields: {},
      ownerId: userId,
      revision: lead.revision + 1,
    })
    expect((await eventsOf(lead.id)).at(-1)).toMatchObject({
      name: 'lead_updated',
      actor: member.actor,
      properties: {
        changed: ['firstName', 'city', 'fields.plan', 'tags', 'ownerId'],
        before: { firstName: 'Jane', city: 'Bonn', 'fields.plan': 'free', tags: ['a'], ownerId: null },
        after: { firstName: 'Janet', city: null, 'fields.plan': null, tags: ['b'], ownerId: userId },
      },
    })
    const events = (await eventsOf(lead.id)).length
    expect((await updateLead(world, member, lead.id, { firstName: 'Janet' })).revision).toBe(edited.revision)
    expect(await eventsOf(lead.id)).toHaveLength(events)
  })

  test('is refused with the current revision where somebody was quicker', async () => {
    const lead = await create({ firstName: 'Jane' })
    const { revision } = await updateLead(world, member, lead.id, {
      firstName: 'Janet',
      revision: lead.revision,
    })
    await expect(
      updateLead(world, member, lead.id, { city: 'Bonn', revision: lead.revision }),
    ).rejects.toMatchObject({
      code: 'revision_outdated',
      status: 409,
      details: { revision },
    })
  })

  test('moves what the lead is found by: the new address finds it, the old one no more', async () => {
    const lead = await create({ email: 'old@shop.example', phone: '+493012345678' })
    await updateLead(world, member, lead.id, { email: 'new@shop.example', phone: '+493087654321' })
    const { identifiers } = await getLead(postgres.db, workspaceId, lead.id)
    expect(identifiers.map((identifier) => identifier.value)).toEqual(['new@shop.example', '+493087654321'])
    expect((await create({ email: 'new@shop.example' })).id).toBe(lead.id)
    expect((await create({ email: 'old@shop.example' })).id).not.toBe(lead.id)
  })

  test('is refused where the address is of another lead, which is named with the merge that would join them', async () => {
    const other = await create({ email: 'taken@shop.example', firstName: 'Bea' })
    const lead = await create({ firstName: 'Jane', phone: '+493012345678' })
    await expect(updateLead(world, member, lead.id, { email: 'Taken@shop.example' })).rejects.toMatchObject({
      code: 'email_taken',
      status: 409,
      details: { leadId: other.id, label: 'Bea', merge: { winnerId: lead.id, loserId: other.id } },
    })
    expect((await getLead(postgres.db, workspaceId, lead.id)).email).toBeNull()
  })

  test('lets a household share a phone, and hands it on when the first one changes theirs', async () => {
    const first = await create({
      firstName: 'Ann',
      lastName: 'Doe',
      email: 'ann@shop.example',
      phone: '+493012345678',
    })
    const second = await create({ firstName: 'Bea', lastName: 'Roe', email: 'bea@shop.example' })
    await updateLead(world, member, second.id, { phone: '+493012345678' })
    await updateLead(world, member, first.id, { phone: null })
    expect((await getLead(postgres.db, workspaceId, second.id)).identifiers.map((i) => i.kind)).toContain(
      'phone',
    )
    expect((await getLead(postgres.db, workspaceId, first.id)).identifiers.map((i) => i.kind)).not.toContain(
      'phone',
    )
  })

  test('refuses an owner who is no member', async () => {
    const lead = await create({ firstName: 'Jane' })
    await expect(updateLead(world, member, lead.id, { ownerId: newId() })).rejects.toMatchObject({
      code: 'owner_unknown',
    })
  })
})

describe('the bin', () => {
  test('takes a lead out of lists and counts, and gives it back', async () => {
    const lead = await create({ firstName: 'Jane' })
    const query = listEndpoint.query!.parse({})
    expect(await binLead(world, member, lead.id)).toMatchObject({ status: 'binned' })
    expect((await listLeads(postgres.db, workspaceId, query, new Date())).total).toBe(0)
    await expect(updateLead(world, member, lead.id, { city: 'Bonn' })).rejects.toMatchObject({
      code: 'lead_binned',
      status: 409,
    })
    expect(await restoreLead(world, member, lead.id)).toMatchObject({ status: 'active', binnedAt: null })
    expect((await listLeads(postgres.db, workspaceId, query, new Date())).total).toBe(1)
    const audit = await rows(
      postgres.db,
      sql`select action, actor from audit_log where subject = ${`lead:${lead.id}`} order by id`,
    )
    expect(audit).toEqual([
      { action: 'lead_binned', actor: member.actor },
      { action: 'lead_restored', actor: member.actor },
    ])
  })
})

describe('another workspace', () => {
  test('finds none of our leads, whatever it asks', async () => {
    const lead = await create({ email: 'jane@shop.example' })
    const second = await create({ email: 'bea@shop.example' })
    const { mergeId } = await mergeLeads(world, member, { winnerId: lead.id, loserId: second.id }, reactions)
    const note = await addNote(world, member, lead.id, 'secret')
    const attempts = [
      getLead(postgres.db, otherWorkspaceId, lead.id),
      listNotes(postgres.db, otherWorkspaceId, lead.id),
      listConsent(postgres.db, otherWorkspaceId, lead.id),
      updateLead(world, stranger, lead.id, { city: 'Bonn' }),
      binLead(world, stranger, lead.id),
      restoreLead(world, stranger, lead.id),
      addNote(world, stranger, lead.id, 'mine'),
      removeNote(world, stranger, lead.id, note.id),
      setConsent(world, stranger, lead.id, { purpose: 'analytics', state: 'denied', proof: 'a call' }),
      mergeLeads(world, stranger, { winnerId: lead.id, loserId: second.id }, reactions),
      unmergeLeads(world, stranger, mergeId, reactions),
    ]
    for (const attempt of await Promise.allSettled(attempts))
      expect(attempt).toMatchObject({ status: 'rejected', reason: { status: 404 } })
    expect((await create({ email: 'jane@shop.example' }, stranger)).id).not.toBe(lead.id)
  })
})

describe('an act of consent', () => {
  test('stands with its proof; an older act is kept as evidence and changes nothing', async () => {
    const lead = await create({ email: 'jane@shop.example' })
    const act = { purpose: 'email_marketing', proof: 'said so on the phone' } as const
    expect(await setConsent(world, member, lead.id, { ...act, state: 'granted' })).toMatchObject({
      tookEffect: true,
      proof: { statement: act.proof },
    })
    expect(
      await setConsent(world, member, lead.id, {
        ...act,
        state: 'denied',
        actedAt: '2020-01-01T00:00:00+01:00',
      }),
    ).toMatchObject({ tookEffect: false, actedAt: '2019-12-31T23:00:00.000Z' })
    expect(await setConsent(world, member, lead.id, { ...act, state: 'granted' })).toMatchObject({
      tookEffect: false,
    })
    expect(
      (await listConsent(postgres.db, workspaceId, lead.id)).items.map((entry) => [
        entry.state,
        entry.tookEffect,
      ]),
    ).toEqual([
      ['granted', false],
      ['denied', false],
      ['granted', true],
    ])
    expect((await getLead(postgres.db, workspaceId, lead.id)).consents[0]).toMatchObject({
      purpose: 'email_marketing',
      effective: 'granted',
    })
    await expect(
      setConsent(world, member, lead.id, { ...act, state: 'denied', actedAt: '2999-01-01T00:00:00Z' }),
    ).rejects.toMatchObject({ code: 'act_in_future' })
  })
})

describe('merging by hand', () => {
  const pair = async () => {
    const winner = await create({
      email: 'jane@shop.example',
      firstName: 'Jane',
      tags: ['a'],
      consents: { email_marketing: 'granted', ad_user_data: 'granted' },
    })
    const loser = await create({
      email: 'j.doe@work.example',
      phone: '+493012345678',
      lastName: 'Doe',
      company: 'Works',
      tags: ['a', 'b'],
      fields: { plan: 'gold' },
      consents: { email_marketing: 'denied', analytics: 'granted' },
    })
    return { winner, loser }
  }

  test('makes one lead with the stricter consents, whichever of the two ids is asked for', async () => {
    const { winner, loser } = await pair()
    await addNote(world, member, loser.id, 'likes blue')
    const { mergeId, leadId } = await mergeLeads(
      world,
      member,
      { winnerId: winner.id, loserId: loser.id },
      reactions,
    )
    expect(leadId).toBe(winner.id)
    const detail = await getLead(postgres.db, workspaceId, loser.id)
    expect(detail).toMatchObject({
      id: winner.id,
      firstName: 'Jane',
      lastName: 'Doe',
      email: 'j.doe@work.example',
      company: 'Works',
      tags: ['a', 'b'],
      fields: { plan: 'gold' },
    })
    expect(detail.identifiers).toHaveLength(3)
    expect(detail.mergedLeads).toMatchObject([{ mergeId, leadId: loser.id, label: 'Doe', reason: 'by hand' }])
    expect(
      Object.fromEntries(detail.consents.map((consent) => [consent.purpose, consent.state])),
    ).toMatchObject({
      email_marketing: 'denied',
      ad_user_data: 'granted',
      analytics: 'granted',
    })
    expect((await listNotes(postgres.db, workspaceId, winner.id)).items).toHaveLength(1)
    expect(facts.merged).toMatchObject([{ winnerId: winner.id, loserId: loser.id, workspaceId }])
    await expect(
      mergeLeads(world, member, { winnerId: loser.id, loserId: winner.id }, reactions),
    ).rejects.toMatchObject({ code: 'leads_merged' })
  })

  test('and undoing it leaves record, identifiers and consents of both exactly as they were', async () => {
    const { winner, loser } = await pair()
    const before = [await everythingOf(winner.id), await everythingOf(loser.id)]
    const { mergeId } = await mergeLeads(world, member, { winnerId: winner.id, loserId: loser.id }, reactions)
    expect(await unmergeLeads(world, member, mergeId, reactions)).toEqual({
      winnerId: winner.id,
      loserId: loser.id,
    })
    expect([await everythingOf(winner.id), await everythingOf(loser.id)]).toEqual(before)
    expect(facts.unmerged).toEqual([winner.id, loser.id])
    expect((await eventsOf(loser.id)).at(-1)).toMatchObject({
      name: 'lead_unmerged',
      properties: { partedLead: winner.id },
    })
    await expect(unmergeLeads(world, member, mergeId, reactions)).rejects.toMatchObject({
      code: 'merge_undone',
      status: 409,
    })
  })

  test('and undoing it keeps what was decided since', async () => {
    const { winner, loser } = await pair()
    const { mergeId } = await mergeLeads(world, member, { winnerId: winner.id, loserId: loser.id }, reactions)
    await updateLead(world, member, winner.id, { company: 'Elsewhere' })
    await setConsent(world, member, winner.id, { purpose: 'analytics', state: 'denied', proof: 'by letter' })
    await unmergeLeads(world, member, mergeId, reactions)
    const detail = await getLead(postgres.db, workspaceId, winner.id)
    expect(detail).toMatchObject({ company: 'Elsewhere', lastName: null })
    expect(
      Object.fromEntries(detail.consents.map((consent) => [consent.purpose, consent.state])),
    ).toMatchObject({
      email_marketing: 'granted',
      analytics: 'denied',
    })
  })

  test('several times is undone in any order, a covered merge only after the one that covers it', async () => {
    const [a, b, c] = [
      await create({ email: 'a@shop.example', firstName: 'A' }),
      await create({ email: 'b@shop.example', company: 'B' }),
      await create({ email: 'c@shop.example', company: 'C', city: 'Bonn' }),
    ]
    const before = await Promise.all([a, b, c].map((lead) => everythingOf(lead.id)))
    const first = await mergeLeads(world, member, { winnerId: a.id, loserId: b.id }, reactions)
    const second = await mergeLeads(world, member, { winnerId: a.id, loserId: c.id }, reactions)
    await unmergeLeads(world, member, first.mergeId, reactions)
    expect((await getLead(postgres.db, workspaceId, a.id)).identifiers.map((i) => i.value).sort()).toEqual([
      'a@shop.example',
      'c@shop.example',
    ])
    await unmergeLeads(world, member, second.mergeId, reactions)
    expect(await Promise.all([a, b, c].map((lead) => everythingOf(lead.id)))).toEqual(before)

    const inner = await mergeLeads(world, member, { winnerId: b.id, loserId: c.id }, reactions)
    const outer = await mergeLeads(world, member, { winnerId: a.id, loserId: b.id }, reactions)
    await expect(unmergeLeads(world, member, inner.mergeId, reactions)).rejects.toMatchObject({
      code: 'merge_covered',
      status: 409,
    })
    await unmergeLeads(world, member, outer.mergeId, reactions)
    await unmergeLeads(world, member, inner.mergeId, reactions)
    expect(await Promise.all([a, b, c].map((lead) => everythingOf(lead.id)))).toEqual(before)
  })

  test('settles the proposal that asked for it', async () => {
    const { winner, loser } = await pair()
    const [leadA, leadB] = [winner.id, loser.id].sort()
    await run(
      postgres.db,
      sql`insert into merge_proposals (id, workspace_id, lead_a, lead_b, reason, evidence, proposed_at) values (${newId()}, ${workspaceId}, ${leadA}, ${leadB}, 'same email', '{}', now())`,
    )
    expect((await listProposals(postgres.db, workspaceId)).items[0]).toMatchObject({
      reason: 'same email',
      leads: [{ id: leadA }, { id: leadB }],
    })
    await mergeLeads(world, member, { winnerId: winner.id, loserId: loser.id }, reactions)
    expect((await listProposals(postgres.db, workspaceId)).items).toEqual([])
  })
})
