// Asks the copy of the leads who is hot and who goes cold, and the history of scores since when.
import { chSql, param, written } from '../../conditions/index.ts'
import type { Fragment } from '../../conditions/index.ts'
import { ask } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import { scoreSql, verdictSql } from '../../projections/score/index.ts'
import type { readReadings } from '../../projections/score/index.ts'
import type { Candidate, Warmth } from '../candidates.ts'
import { COLD_AFTER_DAYS, COLD_UNTIL_DAYS, promisingStages } from '../contract.ts'

export interface Question {
  workspaceId: string
  /** ms since 1970 */
  now: number
  readings: Awaited<ReturnType<typeof readReadings>>
}

export interface FoundLeads {
  candidates: Candidate[]
  /** also those beyond the candidates */
  total: number
}

/** Leads of a kind that are looked at; whoever has more hot leads than these works through the list of leads. */
const LOOKED_AT = 1_000
const DAY_MS = 86_400_000

/** Known leads that are hot now, the highest scores first. Happened: the last sign of intent. */
export function readHotLeads(clickhouse: ClickHouse, asked: Question): Promise<FoundLeads> {
  const days = Math.max(...asked.readings.map(({ rules }) => rules.temperature.hotDays))
  return readLeads(clickhouse, asked, {
    kind: 'hot_lead',
    where: chSql`last_intent_at >= ${instant(asked.now - days * DAY_MS)}`,
    happened: chSql`last_intent_at`,
    having: chSql`temperature = 'hot'`,
    order: chSql`total desc, id`,
  })
}

/** Known leads that wanted something and have done nothing since; the furthest first, and of those who fell silent last. */
export function readColdLeads(clickhouse: ClickHouse, asked: Question): Promise<FoundLeads> {
  const stages = param('Array(String)', [...promisingStages])
  return readLeads(clickhouse, asked, {
    kind: 'cold_lead',
    where: chSql`stage in ${stages} and not do_not_contact
      and last_human_at < ${instant(asked.now - COLD_AFTER_DAYS * DAY_MS)}
      and last_human_at >= ${instant(asked.now - COLD_UNTIL_DAYS * DAY_MS)}`,
    happened: chSql`addDays(last_human_at, ${param('Int64', COLD_AFTER_DAYS)})`,
    having: chSql`1`,
    order: chSql`indexOf(${stages}, stage) desc, at desc, id`,
  })
}

/** The newest rows of the history of scores, of some leads. */
export async function readWarmth(
  clickhouse: ClickHouse,
  workspaceId: string,
  leadIds: readonly string[],
): Promise<Map<string, Warmth[]>> {
  const byLead = new Map<string, Warmth[]>()
  for (let from = 0; from < leadIds.length; from += LEADS_AT_ONCE) {
    const found = await ask<{ id: string; at: number | string; temperature: string; before: string }>(
      clickhouse,
      `select lead_id as id, toUnixTimestamp64Milli(score_history.at) as at, temperature, before_temperature as before
       from score_history where workspace_id = {workspace:UUID} and lead_id in {leads:Array(UUID)}
       order by lead_id, score_history.at desc limit 100 by lead_id`,
      { workspace: workspaceId, leads: leadIds.slice(from, from + LEADS_AT_ONCE) },
    )
    for (const { id, at, ...row } of found) {
      const list = byLead.get(id) ?? []
      list.push({ at: Number(at), ...row })
      byLead.set(id, list)
    }
  }
  return byLead
}

/** Their ids travel in the address of a statement, of which a server takes 16 kB. */
const LEADS_AT_ONCE = 200

interface Kind {
  kind: 'hot_lead' | 'cold_lead'
  where: Fragment
  happened: Fragment
  having: Fragment
  order: Fragment
}

// Few leads fit: those of any of whose rows they do are looked up, and held against the newest. `final` would merge all rows.
async function readLeads(
  clickhouse: ClickHouse,
  { workspaceId, now, readings }: Question,
  { kind, where, happened, having, order }: Kind,
): Promise<FoundLeads> {
  const { grade, temperature } = verdictSql(readings, chSql`total`, now)
  const ours = chSql`workspace_id = ${param('UUID', workspaceId)}`
  const fits = chSql`state = 'active' and is_known and ${where}`
  const { text, params } =
    written(chSql`select lead_id as id, toUnixTimestamp64Milli(assumeNotNull(happened)) as at, total as score,
      grade, stage, count() over () as all_of_them
    from (select lead_id, happened, total, stage, ${grade} as grade, ${temperature} as temperature
      from (select lead_id, stage, score_version, do_not_contact, last_intent_at, last_human_at,
              ${happened} as happened, ${scoreSql(readings, now).total} as total
            from (select lead_id, state, is_known, stage, score_version, do_not_contact, last_intent_at, last_human_at,
                    score_at, score_sums, score_sum_1, score_sum_2, score_sum_3, score_sum_4, score_demographic,
                    score_firmographic, is_seen
                  from lead_facts where ${ours} and lead_id in (select lead_id from lead_facts where ${ours} and ${fits})
                  order by version desc limit 1 by lead_id)
            where ${fits}))
    where ${having} order by ${order} limit ${param('Int64', LOOKED_AT)}`)
  const found = await ask<{
    id: string
    at: number | string
    score: number | null
    grade: string
    stage: string
    all_of_them: number | string
  }>(clickhouse, text, params)
  return {
    total: Number(found[0]?.all_of_them ?? 0),
    candidates: found.map(({ id, at, score, grade: given, stage }) => ({
      kind,
      subject: id,
      happenedAt: Number(at),
      count: 1,
      about: '',
      ownerId: null,
      score,
      grade: given === '' ? null : given,
      stage,
    })),
  }
}

function instant(ms: number): Fragment {
  return chSql`fromUnixTimestamp64Milli(${param('Int64', ms)}, 'UTC')`
}
