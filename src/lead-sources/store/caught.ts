// Caught leads in PostgreSQL: from the moment a vendor tells of them until they stand in the inbox.
import type { FormLead } from '../../connectors/index.ts'
import { newId } from '../../lib/ids.ts'
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db, Tx } from '../../platform/postgres.ts'
import type { CaughtStatus, QualityPart } from '../nouns.ts'

export interface CaughtRow {
  id: string
  workspaceId: string
  connectionId: string
  source: string
  vendorLeadId: string
  formId: string
  formName: string
  status: CaughtStatus
  toldBy: 'webhook' | 'catch_up'
  toldAt: Date
  submittedAt: Date | null
  settledAt: Date | null
  attempts: number
  nextAt: Date
  problem: string | null
  quality: number | null
  qualityParts: QualityPart[] | null
  campaign: string
  told: FormLead | null
  anonymousId: string
}

const columns = sql`id, workspace_id as "workspaceId", connection_id as "connectionId", source,
  vendor_lead_id as "vendorLeadId", form_id as "formId", form_name as "formName", status, told_by as "toldBy",
  told_at as "toldAt", submitted_at as "submittedAt", settled_at as "settledAt", attempts, next_at as "nextAt", problem,
  quality, quality_parts as "qualityParts", campaign, told, anonymous_id as "anonymousId"`

/** A lead that a vendor told of just now. */
export type Told = Pick<
  CaughtRow,
  'workspaceId' | 'connectionId' | 'source' | 'vendorLeadId' | 'formId' | 'toldBy' | 'anonymousId'
> & { lead: FormLead | null; submittedAt: Date | null; isWithdrawn: boolean }

/** Keeps what is told of for the first time. @returns how many were new */
export async function insertCaught(tx: Db, told: readonly Told[], now: Date): Promise<number> {
  if (told.length === 0) return 0
  const list = told.map((one) => ({
    id: newId(),
    workspace_id: one.workspaceId,
    connection_id: one.connectionId,
    source: one.source,
    vendor_lead_id: one.vendorLeadId,
    form_id: one.formId,
    form_name: one.lead?.formName ?? '',
    status: one.isWithdrawn ? 'withdrawn' : 'waiting',
    told_by: one.toldBy,
    told_at: now,
    submitted_at: one.submittedAt,
    told: one.isWithdrawn ? null : one.lead,
    anonymous_id: one.anonymousId,
  }))
  return run(
    tx,
    sql`insert into caught_leads (id, workspace_id, connection_id, source, vendor_lead_id, form_id, form_name, status, told_by,
          told_at, submitted_at, next_at, told, anonymous_id)
        select id, workspace_id, connection_id, source, vendor_lead_id, form_id, form_name, status, told_by, told_at,
          submitted_at, told_at, told, anonymous_id
        from json_populate_recordset(null::caught_leads, ${JSON.stringify(list)}::json)
        on conflict (connection_id, vendor_lead_id) do nothing`,
  )
}

/** Leads that the person took back. @returns those that had reached the inbox and are to be undone */
export async function markWithdrawn(
  tx: Db,
  connectionId: string,
  vendorLeadIds: readonly string[],
  now: Date,
): Promise<string[]> {
  const found = await rows<{ id: string; was: CaughtStatus }>(
    tx,
    sql`update caught_leads c set status = 'withdrawn', told = null, problem = null, settled_at = ${now}
        from (select id, status as was from caught_leads
              where connection_id = ${connectionId} and vendor_lead_id = any(${vendorLeadIds}::text[]) for update) before
        where c.id = before.id and before.was <> 'withdrawn'
        returning c.id, before.was`,
  )
  return found.flatMap(({ id, was }) => (was === 'caught' ? [id] : []))
}

/** Leads of a connection that are to be read, those told of first first. */
export async function readDue(db: Db, connectionId: string, now: Date, limit: number): Promise<CaughtRow[]> {
  return rows(
    db,
    sql`select ${columns} from caught_leads
        where connection_id = ${connectionId} and status = 'waiting' and next_at <= ${now} order by told_at, id limit ${limit}`,
  )
}

/** When the next lead of a connection is to be read; null where none waits. */
export async function readNextDue(db: Db, connectionId: string): Promise<Date | null> {
  const row = await firstRow<{ at: Date | null }>(
    db,
    sql`select min(next_at) as at from caught_leads where connection_id = ${connectionId} and status = 'waiting'`,
  )
  return row?.at ?? null
}

/** Connections that have leads to be read. */
export async function readConnectionsDue(
  db: Db,
  now: Date,
): Promise<Pick<CaughtRow, 'workspaceId' | 'connectionId'>[]> {
  return rows(
    db,
    sql`select distinct workspace_id as "workspaceId", connection_id as "connectionId" from caught_leads
        where status = 'waiting' and next_at <= ${now} limit 1000`,
  )
}

/** What became of a lead that waited; one that was withdrawn meanwhile stays so. @returns whether it still waited */
export async function settleCaught(
  db: Db,
  settled: Pick<CaughtRow, 'id' | 'workspaceId' | 'status' | 'problem'> & {
    lead?: Pick<FormLead, 'formId' | 'formName' | 'touch'> & { submittedAt: Date | null }
    quality?: { quality: number; qualityParts: QualityPart[] }
  },
  now: Date,
): Promise<boolean> {
  const { lead, quality } = settled
  const changed = await run(
    db,
    sql`update caught_leads set status = ${settled.status}, problem = ${settled.problem}, settled_at = ${now}, told = null,
          form_id = coalesce(nullif(${lead?.formId ?? ''}, ''), form_id),
          form_name = coalesce(nullif(${lead?.formName ?? ''}, ''), form_name),
          submitted_at = coalesce(${lead?.submittedAt ?? null}, submitted_at),
          campaign = ${lead?.touch.campaign ?? ''},
          quality = ${quality?.quality ?? null},
          quality_parts = ${quality ? JSON.stringify(quality.qualityParts) : null}::jsonb
        where id = ${settled.id} and workspace_id = ${settled.workspaceId} and status = 'waiting'`,
  )
  return changed > 0
}

