// The rows of the copy of the leads as they are now, read in a way that stays quick while leads change.
import { chSql, param } from '../../conditions/index.ts'
import type { Fragment } from '../../conditions/index.ts'
import { ask } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'

/**
 * In the place of `lead_facts final`, which merges all that it reads as soon as a second part lies across the first, as one does
 * after every change: measured over 1 M leads, a count takes 12 ms of one part, 110 ms of two. Here the largest part is read as
 * it is but for the leads that other parts have too, and of those the newest row is looked up: 28 ms. Where the part is gone by
 * then, all are looked up: slower, and the same rows. One part alone is read by its name, since conditions on what is read with
 * `final` are looked at only when all its columns are there; `askedOfCurrent` asks again where it was merged away meanwhile.
 */
export async function currentLeads(clickhouse: ClickHouse, workspaceId: string): Promise<Fragment> {
  const { largest, isOnly } = await largestPart(clickhouse)
  if (!largest) return { pieces: [FINAL] }
  // A hint chooses parts as a condition would, but is not looked at for each row, which over 1 M leads takes 75 ms.
  if (isOnly) return { pieces: [pinned(largest)] }
  const part = param('String', largest)
  const ours = chSql`workspace_id = ${param('UUID', workspaceId)}`
  const others = chSql`(select lead_id from lead_facts where ${ours} and indexHint(_part != ${part}))`
  return chSql`(select *, ${made} from lead_facts where ${ours} and indexHint(_part = ${part}) and lead_id not in ${others}
    union all select *, ${made} from lead_facts where ${ours} and lead_id in ${others} order by version desc limit 1 by lead_id)`
}

/** Asks a question over current leads, and once more, of all parts, where the one that it named was merged away meanwhile. */
export async function askedOfCurrent<Answer>(
  clickhouse: ClickHouse,
  text: string,
  askText: (text: string) => Promise<Answer>,
): Promise<Answer> {
  const part = PINNED.exec(text)?.[1]
  const found = await askText(text)
  if (part === undefined || (await largestPart(clickhouse)).names.includes(part)) return found
  return askText(text.replaceAll(pinned(part), FINAL))
}

const FINAL = 'lead_facts final'

// Names of parts are the engine's own: letters, digits and underscores.
const PINNED = /\(select \*, [\w\s,]+ from lead_facts where indexHint\(_part = '(\w+)'\)\)/

function pinned(part: string): string {
  return `(select *, ${MADE} from lead_facts where indexHint(_part = '${part}'))`
}

/** Columns that ClickHouse makes of others: db/clickhouse/0013_quick_reports.sql. */
const MADE = `seen_days, act_cells, visit_cells, came_at, reached_1_after, reached_2_after, reached_3_after,
     reached_4_after, reached_5_after, taken_stages, has_plain_stays, stay_cells, opportunity_at, opportunity,
     score_sum_1, score_sum_2, score_sum_3, score_sum_4`
const made: Fragment = { pieces: [MADE] }

/** Of all rows; where none has so many, looking up the others costs more than merging them. */
const LARGE = 0.8

async function largestPart(
  clickhouse: ClickHouse,
): Promise<{ largest: string | undefined; isOnly: boolean; names: string[] }> {
  const found = await ask<{ name: string; rows: number }>(
    clickhouse,
    `select name, rows from system.parts where active and database = currentDatabase() and table = 'lead_facts'
     order by rows desc, name`,
  )
  const all = found.reduce((sum, { rows }) => sum + rows, 0)
  const [first] = found
  return {
    largest: first && first.rows >= LARGE * all ? first.name : undefined,
    isOnly: found.length === 1,
    names: found.map(({ name }) => name),
  }
}
