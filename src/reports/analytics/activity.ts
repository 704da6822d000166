// What leads did in the days of a report: acts, visits and orders, summed over everybody or over the leads that fit. Sums over
// everybody hold what leads in the bin did, too: these are few, and what they did is taken off again.
import { chSql, param } from '../../conditions/index.ts'
import type { Fragment } from '../../conditions/index.ts'
import { isAct } from '../../events/index.ts'
import type { Category } from '../../events/contract.ts'
import { zoneOffsetMs } from '../../lib/instant.ts'
import { answer, dayOfSql, isNowSql, isWithin, wholeSpan } from './scope.ts'
import type { Scope } from './scope.ts'
import { bucketSql, instantsOf } from './window.ts'

/** A sum: of a bucket of the range (`isNow` 1), or of all the range before (0, and its bucket says nothing). */
export interface Summed {
  bucket: number
  isNow: number
  /** a type of act, or a channel */
  word: string
  n: number
}

/** Acts by bucket and type. */
export async function readActs(scope: Scope): Promise<Summed[]> {
  if (!scope.isEverybody)
    return answer(scope, ofCells(scope, chSql`act_days`, chSql`act_names`, chSql`act_counts`))
  const [table, instant] = halvesOf(scope, 'act')
  const [rows, binned] = await Promise.all([
    answer<Summed & { category: Category }>(
      scope,
      chSql`select ${ofMoments(scope, instant)}, name as word, category, sum(events) as n
            from ${table} where ${during(scope, instant)} group by bucket, isNow, word, category having n != 0`,
    ),
    answer<Summed>(scope, ofCells(inBin(scope), chSql`act_days`, chSql`act_names`, chSql`act_counts`)),
  ])
  return without(
    rows.filter(({ word, category }) => isAct(word, category)),
    binned,
  )
}

/** Acts by bucket and the source that their lead came from. */
export async function readActsBySource(scope: Scope): Promise<Summed[]> {
  return answer(
    scope,
    ofCells(scope, chSql`act_days`, chSql`arrayMap(d -> source, act_days)`, chSql`act_counts`),
  )
}

/** Visits by bucket and the channel that they began by. */
export async function readVisits(scope: Scope): Promise<Summed[]> {
  if (!scope.isEverybody)
    return answer(scope, ofCells(scope, chSql`visit_days`, chSql`visit_channels`, chSql`visit_counts`))
  const [table, instant] = halvesOf(scope, 'visit')
  const [rows, binned] = await Promise.all([
    answer<Summed>(
      scope,
      chSql`select ${ofMoments(scope, instant)}, channel as word, sum(sessions) as n
            from ${table} where ${during(scope, instant)} group by bucket, isNow, word having n != 0`,
    ),
    answer<Summed>(
      scope,
      ofCells(inBin(scope), chSql`visit_days`, chSql`visit_channels`, chSql`visit_counts`),
    ),
  ])
  return without(rows, binned)
}

function inBin({ workspaceId, rows, window }: Scope): Pick<Scope, 'leads' | 'window' | 'rows'> {
  return { rows, window, leads: chSql`workspace_id = ${param('UUID', workspaceId)} and state = 'binned'` }
}

function without(rows: readonly Summed[], off: readonly Summed[]): Summed[] {
  const sums = new Map<string, Summed>()
  for (const [row, sign] of [
    ...rows.map((row) => [row, 1] as const),
    ...off.map((row) => [row, -1] as const),
  ]) {
    const { bucket, isNow, word, n } = row
    const key = `${bucket} ${isNow} ${word}`
    sums.set(key, { bucket, isNow, word, n: (sums.get(key)?.n ?? 0) + sign * n })
  }
  return [...sums.values()].filter(({ n }) => n !== 0)
}

/** Orders by bucket and their lead's last channel: how many, and net of refunds by currency. */
export async function readOrders(
  scope: Scope,
): Promise<(Summed & { currency: string; minor: number; source: string })[]> {
  const { window, leads } = scope
  return answer(
    scope,
    chSql`select if(isNow, ${bucketSql(chSql`day`, window.step)}, 0) as bucket, ${isNowSql(chSql`day`, window)} as isNow,
            word, source, currency, count() as n, sum(minor) as minor
          from (
            select day, minor, currency, last_channel as word, source
            from ${scope.rows} array join order_days as day, order_minor as minor, order_currencies as currency
            where ${leads} and order_count > 0
          ) where ${isWithin(chSql`day`, wholeSpan(window))} group by bucket, isNow, word, source, currency`,
  )
}

function ofCells(
  scope: Pick<Scope, 'leads' | 'window' | 'rows'>,
  days: Fragment,
  words: Fragment,
  counts: Fragment,
): Fragment {
  const { leads, window } = scope
  return chSql`select if(isNow, ${bucketSql(chSql`day`, window.step)}, 0) as bucket, ${isNowSql(chSql`day`, window)} as isNow,
      word, sum(n) as n
    from (
      select day, word, n from ${scope.rows} array join ${days} as day, ${words} as word, ${counts} as n where ${leads}
    ) where ${isWithin(chSql`day`, wholeSpan(window))} group by bucket, isNow, word`
}

// Half hours are the finest that day boundaries of nearly all zones fall on; a few zones are ahead by 45 minutes.
function halvesOf({ window }: Scope, of: 'act' | 'visit'): [table: Fragment, instant: Fragment] {
  const span = wholeSpan(window)
  const { fromMs, toMs } = instantsOf(span, window.timeZone)
  const isOnHalves = [fromMs, toMs].every((at) => zoneOffsetMs(at, window.timeZone) % 1_800_000 === 0)
  if (!isOnHalves)
    return [
      of === 'act'
        ? chSql`(select *, quarter as half from event_quarters where is_bot = 0)`
        : chSql`(select *, quarter as half from event_quarters where is_bot = 0 and sessions != 0)`,
      chSql`half`,
    ]
  return [of === 'act' ? chSql`act_halves` : chSql`visit_halves`, chSql`half`]
}

function ofMoments(scope: Scope, instant: Fragment): Fragment {
  const day = dayOfSql(scope, instant)
  return chSql`${isNowSql(day, scope.window)} as isNow, if(isNow, ${bucketSql(day, scope.window.step)}, 0) as bucket`
}

function during({ window, workspaceId }: Scope, instant: Fragment): Fragment {
  const { fromMs, toMs } = instantsOf(wholeSpan(window), window.timeZone)
  return chSql`workspace_id = ${param('UUID', workspaceId)}
    and ${instant} >= fromUnixTimestamp(${param('Int64', Math.ceil(fromMs / 1000))})
    and ${instant} < fromUnixTimestamp(${param('Int64', Math.ceil(toMs / 1000))})`
}
