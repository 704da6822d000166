// Merges two leads by hand, and undoes any merge: record, identifiers and consents are again what they were.
import { record } from '../accounts/index.ts'
import { logEvents } from '../events/index.ts'
import {
  identifiersOf,
  keepApart,
  leadFamily,
  letTogether,
  returnApart,
  returnIdentifiers,
} from '../identity/index.ts'
import type { BodyOf, ReplyOf } from '../lib/endpoint.ts'
import { Refusal, missing } from '../lib/refusal.ts'
import type { Caller } from '../platform/server.ts'
import type { Db } from '../platform/postgres.ts'
import { purposes } from './contract.ts'
import type {
  mergeLeads as mergeEndpoint,
  previewMerge as previewEndpoint,
  unmergeLeads as unmergeEndpoint,
} from './contract.ts'
import { deedEvent, doDeed, findLead, lockLead } from './deed.ts'
import type { Deed, World } from './deed.ts'
import { refuseBinned } from './edit.ts'
import { readGiven } from './given.ts'
import { previewConsents, previewFields } from './merge-choice.ts'
import type { MergeChoice } from './merge-choice.ts'
import { partRecord } from './part.ts'
import { writePeople } from './people.ts'
import { presentLead } from './presenter.ts'
import type { LeadReactions } from './reactions.ts'
import { leadLabel } from './record.ts'
import type { LeadRow } from './record.ts'
import { markUndone, readLeadRows, readMerge, updateLeadRows } from './store.ts'
import { readConsents, restoreConsents } from './store/consents.ts'
import type { MergeRecord } from './store.ts'
import { mergesAfter, movedIdentifiers, readActivity, saveTraces } from './store/detail.ts'
import { findProposal, resolveProposals } from './store/proposals.ts'

/** Merges one lead into another; ids of leads that are merged already mean the leads they are part of. */
export async function mergeLeads(
  world: World,
  caller: Caller,
  asked: BodyOf<typeof mergeEndpoint>,
  reactions: LeadReactions,
): Promise<ReplyOf<typeof mergeEndpoint>> {
  return doDeed(world, caller, async (deed) => {
    const { tx, now } = deed
    const [winner, loser] = await lockBoth(deed, asked.winnerId, asked.loserId)
    if (winner.id === loser.id) {
      throw oneAlready(winner)
    }
    refuseBinned(winner)
    refuseBinned(loser)
    await resolveProposals(tx, caller.workspaceId, winner.id, loser.id, 'merged', now)
    await letTogether(tx, winner.id, loser.id)
    const report = await writePeople(
      tx,
      {
        newLeads: [],
        becameKnown: [],
        merges: [
          {
            winnerId: winner.id,
            loserId: loser.id,
            reason: 'by hand',
            evidence: {},
            choice: readChoice(asked, winner, loser),
          },
        ],
        sayings: [],
        actor: caller.actor,
      },
      now,
    )
    await logEvents(tx, report.events)
    await reactions.merged(tx, report.merged)
    await record(tx, {
      caller,
      action: 'leads_merged',
      subject: `lead:${winner.id}`,
      after: { mergedLead: loser.id },
    })
    const mergeId = report.merged[0]?.id
    if (mergeId === undefined) throw new Error('a merge of two locked leads was not written')
    return { mergeId, leadId: winner.id }
  })
}

/** Says that two proposed leads are two people: nothing but a person merges or proposes them from now on. */
export async function dismissProposal(
  world: World,
  caller: Caller,
  id: string,
): Promise<{ dismissed: true }> {
  return doDeed(world, caller, async ({ tx, now }) => {
    const { workspaceId } = caller
    const proposal = await findProposal(tx, workspaceId, id)
    if (!proposal) throw missing('proposal', id)
    const { leadA, leadB } = proposal
    await resolveProposals(tx, workspaceId, leadA, leadB, 'dismissed', now)
    await keepApart(tx, workspaceId, leadA, leadB, now)
    await record(tx, {
      caller,
      action: 'merge_proposal_dismissed',
      subject: `lead:${leadA}`,
      after: { otherLead: leadB, reason: proposal.reason },
    })
    return { dismissed: true as const }
  })
}

/** What a merge would come to; throws as `mergeLeads` where the two cannot be merged. */
export async function previewMerge(
  db: Db,
  workspaceId: string,
  asked: BodyOf<typeof previewEndpoint>,
): Promise<ReplyOf<typeof previewEndpoint>> {
  const winnerId = await findLead(db, workspaceId, asked.winnerId)
  const loserId = await findLead(db, workspaceId, asked.loserId)
  const [rows, activity, consents] = await Promise.all([
    readLeadRows(db, [winnerId, loserId]),
    readActivity(db, [winnerId, loserId]),
    readConsents(db, [winnerId, loserId]),
  ])
  const winner = rows.get(winnerId)
  const loser = rows.get(loserId)
  if (!winner || !loser) throw missing('lead', winner ? asked.loserId : asked.winnerId)
  if (winner.id === loser.id) throw oneAlready(winner)
  refuseBinned(winner)
  refuseBinned(loser)
  const consentsOf = (id: string) =>
    new Map(
      purposes.flatMap((purpose) => {
        const consent = consents.get(`${id}|${purpose}`)
        return consent ? [[purpose, consent] as const] : []
      }),
    )
  return {
    winner: presentLead(winner, activity.get(winnerId)),
    loser: presentLead(loser, activity.get(loserId)),
    fields: previewFields(winner, loser),
    tags: [...new Set([...winner.tags, ...loser.tags])],
    consents: previewConsents(consentsOf(winnerId), consentsOf(loserId)),
  }
}

