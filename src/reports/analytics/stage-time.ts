// How long leads stay in each stage, those who are still in it included, in calendar or in business days.
import { chSql, param } from '../../conditions/index.ts'
import type { Fragment } from '../../conditions/index.ts'
import type { DaysCounted } from './contract.ts'
import { answer, instantSql } from './scope.ts'
import type { Scope } from './scope.ts'
import { medianStay } from './survival.ts'
import type { Watched } from './survival.ts'
import { instantsOf } from './window.ts'

const DAY_SECONDS = 86_400
/** Days that are told apart: all since 1970. */
const LONGEST: Fragment = { pieces: ['22000'] }

export interface Stays {
  stage: number
  isOpen: number
  seconds: number[]
  /** whole days, each with how many stays lasted so long */
  days: number[]
  counts: number[]
  n: number
}

/**
 * Stays that began in the range, by stage. A lead that came back to a stage was in it for all those times together. Stays that have
 * not begun by now are counted apart. Leads that never came back, nearly all, are read from cells of a stay each.
 */
export async function readStays(
  scope: Scope,
  days: DaysCounted,
): Promise<{ stays: Stays[]; impossible: number }> {
  const { window, at } = scope
  const { fromMs, toMs } = instantsOf(window.now, window.timeZone)
  const now = chSql`toDateTime(${param('Int64', Math.floor(at.getTime() / 1000))}, 'UTC')`
  const isIn = (instant: Fragment) =>
    chSql`${instant} >= ${instantSql(fromMs)} and ${instant} < ${instantSql(toMs)}`
  // Stays stand in order of time: those that have not begun are the last.
  const begun = chSql`arrayFilter(f -> f <= ${now}, stay_since)`
  const lasted = (from: Fragment, until: Fragment) => lastedSql(days, window.timeZone, from, until)
  const cellOf = (ms: number) =>
    chSql`bitShiftLeft(toUInt64(${param('Int64', Math.max(0, Math.floor(ms / 1000)))}), 32)`
  const found = await answer<Stays & { impossible: number }>(
    scope,
    chSql`select * except lasted, arrayFilter((day, m) -> m > 0, range(length(lasted)), lasted) as days, arrayFilter(m -> m > 0, lasted) as counts
          from (select stage, isOpen, quantilesExactInclusiveIf(0.5, 0.75, 0.9)(held, isReal and not isOpen) as seconds,
            countResampleIf(0, ${LONGEST}, 1)(least(intDiv(held, ${param('Int64', DAY_SECONDS)}), ${LONGEST} - 1), isReal) as lasted,
            countIf(isReal) as n, countIf(not isReal) as impossible
          from (
              select stage, isLast or not isReal as isOpen, isReal, if(isReal, ${lasted(chSql`f`, chSql`if(isLast, ${now}, u)`)}, 0) as held
              from (
                select toUInt8(bitAnd(bitShiftRight(cell, 29), 7)) as stage, bitTest(cell, 28) as isLast,
                  toDateTime(bitShiftRight(cell, 32), 'UTC') as f, f + bitAnd(cell, 268435455) as u, f <= ${now} as isReal
                from (select stay_cells as cells, toUInt8(has_plain_stays and ${scope.leads}) as fits from ${scope.rows}) array join cells as cell
                where if(fits, cell, 0) >= greatest(1, ${cellOf(fromMs)}) and cell < ${cellOf(toMs)}
              )
              union all
              select stay.1 as stage, stay.2 as isOpen, toUInt8(1) as isReal, stay.3 as held
              from (
                select arrayJoin(arrayFilter(x -> ${isIn(chSql`x.4`)}, arrayMap(
                  k -> (k, k = own[-1], arraySum((s, f, u) -> if(s = k, ${lasted(chSql`f`, chSql`u`)}, 0), own, since, ends),
                    arrayFirst((f, s) -> s = k, since, own)), arrayDistinct(own)))) as stay
                from (
                  select ${begun} as since, arraySlice(stay_stages, 1, length(since)) as own, arrayPushBack(arrayPopFront(since), ${now}) as ends
                  from ${scope.rows}
                  where ${scope.leads} and not has_plain_stays and arrayExists(f -> ${isIn(chSql`f`)}, stay_since)
                )
              )
          ) group by stage, isOpen)`,
  )
  return {
    stays: found,
    impossible: found.reduce((sum, { impossible }) => sum + Number(impossible), 0),
  }
}

/** What the table says of a stage; durations in days. */
export function timeIn(stays: Stays[], rank: number) {
  const own = stays.filter(({ stage }) => stage === rank)
  const ended = own.find(({ isOpen, n }) => isOpen === 0 && n > 0)
  const watched = own.flatMap(({ isOpen, days, counts }) =>
    days.map((day, place): Watched => {
      const n = counts[place] ?? 0
      return { days: day, left: isOpen === 1 ? 0 : n, censored: isOpen === 1 ? n : 0 }
    }),
  )
  const inDays = (place: number) =>
    ended?.seconds[place] === undefined ? null : ended.seconds[place] / DAY_SECONDS
  return {
    ended: ended?.n ?? 0,
    open: own.find(({ isOpen }) => isOpen === 1)?.n ?? 0,
    median: inDays(0),
    p75: inDays(1),
    p90: inDays(2),
    medianOfAll: medianStay(watched) ?? null,
  }
}

// Seconds from one instant to another; of business days those of Mondays to Fridays by the zone's clock.
function lastedSql(days: DaysCounted, timeZone: string, from: Fragment, until: Fragment): Fragment {
  if (days === 'calendar') return chSql`toInt64(${until}) - toInt64(${from})`
  const worked = (instant: Fragment) => {
    const wall = chSql`(toInt64(${instant}) + timeZoneOffset(toTimeZone(${instant}, ${param('String', timeZone)})))`
    // Since Monday, 29 December 1969.
    const since = chSql`(${wall} + 3 * 86400)`
    return chSql`(intDiv(${since}, 604800) * 432000 + least(${since} % 604800, 432000))`
  }
  return chSql`${worked(until)} - ${worked(from)}`
}