/** A lead that could not be read for now. */
export async function postponeCaught(
  db: Db,
  { id, workspaceId }: Pick<CaughtRow, 'id' | 'workspaceId'>,
  until: Date,
  problem: string,
): Promise<void> {
  await run(
    db,
    sql`update caught_leads set attempts = attempts + 1, next_at = ${until}, problem = ${problem}
        where id = ${id} and workspace_id = ${workspaceId} and status = 'waiting'`,
  )
}

/** Has leads that failed tried again. @returns how many, by their connection */
export async function reviveCaught(
  tx: Tx,
  workspaceId: string,
  which: { id?: string; connectionId?: string },
  now: Date,
): Promise<{ connectionId: string }[]> {
  return rows(
    tx,
    sql`update caught_leads set status = 'waiting', next_at = ${now}, problem = null, settled_at = null, attempts = 0
        where workspace_id = ${workspaceId} and status = 'failed'
          ${which.id === undefined ? sql`` : sql`and id = ${which.id}`}
          ${which.connectionId === undefined ? sql`` : sql`and connection_id = ${which.connectionId}`}
        returning connection_id as "connectionId"`,
  )
}

export async function readCaught(db: Db, workspaceId: string, id: string): Promise<CaughtRow | undefined> {
  return firstRow(
    db,
    sql`select ${columns} from caught_leads where workspace_id = ${workspaceId} and id = ${id}`,
  )
}

/** Leads told of, the newest first, with whose they are once the inbox is worked. */
export async function listCaught(
  db: Db,
  workspaceId: string,
  asked: { connectionId?: string; status?: CaughtStatus; before?: string; limit: number },
): Promise<(CaughtRow & { leadId: string | null })[]> {
  return rows(
    db,
    sql`select c.*, i.lead_id as "leadId" from (
          select ${columns} from caught_leads where workspace_id = ${workspaceId}
            ${asked.connectionId === undefined ? sql`` : sql`and connection_id = ${asked.connectionId}`}
            ${asked.status === undefined ? sql`` : sql`and status = ${asked.status}`}
            ${asked.before === undefined ? sql`` : sql`and id < ${asked.before}`}
          order by id desc limit ${asked.limit}
        ) c
        left join identifiers i on i.workspace_id = ${workspaceId} and i.kind = 4 and i.value = c."anonymousId"
        order by c.id desc`,
  )
}

/** Whose a caught lead is, and whether anything else than it tells of them; undefined where the inbox has not come to it. */
export async function readWhose(
  db: Db,
  { workspaceId, id, anonymousId }: Pick<CaughtRow, 'workspaceId' | 'id' | 'anonymousId'>,
): Promise<{ leadId: string; isKnownOtherwise: boolean } | undefined> {
  return firstRow(
    db,
    sql`select i.lead_id as "leadId", (
          exists (select 1 from identifiers o where o.lead_id = i.lead_id and o.workspace_id = ${workspaceId}
            and (o.kind in (1, 2) or (o.kind = 4 and o.value <> ${anonymousId})))
          or exists (select 1 from orders o where o.lead_id = i.lead_id and o.workspace_id = ${workspaceId})
          or exists (select 1 from leads l join caught_leads c on c.id = ${id}
            where l.id = i.lead_id and l.workspace_id = ${workspaceId} and (l.created_at < c.submitted_at or l.source <> c.source))
        ) as "isKnownOtherwise"
        from identifiers i where i.workspace_id = ${workspaceId} and i.kind = 4 and i.value = ${anonymousId}`,
  )
}

/** Consents that a caught lead had given, by their proof. */
export async function readGivenPurposes(
  db: Db,
  workspaceId: string,
  leadId: string,
  vendorLeadId: string,
): Promise<string[]> {
  const found = await rows<{ purpose: string }>(
    db,
    sql`select purpose from consents where workspace_id = ${workspaceId} and lead_id = ${leadId} and state = 'granted'
          and proof ->> 'vendorLeadId' = ${vendorLeadId}`,
  )
  return found.map(({ purpose }) => purpose)
}

/** What was done about a lead that was taken back. */
export async function noteUndone(
  db: Db,
  { id, workspaceId }: Pick<CaughtRow, 'id' | 'workspaceId'>,
  words: string,
): Promise<void> {
  await run(
    db,
    sql`update caught_leads set problem = ${words}, quality = null, quality_parts = null
        where id = ${id} and workspace_id = ${workspaceId}`,
  )
}

/** What waits and speaks of somebody who was erased is not read any more; names as messages write them. */
export async function forgetCaught(tx: Db, workspaceId: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  await run(
    tx,
    sql`update caught_leads set told = null, status = 'failed', problem = 'The person was erased.'
        where workspace_id = ${workspaceId} and told is not null
          and exists (select 1 from unnest(${names}::text[]) as name
            where length(name) > 3 and position(lower(name) in lower(told::text)) > 0)`,
  )
}
