// Scores the next leads of a workspace in one statement of ClickHouse, where the rules have such a form.
import { chSql, joinedBy, param } from '../../conditions/index.ts'
import { actWords } from '../../events/contract.ts'
import { nextVersion } from '../../leads/index.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import type { Db } from '../../platform/postgres.ts'
import { assetSql, dayColumn, mergeScored, momentSql } from '../history/index.ts'
import { readInForce } from './in-force.ts'
import { prepareRules } from './projection.ts'
import { scoreSql } from './reading.ts'
import { foldSql, hasSqlForm } from './sql-form.ts'
import {
  eventColumns,
  isOfOtherRules,
  keepRecomputed,
  nextPart,
  readScored,
  writeScored,
} from './store/rescore.ts'
import type { Part } from './store/rescore.ts'

/** Leads of one statement. */
const PART = 10_000
/** Statements of a turn, for which the feed waits. */
const PARTS = 4

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
  let done = 0
  let lastId = afterId
  let merging: Promise<void> | undefined
  try {
    for (let turn = 0; turn < PARTS; turn++) {
      const next = await nextPart(clickhouse, workspaceId, lastId, PART)
      if (!next) break
      const part: Part = { workspaceId, timeZone, afterId: lastId, lastId: next.lastId }
      lastId = next.lastId
      done += next.leads
      const isAdopted = await isOfOtherRules(clickhouse, part, reading.version)
      await writeScored(clickhouse, part, version, sums, columns)
      const bytes = await readScored(clickhouse, part, version)
      if (isAdopted) await keep(part)
      await merging
      // PostgreSQL takes as long for a part as ClickHouse does: each works on one of its own.
      merging = mergeScored(tx, workspaceId, { bytes, ruleVersion: reading.version, now })
      merging.catch(() => undefined)
    }
    await merging
  } catch (error) {
    // The transaction is not rolled back under a statement that still runs.
    await merging?.catch(() => undefined)
    throw error
  }
  return lastId === null || done === 0 ? null : { afterId: lastId, done }

  async function keep(part: Part): Promise<void> {
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
}

function actSql() {
  const { categories, passive } = actWords()
  return joinedBy('and', [
    chSql`category in ${param('Array(String)', categories)}`,
    chSql`name not in ${param('Array(String)', passive)}`,
  ])
}
