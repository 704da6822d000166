// Leads that became opportunities, and the workspaces that have some.
import { ask } from '../../../platform/clickhouse.ts'
import type { ClickHouse } from '../../../platform/clickhouse.ts'

/** When each lead first became an opportunity, or passed over it: ms since 1970; the newest. */
export async function readOpportunities(
  clickhouse: ClickHouse,
  workspaceId: string,
  limit: number,
): Promise<Map<string, number>> {
  const found = await ask<{ id: string; ms: number | string }>(
    clickhouse,
    `select lead_id as id, toUnixTimestamp64Milli(min(at)) as ms from stage_moves final
     where workspace_id = {workspace:UUID} and is_removed = 0 and (to_stage = 'opportunity' or has(skipped, 'opportunity'))
     group by lead_id order by ms desc, id limit {limit:UInt32}`,
    { workspace: workspaceId, limit },
    { maxSeconds: 60 },
  )
  return new Map(found.map(({ id, ms }) => [id, Number(ms)]))
}

/** Workspaces in which any lead moved. */
export async function workspacesWithMoves(clickhouse: ClickHouse): Promise<string[]> {
  const found = await ask<{ id: string }>(
    clickhouse,
    `select distinct workspace_id as id from stage_moves where to_stage = 'opportunity' or has(skipped, 'opportunity')`,
  )
  return found.map(({ id }) => id)
}
