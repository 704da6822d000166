// What is understood of leads, in PostgreSQL: written in sets, forgotten with the lead.
import { copyBytes } from '../../../platform/copy.ts'
import { rows, run, sql } from '../../../platform/postgres.ts'
import type { Db } from '../../../platform/postgres.ts'
import type { LeadState } from '../../contract.ts'

/** Writes states; one that says what it said before costs no write. */
export async function writeStates(
  tx: Db,
  workspaceId: string,
  states: ReadonlyMap<string, LeadState>,
  now: Date,
): Promise<void> {
  const ids = [...states.keys()].sort()
  for (let at = 0; at < ids.length; at += WRITTEN_AT_ONCE)
    await writeSome(tx, workspaceId, ids.slice(at, at + WRITTEN_AT_ONCE), states, now)
}

/** A server keeps for its connection what it took to read a statement's JSON: of 10,000 states 250 MB. */
const WRITTEN_AT_ONCE = 500

async function writeSome(
  tx: Db,
  workspaceId: string,
  ids: string[],
  states: ReadonlyMap<string, LeadState>,
  now: Date,
): Promise<void> {
  const of = (id: string) => states.get(id)!
  await run(
    tx,
    sql`insert into lead_states as s (lead_id, workspace_id, stage, stage_since, score_version, facts, details, computed_at)
        select id, ${workspaceId}, stage, since, version, facts, details, ${now}
        from unnest(${ids}::uuid[], ${ids.map((id) => of(id).facts.stage ?? 'new')}::text[],
          ${ids.map((id) => of(id).facts.stage_since ?? null)}::timestamptz[],
          ${ids.map((id) => of(id).facts.score_version ?? -1)}::int[],
          ${ids.map((id) => JSON.stringify(of(id).facts))}::jsonb[],
          ${ids.map((id) => JSON.stringify(of(id).details))}::jsonb[]) as made (id, stage, since, version, facts, details)
        on conflict (lead_id) do update set stage = excluded.stage, stage_since = excluded.stage_since,
          score_version = excluded.score_version, facts = excluded.facts, details = excluded.details,
          computed_at = excluded.computed_at
        where (s.facts, s.details) is distinct from (excluded.facts, excluded.details)`,
  )
}

/**
 * Puts scores in the place of those that leads had; who is not understood yet is left alone.
 * @param scored.bytes lines of COPY's text format: the lead's id, and the columns of its score as JSON
 */
export async function mergeScored(
  tx: Db,
  workspaceId: string,
  { bytes, ruleVersion, now }: { bytes: Buffer; ruleVersion: number; now: Date },
): Promise<void> {
  await run(tx, sql`create temporary table if not exists scored (lead_id uuid, facts jsonb) on commit drop`)
  await run(tx, sql`truncate scored`)
  await copyBytes(tx, 'scored', ['lead_id', 'facts'], bytes)
  await run(
    tx,
    sql`update lead_states s set facts = s.facts || t.facts, score_version = ${ruleVersion}, computed_at = ${now}
        from scored t where s.lead_id = t.lead_id and s.workspace_id = ${workspaceId}`,
  )
}

/** States as they are stored. */
export async function readStates(
  db: Db,
  workspaceId: string,
  leadIds: string[],
): Promise<Map<string, LeadState & { computedAt: Date }>> {
  if (leadIds.length === 0) return new Map()
  const found = await rows<LeadState & { id: string; computedAt: Date }>(
    db,
    sql`select lead_id as id, facts, details, computed_at as "computedAt" from lead_states
        where workspace_id = ${workspaceId} and lead_id = any(${leadIds}::uuid[])`,
  )
  return new Map(found.map(({ id, ...state }) => [id, state]))
}

/** Forgets leads that are part of another now, or are no more. */
export async function deleteStates(tx: Db, leadIds: string[]): Promise<void> {
  if (leadIds.length === 0) return
  await run(tx, sql`delete from lead_states where lead_id = any(${leadIds}::uuid[])`)
}
