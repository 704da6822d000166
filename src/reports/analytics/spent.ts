// What was spent in the days of a report, by channel and campaign, in the workspace's currency. Pure but for its two reads.
import { converter, readRates, readSpend } from '../../projections/attribution/index.ts'
import type { Scope } from './scope.ts'
import { dayNumber, dayText } from './window.ts'

export interface Spent {
  totalMinor: number
  channels: Map<string, number>
  /** those with a name */
  campaigns: Map<string, number>
  /** currencies of amounts that have no rate and are left out */
  withoutRate: string[]
}

const MOST_ENTRIES = 1_000_000

/** @param span the report's days, or those before */
export async function readSpent(
  { db, workspaceId, currency }: Scope,
  span: Scope['window']['now'],
): Promise<Spent> {
  const [entries, rates] = await Promise.all([
    readSpend(db, workspaceId, { from: dayText(span.from), to: dayText(span.to), limit: MOST_ENTRIES }),
    readRates(db, workspaceId),
  ])
  const convert = converter(rates, currency)
  const spent: Spent = { totalMinor: 0, channels: new Map(), campaigns: new Map(), withoutRate: [] }
  for (const entry of entries) {
    const minor = convert(entry.amountMinor, entry.currency, dayNumber(entry.spentOn))
    if (minor === null) {
      if (!spent.withoutRate.includes(entry.currency)) spent.withoutRate.push(entry.currency)
      continue
    }
    spent.totalMinor += minor
    spent.channels.set(entry.channel, (spent.channels.get(entry.channel) ?? 0) + minor)
    if (entry.campaign !== '')
      spent.campaigns.set(entry.campaign, (spent.campaigns.get(entry.campaign) ?? 0) + minor)
  }
  return spent
}
