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
  if (!scope.isEverybody) return ofLeads(scope, actColumns)
  const [table, instant] = halvesOf(scope, 'act')
  const [rows, binned] = await Promise.all([
    answer<Summed & { category: Category }>(
      scope,
      chSql`select ${ofMoments(scope, instant)}, name as word, category, sum(events) as n
            from ${table} where ${during(scope, instant)} group by bucket, isNow, word, category having n != 0`,
    ),
    ofBinned(scope, actColumns),
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
    ofWords(scope, {
      days: chSql`act_days`,
      words: chSql`arrayMap(d -> source, act_days)`,
      counts: chSql`act_counts`,
    }),
  )
}

/** Visits by bucket and the channel that they began by. */
export async function readVisits(scope: Scope): Promise<Summed[]> {
  if (!scope.isEverybody) return ofLeads(scope, visitColumns)
  const [table, instant] = halvesOf(scope, 'visit')
  const [rows, binned] = await Promise.all([
    answer<Summed>(
      scope,
      chSql`select ${ofMoments(scope, instant)}, channel as word, sum(sessions) as n
            from ${table} where ${during(scope, instant)} group by bucket, isNow, word having n != 0`,
    ),
    ofBinned(scope, visitColumns),
  ])
  return without(rows, binned)
}

// Mostly there is nobody in the bin, and to see that takes a fifth of looking what they did.
async function ofBinned(scope: Scope, columns: Columns): Promise<Summed[]> {
  const leads = chSql`workspace_id = ${param('UUID', scope.workspaceId)} and state = 'binned'`
  const [found] = await answer<{ n: number }>(
    scope,
    chSql`select count() as n from ${scope.rows} where ${leads}`,
  )
  if (!found || Number(found.n) === 0) return []
  return answer(scope, ofWords({ rows: scope.rows, window: scope.window, leads }, columns))
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
            select placed.day as day, placed.minor as minor, placed.currency as currency, word, source
            from (select placed_orders, last_channel as word, source from ${scope.rows} where order_count > 0 and ${leads})
            array join placed_orders as placed
          ) where ${isWithin(chSql`day`, wholeSpan(window))} group by bucket, isNow, word, source, currency`,
  )
}

/** Where something is summed: the columns of a lead, and where the words are that it is summed by. */
interface Columns {
  days: Fragment
  words: Fragment
  counts: Fragment
  cells: Fragment
  /** all words there are */
  named: Fragment
}

const actColumns: Columns = {
  cells: chSql`act_cells`,
  days: chSql`act_days`,
  words: chSql`act_names`,
  counts: chSql`act_counts`,
  named: chSql`select distinct name as word from act_halves`,
}

const visitColumns: Columns = {
  cells: chSql`visit_cells`,
  days: chSql`visit_days`,
  words: chSql`visit_channels`,
  counts: chSql`visit_counts`,
  named: chSql`select distinct channel as word from visit_halves`,
}

/**
 * Sums over the leads that fit. A cell has half of the hash of its word: measured over 1 M leads with 4.5 M cells, 36 ms where the
 * words themselves took 58. Words that share a hash, or that nobody knows, have all be read as they are.
 */
async function ofLeads(scope: Scope, columns: Columns): Promise<Summed[]> {
  const [cells, words] = await Promise.all([
    answer<{ bucket: number; isNow: number; hash: number; n: number }>(scope, ofCells(scope, columns.cells)),
    answer<{ word: string; hash: number }>(
      scope,
      chSql`select word, bitAnd(cityHash64(word), 4294967295) as hash
            from (${columns.named} where workspace_id = ${param('UUID', scope.workspaceId)})`,
    ),
  ])
  const wordOf = new Map(words.map(({ word, hash }) => [hash, word]))
  if (wordOf.size < words.length || cells.some(({ hash }) => !wordOf.has(hash)))
    return answer(scope, ofWords(scope, columns))
  return cells.map(({ hash, ...sum }) => ({ ...sum, word: wordOf.get(hash) ?? '' }))
}

// The range is looked for in what is left of the leads, since to filter their arrays costs more than to go through all.
function ofCells(scope: Scope, cells: Fragment): Fragment {
  const { leads, window } = scope
  const { from, to } = wholeSpan(window)
  const cellOf = (day: number) => chSql`bitShiftLeft(toUInt64(${param('Int64', day)}), 48)`
  const day = chSql`intDiv(place, 4294967296)`
  return chSql`select ${isNowSql(day, window)} as isNow, if(isNow, ${bucketSql(day, window.step)}, 0) as bucket,
      bitAnd(place, 4294967295) as hash, sum(m) as n
    from (
      select bitShiftRight(cell, 16) as place, sum(bitAnd(cell, 65535)) as m
      from (select ${cells} as cells, toUInt8(${leads}) as fits from ${scope.rows}) array join cells as cell
      where if(fits, cell, 0) >= ${cellOf(from)} and cell < ${cellOf(to + 1)} group by place
    ) group by bucket, isNow, hash`
}

function ofWords(
  scope: Pick<Scope, 'leads' | 'window' | 'rows'>,
  { days, words, counts }: Pick<Columns, 'days' | 'words' | 'counts'>,
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
