// Writes what a batch learned of people: new leads, merges, words and consents, in sets, and returns the events it makes.
import { logEvents, systemEvent } from '../events/index.ts'
import type { LogEntry } from '../events/index.ts'
import { moveIdentifiers } from '../identity/index.ts'
import { newId } from '../lib/ids.ts'
import type { Db } from '../platform/postgres.ts'
import { isRenewal, strictest, takesEffect } from './consent.ts'
import type { ConsentAct, StandingConsent } from './consent.ts'
import { purposes } from './contract.ts'
import { changeOf, recordAsItStands } from './changes.ts'
import type { LeadChange } from './changes.ts'
import { applyChoice } from './merge-choice.ts'
import type { MergeChoice } from './merge-choice.ts'
import { settledSayings } from './fields/incoming.ts'
import { RANK, applyWords, mergeRecords, newLeadRow } from './record.ts'
import type { LeadRow, Words } from './record.ts'
import {
  declareFields,
  insertLeadRows,
  insertMerges,
  readLeadRows,
  updateLeadRows,
  updateProvenance,
} from './store.ts'
import { consentRecord, readConsents, writeConsents } from './store/consents.ts'
import type { MergeRecord } from './store.ts'
import type { ConsentRecord } from './store/consents.ts'
import { fieldType } from './traits.ts'

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

/**
 * Writes people in the transaction of a batch. The leads must be locked (identity does).
 * Sayings and the merges they cause are applied in their order, so that one batch comes to the same as many; merges that no
 * saying causes come first. A saying about a lead that was merged goes to the lead it is part of now.
 */
