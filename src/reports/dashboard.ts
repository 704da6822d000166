// The dashboard: leads, events, sessions, orders and revenue of the last days, by day and by channel.
import { workspaceSettings } from '../accounts/index.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import { Refusal } from '../lib/refusal.ts'
import type { Services } from '../platform/services.ts'
import type { Dashboard } from './contract.ts'
import { readLogSums } from './dashboard-log.ts'
import type { LogSums } from './dashboard-log.ts'
import {
  countLeads,
  hasBinnedLeads,
  readAttention,
  readLatestLeads,
  readNewLeads,
  readOrders,
} from './dashboard-records.ts'
import type { NewLeads, OrderSum } from './dashboard-records.ts'
import { lastDays } from './range.ts'
import type { ReportRange } from './range.ts'

/** Answers without the log's part, and says so, while ClickHouse is away. */
export async function readDashboard(
  services: Pick<Services, 'db' | 'clickhouse' | 'clock'>,
  workspaceId: WorkspaceId,
  days: number,
): Promise<Dashboard> {
  const { db, clickhouse, clock } = services
  const now = clock()
  const [{ timeZone }, hasBin] = await Promise.all([
    workspaceSettings(db, workspaceId),
    hasBinnedLeads(db, workspaceId),
  ])
  const range = lastDays(days, now.getTime(), timeZone)
  const [log, leads, orders, counted, latestLeads, attention] = await Promise.all([
    logOrProblem(readLogSums(clickhouse, workspaceId, range, hasBin)),
    readNewLeads(db, workspaceId, range),
    readOrders(db, workspaceId, range),
    countLeads(db, workspaceId),
    readLatestLeads(db, workspaceId),
    readAttention(db, workspaceId, now),
  ])
  const sums = 'problem' in log ? null : log.sums
  return {
    range: { days, fromOn: range.days[0] ?? '', toOn: range.days.at(-1) ?? '', timeZone },
    logProblem: 'problem' in log ? log.problem : null,
    leads: { new: { now: total(leads.days, (row) => row.leads), before: leads.before }, ...counted },
    events: sums && { now: total(sums.days, (row) => row.events), before: sums.before.events },
    sessions: sums && { now: total(sums.days, (row) => row.sessions), before: sums.before.sessions },
    orders: {
      now: total(orders.days, (row) => row.orders),
      before: total(orders.before, (row) => row.orders),
    },
    revenue: compareRevenue(orders.days, orders.before),
    byDay: byDay(range, sums, leads, orders.days),
    byChannel: byChannel(sums, leads, orders.days),
    latestLeads,
    attention,
  }
}

async function logOrProblem(asked: Promise<LogSums>): Promise<{ sums: LogSums } | { problem: string }> {
  try {
    return { sums: await asked }
  } catch (error) {
    if (error instanceof Refusal && error.code === 'log_unreachable') return { problem: error.message }
    throw error
  }
}

function byDay(
  range: ReportRange,
  sums: LogSums | null,
  leads: NewLeads,
  orders: OrderSum[],
): Dashboard['byDay'] {
  return range.days.map((on) => {
    const logged = sums && sums.days.filter((row) => row.on === on)
    const ordered = orders.filter((row) => row.on === on)
    return {
      on,
      newLeads: total(
        leads.days.filter((row) => row.on === on),
        (row) => row.leads,
      ),
      sessions: logged && total(logged, (row) => row.sessions),
      events: logged && total(logged, (row) => row.events),
      orders: total(ordered, (row) => row.orders),
      revenue: revenueOf(ordered),
    }
  })
}

function byChannel(sums: LogSums | null, leads: NewLeads, orders: OrderSum[]): Dashboard['byChannel'] {
  // Events without a channel are those inside a visit; only their sessions would be news.
  const visits = sums?.days.filter((row) => row.sessions !== 0) ?? []
  const channels = new Set([...visits, ...leads.days, ...orders].map((row) => row.channel))
  return [...channels]
    .map((channel) => {
      const ordered = orders.filter((row) => row.channel === channel)
      const visited = visits.filter((row) => row.channel === channel)
      return {
        channel,
        sessions: sums && total(visited, (row) => row.sessions),
        newLeads: total(
          leads.days.filter((row) => row.channel === channel),
          (row) => row.leads,
        ),
        orders: total(ordered, (row) => row.orders),
        revenue: revenueOf(ordered),
      }
    })
    .sort(
      (a, b) =>
        (b.sessions ?? 0) - (a.sessions ?? 0) ||
        b.newLeads - a.newLeads ||
        b.orders - a.orders ||
        (a.channel < b.channel ? -1 : 1),
    )
}

function revenueOf(orders: { currency: string; minor: number }[]): { currency: string; minor: number }[] {
  const byCurrency = new Map<string, number>()
  for (const { currency, minor } of orders) byCurrency.set(currency, (byCurrency.get(currency) ?? 0) + minor)
  return [...byCurrency].map(([currency, minor]) => ({ currency, minor })).sort((a, b) => b.minor - a.minor)
}

function compareRevenue(
  now: OrderSum[],
  before: { currency: string; minor: number }[],
): Dashboard['revenue'] {
  const [current, earlier] = [revenueOf(now), revenueOf(before)]
  const minorOf = (list: { currency: string; minor: number }[], currency: string) =>
    list.find((part) => part.currency === currency)?.minor ?? 0
  return [...new Set([...current, ...earlier].map((part) => part.currency))]
    .map((currency) => ({ currency, now: minorOf(current, currency), before: minorOf(earlier, currency) }))
    .sort((a, b) => b.now - a.now || b.before - a.before)
}

function total<Row>(list: Row[], value: (row: Row) => number): number {
  return list.reduce((sum, row) => sum + value(row), 0)
}
