// Credits and journeys of leads in ClickHouse: written over those before, and read for one lead or added up by path.
import { ask } from '../../../platform/clickhouse.ts'
import type { ClickHouse } from '../../../platform/clickhouse.ts'
import { firstRow, sql } from '../../../platform/postgres.ts'
import type { Db } from '../../../platform/postgres.ts'
import { ruleModels } from '../contract.ts'
import { PEOPLE_GROUPS } from '../learned.ts'
import type { PathPart } from '../learned.ts'
import type { CreditRow, LeadCredits, PathRow } from '../lead-credits.ts'

interface Stores {
  tx: Db
  clickhouse: ClickHouse
}

/** What is written of a lead, and how many rows it had before. */
export interface WrittenCredits extends LeadCredits {
  leadId: string
  had: { rows: number; paths: number }
}

/** Writes rows over those of the same lead and place, and takes away those that a lead had more. */
export async function writeCredits(
  { tx, clickhouse }: Stores,
  workspaceId: string,
  leads: readonly WrittenCredits[],
  settingsVersion: number,
): Promise<void> {
  const version = await nextVersion(tx)
  const head = (leadId: string, place: number) => ({
    workspace_id: workspaceId,
    lead_id: leadId,
    place,
    version,
  })
  const removed = (leadId: string, from: number, until: number) =>
    Array.from({ length: Math.max(0, until - from) }, (_, i) => ({
      ...head(leadId, from + i),
      is_removed: 1,
    }))
  const credits = leads.flatMap(({ leadId, rows, had }) => [
    ...rows.map((row, place) => ({
      ...head(leadId, place),
      ...columnsOf(row),
      settings_version: settingsVersion,
    })),
    ...removed(leadId, rows.length, had.rows),
  ])
  const paths = leads.flatMap(({ leadId, paths, had }) => [
    ...paths.map((path, place) => ({
      ...head(leadId, place),
      ...pathColumnsOf(path),
      settings_version: settingsVersion,
    })),
    ...removed(leadId, paths.length, had.paths),
  ])
  await Promise.all([insert(clickhouse, 'credits', credits), insert(clickhouse, 'credit_paths', paths)])
}

/** Takes away the rows of leads that are part of others now, or are no more. */
export async function removeCredits(
  { tx, clickhouse }: Stores,
  workspaceId: string,
  leadIds: readonly string[],
): Promise<void> {
  const version = await nextVersion(tx)
  for (const table of ['credits', 'credit_paths']) {
    // Asked for first: a read takes any number of ids in its body, a command only those that its address holds.
    const standing = await ask<{ lead_id: string; place: number }>(
      clickhouse,
      `select lead_id, place from ${table} final
       where workspace_id = {workspace:UUID} and lead_id in {leads:Array(UUID)} and is_removed = 0`,
      { workspace: workspaceId, leads: [...leadIds] },
      { maxSeconds: 60 },
    )
    const removed = standing.map((row) => ({ workspace_id: workspaceId, ...row, version, is_removed: 1 }))
    await insert(clickhouse, table, removed)
  }
}

/** The credits of a lead, conversion by conversion in order of time. */
export async function readCredits(
  clickhouse: ClickHouse,
  workspaceId: string,
  leadId: string,
): Promise<(CreditRow & { settingsVersion: number })[]> {
  const found = await ask<StoredRow>(
    clickhouse,
    `select goal, conversion_id, toUnixTimestamp64Milli(converted_at) as converted_ms, is_first, part, touch, touch_id,
            toUnixTimestamp64Milli(touched_at) as touched_ms, channel, source, campaign, currency, model_used, settings_version,
            ${ruleModels.map((model) => `${model}_minor, ${model}_units`).join(', ')}
     from credits final where workspace_id = {workspace:UUID} and lead_id = {lead:UUID} and is_removed = 0
     order by converted_at, goal, conversion_id, part, touch`,
    { workspace: workspaceId, lead: leadId },
  )
  return found.map((row) => ({
    goal: String(row.goal),
    conversionId: String(row.conversion_id),
    convertedAt: Number(row.converted_ms),
    isFirst: Boolean(row.is_first),
    part: Number(row.part) === 1 ? 1 : 0,
    touch: Number(row.touch),
    touchId: String(row.touch_id),
    touchedAt: row.touched_ms === null ? null : Number(row.touched_ms),
    channel: String(row.channel),
    source: String(row.source),
    campaign: String(row.campaign),
    currency: String(row.currency),
    modelUsed: String(row.model_used) as CreditRow['modelUsed'],
    settingsVersion: Number(row.settings_version),
    earned: Object.fromEntries(
      ruleModels.map((model) => [
        model,
        { minor: Number(row[`${model}_minor`]), units: Number(row[`${model}_units`]) },
      ]),
    ) as CreditRow['earned'],
  }))
}

