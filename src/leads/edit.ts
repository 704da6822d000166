// Enters and edits leads by hand or by program, moves them to the bin and back.
import { record } from '../accounts/index.ts'
import { logEvents } from '../events/index.ts'
import {
  attachIdentifier,
  detachIdentifier,
  erasedAmong,
  identify,
  ownerOf,
  EVIDENCE_LIMIT,
} from '../identity/index.ts'
import type { Claims } from '../identity/index.ts'
import { normaliseEmail } from '../lib/email.ts'
import type { BodyOf } from '../lib/endpoint.ts'
import { blockedIdentifier } from '../lib/identifier-blocklist.ts'
import { newId } from '../lib/ids.ts'
import { surnameKey } from '../lib/names.ts'
import { Refusal } from '../lib/refusal.ts'
import type { Caller } from '../platform/server.ts'
import type { createLead as createEndpoint, updateLead as updateEndpoint, Lead, Purpose } from './contract.ts'
import { deedEvent, doDeed, lockLead, shownLead, sourceOf } from './deed.ts'
import type { Deed, World } from './deed.ts'
import { readGiven } from './given.ts'
import type { ReadGiven } from './given.ts'
import { writePeople } from './people.ts'
import { presentLead } from './presenter.ts'
import type { LeadReactions } from './reactions.ts'
import { RANK, leadLabel } from './record.ts'
import type { LeadRow } from './record.ts'
import { readLeadRows, updateLeadRows } from './store.ts'
import { isMember } from './store/detail.ts'

/** Enters a lead; one that the identifiers find already is updated instead, and comes back from the bin. */
export async function createLead(
  world: World,
  caller: Caller,
  body: BodyOf<typeof createEndpoint>,
  reactions: LeadReactions,
): Promise<Lead> {
  const given = readGiven(body)
  refuseNobody(given, body.userId)
  return doDeed(world, caller, async (deed) => {
    const { tx, now } = deed
    const source = caller.userId === undefined ? 'api' : 'manual'
    const claims: Claims = {
      workspaceId: caller.workspaceId,
      userId: body.userId || undefined,
      email: given.emailKey,
      phone: given.fields.phone ?? undefined,
      surname: surnameKey(given.fields.lastName) ?? undefined,
      mayMerge: true,
      at: now,
      source,
    }
    await refuseErased(tx, claims)
    const { decided, changes } = await identify(tx, [claims], now)
    // Who is entered by hand is somebody, even where nothing in it can tell them from others.
    const leadId = decided[0]?.leadId ?? newId()
    const created = decided[0]?.created ?? true
    const newLeads = changes.newLeads.map(({ lead }) => lead.id)
    if (created && newLeads.length === 0) newLeads.push(leadId)
    const report = await writePeople(
      tx,
      {
        newLeads: newLeads.map((id) => ({
          id,
          workspaceId: caller.workspaceId,
          source,
          at: now,
          isKnown: true,
        })),
        becameKnown: changes.becameKnown,
        merges: changes.merges,
        sayings: [
          {
            leadId,
            workspaceId: caller.workspaceId,
            words: {
              fields: given.fields,
              custom: given.custom,
              tags: given.tags,
              rank: RANK.told,
              at: now.getTime(),
            },
            consents: Object.entries(body.consents ?? {}).map(([purpose, state]) => ({
              purpose: purpose as Purpose,
              state,
              actedAt: null,
              source: sourceOf(caller),
              proof: { enteredWith: 'the lead' },
            })),
          },
        ],
        actor: caller.actor,
      },
      now,
    )
    if (report.merged.length > 0) await reactions.merged(tx, report.merged)
    const changed = report.changed[0] ?? []
    const events = [...report.events]
    if (created) events.push(deedEvent(deed, leadId, 'lead_created', { fields: changed }))
    else if (changed.length > 0) events.push(deedEvent(deed, leadId, 'lead_updated', { changed }))
    if (!created && (await takeOutOfBin(deed, leadId))) events.push(deedEvent(deed, leadId, 'lead_restored'))
    await logEvents(tx, events)
    return shownLead(tx, leadId)
  })
}

