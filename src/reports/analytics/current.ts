// The rows of the copy of the leads as they are now, read in a way that stays quick while leads change.
import { chSql, param } from '../../conditions/index.ts'
import type { Fragment } from '../../conditions/index.ts'
import { ask } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'

/**
 * In the place of `lead_facts final`, which merges all that it reads as soon as a second part lies across the first, as one does
 * after every change: measured over 1 M leads, a count takes 12 ms of one part, 110 ms of two. Here the largest part is read as
 * it is but for the leads that other parts have too, and of those the newest row is looked up: 28 ms. Where the part is gone by
 * then, all are looked up: slower, and the same rows.
 */
export async function currentLeads(clickhouse: ClickHouse, workspaceId: string): Promise<Fragment> {
  const largest = await largestPart(clickhouse)
  if (!largest) return chSql`lead_facts final`
  // A hint chooses parts as a condition would, but is not looked at for each row.
  const part = param('String', largest)
  const ours = chSql`workspace_id = ${param('UUID', workspaceId)}`
  const others = chSql`(select lead_id from lead_facts where ${ours} and indexHint(_part != ${part}))`
  return chSql`(select *, ${made} from lead_facts where ${ours} and indexHint(_part = ${part}) and lead_id not in ${others}
    union all select *, ${made} from lead_facts where ${ours} and lead_id in ${others} order by version desc limit 1 by lead_id)`
}

/**
 * What a question to a table finds that replaces rows by newer ones. Where the table is one part, no row of it is out of date, and it
 * is asked as it is: with `final` neither a projection nor a condition chooses what is read of it. Asked once more with `final`
 * where another part came meanwhile.
 */
export async function ofOnePart<T>(
  clickhouse: ClickHouse,
  table: 'credits' | 'credit_paths',
  read: (table: Fragment) => Promise<T>,
): Promise<T> {
  const whole: Fragment = { pieces: [`${table} final`] }
  const [part, ...others] = await partsOf(clickhouse, table)
  if (others.length > 0) return read(whole)
  const found = await read({ pieces: [table] })
  const [same, ...newer] = await partsOf(clickhouse, table)
  return same?.name === part?.name && newer.length === 0 ? found : read(whole)
}

/** Columns that ClickHouse makes of others: db/clickhouse/0013_quick_reports.sql and 0014_fewer_passes.sql. */
const made: Fragment = {
  pieces: [
    `seen_days, act_cells, visit_cells, came_at, reached_1_after, reached_2_after, reached_3_after,
     reached_4_after, reached_5_after, taken_stages, has_plain_stays, stay_cells, opportunity_at, opportunity,
     score_sum_1, score_sum_2, score_sum_3, score_sum_4, seen_cells, visit_places, placed_orders, won_at`,
  ],
}

/** Of all rows; where none has so many, looking up the others costs more than merging them. */
const LARGE = 0.8

async function largestPart(clickhouse: ClickHouse): Promise<string | undefined> {
  const found = await partsOf(clickhouse, 'lead_facts')
  const all = found.reduce((sum, { rows }) => sum + rows, 0)
  const [largest] = found
  return largest && found.length > 1 && largest.rows >= LARGE * all ? largest.name : undefined
}

/** The parts of a table, the largest first. */
function partsOf(clickhouse: ClickHouse, table: string): Promise<{ name: string; rows: number }[]> {
  return ask<{ name: string; rows: number }>(
    clickhouse,
    `select name, rows from system.parts where active and database = currentDatabase() and table = {table:String}
     order by rows desc, name`,
    { table },
  )
}