/** Undoes a merge. What was written since by others stays; events stay with the lead that they came to. */
export async function unmergeLeads(
  world: World,
  caller: Caller,
  mergeId: string,
  reactions: LeadReactions,
): Promise<ReplyOf<typeof unmergeEndpoint>> {
  return doDeed(world, caller, async (deed) => {
    const { tx, now } = deed
    const { workspaceId } = caller
    const merge = await readMerge(tx, workspaceId, mergeId)
    if (!merge) throw missing('merge', mergeId)
    if (merge.undoneAt) throw new Refusal('merge_undone', 409, 'This merge is undone already.')
    const found = await readLeadRows(tx, [merge.winnerId, merge.loserId], { lock: true })
    const winner = found.get(merge.winnerId)
    const loser = found.get(merge.loserId)
    if (!winner || !loser) throw missing('merge', mergeId)
    if (winner.status === 'merged') await refusePartOfAnother(deed, winner)

    const laterMerges = await mergesAfter(tx, winner.id, mergeId)
    const laterLosers = await readLeadRows(
      tx,
      laterMerges.map((later) => later.loserId),
    )
    partRecord(
      winner,
      merge.before.record,
      laterMerges.flatMap(({ trace, loserId }) => {
        const laterLoser = laterLosers.get(loserId)
        return laterLoser ? [{ trace, loser: laterLoser }] : []
      }),
    )
    await saveTraces(tx, laterMerges)
    loser.status = loser.binned_at === null ? 'active' : 'binned'
    loser.merged_into = null
    await returnTo(deed, merge, winner, loser)
    await returnApart(tx, winner.id, loser.id)
    await keepApart(tx, workspaceId, winner.id, loser.id, now)
    winner.is_known ||= await hasName(deed, winner.id)
    for (const row of [winner, loser]) row.updated_at = now.toISOString()
    await updateLeadRows(tx, [winner, loser])
    await restoreUntouchedConsents(deed, merge)
    await markUndone(tx, mergeId, caller.actor, now)
    await logEvents(tx, [
      deedEvent(deed, winner.id, 'lead_unmerged', { mergeId, partedLead: loser.id }, 'identity'),
      deedEvent(deed, loser.id, 'lead_unmerged', { mergeId, partedLead: winner.id }, 'identity'),
    ])
    await record(tx, {
      caller,
      action: 'leads_unmerged',
      subject: `lead:${winner.id}`,
      after: { partedLead: loser.id },
    })
    await reactions.unmerged(tx, [winner.id, loser.id], workspaceId)
    return { winnerId: winner.id, loserId: loser.id }
  })
}

function oneAlready(lead: LeadRow): Refusal {
  return new Refusal(
    'leads_merged',
    409,
    `${leadLabel(lead)} is one lead already; there is nothing to merge.`,
  )
}

// An address or number is what the lead is found by, so it can only be one of the two that there are.
function readChoice(asked: BodyOf<typeof mergeEndpoint>, winner: LeadRow, loser: LeadRow): MergeChoice {
  const given = readGiven({ ...asked.fields, fields: asked.custom }, winner.country)
  for (const name of ['email', 'phone'] as const) {
    const value = given.fields[name]
    if (value === undefined || value === winner[name] || value === loser[name]) continue
    throw new Refusal(
      'value_unfit',
      400,
      `The ${name === 'email' ? 'e-mail address' : 'phone number'} must be one of the two leads' own; change it after the merge.`,
    )
  }
  return { fields: given.fields, custom: given.custom }
}

// In the order of their ids, as everybody locks.
async function lockBoth(deed: Deed, winnerId: string, loserId: string): Promise<[LeadRow, LeadRow]> {
  const [first, second] = winnerId < loserId ? [winnerId, loserId] : [loserId, winnerId]
  const rows = { [first]: await lockLead(deed, first), [second]: await lockLead(deed, second) }
  return [rows[winnerId]!, rows[loserId]!]
}

async function refusePartOfAnother({ tx }: Deed, winner: LeadRow): Promise<never> {
  const into = winner.merged_into
    ? (await readLeadRows(tx, [winner.merged_into])).get(winner.merged_into)
    : undefined
  throw new Refusal(
    'merge_covered',
    409,
    `${leadLabel(winner)} was merged into ${into ? leadLabel(into) : 'another lead'} since. Undo that merge first, then this one.`,
    { details: { leadId: winner.merged_into } },
  )
}

// With the loser go the identifiers of all that are part of it; those that moved on to somebody else stay there.
async function returnTo({ tx }: Deed, merge: MergeRecord, winner: LeadRow, loser: LeadRow): Promise<void> {
  const family = await leadFamily(tx, merge.workspaceId, loser.id)
  const moved = [...merge.before.identifiers, ...(await movedIdentifiers(tx, family))]
  await returnIdentifiers(tx, merge.workspaceId, winner.id, loser.id, moved)
}

async function hasName({ tx, caller }: Deed, leadId: string): Promise<boolean> {
  const identifiers = await identifiersOf(tx, caller.workspaceId, leadId)
  return identifiers.some((identifier) => identifier.kind !== 'anonymous_id')
}

async function restoreUntouchedConsents({ tx, caller }: Deed, merge: MergeRecord): Promise<void> {
  const { consentsBefore, consentsAfter } = merge.before
  const standing = await readConsents(tx, [merge.winnerId])
  const untouched = consentsAfter.filter((after) => {
    const now = standing.get(`${merge.winnerId}|${after.purpose}`)
    return now?.recordedAt === after.recordedAt && now.state === after.state
  })
  const purposes = untouched.map((consent) => consent.purpose)
  await restoreConsents(tx, caller.workspaceId, merge.winnerId, consentsBefore, purposes)
}
