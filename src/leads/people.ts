// Writes what a batch learned of people, in sets: new leads, merges, words and consents; and returns the events it makes.
import { logEvents } from '../events/index.ts'
import type { LogEntry } from '../events/index.ts'
import { moveIdentifiers } from '../identity/index.ts'
import type { Db } from '../platform/postgres.ts'
import { decidePeople } from './decide-people.ts'
import type { PeopleChanges, PeopleReport, Saying } from './decide-people.ts'
import { settledSayings } from './fields/incoming.ts'
import { RANK } from './record.ts'
import type { LeadRow, Words } from './record.ts'
import {
  declareFields,
  insertLeadRows,
  insertMerges,
  readLeadRows,
  updateLeadRows,
  updateProvenance,
} from './store.ts'
import { readConsents, writeConsents } from './store/consents.ts'
import type { MergeRecord } from './store.ts'
import type { ConsentRecord } from './store/consents.ts'
import { fieldType } from './traits.ts'

/**
 * Writes people in the transaction of a batch. The leads must be locked (identity does).
 * Sayings and the merges they cause are applied in their order, so that one batch comes to the same as many; merges that no
 * saying causes come first. A saying about a lead that was merged goes to the lead it is part of now.
 */
export async function writePeople(tx: Db, given: PeopleChanges, now: Date): Promise<PeopleReport> {
  const changes = { ...given, sayings: await settledSayings(tx, given.sayings) }
  const made = new Set(changes.newLeads.map((lead) => lead.id))
  const consentIds = [
    ...changes.merges.flatMap((m) => [m.winnerId, m.loserId]),
    ...changes.sayings.filter((s) => s.consents?.length).map((s) => s.leadId),
  ].filter((id) => !made.has(id))
  const stored = {
    rows: await readLeadRows(tx, storedIds(changes, made)),
    standing: await readConsents(tx, [...new Set(consentIds)]),
  }
  const { fresh, updated, confirmed, consents, renewals, merges, report } = decidePeople(changes, stored, now)
  const moved = merges.length > 0 ? await moveIdentifiers(tx, orderedMoves(merges)) : new Map()
  for (const merge of merges) merge.before.identifiers = moved.get(merge.loserId) ?? []
  await insertLeadRows(tx, [...fresh.values()])
  await updateLeadRows(
    tx,
    updated.sort((a, b) => (a.id < b.id ? -1 : 1)),
  )
  await updateProvenance(
    tx,
    confirmed.sort((a, b) => (a.id < b.id ? -1 : 1)),
  )
  await writeConsents(tx, consents, renewals, (leadId) => fresh.has(leadId))
  await insertMerges(tx, merges)
  await declareFields(tx, customFieldsOf(changes))
  return report
}

/** People whom nothing stored is about: whole records, their consents and merges, all new. */
export interface NewPeople {
  leads: LeadRow[]
  consents: ConsentRecord[]
  renewals: ConsentRecord[]
  /** `before.identifiers` filled in */
  merges: MergeRecord[]
  /** with their custom fields as the workspace keeps them */
  sayings: Saying[]
}

/** Writes decided people who are all new, with the custom fields that they bring. */
export async function insertPeople(tx: Db, people: NewPeople): Promise<void> {
  await insertLeadRows(tx, people.leads)
  await writeConsents(tx, people.consents, people.renewals, () => true)
  await insertMerges(tx, people.merges)
  await declareFields(tx, customFieldsOf({ sayings: people.sayings, actor: '' }))
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

function storedIds(changes: PeopleChanges, made: Set<string>): string[] {
  const ids = new Set<string>(changes.becameKnown)
  for (const merge of changes.merges) ids.add(merge.winnerId).add(merge.loserId)
  for (const saying of changes.sayings) ids.add(saying.leadId)
  return [...ids].filter((id) => !made.has(id))
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

function customFieldsOf({ sayings, actor }: Pick<PeopleChanges, 'sayings' | 'actor'>): CustomField[] {
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
