// Merges leads by hand, and undoes any merge: record, identifiers and consents are again what they were.
import { record } from '../accounts/index.ts'
import { logEvents } from '../events/index.ts'
import { keepApart, letTogether, lockLeads, settleProposals } from '../identity/index.ts'
import type { BodyOf, ReplyOf } from '../lib/endpoint.ts'
import { Refusal, missing } from '../lib/refusal.ts'
import type { Caller } from '../platform/server.ts'
import type { mergeLeads as mergeEndpoint, unmergeLeads as unmergeEndpoint } from './contract.ts'
import { deedEvent, doDeed, findLead } from './deed.ts'
import type { Deed, World } from './deed.ts'
import { readGiven } from './given.ts'
import type { MergeChoice } from './merge-choice.ts'
import { mergedIds, refuseUnfit } from './merge-preview.ts'
import { partLeads } from './parting.ts'
import { writePeople } from './people.ts'
import type { LeadReactions } from './reactions.ts'
import { leadLabel } from './record.ts'
import type { LeadRow } from './record.ts'
import { readLeadRows, readMerge } from './store.ts'
import { findProposal, proposalsOf } from './store/proposals.ts'

/** Merges leads into one, all or none; ids of leads that are merged already mean the leads they are part of. */
export async function mergeLeads(
  world: World,
  caller: Caller,
  asked: BodyOf<typeof mergeEndpoint>,
  reactions: LeadReactions,
): Promise<ReplyOf<typeof mergeEndpoint>> {
  return doDeed(world, caller, async (deed) => {
    const { tx, now } = deed
    const leads = await lockAll(deed, mergedIds(asked))
    refuseUnfit(leads)
    refuseOutdated(leads, mergedIds(asked), asked.revisions)
    const [winner, ...losers] = leads
    const choice = readChoice(asked, winner, losers)
    for (const [one, other] of pairsOf(leads)) {
      const waiting = await proposalsOf(tx, caller.workspaceId, one.id, other.id)
      await settleProposals(tx, caller.workspaceId, waiting, 'merged', now)
      await letTogether(tx, one.id, other.id)
    }
    const report = await writePeople(
      tx,
      {
        newLeads: [],
        becameKnown: [],
        merges: losers.map((loser, at) => ({
          winnerId: winner.id,
          loserId: loser.id,
          reason: 'by hand',
          evidence: {},
          // What was chosen was chosen among all of them.
          ...(at === losers.length - 1 ? { choice } : {}),
        })),
        sayings: [],
        actor: caller.actor,
      },
      now,
    )
    await logEvents(tx, report.events)
    await reactions.merged(tx, report.merged)
    for (const { loserId } of report.merged) {
      await record(tx, {
        caller,
        action: 'leads_merged',
        subject: `lead:${winner.id}`,
        after: { mergedLead: loserId },
      })
    }
    const mergeIds = report.merged.map(({ id }) => id)
    const [mergeId] = mergeIds
    if (mergeId === undefined) throw new Error('a merge of locked leads was not written')
    return { mergeId, leadId: winner.id, mergeIds }
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
    const waiting = await proposalsOf(tx, workspaceId, leadA, leadB)
    await settleProposals(tx, workspaceId, waiting, 'dismissed', now)
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

    await partLeads(tx, merge, { winner, loser }, { actor: caller.actor, at: now })
    await keepApart(tx, workspaceId, winner.id, loser.id, now)
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

// In the order in which they were asked for; the first is the one that stays.
type Merged = [winner: LeadRow, ...losers: LeadRow[]]

async function lockAll({ tx, caller }: Deed, ids: string[]): Promise<Merged> {
  const meant: string[] = []
  for (const id of ids) meant.push(await findLead(tx, caller.workspaceId, id))
  const locked = await lockLeads(tx, meant)
  const rows = await readLeadRows(tx, [...new Set([...locked.values()].map(({ id }) => id))])
  const leads = meant.map((id, at) => {
    const row = rows.get(locked.get(id)?.id ?? '')
    if (!row) throw missing('lead', ids[at]!)
    return row
  })
  return leads as Merged
}

function pairsOf(leads: LeadRow[]): [LeadRow, LeadRow][] {
  return leads.flatMap((one, at) => leads.slice(at + 1).map((other): [LeadRow, LeadRow] => [one, other]))
}

// Whoever decided on values that stand no more must look again.
function refuseOutdated(
  leads: LeadRow[],
  ids: string[],
  revisions: BodyOf<typeof mergeEndpoint>['revisions'] = {},
): void {
  const changed = leads.filter((lead, at) => {
    const seen = revisions[ids[at]!]
    return seen !== undefined && (lead.id !== ids[at] || lead.revision !== seen)
  })
  if (changed.length === 0) return
  throw new Refusal(
    'revision_outdated',
    409,
    `${changed.map(leadLabel).join(' and ')} changed since you looked. Look at what the merge comes to now, then merge.`,
    { details: { leadIds: changed.map(({ id }) => id) } },
  )
}

// An address or number is what the lead is found by, so it can only be one of those that there are.
function readChoice(asked: BodyOf<typeof mergeEndpoint>, winner: LeadRow, losers: LeadRow[]): MergeChoice {
  const given = readGiven({ ...asked.fields, fields: asked.custom }, winner.country)
  for (const name of ['email', 'phone'] as const) {
    const value = given.fields[name]
    if (value === undefined || [winner, ...losers].some((lead) => lead[name] === value)) continue
    throw new Refusal(
      'value_unfit',
      400,
      `The ${name === 'email' ? 'e-mail address' : 'phone number'} must be one of the leads' own; change it after the merge.`,
    )
  }
  const { ownerId } = asked
  if (ownerId !== undefined && ![winner, ...losers].some((lead) => lead.owner_id === ownerId))
    throw new Refusal(
      'owner_unfit',
      400,
      'The owner must be one of the leads’ own; hand the lead over after the merge.',
    )
  return { fields: given.fields, custom: given.custom, ownerId }
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