export async function writePeople(tx: Db, given: PeopleChanges, now: Date): Promise<PeopleReport> {
  const changes = { ...given, sayings: await settledSayings(tx, given.sayings) }
  const fresh = new Map<string, LeadRow>()
  for (const made of changes.newLeads) fresh.set(made.id, newLeadRow({ ...made, now }))
  const stored = await readLeadRows(tx, storedIds(changes, fresh))
  const dirty = new Set<string>()
  const rowOf = (id: string): LeadRow | undefined => {
    const row = fresh.get(id) ?? stored.get(id)
    return row?.status === 'merged' && row.merged_into ? (rowOf(row.merged_into) ?? row) : row
  }
  for (const id of changes.becameKnown) {
    const row = rowOf(id)
    if (row && !row.is_known) {
      row.is_known = true
      dirty.add(row.id)
    }
  }
  const consentIds = [
    ...changes.merges.flatMap((m) => [m.winnerId, m.loserId]),
    ...changes.sayings.filter((s) => s.consents?.length).map((s) => s.leadId),
  ].filter((id) => !fresh.has(id))
  const standing = await readConsents(tx, [...new Set(consentIds)])
  const work: Work = { rowOf, standing, records: [], renewals: new Map(), actor: changes.actor, now }
  const merges: MadeMerge[] = []
  const report: PeopleReport = { changed: [], consents: [], merged: merges, events: [], changes: [] }
  const merge = (asked: AskedMerge | undefined) => {
    const made = asked && mergeOne(work, asked)
    if (!made) return
    merges.push(made)
    if (changes.keepsBefore) report.changes.push({ mergeId: made.id })
    dirty.add(made.winnerId).add(made.loserId)
  }
  const caused = new Set(changes.sayings.flatMap((saying) => saying.merged ?? []))
  const byLoser = new Map(changes.merges.map((asked) => [asked.loserId, asked]))
  for (const asked of changes.merges) if (!caused.has(asked.loserId)) merge(asked)

  const confirmed = new Set<string>()
  for (const saying of changes.sayings) {
    for (const loserId of saying.merged ?? []) merge(byLoser.get(loserId))
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
  const moved = merges.length > 0 ? await moveIdentifiers(tx, orderedMoves(merges)) : new Map()
  for (const made of merges) made.before.identifiers = moved.get(made.loserId) ?? []
  const updated = [...dirty].flatMap((id) => (fresh.has(id) ? [] : (stored.get(id) ?? [])))
  const updatedAt = now.toISOString()
  for (const row of fresh.values()) row.updated_at = updatedAt
  for (const row of updated) row.updated_at = updatedAt
  await insertLeadRows(tx, [...fresh.values()])
  await updateLeadRows(
    tx,
    updated.sort((a, b) => (a.id < b.id ? -1 : 1)),
  )
  await updateProvenance(
    tx,
    [...confirmed].sort().flatMap((id) => (dirty.has(id) ? [] : (stored.get(id) ?? []))),
  )
  await writeConsents(tx, work.records, [...work.renewals.values()], (leadId) => fresh.has(leadId))
  await insertMerges(tx, merges)
  await declareFields(tx, customFieldsOf(changes))
  report.events = [...mergeEvents(merges, now), ...consentEvents(work.records, now)]
  return report
}

/** Writes people outside the pipeline and logs the events in the same transaction: an edit, a merge by hand. */
export async function writePeopleAndLog(
  tx: Db,
  changes: PeopleChanges,
  now: Date,
  more: LogEntry[] = [],
): Promise<PeopleReport> {
  const report = await writePeople(tx, changes, now)
  await logEvents(tx, [...report.events, ...more])
  return report
}

const NOTHING: string[] = []

function storedIds(changes: PeopleChanges, fresh: Map<string, LeadRow>): string[] {
  const ids = new Set<string>(changes.becameKnown)
  for (const merge of changes.merges) ids.add(merge.winnerId).add(merge.loserId)
  for (const saying of changes.sayings) ids.add(saying.leadId)
  return [...ids].filter((id) => !fresh.has(id))
}

// What the sayings and merges of a batch work on, and what they leave to be written.
interface Work {
  rowOf: (id: string) => LeadRow | undefined
  standing: Map<string, StandingConsent>
  records: ConsentRecord[]
  renewals: Map<string, ConsentRecord>
  actor: string
  now: Date
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
    id: newId(),
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
type MadeMerge = MergeRecord & { shownAt: Date }

// A chain a -> b -> c moves a's values straight to c, since the rows are moved in one statement.
function orderedMoves(merges: MergeRecord[]): { winnerId: string; loserId: string }[] {
  const next = new Map(merges.map((merge) => [merge.loserId, merge.winnerId]))
  return merges.map(({ loserId }) => {
    let winnerId = next.get(loserId)!
    while (next.has(winnerId)) winnerId = next.get(winnerId)!
    return { winnerId, loserId }
  })
}

function applyConsents(work: Work, row: LeadRow, consents: ConsentAct[]): string[] {
  const effects: string[] = []
  const recordedAt = work.now.toISOString()
  for (const act of consents) {
    const key = `${row.id}|${act.purpose}`
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

function customFieldsOf({ sayings, actor }: PeopleChanges): CustomField[] {
  const byWorkspace = new Map<string, Map<string, CustomField>>()
  for (const { workspaceId, words } of sayings) {
    const custom = words?.custom
    if (!custom) continue
    const fields = byWorkspace.get(workspaceId) ?? new Map<string, CustomField>()
    byWorkspace.set(workspaceId, fields)
    for (const key in custom) {
      const value = custom[key]
      if (value === null || value === undefined || fields.has(key)) continue
      const label = key.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase())
      fields.set(key, { workspaceId, key, label, type: fieldType(value), origin: originOf(actor, words) })
    }
  }
  return [...byWorkspace.values()].flatMap((fields) => [...fields.values()])
}

interface CustomField {
  workspaceId: string
  key: string
  label: string
  type: string
  origin: 'tracking' | 'import' | 'manual' | 'api'
}

function originOf(actor: string, { rank }: Words): CustomField['origin'] {
  if (rank === RANK.imported) return 'import'
  if (actor === '') return 'tracking'
  return actor.startsWith('user:') ? 'manual' : 'api'
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
