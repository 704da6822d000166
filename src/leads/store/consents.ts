// Consents in PostgreSQL: what stands for each lead and purpose, and every act that was ever recorded.
import { newId } from '../../lib/ids.ts'
import { copyRows } from '../../platform/copy.ts'
import type { CopyColumn } from '../../platform/copy.ts'
import { rows, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { StandingConsent } from '../consent.ts'
import type { Purpose } from '../contract.ts'

export type ConsentKey = `${string}|${Purpose}`

/** What stands for each lead and purpose. */
export async function readConsents(db: Db, leadIds: string[]): Promise<Map<ConsentKey, StandingConsent>> {
  if (leadIds.length === 0) return new Map()
  const found = await rows<{
    lead_id: string
    purpose: Purpose
    state: 'granted' | 'denied'
    source: string
    proof: Record<string, unknown>
    acted_at: Date | null
    recorded_at: Date
  }>(
    db,
    sql`select lead_id, purpose, state, source, proof, acted_at, recorded_at from consents where lead_id = any(${leadIds}::uuid[])`,
  )
  return new Map(
    found.map((row) => [
      `${row.lead_id}|${row.purpose}` as const,
      {
        purpose: row.purpose,
        state: row.state,
        source: row.source,
        proof: row.proof,
        actedAt: row.acted_at?.toISOString() ?? null,
        recordedAt: row.recorded_at.toISOString(),
      },
    ]),
  )
}

/** What stands for one of the leads that were read. */
export function consentsOf(
  consents: ReadonlyMap<ConsentKey, StandingConsent>,
  leadId: string,
): Map<Purpose, StandingConsent> {
  return new Map(
    [...consents].flatMap(([key, consent]) =>
      key === `${leadId}|${consent.purpose}` ? [[consent.purpose, consent]] : [],
    ),
  )
}

export interface ConsentRecord extends StandingConsent {
  id: string
  workspaceId: string
  leadId: string
  actor: string | null
  tookEffect: boolean
}

/**
 * Keeps acts in the history, and those that took effect as what stands now; a renewal only makes newer what stands.
 * @param isNew true for a lead that was made in this transaction: nothing stands for it yet
 */
export async function writeConsents(
  tx: Db,
  records: ConsentRecord[],
  renewals: ConsentRecord[] = [],
  isNew: (leadId: string) => boolean = () => false,
): Promise<void> {
  await copyRows(tx, 'consent_history', HISTORY_COLUMNS, records, (r) => [
    r.id,
    r.workspaceId,
    r.leadId,
    r.purpose,
    r.state,
    r.source,
    r.proof,
    r.actor,
    r.actedAt,
    r.recordedAt,
    r.tookEffect,
  ])
  const standing = new Map<string, ConsentRecord>()
  for (const list of [records, renewals]) {
    for (const record of list) {
      const key = `${record.leadId}|${record.purpose}`
      if (record.tookEffect && !((standing.get(key)?.id ?? '') > record.id)) standing.set(key, record)
    }
  }
  const first: ConsentRecord[] = []
  const later: ConsentRecord[] = []
  for (const record of standing.values()) (isNew(record.leadId) ? first : later).push(record)
  await copyRows(tx, 'consents', STANDING_COLUMNS, first, standingValues)
  await replaceConsents(tx, later)
}

async function replaceConsents(tx: Db, records: ConsentRecord[]): Promise<void> {
  if (records.length === 0) return
  const given = records.map((r) => ({
    workspace_id: r.workspaceId,
    lead_id: r.leadId,
    purpose: r.purpose,
    state: r.state,
    source: r.source,
    proof: r.proof,
    acted_at: r.actedAt,
    recorded_at: r.recordedAt,
  }))
  await run(
    tx,
    sql`insert into consents (workspace_id, lead_id, purpose, state, source, proof, acted_at, recorded_at)
        select workspace_id, lead_id, purpose, state, source, proof, acted_at, recorded_at
        from json_populate_recordset(null::consents, ${JSON.stringify(given)}::json)
        order by lead_id, purpose
        on conflict (lead_id, purpose) do update set state = excluded.state, source = excluded.source, proof = excluded.proof,
          acted_at = excluded.acted_at, recorded_at = excluded.recorded_at`,
  )
}

const standingValues = (r: ConsentRecord) => [
  r.workspaceId,
  r.leadId,
  r.purpose,
  r.state,
  r.source,
  r.proof,
  r.actedAt,
  r.recordedAt,
]

const STANDING_COLUMNS: CopyColumn[] = [
  ['workspace_id', 'plain'],
  ['lead_id', 'plain'],
  ['purpose', 'plain'],
  ['state', 'plain'],
  ['source', 'plain'],
  ['proof', 'json'],
  ['acted_at', 'plain'],
  ['recorded_at', 'plain'],
]

const HISTORY_COLUMNS: CopyColumn[] = [
  ['id', 'plain'],
  ['workspace_id', 'plain'],
  ['lead_id', 'plain'],
  ['purpose', 'plain'],
  ['state', 'plain'],
  ['source', 'plain'],
  ['proof', 'json'],
  ['actor', 'plain'],
  ['acted_at', 'plain'],
  ['recorded_at', 'plain'],
  ['took_effect', 'plain'],
]

/** Puts consents of a lead back to what stood before a merge. */
export async function restoreConsents(
  tx: Db,
  workspaceId: string,
  leadId: string,
  before: StandingConsent[],
  purposes: Purpose[],
): Promise<void> {
  await run(tx, sql`delete from consents where lead_id = ${leadId} and purpose = any(${purposes}::text[])`)
  for (const consent of before.filter((c) => purposes.includes(c.purpose))) {
    await run(
      tx,
      sql`insert into consents (workspace_id, lead_id, purpose, state, source, proof, acted_at, recorded_at)
          values (${workspaceId}, ${leadId}, ${consent.purpose}, ${consent.state}, ${consent.source},
                  ${JSON.stringify(consent.proof)}::jsonb, ${consent.actedAt}, ${consent.recordedAt})`,
    )
  }
}

export async function readConsentHistory(
  db: Db,
  workspaceId: string,
  leadIds: string[],
): Promise<ConsentRecord[]> {
  const found = await rows<{
    id: string
    lead_id: string
    purpose: Purpose
    state: 'granted' | 'denied'
    source: string
    proof: Record<string, unknown>
    actor: string | null
    acted_at: Date | null
    recorded_at: Date
    took_effect: boolean
  }>(
    db,
    sql`select * from consent_history where workspace_id = ${workspaceId} and lead_id = any(${leadIds}::uuid[])
        order by recorded_at desc, id desc limit 500`,
  )
  return found.map((row) => ({
    id: row.id,
    workspaceId,
    leadId: row.lead_id,
    purpose: row.purpose,
    state: row.state,
    source: row.source,
    proof: row.proof,
    actor: row.actor,
    actedAt: row.acted_at?.toISOString() ?? null,
    recordedAt: row.recorded_at.toISOString(),
    tookEffect: row.took_effect,
  }))
}

export function consentRecord(made: Omit<ConsentRecord, 'id'>): ConsentRecord {
  return {
    id: newId(),
    workspaceId: made.workspaceId,
    leadId: made.leadId,
    purpose: made.purpose,
    state: made.state,
    source: made.source,
    proof: made.proof,
    actor: made.actor,
    actedAt: made.actedAt,
    recordedAt: made.recordedAt,
    tookEffect: made.tookEffect,
  }
}
