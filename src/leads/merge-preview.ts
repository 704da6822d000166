// What a merge of leads would come to, for the person who decides on it: values, what comes along, consents.
import { identifiersOf, leadFamily } from '../identity/index.ts'
import type { BodyOf, ReplyOf } from '../lib/endpoint.ts'
import { Refusal, missing } from '../lib/refusal.ts'
import type { Db } from '../platform/postgres.ts'
import type { previewMerge as previewEndpoint } from './contract.ts'
import { findLead } from './deed.ts'
import { refuseBinned } from './edit.ts'
import { previewConsents, previewRecord } from './merge-choice.ts'
import { presentLead } from './presenter.ts'
import { leadLabel } from './record.ts'
import type { LeadRow } from './record.ts'
import { readLeadRows } from './store.ts'
import { consentsOf, readConsents } from './store/consents.ts'
import { countNotes, readActivity, readOrderSums } from './store/detail.ts'

type Asked = BodyOf<typeof previewEndpoint>

/** What a merge would come to; throws as `mergeLeads` where the leads cannot be merged. */
export async function previewMerge(
  db: Db,
  workspaceId: string,
  asked: Asked,
): Promise<ReplyOf<typeof previewEndpoint>> {
  const ids = await Promise.all(mergedIds(asked).map((id) => findLead(db, workspaceId, id)))
  const [found, activity, consents, around] = await Promise.all([
    readLeadRows(db, ids),
    readActivity(db, ids),
    readConsents(db, ids),
    Promise.all(ids.map((id) => readAround(db, workspaceId, id))),
  ])
  const leads = ids.map((id) => {
    const row = found.get(id)
    if (!row) throw missing('lead', id)
    return row
  })
  refuseUnfit(leads)
  const { fields, tags, ownerId } = previewRecord(leads)
  return {
    leads: leads.map((lead, at) => ({ ...presentLead(lead, activity.get(lead.id)), ...around[at]! })),
    fields,
    tags,
    ownerId,
    consents: previewConsents(
      leads.map((lead) => ({
        label: leadLabel(lead),
        consents: consentsOf(consents, lead.id),
      })),
    ),
  }
}

/** The leads that a merge is about, the one that stays first. */
export function mergedIds({ winnerId, loserId, furtherLoserIds = [] }: Asked): string[] {
  return [winnerId, loserId, ...furtherLoserIds]
}

/** Refuses (409) leads that are one already, or lie in the bin. */
export function refuseUnfit(leads: LeadRow[]): void {
  for (const [at, lead] of leads.entries()) {
    if (leads.findIndex(({ id }) => id === lead.id) < at) {
      throw new Refusal(
        'leads_merged',
        409,
        `${leadLabel(lead)} is one lead already; there is nothing to merge.`,
      )
    }
    refuseBinned(lead)
  }
}

async function readAround(db: Db, workspaceId: string, leadId: string) {
  const family = await leadFamily(db, workspaceId, leadId)
  const [identifiers, orders, noteCount] = await Promise.all([
    identifiersOf(db, workspaceId, leadId),
    readOrderSums(db, workspaceId, family),
    countNotes(db, workspaceId, family),
  ])
  return {
    identifiers: identifiers.map(({ kind, value }) => ({ kind, value })),
    orderCount: orders.count,
    noteCount,
  }
}
