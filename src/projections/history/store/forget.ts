// Takes what projections keep of leads in ClickHouse off the disk, whichever tables they have.
import { ask } from '../../../platform/clickhouse.ts'
import type { ClickHouse } from '../../../platform/clickhouse.ts'

/** Tables that others take leads out of. */
const OF_OTHERS = ['events', 'lead_facts', 'lead_aliases']

/** Leads in one statement: their ids travel in its address, of which a server takes 16 kB. */
const LEADS_AT_ONCE = 200

/** Forgets leads in every table that names one, for good: when this returns the files hold them no more. */
export async function forgetInLog(
  clickhouse: ClickHouse,
  workspaceId: string,
  leadIds: string[],
): Promise<void> {
  const tables = await ask<{ name: string }>(
    clickhouse,
    `select c.table as name from system.columns c
     join system.tables t on t.database = c.database and t.name = c.table
     where c.database = currentDatabase() and c.name in ('workspace_id', 'lead_id') and t.engine like '%MergeTree'
       and c.table not in {others:Array(String)}
     group by name having count() = 2 order by name`,
    { others: OF_OTHERS },
  )
  for (const { name } of tables) {
    for (let at = 0; at < leadIds.length; at += LEADS_AT_ONCE) {
      const params = { workspace: workspaceId, leads: leadIds.slice(at, at + LEADS_AT_ONCE) }
      const scope = 'workspace_id = {workspace:UUID} and lead_id in {leads:Array(UUID)}'
      const [found] = await ask(clickhouse, `select 1 from ${name} where ${scope} limit 1`, params)
      if (!found) continue
      await clickhouse.command({
        query: `alter table ${name} delete where ${scope}`,
        query_params: params,
        clickhouse_settings: { mutations_sync: '1' },
      })
    }
  }
}
