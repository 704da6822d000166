// Leads in PostgreSQL: records read and written in sets, merges, notes and custom fields.
import { copyRows } from '../platform/copy.ts'
import type { CopyColumn } from '../platform/copy.ts'
import { rows, run, sql } from '../platform/postgres.ts'
import type { Db } from '../platform/postgres.ts'
import type { StandingConsent } from './consent.ts'
import { packProvenance, unpackProvenance } from './provenance.ts'
import type { LeadRow, MergeTrace } from './record.ts'

/** Leads by id, for change: call it with rows that are locked already, or `lock` them here. */
export async function readLeadRows(
  db: Db,
  ids: string[],
  options: { lock?: boolean } = {},
): Promise<Map<string, LeadRow>> {
  if (ids.length === 0) return new Map()
  const found = await rows<
    Omit<LeadRow, 'created_at' | 'updated_at' | 'binned_at'> & {
      created_at: Date
      updated_at: Date
      binned_at: Date | null
    }
  >(
    db,
    sql`select ${rowColumns} from leads where id = any(${[...ids].sort()}::uuid[]) order by id ${options.lock ? sql`for no key update` : sql``}`,
  )
  return new Map(
    found.map((row) => [
      row.id,
      {
        ...row,
        provenance: unpackProvenance(row),
        created_at: row.created_at.toISOString(),
        updated_at: row.updated_at.toISOString(),
        binned_at: row.binned_at?.toISOString() ?? null,
      },
    ]),
  )
}

export async function insertLeadRows(tx: Db, leads: LeadRow[]): Promise<void> {
  if (leads.length === 0) return
  await copyRows(tx, 'leads', LEAD_COLUMNS, leads, (lead) =>
    LEAD_COLUMNS.map(([name]) => (name === 'provenance' ? packProvenance(lead) : lead[name])),
  )
}

/** Writes changed records and raises their revision. */
export async function updateLeadRows(tx: Db, leads: LeadRow[]): Promise<void> {
  if (leads.length === 0) return
  await run(
    tx,
    sql`update leads l set
          status = r.status, merged_into = r.merged_into, binned_at = r.binned_at, is_known = r.is_known,
          email = r.email, phone = r.phone, first_name = r.first_name, last_name = r.last_name, company = r.company,
          job_title = r.job_title, city = r.city, country = r.country, language = r.language, time_zone = r.time_zone,
          owner_id = r.owner_id, tags = r.tags, fields = r.fields, provenance = r.provenance,
          revision = l.revision + 1, created_at = r.created_at, updated_at = r.updated_at
        from json_populate_recordset(null::leads, ${written(leads)}::json) r
        where l.id = r.id`,
  )
}

/** Notes which word stands behind each value, where the values themselves stay: no change that anybody must see. */
export async function updateProvenance(tx: Db, leads: LeadRow[]): Promise<void> {
  if (leads.length === 0) return
  await run(
    tx,
    sql`update leads l set provenance = r.provenance
        from unnest(${leads.map((l) => l.id)}::uuid[], ${leads.map((l) => JSON.stringify(packProvenance(l)))}::jsonb[]) as r(id, provenance)
        where l.id = r.id`,
  )
}

export interface MergeRecord {
  id: string
  workspaceId: string
  winnerId: string
  loserId: string
  reason: string
  evidence: Record<string, unknown>
  before: {
    record: MergeTrace
    identifiers: { kind: number; value: string }[]
    consentsBefore: StandingConsent[]
    consentsAfter: StandingConsent[]
  }
  actor: string
  mergedAt: string
}

export async function insertMerges(tx: Db, merges: MergeRecord[]): Promise<void> {
  if (merges.length === 0) return
  const list = merges.map((m) => ({
    id: m.id,
    workspace_id: m.workspaceId,
    winner_id: m.winnerId,
    loser_id: m.loserId,
    reason: m.reason,
    evidence: m.evidence,
    before: m.before,
    actor: m.actor,
    merged_at: m.mergedAt,
  }))
  await run(
    tx,
    sql`insert into merges select * from json_populate_recordset(null::merges, ${JSON.stringify(list)}::json)`,
  )
}

/** A merge that can be undone, locked. */
export async function readMerge(
  tx: Db,
  workspaceId: string,
  id: string,
): Promise<(MergeRecord & { undoneAt: Date | null }) | undefined> {
  const [row] = await rows<{
    id: string
    winner_id: string
    loser_id: string
    reason: string
    evidence: Record<string, unknown>
    before: MergeRecord['before']
    actor: string
    merged_at: Date
    undone_at: Date | null
  }>(tx, sql`select * from merges where id = ${id} and workspace_id = ${workspaceId} for update`)
  return (
    row && {
      id: row.id,
      workspaceId,
      winnerId: row.winner_id,
      loserId: row.loser_id,
      reason: row.reason,
      evidence: row.evidence,
      before: row.before,
      actor: row.actor,
      mergedAt: row.merged_at.toISOString(),
      undoneAt: row.undone_at,
    }
  )
}