type StoredRow = Record<string, string | number | boolean | null>

/** Journeys along one path. */
export interface PathSum {
  path: string[]
  conversions: number
  valueMinor: number
  nulls: number
  /** by group of leads */
  parts: PathPart[]
}

/**
 * The journeys to a goal that ended from an instant on, by path; leads in the bin are left out, and so is the value of what has
 * no rate in the workspace's currency. In an order of their own.
 */
export async function readPaths(
  clickhouse: ClickHouse,
  workspaceId: string,
  { goal, since, currency }: { goal: string; since: Date; currency: string },
): Promise<PathSum[]> {
  const found = await ask<{ path: string[]; parts: [number, string, string, string][] }>(
    clickhouse,
    `select path, groupArray((group, conversions, value, nulls)) as parts from (
       select path, cityHash64(lead_id) % {groups:UInt32} as group, sum(p.conversions) as conversions,
              sumIf(value_minor, currency = {currency:String}) as value, countIf(p.conversions = 0) as nulls
       from (select * from credit_paths final
             where workspace_id = {workspace:UUID} and is_removed = 0 and goal = {goal:String}
               and ended_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')) as p
       where notEmpty(path) and lead_id not in (
         select lead_id from lead_facts final where workspace_id = {workspace:UUID} and state != 'active')
       group by path, group order by path, group)
     group by path order by path`,
    { workspace: workspaceId, goal, since: since.getTime(), currency, groups: PEOPLE_GROUPS },
    { maxSeconds: 120 },
  )
  return found.map((row) => {
    const parts = row.parts.map(([group, conversions, value, nulls]) => ({
      group: Number(group),
      conversions: Number(conversions),
      valueMinor: Number(value),
      nulls: Number(nulls),
    }))
    const sumOf = (of: (part: PathPart) => number) => parts.reduce((sum, part) => sum + of(part), 0)
    return {
      path: row.path,
      conversions: sumOf((part) => part.conversions),
      valueMinor: sumOf((part) => part.valueMinor),
      nulls: sumOf((part) => part.nulls),
      parts,
    }
  })
}

function columnsOf(row: CreditRow): Record<string, unknown> {
  const earned: Record<string, number> = {}
  for (const model of ruleModels) {
    earned[`${model}_minor`] = row.earned[model].minor
    earned[`${model}_units`] = row.earned[model].units
  }
  return {
    is_removed: 0,
    goal: row.goal,
    conversion_id: row.conversionId,
    converted_at: new Date(row.convertedAt).toISOString(),
    is_first: row.isFirst,
    part: row.part,
    touch: row.touch,
    touch_id: row.touchId,
    touched_at: row.touchedAt === null ? null : new Date(row.touchedAt).toISOString(),
    channel: row.channel,
    source: row.source,
    campaign: row.campaign,
    currency: row.currency,
    model_used: row.modelUsed,
    ...earned,
  }
}

function pathColumnsOf(row: PathRow): Record<string, unknown> {
  return {
    is_removed: 0,
    goal: row.goal,
    conversion_id: row.conversionId,
    ended_at: new Date(row.endedAt).toISOString(),
    is_first: row.isFirst,
    path: row.path,
    days: row.days,
    conversions: row.conversions,
    value_minor: row.valueMinor,
    currency: row.currency,
  }
}

async function insert(clickhouse: ClickHouse, table: string, values: unknown[]): Promise<void> {
  if (values.length === 0) return
  await clickhouse.insert({
    table,
    format: 'JSONEachRow',
    values,
    clickhouse_settings: { date_time_input_format: 'best_effort', async_insert: 0 },
  })
}

// Of one sequence: whoever writes later, in whichever process, is newer.
async function nextVersion(tx: Db): Promise<number> {
  const next = await firstRow<{ version: number }>(tx, sql`select nextval('lead_facts_version') as version`)
  return next?.version ?? 0
}
