// When a lead was there: days with what was done on them, the visits and the orders, from a history. Pure.
import { isAct } from '../../events/index.ts'
import { zoneOffsetMs } from '../../lib/instant.ts'
import type { FactState } from '../../leads/index.ts'
import type { LeadHistory } from '../contract.ts'

/** The columns of `lead_facts` that say it. */
export type Presence = Required<
  Pick<
    FactState,
    | 'act_days'
    | 'act_names'
    | 'act_counts'
    | 'visit_days'
    | 'visit_channels'
    | 'visit_counts'
    | 'act_months'
    | 'order_days'
    | 'order_minor'
    | 'order_currencies'
  >
>

/**
 * Counts acts by day and type, visits by day and the channel that they began by, and lists the orders that count. What machines
 * did is none. Days are those of the history's zone, since 1970; what lies outside of 1970 to 2149 counts at the nearer end.
 */
export function foldPresence(history: LeadHistory, timeZone: string): Presence {
  const acts: Tally = new Map()
  const visits: Tally = new Map()
  const months = new Set<number>()
  for (const { day, name, category, channel, sessionStart, isBot } of history.events) {
    if (isBot) continue
    if (sessionStart) add(visits, day, channel)
    if (!isAct(name, category)) continue
    add(acts, day, name)
    months.add(monthOf(day))
  }
  const orders = history.orders.filter(({ cancelledAt, isTest }) => cancelledAt === null && !isTest)
  const [acted, visited] = [cellsOf(acts), cellsOf(visits)]
  return {
    act_days: acted.map(({ day }) => day),
    act_names: acted.map(({ word }) => word),
    act_counts: acted.map(({ count }) => count),
    visit_days: visited.map(({ day }) => day),
    visit_channels: visited.map(({ word }) => word),
    visit_counts: visited.map(({ count }) => count),
    act_months: [...months].sort((a, b) => a - b),
    order_days: orders.map(({ placedAt }) => dayOf(placedAt, timeZone)),
    order_minor: orders.map(
      ({ totalMinor, refundedMinor }) => totalMinor - Math.min(refundedMinor, totalMinor),
    ),
    order_currencies: orders.map(({ currency }) => currency),
  }
}

const LAST_DAY = 65_535
const DAY_MS = 86_400_000

type Tally = Map<number, Map<string, number>>

function add(tally: Tally, day: number, word: string): void {
  const at = within(day)
  const words = tally.get(at) ?? new Map<string, number>()
  tally.set(at, words)
  words.set(word, (words.get(word) ?? 0) + 1)
}

function cellsOf(tally: Tally): { day: number; word: string; count: number }[] {
  return [...tally]
    .flatMap(([day, words]) => [...words].map(([word, count]) => ({ day, word, count })))
    .sort((a, b) => a.day - b.day || (a.word < b.word ? -1 : 1))
}

function dayOf(at: number, timeZone: string): number {
  return within(Math.floor((at + zoneOffsetMs(at, timeZone)) / DAY_MS))
}

function monthOf(day: number): number {
  const date = new Date(within(day) * DAY_MS)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

function within(day: number): number {
  return Math.min(Math.max(day, 0), LAST_DAY)
}
