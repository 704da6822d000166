// The days in ClickHouse: counted in one statement over the copy of the leads, or written as they were worked out anew.
import { chSql, param, written } from '../../conditions/index.ts'
import type { Fragment } from '../../conditions/index.ts'
import { ask, insertRows } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import { scoreSql, verdictSql } from '../../projections/score/index.ts'
import type { readReadings } from '../../projections/score/index.ts'
import { HEALTHY_FROM, HIGH_RISK, WATCHED_FROM, sumColumns } from '../contract.ts'
import type { DaySums } from '../contract.ts'

export interface Count {
  workspaceId: string
  /** the day of the workspace's zone, YYYY-MM-DD */
  day: string
  at: Date
  readings: Awaited<ReturnType<typeof readReadings>>
}

/** Counts the leads of a workspace as they stand at this moment, all of them or those of a segment. */
export async function countDay(
  clickhouse: ClickHouse,
  { workspaceId, day, at, readings }: Count,
  segment: { id: string; fits: Fragment } | undefined,
): Promise<void> {
  const now = at.getTime()
  const { grade, temperature } = verdictSql(readings, chSql`total`, now)
  const isGrade = (name: string) => chSql`countIf(grade = ${param('String', name)})`
  const is = (name: string) => chSql`countIf(temperature = ${param('String', name)})`
  const from = (points: number) => param('Float64', points)
  const { text, params } = written(chSql`insert into score_days
      (workspace_id, kind, segment, day, source, is_known, version, rule_version, is_sample, ${{ pieces: [sumColumns.join(', ')] }})
    select ${param('UUID', workspaceId)}, 'counted', ${param('String', segment?.id ?? '')}, ${param('String', day)}, source, is_known,
      ${param('Int64', now)}, ${param('Int64', readings[0]?.version ?? 0)}, false,
      count(), count(total), ifNull(sum(total), 0),
      ${isGrade('A+')}, ${isGrade('A')}, ${isGrade('B')}, ${isGrade('C')}, ${isGrade('D')},
      ${is('hot')}, ${is('warm')}, ${is('cold')}, ${is('do_not_contact')},
      count(health), ifNull(sum(health), 0), countIf(health >= ${from(HEALTHY_FROM)}),
      countIf(health >= ${from(WATCHED_FROM)} and health < ${from(HEALTHY_FROM)}), countIf(health < ${from(WATCHED_FROM)}),
      count(churn_risk), countIf(churn_risk >= ${from(HIGH_RISK)})
    from (select source, is_known, total, health, churn_risk, ${grade} as grade, ${temperature} as temperature
      from (select source, is_known, health, churn_risk, score_version, do_not_contact, last_intent_at, last_human_at,
              ${scoreSql(readings, now).total} as total
            from lead_facts final
            where workspace_id = ${param('UUID', workspaceId)} and state = 'active' and ${segment?.fits ?? chSql`1`}))
    group by source, is_known`)
  await clickhouse.command({
    query: text,
    query_params: params,
    clickhouse_settings: { max_execution_time: 120 },
  })
}

/** When a workspace was last counted, ms since 1970. */
export async function readCountedAt(
  clickhouse: ClickHouse,
  workspaceId: string,
): Promise<number | undefined> {
  const [found] = await ask<{ at: number | string }>(
    clickhouse,
    `select max(version) as at from score_days
     where workspace_id = {workspace:UUID} and kind = 'counted' and segment = ''`,
    { workspace: workspaceId },
  )
  return found && Number(found.at) > 0 ? Number(found.at) : undefined
}

/** Sums of a day by segment and source that were worked out anew; of known leads. */
export interface PastSums {
  segment: string
  day: string
  source: string
  sums: DaySums
}

/** Puts a run in the place of the one before. */
export async function writePast(
  clickhouse: ClickHouse,
  run: { workspaceId: string; version: number; ruleVersion: number; isSample: boolean },
  rows: readonly PastSums[],
): Promise<void> {
  const lines = rows.map(({ segment, day, source, sums }) =>
    JSON.stringify([
      run.workspaceId,
      'recomputed',
      segment,
      day,
      source,
      true,
      run.version,
      run.ruleVersion,
      run.isSample,
      ...sumColumns.map((name) => sums[name]),
    ]),
  )
  if (lines.length > 0)
    await insertRows(
      clickhouse,
      'score_days',
      [
        'workspace_id',
        'kind',
        'segment',
        'day',
        'source',
        'is_known',
        'version',
        'rule_version',
        'is_sample',
        ...sumColumns,
      ],
      Buffer.from(lines.join('\n')),
      `past:${run.workspaceId}:${run.version}`,
    )
  await clickhouse.command({
    query: `delete from score_days
            where workspace_id = {workspace:UUID} and kind = 'recomputed' and version < {version:UInt64}`,
    query_params: { workspace: run.workspaceId, version: run.version },
    clickhouse_settings: { lightweight_deletes_sync: '2' },
  })
}

/** Known active leads, by a chance that is the same every time. */
export async function readSample(
  clickhouse: ClickHouse,
  workspaceId: string,
  limit: number,
): Promise<{ leadIds: string[]; isSample: boolean }> {
  const found = await ask<{ id: string }>(
    clickhouse,
    `select lead_id as id from lead_facts final
     where workspace_id = {workspace:UUID} and state = 'active' and is_known
     order by cityHash64(lead_id), lead_id limit {limit:UInt32}`,
    { workspace: workspaceId, limit: limit + 1 },
    { maxSeconds: 60 },
  )
  return { leadIds: found.slice(0, limit).map(({ id }) => id), isSample: found.length > limit }
}
