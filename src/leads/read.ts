// Reads one lead with all that stands around it: identifiers, consents, merges, notes, timeline.
import { workspaceSettings } from '../accounts/index.ts'
import { readTimeline } from '../events/index.ts'
import { EVIDENCE_LIMIT, identifiersOf, leadFamily } from '../identity/index.ts'
import type { QueryOf, ReplyOf } from '../lib/endpoint.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import type { Db } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import { effectiveConsent } from './consent.ts'
import { purposes } from './contract.ts'
import type * as contract from './contract.ts'
import { findLead } from './deed.ts'
import { presentLookAlike, presentTwin } from './duplicates/present.ts'
import { enrich } from './enrichment.ts'
import { presentConsent, presentLead, presentNote } from './presenter.ts'
import { leadLabel } from './record.ts'
import { mergesInto, readLeadRows, readNotes } from './store.ts'
import { readProposals } from './store/proposals.ts'
import { readConsentHistory, readConsents } from './store/consents.ts'
import { readActivity, readOrderSums } from './store/detail.ts'
import { missing } from '../lib/refusal.ts'

/** Leads by their ids, whatever became of them; in no order. */
export async function presentLeads(
  db: Db,
  workspaceId: string,
  ids: readonly string[],
): Promise<contract.Lead[]> {
  const [rows, activity] = await Promise.all([readLeadRows(db, [...ids]), readActivity(db, [...ids])])
  return [...rows.values()].flatMap((row) =>
    row.workspace_id === workspaceId ? [presentLead(row, activity.get(row.id))] : [],
  )
}

/** One lead; the id of a merged lead gives the lead that it is part of now. */
export async function getLead(db: Db, workspaceId: WorkspaceId, id: string): Promise<contract.LeadDetail> {
  const leadId = await findLead(db, workspaceId, id)
  const family = await leadFamily(db, workspaceId, leadId)
  const [rows, activity, identifiers, standing, merges, orders, settings] = await Promise.all([
    readLeadRows(db, [leadId]),
    readActivity(db, [leadId]),
    identifiersOf(db, workspaceId, leadId),
    readConsents(db, [leadId]),
    mergesInto(db, workspaceId, family),
    readOrderSums(db, workspaceId, family),
    workspaceSettings(db, workspaceId),
  ])
  const row = rows.get(leadId)
  if (!row) throw missing('lead', id)
  const did = activity.get(leadId)
  const lead = presentLead(row, did)
  return {
    ...lead,
    enrichment: enrich(lead),
    identifiers: identifiers.map(({ kind, value, seenAt, leadCount }) => ({
      kind,
      value,
      seenAt: seenAt.toISOString(),
      isEvidence: leadCount <= EVIDENCE_LIMIT,
    })),
    consents: purposes.map((purpose) => {
      const consent = standing.get(`${leadId}|${purpose}`)
      return {
        purpose,
        state: consent?.state ?? 'unknown',
        ...effectiveConsent(consent, purpose, row.country, settings.consentDefaults),
        source: consent?.source ?? null,
        actedAt: consent?.actedAt ?? null,
        recordedAt: consent?.recordedAt ?? null,
      }
    }),
    mergedLeads: merges.map((merge) => ({
      mergeId: merge.id,
      leadId: merge.loser.id,
      label: leadLabel(merge.loser),
      email: merge.loser.email,
      reason: merge.reason,
      actor: merge.actor,
      mergedAt: merge.mergedAt.toISOString(),
    })),
    firstTouch: part(did?.state.firstTouch),
    lastTouch: part(did?.state.lastTouch),
    context: part(did?.state.context),
    orders,
  }
}

/** Everything that is known of people beside the log: records, identifiers, notes and every act of consent. */
export async function describePeople(
  db: Db,
  workspaceId: string,
  ids: readonly string[],
): Promise<Record<string, unknown>[]> {
  const described: Record<string, unknown>[] = []
  for (const id of ids) {
    const [lead, notes, consents] = await Promise.all([
      getLead(db, workspaceId as WorkspaceId, id),
      listNotes(db, workspaceId, id),
      listConsent(db, workspaceId, id),
    ])
    described.push({ ...lead, notes: notes.items, consentHistory: consents.items })
  }
  return described
}

/** Every touch of a lead and of those merged into it. Throws `log_unreachable` (503) while ClickHouse is away. */
export async function getTimeline(
  services: Pick<Services, 'db' | 'clickhouse'>,
  workspaceId: string,
  id: string,
  page: QueryOf<typeof contract.getTimeline>,
): Promise<ReplyOf<typeof contract.getTimeline>> {
  const family = await familyOf(services.db, workspaceId, id)
  return readTimeline(services.clickhouse, workspaceId, family, page)
}

/** Notes on a lead and on those merged into it, newest first. */
export async function listNotes(
  db: Db,
  workspaceId: string,
  id: string,
): Promise<ReplyOf<typeof contract.listNotes>> {
  const notes = await readNotes(db, workspaceId, await familyOf(db, workspaceId, id))
  return { items: notes.map(presentNote) }
}

/** Every act of consent of a lead and of those merged into it, newest first. */
export async function listConsent(
  db: Db,
  workspaceId: string,
  id: string,
): Promise<ReplyOf<typeof contract.listConsent>> {
  const history = await readConsentHistory(db, workspaceId, await familyOf(db, workspaceId, id))
  return { items: history.map(presentConsent) }
}

/** Merges that are proposed and wait for a person. */
export async function listProposals(
  db: Db,
  workspaceId: string,
): Promise<ReplyOf<typeof contract.listProposals>> {
  const proposals = await readProposals(db, workspaceId)
  const leads = await readLeadRows(db, [...new Set(proposals.flatMap(({ leadA, leadB }) => [leadA, leadB]))])
  return {
    items: proposals.map(({ id, reason, evidence, proposedAt, leadA, leadB }) => ({
      id,
      reason,
      proposedAt: proposedAt.toISOString(),
      ...presentLookAlike(evidence),
      leads: [leadA, leadB].flatMap((leadId) => {
        const row = leads.get(leadId)
        return row ? [presentTwin(row)] : []
      }),
    })),
  }
}

async function familyOf(db: Db, workspaceId: string, id: string): Promise<string[]> {
  return leadFamily(db, workspaceId, await findLead(db, workspaceId, id))
}

function part(value: unknown): Record<string, unknown> | null {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : null
}
