// Consents in PostgreSQL: what stands for each lead and purpose, and every act that was ever recorded.
import { newId } from '../../lib/ids.ts'
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

export interface ConsentRecord extends StandingConsent {
  id: string
  workspaceId: string
  leadId: string
  actor: string | null
  tookEffect: boolean
}

/** Keeps acts in the history, and those that took effect as what stands now; a renewal only makes newer what stands. */
export async function writeConsents(
  tx: Db,
  records: ConsentRecord[],
  renewals: ConsentRecord[] = [],
): Promise<void> {
  if (records.length + renewals.length === 0) return
  const given = [...records, ...renewals].map((r) => ({
    id: r.id,
    workspace_id: r.workspaceId,
    lead_id: r.leadId,
    purpose: r.purpose,
    state: r.state,
    source: r.source,
    proof: r.proof,
    actor: r.actor,
    acted_at: r.actedAt,
    recorded_at: r.recordedAt,
    took_effect: r.tookEffect,
  }))
  await run(
    tx,
    sql`with given as materialized (
          select * from json_populate_recordset(null::consent_history, ${JSON.stringify(given)}::json)
        ), kept as (
          insert into consent_history
          select * from given where not (id = any(${renewals.map((r) => r.id)}::uuid[]))
        )
        insert into consents (workspace_id, lead_id, purpose, state, source, proof, acted_at, recorded_at)
        select distinct on (lead_id, purpose) workspace_id, lead_id, purpose, state, source, proof, acted_at, recorded_at
        from given
        where took_effect order by lead_id, purpose, id desc
        on conflict (lead_id, purpose) do update set state = excluded.state, source = excluded.source, proof = excluded.proof,
          acted_at = excluded.acted_at, recorded_at = excluded.recorded_at`,
  )
}

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
  return { id: newId(), ...made }
}
