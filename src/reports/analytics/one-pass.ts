// What of a tab goes together in one pass over the leads: how many fit conditions, their visits, and those who come first by a measure.
import { chSql, identifier, joinedBy } from '../../conditions/index.ts'
import type { Fragment } from '../../conditions/index.ts'
import { channels } from '../../events/contract.ts'
import { readVisits } from './activity.ts'
import type { Summed } from './activity.ts'
import { answer, whole, wholeSpan } from './scope.ts'
import type { Scope } from './scope.ts'
import { bucketId } from './window.ts'

export interface Asked<Name extends string> {
  /** conditions over the columns of the copy */
  counts: Record<Name, Fragment>
  /** a number over the columns of the copy, by which the first leads are told; those of whom it is 0 are never among them */
  by: Fragment
  limit: number
}

export interface OnePass<Name extends string> {
  counts: Record<Name, number>
  /** the largest first, and of as much in order of their ids */
  first: { id: string; by: number }[]
  /** by bucket and channel */
  visits: Summed[]
}

/**
 * Reads what is asked of the leads that fit, and their visits; those of everybody are read of sums. Measured over 1 M leads, a pass
 * takes 15 ms of processor time for a condition that tells who fits, before it has counted anything.
 */
export async function readOnePass<Name extends string>(
  scope: Scope,
  { counts, by, limit }: Asked<Name>,
): Promise<OnePass<Name>> {
  const { from, to } = wholeSpan(scope.window)
  const ofVisits = scope.isEverybody
    ? chSql`[]`
    : chSql`countResampleArray(${whole(from * PLACES)}, ${whole((to + 1) * PLACES)}, 1)(visit_places)`
  const names = Object.keys(counts) as Name[]
  const columns = names.map((name) => chSql`countIf(${counts[name]}) as ${identifier(`n_${name}`)}`)
  const most = whole(limit)
  const [[found], visitsOfAll] = await Promise.all([
    answer<Record<string, number> & { places: number[]; visits: number[]; first: [number, string][] }>(
      scope,
      chSql`with (
              select if(count() < ${most}, 1, min(reached)) from (
                select reached from (select toInt64(${by}) as reached from ${scope.rows} where ${scope.leads} limit 30000)
                where reached > 0 order by reached desc limit ${most}
              )
            ) as enough,
            toInt64(${by}) as reached
            select * except visited, arrayFilter((place, n) -> n > 0, range(length(visited)), visited) as places, arrayFilter(n -> n > 0, visited) as visits
            from (
              select ${joinedBy(',', columns)}, groupArraySortedIf(${most})((-reached, lead_id), reached > 0 and reached >= enough) as first,
                ${ofVisits} as visited
              from ${scope.rows} where ${scope.leads}
            )`,
    ),
    scope.isEverybody ? readVisits(scope) : undefined,
  ])
  const { places, visits, first } = found!
  return {
    counts: Object.fromEntries(names.map((name) => [name, found![`n_${name}`] ?? 0])) as Record<Name, number>,
    first: first.map(([reached, id]) => ({ id, by: -reached })),
    visits: visitsOfAll ?? visitsOf(scope, places, visits) ?? (await readVisits(scope)),
  }
}

/** Places of a day in `visit_places`: db/clickhouse/0014_fewer_passes.sql. */
const PLACES = 32
/** That of visits without a channel. */
const NOWHERE = 31

/** Undefined where a channel is none of those that have a place. */
function visitsOf(
  { window }: Scope,
  places: readonly number[],
  counts: readonly number[],
): Summed[] | undefined {
  const { from } = wholeSpan(window)
  const sums = new Map<string, Summed>()
  for (const [at, place] of places.entries()) {
    const day = from + Math.floor(place / PLACES)
    const code = place % PLACES
    const word = code === NOWHERE ? '' : channels[code - 1]
    if (word === undefined) return undefined
    const isNow = day >= window.now.from ? 1 : 0
    const bucket = isNow === 1 ? bucketId(day, window.step) : 0
    const key = `${bucket} ${isNow} ${word}`
    const sum = sums.get(key) ?? { bucket, isNow, word, n: 0 }
    sum.n += counts[at] ?? 0
    sums.set(key, sum)
  }
  return [...sums.values()]
}
