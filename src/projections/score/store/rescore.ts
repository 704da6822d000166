// Scores many leads within ClickHouse: one statement a part instead of a fold a lead.
import { chSql, written } from '../../../conditions/index.ts'
import type { Fragment } from '../../../conditions/index.ts'
import { ask } from '../../../platform/clickhouse.ts'
import type { ClickHouse } from '../../../platform/clickhouse.ts'

/** Leads of a part, in the order of their ids. */
export interface Part {
  workspaceId: string
  /** IANA */
  timeZone: string
  /** after this id; null from the beginning */
  afterId: string | null
  /** up to and with this id */
  lastId: string
}

/** The last of the next leads after one, and how many they are; undefined where there are no more. */
export async function nextPart(
  clickhouse: ClickHouse,
  workspaceId: string,
  afterId: string | null,
  limit: number,
): Promise<{ lastId: string; leads: number } | undefined> {
  const [found] = await ask<{ lastId: string; leads: number }>(
    clickhouse,
    `select max(lead_id) as lastId, count() as leads from (
       select lead_id from lead_facts final
       where workspace_id = {workspace:UUID} and lead_id > {after:UUID} and state != 'gone' order by lead_id limit {limit:UInt32}
     )`,
    { workspace: workspaceId, after: afterId ?? FIRST, limit },
    { maxSeconds: 60 },
  )
  return found && Number(found.leads) > 0 ? { lastId: found.lastId, leads: Number(found.leads) } : undefined
}

/** Writes the rows of a part anew under a version; columns are expressions over the row and `s_` of its events. */
export async function writeScored(
  clickhouse: ClickHouse,
  part: Part,
  version: number,
  sums: Fragment,
  columns: Record<string, Fragment>,
): Promise<void> {
  const ours = Object.entries(columns)
  const helpers = ours.filter(([name]) => name.startsWith('s_'))
  const stored = ours.filter(([name]) => !name.startsWith('s_'))
  const query = chSql`with ${commaed(helpers.map(([name, expression]) => chSql`${expression} as ${named(name)}`))}
    select f.* replace(toUInt64(${named(String(version))}) as version,
      ${commaed(stored.map(([name, expression]) => chSql`${expression} as ${named(name)}`))})
    from (select * from lead_facts final where ${OF_PART} and state != 'gone') as f
    left join (${sums}) as s on s.s_lead = f.lead_id`
  const { text, params } = written(query)
  await clickhouse.command({
    query: `insert into lead_facts ${text}`,
    query_params: { ...params, ...scopeOf(part) },
    clickhouse_settings: { max_execution_time: 300, join_use_nulls: 0, allow_experimental_analyzer: 1 },
  })
}

/** The moment, day, thing and lead of an event, and which events are those of a part. */
export const eventColumns = {
  lead: chSql`dictGetOrDefault('lead_alias', 'target_id', lead_id, lead_id)`,
  within: chSql`workspace_id = {workspace:UUID} and category != 'record'
    and ((lead_id > {after:UUID} and lead_id <= {last:UUID})
      or lead_id in (select lead_id from lead_aliases final
        where is_removed = 0 and target_id > {after:UUID} and target_id <= {last:UUID}))`,
}

/** The scores of a part, as lines of COPY’s text format: the lead’s id, and the columns of its score as JSON. */
export async function readScored(clickhouse: ClickHouse, part: Part, version: number): Promise<Buffer> {
  const reply = await clickhouse.query({
    query: `select lead_id, toJSONString(cast((
              score_version, ${iso('score_at')}, score_sums, score_demographic, score_firmographic, known_demographic,
              known_firmographic, is_seen, do_not_contact, ${iso('last_human_at')}, ${iso('last_intent_at')}),
              'Tuple(score_version Int32, score_at String, score_sums Array(Float64), score_demographic Nullable(Float64), score_firmographic Nullable(Float64), known_demographic Float64, known_firmographic Float64, is_seen Bool, do_not_contact Bool, last_human_at Nullable(String), last_intent_at Nullable(String))'))
            from lead_facts where workspace_id = {workspace:UUID} and lead_id > {after:UUID} and lead_id <= {last:UUID}
              and version = {version:UInt64} order by lead_id`,
    query_params: { ...scopeOf(part), version },
    format: 'TabSeparated',
    clickhouse_settings: { max_execution_time: 60 },
  })
  return Buffer.from(await reply.text())
}

/** Keeps the scores of a part in the history, labelled as recomputed. */
export async function keepRecomputed(
  clickhouse: ClickHouse,
  part: Part,
  version: number,
  now: Date,
  score: Record<string, Fragment>,
): Promise<void> {
  const names = Object.keys(score)
  const { text, params } = written(
    commaed(names.map((name) => chSql`${score[name]!} as ${named(`r_${name}`)}`)),
  )
  await clickhouse.command({
    query: `insert into score_history (workspace_id, lead_id, at, ${names.join(', ')}, rule_version, kind, cause_event_id, cause)
            select workspace_id, lead_id, fromUnixTimestamp64Milli({now:Int64}, 'UTC'), ${names.map((name) => `r_${name}`).join(', ')},
                   score_version, 'recomputed', '', 'rules_adopted'
            from (select *, ${text} from lead_facts
                  where workspace_id = {workspace:UUID} and lead_id > {after:UUID} and lead_id <= {last:UUID}
                    and version = {version:UInt64} and is_seen)
            where r_total is not null`,
    query_params: { ...params, ...scopeOf(part), version, now: now.getTime() },
    clickhouse_settings: { max_execution_time: 120 },
  })
}

/** Whether leads of a part were scored by other rules. */
export async function isOfOtherRules(
  clickhouse: ClickHouse,
  part: Part,
  ruleVersion: number,
): Promise<boolean> {
  const found = await ask(
    clickhouse,
    `select 1 from lead_facts where workspace_id = {workspace:UUID} and lead_id > {after:UUID} and lead_id <= {last:UUID}
       and score_version not in (-1, {rules:Int32}) limit 1`,
    { ...scopeOf(part), rules: ruleVersion },
  )
  return found.length > 0
}

const FIRST = '00000000-0000-0000-0000-000000000000'
const OF_PART = chSql`workspace_id = {workspace:UUID} and lead_id > {after:UUID} and lead_id <= {last:UUID}`

function scopeOf({ workspaceId, timeZone, afterId, lastId }: Part): Record<string, unknown> {
  return { workspace: workspaceId, zone: timeZone, after: afterId ?? FIRST, last: lastId }
}

// As JavaScript writes an instant.
function iso(column: string): string {
  return `concat(replaceOne(toString(${column}), ' ', 'T'), 'Z')`
}

function named(name: string): Fragment {
  return { pieces: [name] }
}

function commaed(parts: readonly Fragment[]): Fragment {
  return { pieces: parts.flatMap((part, at) => (at === 0 ? [part] : [', ', part])) }
}
