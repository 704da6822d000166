// Decides what a batch learned of people: new leads, merges, words and consents in their order, and the events they make.
import { systemEvent } from '../events/index.ts'
import type { LogEntry } from '../events/index.ts'
import { newId } from '../lib/ids.ts'
import { changeOf, recordAsItStands } from './changes.ts'
import type { LeadChange } from './changes.ts'
import { isRenewal, strictest, takesEffect } from './consent.ts'
import type { ConsentAct, StandingConsent } from './consent.ts'
import { purposes } from './contract.ts'
import { applyChoice } from './merge-choice.ts'
import type { MergeChoice } from './merge-choice.ts'
import { applyWords, mergeRecords, newLeadRow } from './record.ts'
import type { LeadRow, Words } from './record.ts'
import { consentRecord } from './store/consents.ts'
import type { ConsentKey, ConsentRecord } from './store/consents.ts'
import type { MergeRecord } from './store.ts'

/** One saying about one lead. */
export interface Saying {
  leadId: string
  workspaceId: string
  words?: Words
  consents?: ConsentAct[]
  /** leads that it merges, before it is heard */
  merged?: string[]
}

export interface AskedMerge {
  winnerId: string
  loserId: string
  reason: string
  evidence: Record<string, unknown>
  /** when that happened which shows that the two are one; now where a person decides */
  at?: Date
  /** values that a person chose, which hold whatever the two leads say */
  choice?: MergeChoice
}

export interface PeopleChanges {
  newLeads: { id: string; workspaceId: string; source: string; at: Date; isKnown: boolean }[]
  becameKnown: string[]
  merges: AskedMerge[]
  sayings: Saying[]
  /** who did it: `user:<id>`, or empty for the pipeline */
  actor: string
  /** the report tells what the sayings wrote over, so that it can be taken back */
  keepsBefore?: boolean | undefined
}

/** What came of each saying, and what others must act on. */
export interface PeopleReport {
  /** per saying: the names of the fields that changed */
  changed: string[][]
  /** per saying: the consents that took effect, as `purpose=state` */
  consents: string[][]
  merged: { id: string; winnerId: string; loserId: string; workspaceId: string }[]
  events: LogEntry[]
  /** where it was asked for: how leads that stood already were changed and merged, in order */
  changes: LeadChange[]
}

/** Whom the changes are about, as stored: records by lead, consents by `lead|purpose`. */
export interface StoredPeople {
  rows: Map<string, LeadRow>
  standing: Map<ConsentKey, StandingConsent>
}

/** What changes come to, before anything of it is written. */
export interface PeopleDecision {
  fresh: Map<string, LeadRow>
  updated: LeadRow[]
  /** said again: only the words behind their values are newer */
  confirmed: LeadRow[]
  consents: ConsentRecord[]
  renewals: ConsentRecord[]
  merges: MadeMerge[]
  /** what stands now, by `lead|purpose` */
  standing: Map<ConsentKey, StandingConsent>
  report: PeopleReport
}

/**
 * Decides what `writePeople` writes; the stored rows and consents are changed in place. Pure but for the ids, which the caller
 * may give.
 */
export function decidePeople(
  changes: PeopleChanges,
  { rows, standing }: StoredPeople,
  now: Date,
  newMergeId: () => string = newId,
): PeopleDecision {
  const fresh = new Map<string, LeadRow>()
  for (const made of changes.newLeads) fresh.set(made.id, newLeadRow({ ...made, now }))
  const dirty = new Set<string>()
  const rowOf = (id: string): LeadRow | undefined => {
    const row = fresh.get(id) ?? rows.get(id)
    return row?.status === 'merged' && row.merged_into ? (rowOf(row.merged_into) ?? row) : row
  }
  for (const id of changes.becameKnown) {
    const row = rowOf(id)
    if (row && !row.is_known) {
      row.is_known = true
      dirty.add(row.id)
    }
  }
  const work: Work = {
    rowOf,
    standing,
    records: [],
    renewals: new Map(),
    actor: changes.actor,
    now,
    newMergeId,
  }
  const merges: MadeMerge[] = []
  const report: PeopleReport = { changed: [], consents: [], merged: merges, events: [], changes: [] }
  const merge = (asked: AskedMerge | undefined) => {
    const made = asked && mergeOne(work, asked)
    if (!made) return
    merges.push(made)
    if (changes.keepsBefore) report.changes.push({ mergeId: made.id })
    dirty.add(made.winnerId).add(made.loserId)
  }
  const caused = new Set<string>()
  for (const { merged } of changes.sayings) for (const loserId of merged ?? NOTHING) caused.add(loserId)
  const byLoser = new Map(changes.merges.map((asked) => [asked.loserId, asked]))
  for (const asked of changes.merges) if (!caused.has(asked.loserId)) merge(asked)

  const confirmed = new Set<string>()
  for (const saying of changes.sayings) {
    for (const loserId of saying.merged ?? NOTHING) merge(byLoser.get(loserId))
    const row = rowOf(saying.leadId)
    const stood = changes.keepsBefore && row && !fresh.has(row.id) ? recordAsItStands(row) : undefined
    const effect = row && saying.words && applyWords(row, saying.words)
    if (row && effect && effect.changed.length > 0) dirty.add(row.id)
    else if (row && effect?.isConfirmed) confirmed.add(row.id)
    report.changed.push(effect?.changed ?? [])
    report.consents.push(row && saying.consents?.length ? applyConsents(work, row, saying.consents) : NOTHING)
    if (stood && row) {
      const change = changeOf(stood, row, report.changed.at(-1) ?? NOTHING, report.consents.at(-1) ?? NOTHING)
      if (change) report.changes.push(change)
    }
  }
  const updated = [...dirty].flatMap((id) => (fresh.has(id) ? [] : (rows.get(id) ?? [])))
  const updatedAt = now.toISOString()
  for (const row of fresh.values()) row.updated_at = updatedAt
  for (const row of updated) row.updated_at = updatedAt
  report.events = [...mergeEvents(merges, now), ...consentEvents(work.records, now)]
  return {
    fresh,
    updated,
    confirmed: [...confirmed].flatMap((id) => (dirty.has(id) ? [] : (rows.get(id) ?? []))),
    consents: work.records,
    renewals: [...work.renewals.values()],
    merges,
    standing,
    report,
  }
}

