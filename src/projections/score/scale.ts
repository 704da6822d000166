// The scale of the score from a workspace's own opportunities: how many points their leads had gathered when they became one.
import type { ClickHouse } from '../../platform/clickhouse.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { LeadHistory } from '../contract.ts'
import { adoptRules, loadHistories } from '../history/index.ts'
import type { CompiledRules } from './compile.ts'
import { foldScore } from './fold.ts'
import { readInForce } from './in-force.ts'
import { prepareRules } from './projection.ts'
import { placeSum } from './reading.ts'
import type { ScoreReading } from './reading.ts'
import { deedDimensions } from './rules.ts'
import type { ScoreScale } from './rules.ts'
import { readOpportunities } from './store/opportunities.ts'

/** Opportunities below this are too few to take a scale from. */
export const OPPORTUNITIES_NEEDED = 50
/** The newest are looked at. */
const SAMPLE = 2_000
const AT_ONCE = 500
/** A scale that moves less stays, so that scores do not tremble from night to night. */
const WORTH_CHANGING = 0.05

/**
 * The median points per dimension at the moments when leads became opportunities; a dimension in which most had none keeps
 * what it had.
 * @param histories each with the moment (ms) at which the lead became an opportunity
 */
export function scaleOf(
  histories: readonly { history: LeadHistory; at: number }[],
  compiled: CompiledRules,
  reading: ScoreReading,
): ScoreScale {
  const points = deedDimensions.map(() => [] as number[])
  for (const { history, at } of histories) {
    const before = { ...history, events: history.events.filter((event) => event.at <= at) }
    const { facts } = foldScore(before, compiled)
    deedDimensions.forEach((dimension, place) => points[place]!.push(placeSum(dimension, facts, reading, at)))
  }
  const s50 = { ...reading.scale.s50 }
  deedDimensions.forEach((dimension, place) => {
    const middle = median(points[place]!)
    if (middle > 0) s50[dimension] = middle
  })
  return { s50, leads: histories.length }
}

/** Takes the scale anew; scores are read by it from then on. @returns whether it changed */
export async function refreshScale(
  { db, clickhouse }: { db: Db; clickhouse: ClickHouse },
  workspaceId: string,
  now: Date,
): Promise<boolean> {
  const reached = await readOpportunities(clickhouse, workspaceId, SAMPLE)
  if (reached.size < OPPORTUNITIES_NEEDED) return false
  const reading = await readInForce(db, workspaceId)
  const compiled = await prepareRules(db, workspaceId, reading)
  const ids = [...reached.keys()].sort()
  const found: { history: LeadHistory; at: number }[] = []
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE)
    const { histories } = await loadHistories({ db, clickhouse }, workspaceId, some, compiled.needs)
    for (const history of histories) found.push({ history, at: reached.get(history.leadId) ?? now.getTime() })
  }
  if (found.length < OPPORTUNITIES_NEEDED) return false
  const scale = scaleOf(found, compiled, reading)
  if (!isOther(scale, reading.scale)) return false
  await inTransaction(db, (tx) =>
    adoptRules(tx, { workspaceId, kind: 'score_scale', rules: scale, actor: 'product', note: '', now }),
  )
  return true
}

function isOther(a: ScoreScale, b: ScoreScale): boolean {
  return (
    b.leads === 0 ||
    deedDimensions.some((dimension) => Math.abs(a.s50[dimension] / b.s50[dimension] - 1) > WORTH_CHANGING)
  )
}

function median(values: readonly number[]): number {
  if (values.length === 0) return 0
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