export async function markUndone(tx: Db, id: string, actor: string, now: Date): Promise<void> {
  await run(tx, sql`update merges set undone_at = ${now}, undone_by = ${actor} where id = ${id}`)
}

/** Merges into a lead that stand, newest first. */
export async function mergesInto(
  db: Db,
  workspaceId: string,
  winnerIds: string[],
): Promise<{ id: string; loser: LeadRow; reason: string; actor: string; mergedAt: Date }[]> {
  const found = await rows<{
    id: string
    loser_id: string
    reason: string
    actor: string
    merged_at: Date
  }>(
    db,
    sql`select id, loser_id, reason, actor, merged_at from merges
        where workspace_id = ${workspaceId} and winner_id = any(${winnerIds}::uuid[]) and undone_at is null
        order by merged_at desc, id desc limit 200`,
  )
  const losers = await readLeadRows(
    db,
    found.map((row) => row.loser_id),
  )
  return found.flatMap((row) => {
    const loser = losers.get(row.loser_id)
    if (!loser) return []
    return [{ id: row.id, loser, reason: row.reason, actor: row.actor, mergedAt: row.merged_at }]
  })
}

/** Declared custom fields of a workspace at most: any browser may name fields, and each is offered in lists and filters. */
export const DECLARED_LIMIT = 1_000

/** Makes custom fields known that messages or imports brought; those that exist stay as they are. */
export async function declareFields(
  tx: Db,
  fields: {
    workspaceId: string
    key: string
    label: string
    type: string
    /** who names them first */
    origin?: 'tracking' | 'import' | 'manual' | 'api'
  }[],
): Promise<void> {
  if (fields.length === 0) return
  const sorted = [...fields].sort((a, b) => (a.workspaceId + a.key < b.workspaceId + b.key ? -1 : 1))
  await run(
    tx,
    sql`insert into custom_fields (workspace_id, key, label, type, origin)
        select workspace_id, key, label, type, origin from (
          select f.*, row_number() over (partition by workspace_id order by key) as nth
          from unnest(${sorted.map((f) => f.workspaceId)}::uuid[], ${sorted.map((f) => f.key)}::text[],
            ${sorted.map((f) => f.label)}::text[], ${sorted.map((f) => f.type)}::text[],
            ${sorted.map((f) => f.origin ?? null)}::text[]) as f(workspace_id, key, label, type, origin)
          where not exists (select 1 from custom_fields c where c.workspace_id = f.workspace_id and c.key = f.key)
        ) fresh
        where nth + (select count(*) from custom_fields c where c.workspace_id = fresh.workspace_id) <= ${DECLARED_LIMIT}
        order by workspace_id, key
        on conflict do nothing`,
  )
}

export interface NoteRow {
  id: string
  author: string
  body: string
  createdAt: Date
}

export async function readNotes(db: Db, workspaceId: string, leadIds: string[]): Promise<NoteRow[]> {
  return rows(
    db,
    sql`select id, author, body, created_at as "createdAt" from notes
        where workspace_id = ${workspaceId} and lead_id = any(${leadIds}::uuid[]) order by created_at desc limit 500`,
  )
}

export async function insertNote(tx: Db, workspaceId: string, leadId: string, note: NoteRow): Promise<void> {
  await run(
    tx,
    sql`insert into notes (id, workspace_id, lead_id, author, body, created_at)
        values (${note.id}, ${workspaceId}, ${leadId}, ${note.author}, ${note.body}, ${note.createdAt})`,
  )
}

export async function deleteNote(
  tx: Db,
  workspaceId: string,
  leadIds: string[],
  noteId: string,
): Promise<boolean> {
  const gone = await run(
    tx,
    sql`delete from notes where id = ${noteId} and workspace_id = ${workspaceId} and lead_id = any(${leadIds}::uuid[])`,
  )
  return gone > 0
}

function written(leads: LeadRow[]): string {
  return JSON.stringify(leads.map((lead) => ({ ...lead, provenance: packProvenance(lead) })))
}

// The columns of a row that are written; PostgreSQL makes the others of them.
const LEAD_COLUMNS: [name: keyof LeadRow, kind: CopyColumn[1]][] = [
  ['id', 'plain'],
  ['workspace_id', 'plain'],
  ['status', 'plain'],
  ['merged_into', 'plain'],
  ['binned_at', 'plain'],
  ['is_known', 'plain'],
  ['email', 'plain'],
  ['phone', 'plain'],
  ['first_name', 'plain'],
  ['last_name', 'plain'],
  ['company', 'plain'],
  ['job_title', 'plain'],
  ['city', 'plain'],
  ['country', 'plain'],
  ['language', 'plain'],
  ['time_zone', 'plain'],
  ['source', 'plain'],
  ['owner_id', 'plain'],
  ['tags', 'texts'],
  ['fields', 'json'],
  ['provenance', 'json'],
  ['revision', 'plain'],
  ['created_at', 'plain'],
  ['updated_at', 'plain'],
]
const rowColumns = sql.raw(LEAD_COLUMNS.map(([name]) => name).join(', '))