const NOTHING: string[] = []

// What the sayings and merges of a batch work on, and what they leave to be written.
interface Work {
  rowOf: (id: string) => LeadRow | undefined
  standing: Map<ConsentKey, StandingConsent>
  records: ConsentRecord[]
  renewals: Map<string, ConsentRecord>
  actor: string
  now: Date
  newMergeId: () => string
}

function mergeOne(work: Work, asked: AskedMerge): MadeMerge | undefined {
  const { standing, records, actor, now } = work
  const winner = work.rowOf(asked.winnerId)
  const loser = work.rowOf(asked.loserId)
  if (!winner || !loser || winner.id === loser.id) return undefined
  const consentsBefore = purposes.flatMap((purpose) => standing.get(`${winner.id}|${purpose}`) ?? [])
  const record = mergeRecords(winner, loser)
  if (asked.choice) applyChoice(winner, record, asked.choice, now.getTime())
  loser.status = 'merged'
  loser.merged_into = winner.id
  const consentsAfter: StandingConsent[] = []
  for (const purpose of purposes) {
    const mine = standing.get(`${winner.id}|${purpose}`)
    const result = strictest(mine, standing.get(`${loser.id}|${purpose}`))
    if (!result || result === mine) continue
    const taken = { ...result, recordedAt: now.toISOString() }
    standing.set(`${winner.id}|${purpose}`, taken)
    consentsAfter.push(taken)
    records.push(
      consentRecord({
        ...taken,
        workspaceId: winner.workspace_id,
        leadId: winner.id,
        source: 'merge',
        proof: { ...result.proof, mergedFrom: loser.id, originalSource: result.source },
        actor: actor || null,
        tookEffect: true,
      }),
    )
  }
  return {
    id: work.newMergeId(),
    workspaceId: winner.workspace_id,
    winnerId: winner.id,
    loserId: loser.id,
    reason: asked.reason,
    evidence: asked.evidence,
    before: { record, identifiers: [], consentsBefore, consentsAfter },
    actor,
    mergedAt: now.toISOString(),
    shownAt: asked.at ?? now,
  }
}

/** A merge with the instant at which the timeline shows it: among the touches that brought it about. */
export type MadeMerge = MergeRecord & { shownAt: Date }

function applyConsents(work: Work, row: LeadRow, consents: ConsentAct[]): string[] {
  const effects: string[] = []
  const recordedAt = work.now.toISOString()
  for (const act of consents) {
    const key = `${row.id}|${act.purpose}` as const
    const before = work.standing.get(key)
    const tookEffect = takesEffect(before, act)
    const renewed = !tookEffect && isRenewal(before, act, recordedAt)
    if (!tookEffect && !renewed && before?.state === act.state) continue
    const { purpose, state, source, proof, actedAt } = act
    const record = consentRecord({
      workspaceId: row.workspace_id,
      leadId: row.id,
      purpose,
      state,
      source,
      proof,
      actedAt,
      recordedAt,
      actor: work.actor || null,
      tookEffect: tookEffect || renewed,
    })
    if (renewed) work.renewals.set(key, record)
    else work.records.push(record)
    if (tookEffect || renewed) work.standing.set(key, { purpose, state, source, proof, actedAt, recordedAt })
    if (tookEffect) effects.push(`${purpose}=${state}`)
  }
  return effects
}

function mergeEvents(merges: MadeMerge[], now: Date): LogEntry[] {
  return merges.map((merge) => ({
    workspaceId: merge.workspaceId,
    leadId: merge.winnerId,
    event: systemEvent({
      eventId: newId(),
      at: merge.shownAt,
      receivedAt: now,
      name: 'lead_merged',
      category: 'identity',
      call: 'system',
      source: merge.actor ? 'user' : 'identity',
      actor: merge.actor,
      properties: { mergeId: merge.id, mergedLead: merge.loserId, reason: merge.reason, ...merge.evidence },
    }),
  }))
}

// A merge's and an import's own event tells of the consents that came with it.
function consentEvents(records: ConsentRecord[], now: Date): LogEntry[] {
  return records
    .filter((record) => record.tookEffect && record.source !== 'merge' && record.source !== 'import')
    .map((record) => ({
      workspaceId: record.workspaceId,
      leadId: record.leadId,
      event: systemEvent({
        eventId: newId(),
        at: record.actedAt ? new Date(record.actedAt) : now,
        receivedAt: now,
        name: 'consent_changed',
        category: 'consent',
        call: 'system',
        source: record.source,
        actor: record.actor ?? '',
        properties: { purpose: record.purpose, state: record.state, proof: record.proof },
      }),
    }))
}