/** Changes what is sent and nothing else. */
export async function updateLead(
  world: World,
  caller: Caller,
  id: string,
  body: BodyOf<typeof updateEndpoint>,
): Promise<Lead> {
  return doDeed(world, caller, async (deed) => {
    const { tx, now } = deed
    const before = await lockLead(deed, id)
    refuseBinned(before)
    if (body.revision !== undefined && body.revision !== before.revision) throw outdated(before, body)
    if (body.ownerId && !(await isMember(tx, caller.workspaceId, body.ownerId))) {
      throw new Refusal('owner_unknown', 400, 'The owner of a lead must be a member of the team.')
    }
    const given = readGiven(body, before.country)
    if (given.emailKey !== undefined)
      await refuseErased(tx, { ...claimsOfNobody(caller, now), email: given.emailKey })
    await replaceIdentifiers(deed, before, given)
    const becomesKnown = !before.is_known && Boolean(given.fields.email || given.fields.phone)
    const report = await writePeople(
      tx,
      {
        newLeads: [],
        becameKnown: becomesKnown ? [before.id] : [],
        merges: [],
        sayings: [
          {
            leadId: before.id,
            workspaceId: caller.workspaceId,
            words: {
              fields: given.fields,
              custom: given.custom,
              setTags: given.tags,
              ownerId: body.ownerId === '' ? null : body.ownerId,
              rank: RANK.told,
              at: notBefore(before, now),
            },
          },
        ],
        actor: caller.actor,
      },
      now,
    )
    const after = await shownLead(tx, before.id)
    const changed = report.changed[0] ?? []
    if (changed.length > 0) {
      await logEvents(tx, [
        ...report.events,
        deedEvent(deed, before.id, 'lead_updated', {
          changed,
          ...difference(presentLead(before, undefined), after, changed),
        }),
      ])
    }
    return after
  })
}

/** Moves a lead to the bin: out of every list, count and send. */
export async function binLead(world: World, caller: Caller, id: string): Promise<Lead> {
  return doDeed(world, caller, async (deed) => {
    const row = await lockLead(deed, id)
    if (row.status !== 'binned') {
      row.status = 'binned'
      row.binned_at = deed.now.toISOString()
      row.updated_at = deed.now.toISOString()
      await updateLeadRows(deed.tx, [row])
      await logEvents(deed.tx, [deedEvent(deed, row.id, 'lead_binned')])
      await record(deed.tx, { caller, action: 'lead_binned', subject: `lead:${row.id}` })
    }
    return shownLead(deed.tx, row.id)
  })
}

/** Takes a lead out of the bin. */
export async function restoreLead(world: World, caller: Caller, id: string): Promise<Lead> {
  return doDeed(world, caller, async (deed) => {
    const { id: leadId } = await lockLead(deed, id)
    if (await takeOutOfBin(deed, leadId)) {
      await logEvents(deed.tx, [deedEvent(deed, leadId, 'lead_restored')])
      await record(deed.tx, { caller, action: 'lead_restored', subject: `lead:${leadId}` })
    }
    return shownLead(deed.tx, leadId)
  })
}

/** Refuses (409) to change what lies in the bin. */
export function refuseBinned(row: LeadRow): void {
  if (row.status !== 'binned') return
  throw new Refusal(
    'lead_binned',
    409,
    `${leadLabel(row)} is in the bin. Restore the lead first, then change it.`,
    {
      details: { leadId: row.id },
    },
  )
}

// Somebody who was erased comes back only where they asked for it.
async function refuseErased(tx: Deed['tx'], claims: Claims): Promise<void> {
  const [isErased] = await erasedAmong(tx, [claims])
  if (!isErased) return
  throw new Refusal(
    'lead_erased',
    409,
    'This person was erased on request. If they want to come back, lift the erasure of their address first (POST /api/leads/erasures/lift, or under Leads, Erased).',
  )
}

function claimsOfNobody(caller: Caller, at: Date): Claims {
  return { workspaceId: caller.workspaceId, mayMerge: false, at, source: 'manual' }
}

function refuseNobody(given: ReadGiven, userId: string | undefined): void {
  const { email, phone, firstName, lastName, company } = given.fields
  if (email || phone || firstName || lastName || company || userId) return
  throw new Refusal(
    'lead_empty',
    400,
    'A lead needs at least a name, a company, an e-mail address, a phone number or a user id.',
  )
}

