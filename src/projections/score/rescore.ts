// Scores the next leads of a workspace in one statement of ClickHouse, where the rules have such a form.
import { chSql, joinedBy, param } from '../../conditions/index.ts'
import { actWords } from '../../events/contract.ts'
import { nextVersion } from '../../leads/index.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import type { Db } from '../../platform/postgres.ts'
import { assetSql, dayColumn, momentSql } from '../history/index.ts'
import { readInForce } from './in-force.ts'
import { prepareRules } from './projection.ts'
import { scoreSql } from './reading.ts'
import { foldSql, hasSqlForm } from './sql-form.ts'
import {
  copyScored,
  eventColumns,
  isOfOtherRules,
  keepRecomputed,
  nextPart,
  writeScored,
} from './store/rescore.ts'
import type { Part } from './store/rescore.ts'

/** Leads of one statement: the feed waits for it. */
const PART = 50_000

export interface Rescoring {
  tx: Db
  clickhouse: ClickHouse
  workspaceId: string
  /** IANA */
  timeZone: string
  now: Date
}

/**
 * Scores the next leads after one; the caller holds the feed, and the log is whole.
 * @returns where it has come to; null where there are no more; undefined where the rules have no such form
 */
export async function rescoreNext(
  { tx, clickhouse, workspaceId, timeZone, now }: Rescoring,
  afterId: string | null,
): Promise<{ afterId: string; done: number } | null | undefined> {
  const reading = await readInForce(tx, workspaceId)
  const compiled = await prepareRules(tx, workspaceId, reading)
  if (!hasSqlForm(compiled)) return undefined
  const version = await nextVersion(tx)
  const next = await nextPart(clickhouse, workspaceId, afterId, PART)
  if (!next) return null
  const part: Part = { workspaceId, timeZone, afterId, lastId: next.lastId }
  const { sums, columns } = foldSql(
    compiled,
    { now, timeZone, workspaceId, leadId: chSql`lead_id` },
    {
      ...eventColumns,
      at: { pieces: [`toUnixTimestamp64Milli(${momentSql})`] },
      day: { pieces: [dayColumn] },
      asset: { pieces: [assetSql] },
      isAct: actSql(),
    },
  )
  const isAdopted = await isOfOtherRules(clickhouse, part, reading.version)
  await writeScored(clickhouse, part, version, sums, columns)
  await copyScored({ tx, clickhouse }, part, version, reading.version, now)
  if (isAdopted) {
    const score = scoreSql([reading], now.getTime())
    const { total, deductions, confidence, grade, temperature, components } = score
    await keepRecomputed(clickhouse, part, version, now, {
      total,
      ...components,
      deductions,
      confidence,
      grade,
      temperature,
    })
  }
  return { afterId: next.lastId, done: next.leads }
}

function actSql() {
  const { categories, passive } = actWords()
  return joinedBy('and', [
    chSql`category in ${param('Array(String)', categories)}`,
    chSql`name not in ${param('Array(String)', passive)}`,
  ])
}
