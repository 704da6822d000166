// Tells ClickHouse which leads are part of which, so that reads over many leads count a person once.
import type { ClickHouse } from '../../platform/clickhouse.ts'
import { ask } from '../../platform/clickhouse.ts'
import { rows, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'

/**
 * Feeds the aliases that changed since the last feed, whole families at a time: where a winner was merged on, all that were
 * merged into it before follow. Repeating it changes nothing.
 */
export async function feedAliases(db: Db, clickhouse: ClickHouse, now: Date): Promise<void> {
  const [last] = await ask<{ version: number }>(
    clickhouse,
    'select toUInt64(max(version)) as version from lead_aliases',
  )
  const since = new Date(Math.max(0, Number(last?.version ?? 0) - OVERLAP_MS))
  const changed = await rows<{ id: string; root: string; is_merged: boolean }>(
    db,
    sql`with recursive touched as (
          select loser_id as id from merges where merged_at >= ${since} or undone_at >= ${since}
        ), down as (
          select id, 0 as depth from touched
          union
          select l.id, d.depth + 1 from leads l join down d on l.merged_into = d.id where l.status = 'merged' and d.depth < 50
        ), up as (
          select l.id, coalesce(l.merged_into, l.id) as root, l.merged_into is not null as is_merged, 0 as depth
          from leads l where l.id in (select id from down)
          union all
          select u.id, p.merged_into, u.is_merged, u.depth + 1
          from up u join leads p on p.id = u.root where p.merged_into is not null and u.depth < 50
        )
        select distinct on (id) id, root, is_merged from up order by id, depth desc`,
  )
  if (changed.length === 0) return
  const version = now.getTime()
  await clickhouse.insert({
    table: 'lead_aliases',
    format: 'JSONEachRow',
    values: changed.map((row) => ({
      lead_id: row.id,
      target_id: row.root,
      version,
      is_removed: row.is_merged ? 0 : 1,
    })),
  })
  await clickhouse.command({ query: 'system reload dictionary lead_alias' })
}

// Two feeds may overlap, and clocks of two processes differ a little.
const OVERLAP_MS = 120_000
