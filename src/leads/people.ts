// Writes what a batch learned of people: new leads, merges, words and consents, in sets, and returns the events it makes.
import { logEvents, systemEvent } from '../events/index.ts'
import type { LogEntry } from '../events/index.ts'
import { moveIdentifiers } from '../identity/index.ts'
import { newId } from '../lib/ids.ts'
import type { Db } from '../platform/postgres.ts'
import { strictest, takesEffect } from './consent.ts'
import type { ConsentAct, StandingConsent } from './consent.ts'
import { purposes } from './contract.ts'
import { applyWords, mergeRecords, newLeadRow } from './record.ts'
import type { LeadRow, Words } from './record.ts'
import { declareFields, insertLeadRows, insertMerges, readLeadRows, updateLeadRows } from './store.ts'
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
}

export interface PeopleChanges {
  newLeads: { id: string; workspaceId: string; source: string; at: Date; isKnown: boolean }[]
  becameKnown: string[]
  merges: { winnerId: string; loserId: string; reason: string; evidence: Record<string, unknown> }[]
  sayings: Saying[]
  /** who did it: `user:<id>`, or empty for the pipeline */
  actor: string
}

/** What came of each saying, and what others must act on. */
export interface PeopleReport {
  /** per saying: the names of the fields that changed */
  changed: string[][]
  /** per saying: the consents that took effect, as `purpose=state` */
  consents: string[][]
  merged: { id: string; winnerId: string; loserId: string; workspaceId: string }[]
  events: LogEntry[]
}

/**
 * Writes people in the transaction of a batch. The leads must be locked (identity does).
 * Sayings are applied in their order; one about a lead that was merged goes to the lead it is part of now.
 */
export async function writePeople(tx: Db, changes: PeopleChanges, now: Date): Promise<PeopleReport> {
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
  // Facts of both leads first, then merges, then what was said: so that a merge keeps the age of every word.
  const consentIds = [
    ...changes.merges.flatMap((m) => [m.winnerId, m.loserId]),
    ...changes.sayings.filter((s) => s.consents?.length).map((s) => s.leadId),
  ].filter((id) => !fresh.has(id))
  const standing = await readConsents(tx, [...new Set(consentIds)])
  const records: ConsentRecord[] = []
  const merges = mergeAll(changes, rowOf, standing, records, dirty, now)
  const moved = merges.length > 0 ? await moveIdentifiers(tx, orderedMoves(merges)) : new Map()
  for (const merge of merges) merge.before.identifiers = moved.get(merge.loserId) ?? []

  const report: PeopleReport = { changed: [], consents: [], merged: merges, events: [] }
  for (const saying of changes.sayings) {
    const row = rowOf(saying.leadId)
    const changed = row && saying.words ? applyWords(row, saying.words) : []
    if (row && changed.length > 0) dirty.add(row.id)
    report.changed.push(changed)
    report.consents.push(row ? applyConsents(row, saying, standing, records, changes.actor, now) : [])
  }
  for (const row of fresh.values()) row.updated_at = now.toISOString()
  const updated = [...dirty].flatMap((id) => (fresh.has(id) ? [] : (stored.get(id) ?? [])))
  for (const row of updated) row.updated_at = now.toISOString()
  await insertLeadRows(tx, [...fresh.values()])
  await updateLeadRows(
    tx,
    updated.sort((a, b) => (a.id < b.id ? -1 : 1)),
  )
  await writeConsents(tx, records)
  await insertMerges(tx, merges)
  await declareFields(tx, customFieldsOf(changes.sayings))
  report.events = [...mergeEvents(merges, now), ...consentEvents(records, now)]
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

function storedIds(changes: PeopleChanges, fresh: Map<string, LeadRow>): string[] {
  const ids = new Set<string>(changes.becameKnown)
  for (const merge of changes.merges) ids.add(merge.winnerId).add(merge.loserId)
  for (const saying of changes.sayings) ids.add(saying.leadId)
  return [...ids].filter((id) => !fresh.has(id))
}

function mergeAll(
  changes: PeopleChanges,
  rowOf: (id: string) => LeadRow | undefined,
  standing: Map<string, StandingConsent>,
  records: ConsentRecord[],
  dirty: Set<string>,
  now: Date,
): (MergeRecord & { workspaceId: string })[] {
  const merges: MergeRecord[] = []
  for (const { winnerId, loserId, reason, evidence } of changes.merges) {
    const winner = rowOf(winnerId)
    const loser = rowOf(loserId)
    if (!winner || !loser || winner.id === loser.id) continue
    const consentsBefore = purposes.flatMap((purpose) => standing.get(`${winner.id}|${purpose}`) ?? [])
    const record = mergeRecords(winner, loser)
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
          actor: changes.actor || null,
          tookEffect: true,
        }),
      )
    }
    dirty.add(winner.id).add(loser.id)
    merges.push({
      id: newId(),
      workspaceId: winner.workspace_id,
      winnerId: winner.id,
      loserId: loser.id,
      reason,
      evidence,
      before: { record, identifiers: [], consentsBefore, consentsAfter },
      actor: changes.actor,
      mergedAt: now.toISOString(),
    })
  }
  return merges
}

// A chain a -> b -> c moves a's values straight to c, since the rows are moved in one statement.
function orderedMoves(merges: MergeRecord[]): { winnerId: string; loserId: string }[] {
  const next = new Map(merges.map((merge) => [merge.loserId, merge.winnerId]))
  return merges.map(({ loserId }) => {
    let winnerId = next.get(loserId)!
    while (next.has(winnerId)) winnerId = next.get(winnerId)!
    return { winnerId, loserId }
  })
}

function applyConsents(
  row: LeadRow,
  saying: Saying,
  standing: Map<string, StandingConsent>,
  records: ConsentRecord[],
  actor: string,
  now: Date,
): string[] {
  const effects: string[] = []
  for (const act of saying.consents ?? []) {
    const key = `${row.id}|${act.purpose}`
    const before = standing.get(key)
    const tookEffect = takesEffect(before, act)
    if (!tookEffect && before?.state === act.state) continue
    const recordedAt = now.toISOString()
    records.push(
      consentRecord({
        ...act,
        recordedAt,
        workspaceId: row.workspace_id,
        leadId: row.id,
        actor: actor || null,
        tookEffect,
      }),
    )
    if (!tookEffect) continue
    standing.set(key, { ...act, recordedAt })
    effects.push(`${act.purpose}=${act.state}`)
  }
  return effects
}

function customFieldsOf(
  sayings: Saying[],
): { workspaceId: string; key: string; label: string; type: string }[] {
  const fields = new Map<string, { workspaceId: string; key: string; label: string; type: string }>()
  for (const { workspaceId, words } of sayings) {
    for (const [key, value] of Object.entries(words?.custom ?? {})) {
      const place = `${workspaceId}|${key}`
      if (value === null || fields.has(place)) continue
      const label = key.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase())
      fields.set(place, { workspaceId, key, label, type: fieldType(value) })
    }
  }
  return [...fields.values()]
}

function mergeEvents(merges: MergeRecord[], now: Date): LogEntry[] {
  return merges.map((merge) => ({
    workspaceId: merge.workspaceId,
    leadId: merge.winnerId,
    event: systemEvent({
      eventId: newId(),
      at: now,
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
