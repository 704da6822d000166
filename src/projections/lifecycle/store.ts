// The way through the stages in both stores: what people decided, and the stays for questions over many leads.
import { ask } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db, Tx } from '../../platform/postgres.ts'
import type { ManualMove, Stage } from '../contract.ts'

/** What people decided, by the lead that they decided it of; in order of time. */
export async function readMoves(
  db: Db,
  workspaceId: string,
  leadIds: string[],
): Promise<Map<string, ManualMove[]>> {
  if (leadIds.length === 0) return new Map()
  const found = await rows<Omit<ManualMove, 'at'> & { leadId: string; at: Date }>(
    db,
    sql`select lead_id as "leadId", id as "moveId", at, seen, to_stage as "to", reason, actor, amount_minor as "amountMinor", currency
        from manual_moves where workspace_id = ${workspaceId} and lead_id = any(${leadIds}::uuid[]) order by at, id`,
  )
  const byLead = new Map<string, ManualMove[]>()
  for (const { leadId, at, ...move } of found) {
    const moves = byLead.get(leadId)
    const whole = { ...move, at: at.getTime() }
    if (moves) moves.push(whole)
    else byLead.set(leadId, [whole])
  }
  return byLead
}

export async function insertMove(
  tx: Tx,
  workspaceId: string,
  leadId: string,
  move: ManualMove,
): Promise<void> {
  await run(
    tx,
    sql`insert into manual_moves (id, workspace_id, lead_id, at, seen, to_stage, reason, actor, amount_minor, currency)
        values (${move.moveId}, ${workspaceId}, ${leadId}, ${new Date(move.at)}, ${move.seen}, ${move.to}, ${move.reason},
          ${move.actor}, ${move.amountMinor}, ${move.currency})`,
  )
}

/** Forgets what was decided of leads that are erased. */
export async function forgetMoves(tx: Db, leadIds: string[]): Promise<void> {
  await run(tx, sql`delete from manual_moves where lead_id = any(${leadIds}::uuid[])`)
}

/** The stage of a lead as it was understood last; undefined where it was not yet. */
export async function readStage(db: Db, workspaceId: string, leadId: string): Promise<Stage | undefined> {
  const found = await firstRow<{ stage: Stage }>(
    db,
    sql`select stage from lead_states where workspace_id = ${workspaceId} and lead_id = ${leadId}`,
  )
  return found?.stage
}

/** Leads for a try of other rules: those seen last first. */
export async function readLeadsToTry(db: Db, workspaceId: string, limit: number): Promise<string[]> {
  const found = await rows<{ id: string }>(
    db,
    sql`select a.lead_id as id from lead_activity a join leads l on l.id = a.lead_id
        where a.workspace_id = ${workspaceId} and l.status = 'active'
        order by a.last_seen_at desc, a.lead_id desc limit ${limit}`,
  )
  return found.map(({ id }) => id)
}

/** A row of `stage_moves`; instants are ms since 1970. */
export interface StageRow {
  leadId: string
  place: number
  at: number
  until: number | null
  from: Stage | ''
  to: Stage
  kind: 'began' | 'automatic' | 'manual'
  isBackward: boolean
  skipped: readonly Stage[]
  rule: string
  ruleVersion: number
  causeId: string
  actor: string
  amountMinor: number | null
  currency: string
  touches: number
}

/**
 * Writes rows over those of the same lead and place, and takes others away.
 * @param gone places that a lead has no more
 */
export async function writeStageRows(
  { tx, clickhouse }: Stores,
  workspaceId: string,
  stays: readonly StageRow[],
  gone: readonly { leadId: string; place: number }[],
): Promise<void> {
  if (stays.length + gone.length === 0) return
  const version = await nextVersion(tx)
  await clickhouse.insert({
    table: 'stage_moves',
    format: 'JSONEachRow',
    values: [
      ...stays.map((stay) => ({
        workspace_id: workspaceId,
        lead_id: stay.leadId,
        place: stay.place,
        version,
        is_removed: 0,
        at: new Date(stay.at).toISOString(),
        until: stay.until === null ? null : new Date(stay.until).toISOString(),
        from_stage: stay.from,
        to_stage: stay.to,
        kind: stay.kind,
        is_backward: stay.isBackward,
        skipped: stay.skipped,
        rule: stay.rule,
        rule_version: stay.ruleVersion,
        cause_id: stay.causeId,
        actor: stay.actor,
        amount_minor: stay.amountMinor,
        currency: stay.currency,
        touches: stay.touches,
      })),
      ...gone.map(({ leadId, place }) => ({
        workspace_id: workspaceId,
        lead_id: leadId,
        place,
        version,
        is_removed: 1,
        at: EPOCH,
      })),
    ],
    clickhouse_settings: { date_time_input_format: 'best_effort', async_insert: 0 },
  })
}

/** Takes away the rows of leads that are part of others now, or are no more. */
export async function removeStageRows(
  { tx, clickhouse }: Stores,
  workspaceId: string,
  leadIds: readonly string[],
): Promise<void> {
  const version = await nextVersion(tx)
  // Asked for first: a read takes any number of ids in its body, a command only those that its address holds.
  const standing = await ask<{ lead_id: string; place: number }>(
    clickhouse,
    `select lead_id, place from stage_moves final
     where workspace_id = {workspace:UUID} and lead_id in {leads:Array(UUID)} and is_removed = 0`,
    { workspace: workspaceId, leads: [...leadIds] },
    { maxSeconds: 60 },
  )
  if (standing.length === 0) return
  await clickhouse.insert({
    table: 'stage_moves',
    format: 'JSONEachRow',
    values: standing.map((row) => ({
      workspace_id: workspaceId,
      ...row,
      version,
      is_removed: 1,
      at: EPOCH,
    })),
    clickhouse_settings: { date_time_input_format: 'best_effort', async_insert: 0 },
  })
}

interface Stores {
  tx: Db
  clickhouse: ClickHouse
}

const EPOCH = '1970-01-01T00:00:00.000Z'

// Of one sequence: whoever writes later, in whichever process, is newer.
async function nextVersion(tx: Db): Promise<number> {
  const next = await firstRow<{ version: number }>(tx, sql`select nextval('lead_facts_version') as version`)
  return next?.version ?? 0
}