// With what stands in the fields that the edit is about, so that both values can be shown.
function outdated(row: LeadRow, { revision: _revision, fields = {}, ...given }: GivenChange): Refusal {
  const standing = presentLead(row, undefined)
  const theirs = {
    ...Object.fromEntries(Object.keys(given).map((name) => [name, standing[name as keyof Lead] ?? null])),
    ...Object.fromEntries(Object.keys(fields).map((key) => [`fields.${key}`, row.fields[key] ?? null])),
  }
  const yours = {
    ...given,
    ...Object.fromEntries(Object.entries(fields).map(([key, value]) => [`fields.${key}`, value])),
  }
  return new Refusal(
    'revision_outdated',
    409,
    'Somebody changed this lead since you opened it. Look at it as it is now, then make your change again.',
    { details: { revision: row.revision, theirs, yours } },
  )
}

type GivenChange = BodyOf<typeof updateEndpoint>

async function takeOutOfBin({ tx, now }: Deed, leadId: string): Promise<boolean> {
  const row = (await readLeadRows(tx, [leadId], { lock: true })).get(leadId)
  if (row?.status !== 'binned') return false
  row.status = 'active'
  row.binned_at = null
  row.updated_at = now.toISOString()
  await updateLeadRows(tx, [row])
  return true
}

// A new address speaks for the lead and the old one no more; an address of another lead means that they may be one person.
async function replaceIdentifiers(
  { tx, caller, now }: Deed,
  before: LeadRow,
  given: ReadGiven,
): Promise<void> {
  const { workspaceId } = caller
  const { email, phone } = given.fields
  if (email !== undefined) {
    const old = before.email === null ? undefined : matchKey(before.email)
    if (old !== given.emailKey) {
      if (given.emailKey && blockedIdentifier('email', given.emailKey) === null) {
        const owner = await ownerOf(tx, workspaceId, 'email', given.emailKey)
        if (owner && owner.leadId !== before.id && owner.leadCount <= EVIDENCE_LIMIT)
          throw await taken(tx, before, owner.leadId, email)
        await attachIdentifier(tx, workspaceId, before.id, 'email', given.emailKey, now)
      }
      if (old) await detachIdentifier(tx, workspaceId, before.id, 'email', old)
    }
  }
  if (phone !== undefined && phone !== before.phone) {
    if (phone && blockedIdentifier('phone', phone) === null) {
      await attachIdentifier(tx, workspaceId, before.id, 'phone', phone, now)
    }
    if (before.phone) await detachIdentifier(tx, workspaceId, before.id, 'phone', before.phone)
  }
}

async function taken(tx: Deed['tx'], lead: LeadRow, ownerId: string, email: string | null): Promise<Refusal> {
  const owner = (await readLeadRows(tx, [ownerId])).get(ownerId)
  const label = owner ? leadLabel(owner) : 'another lead'
  return new Refusal(
    'email_taken',
    409,
    `${email} belongs to ${label}${owner?.status === 'binned' ? ' in the bin' : ''}. If they are one person, merge the two leads; otherwise use another address.`,
    { details: { leadId: ownerId, label, merge: { winnerId: lead.id, loserId: ownerId } } },
  )
}

function matchKey(email: string): string | undefined {
  const read = normaliseEmail(email)
  return 'matchKey' in read ? read.matchKey : undefined
}

// A sender's clock may run ahead of ours; what a member says now is still the newer word.
function notBefore(row: LeadRow, now: Date): number {
  return Math.max(now.getTime(), ...Object.values(row.provenance).map(([, at]) => at))
}

function difference(
  before: Lead,
  after: Lead,
  changed: string[],
): { before: Record<string, unknown>; after: Record<string, unknown> } {
  const valueOf = (lead: Lead, name: string): unknown =>
    name.startsWith('fields.')
      ? (lead.fields[name.slice('fields.'.length)] ?? null)
      : lead[name as keyof Lead]
  const pick = (lead: Lead) => Object.fromEntries(changed.map((name) => [name, valueOf(lead, name)]))
  return { before: pick(before), after: pick(after) }
}
