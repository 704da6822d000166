// The tables of Markov models of order 2 and 3 on the tab Attribution, where somebody had them learned. Pure.
import type { OrderRun } from '../../projections/attribution/contract.ts'
import type { ReportTable } from './contract.ts'
import { column } from './table.ts'

/** The newest of each order that came to an end, of one conversion. @param runs the newest first */
export function orderTables(runs: readonly OrderRun[], goal: string): ReportTable[] {
  return ([2, 3] as const).flatMap((order): ReportTable[] => {
    const run = runs.find((one) => one.goal === goal && one.order === order && one.found?.reason === null)
    if (!run?.found) return []
    const { journeys, caution, channels, states } = run.found
    const drawn = run.resamples > 0
    const on = run.createdAt.slice(0, 10)
    return [
      {
        id: `markov_${order}`,
        label: `Markov of order ${order}: what was learned`,
        about: `From ${journeys.toLocaleString('en-GB')} journeys on ${on}, by the last ${order} channels of each (${states.toLocaleString('en-GB')} states)${drawn ? `; bounds are those of 95 of 100 resamples` : ''}.${caution === null ? '' : ` ${caution}`}`,
        columns: [
          column('channel', 'Channel', 'text'),
          column('share', 'Share', 'share'),
          ...(drawn ? [column('low', 'At least', 'share'), column('high', 'At most', 'share')] : []),
          column('lost', 'Lost without it', 'share'),
        ],
        rows: [...channels]
          .sort((a, b) => b.share - a.share || (a.channel < b.channel ? -1 : 1))
          .map(({ channel, share, interval: [low, high], removalEffect }) => ({
            values: { channel, share, ...(drawn ? { low, high } : {}), lost: removalEffect },
          })),
      },
    ]
  })
}
