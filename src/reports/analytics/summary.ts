// Summaries by day, week or month: what leads did by type, by channel or by source, with the orders placed and what they brought.
import { eventLabel } from '../../events/contract.ts'
import type { QueryOf } from '../../lib/endpoint.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import type { Services } from '../../platform/services.ts'
import { readActs, readActsBySource, readOrders, readVisits } from './activity.ts'
import type { Summed } from './activity.ts'
import type { Behind, Report, ReportRow, ReportTable, SummaryGroup, getSummary } from './contract.ts'
import { summaryGroups } from './contract.ts'
import { reportOf, scopeOf } from './scope.ts'
import type { Scope } from './scope.ts'
import { behind, card, column, sums } from './table.ts'
import { bucketsOf } from './window.ts'
import type { DaySpan } from './window.ts'

/** Names in a summary; the others are added up. */
const TOP = 50
const OTHERS = 'Others'
/** Whose orders and revenue are its own, by type. */
const ORDERED = 'order_completed'

/** All three summaries in one answer. */
export async function readSummary(
  services: Services,
  workspaceId: WorkspaceId,
  asked: QueryOf<typeof getSummary>,
): Promise<Report> {
  const scope = await scopeOf(services, workspaceId, { ...asked, compare: 'none' })
  const tables = await Promise.all(summaryGroups.map((group) => readSummaryTable(scope, group)))
  const [byType] = tables
  const total = (key: string) => byType!.rows.reduce((sum, { values }) => sum + Number(values[key] ?? 0), 0)
  return reportOf(scope, {
    cards: [
      card(scope.window, { id: 'acts', label: 'Engagements', now: total('acts'), before: null }),
      card(scope.window, {
        id: 'orders',
        label: 'Conversions',
        about: 'orders',
        now: total('orders'),
        before: null,
      }),
    ],
    tables,
    notes: [
      'Days, weeks and months are those of the workspace’s zone. Conversions are orders; revenue is net of refunds.',
    ],
  })
}

type Ordered = Awaited<ReturnType<typeof readOrders>>

/** One summary: a row for each period and name with anything at all, oldest first, the largest of a period first. */
export async function readSummaryTable(
  scope: Scope,
  group: SummaryGroup,
  known: { acts?: readonly Summed[]; visits?: readonly Summed[]; orders?: Ordered } = {},
): Promise<ReportTable> {
  const [found, orders] = await Promise.all([
    group === 'type'
      ? (known.acts ?? readActs(scope))
      : group === 'channel'
        ? (known.visits ?? readVisits(scope))
        : readActsBySource(scope),
    known.orders ?? readOrders(scope),
  ])
  return summaryTable(scope, group, found, orders)
}

function summaryTable(
  scope: Scope,
  group: SummaryGroup,
  found: readonly Summed[],
  allOrders: Ordered,
): ReportTable {
  const { window, currency } = scope
  const counted = found.filter(({ isNow }) => isNow === 1)
  const orders = allOrders.filter(({ isNow }) => isNow === 1)
  const nameOf = {
    type: () => ORDERED,
    channel: ({ word }: Ordered[number]) => word,
    source: ({ source }: Ordered[number]) => source,
  }[group]
  const totals = sums(
    counted,
    ({ word }) => word,
    ({ n }) => n,
  )
  const shown = new Set([...totals.keys].sort((a, b) => totals.of(b) - totals.of(a)).slice(0, TOP))
  const named = (word: string) => (shown.has(word) || totals.of(word) === 0 ? word : OTHERS)
  const acts = sums(
    counted,
    ({ bucket, word }) => `${bucket} ${named(word)}`,
    ({ n }) => n,
  )
  const placed = sums(
    orders,
    (row) => `${row.bucket} ${named(nameOf(row))}`,
    ({ n }) => n,
  )
  const minor = sums(
    orders,
    (row) => `${row.currency} ${row.bucket} ${named(nameOf(row))}`,
    (row) => row.minor,
  )
  const currencies = [...new Set([currency, ...orders.map((row) => row.currency)])]
  const names = [
    ...new Set([...counted.map(({ word }) => named(word)), ...orders.map((row) => named(nameOf(row)))]),
  ]
  const key = group === 'channel' ? 'visits' : 'acts'
  const buckets = bucketsOf(window)
  return {
    id: `by_${group}`,
    label: { type: 'Summary by type', channel: 'Summary by channel', source: 'Summary by source' }[group],
    about: {
      type: 'What was done, by type; orders and revenue stand with placing an order',
      channel: 'Visits by the channel they began by; orders by the last channel of who ordered',
      source: 'What was done and ordered, by where its lead came from',
    }[group],
    columns: [
      column('on', 'From', 'day'),
      column(group, { type: 'Type', channel: 'Channel', source: 'Source' }[group], 'text'),
      column(key, group === 'channel' ? 'Visits' : 'Engagements'),
      column('orders', 'Conversions'),
      ...currencies.map((one) => column(`revenue_${one}`, 'Revenue', 'money', one)),
    ],
    rows: buckets.flatMap(({ id, on, isPartial }, place): ReportRow[] => {
      const next = buckets[place + 1]
      const span = { from: dayOf(on), to: next ? dayOf(next.on) - 1 : window.now.to }
      return names
        .filter((name) => acts.of(`${id} ${name}`) !== 0 || placed.of(`${id} ${name}`) !== 0)
        .sort((a, b) => acts.of(`${id} ${b}`) - acts.of(`${id} ${a}`) || (a < b ? -1 : 1))
        .map((name) => ({
          values: {
            on,
            [group]: group === 'type' && name !== OTHERS ? eventLabel(name) : name,
            [key]: acts.of(`${id} ${name}`),
            orders: placed.of(`${id} ${name}`),
            ...Object.fromEntries(
              currencies.map((one) => [`revenue_${one}`, minor.of(`${one} ${id} ${name}`)]),
            ),
          },
          ...(name === OTHERS ? {} : { behind: linksOf(group, name, span) }),
          ...(isPartial ? { isPartial } : {}),
        }))
    }),
  }
}

function linksOf(group: SummaryGroup, name: string, span: DaySpan): Record<string, Behind> {
  switch (group) {
    case 'type':
      return {
        acts: behind('acted', name, span),
        ...(name === ORDERED ? { orders: behind('ordered', undefined, span) } : {}),
      }
    case 'channel':
      return {
        visits: behind('visited', name, span),
        orders: behind('ordered', `channel:${name}`, span),
      }
    case 'source':
      return { orders: behind('ordered', `source:${name}`, span) }
  }
}

function dayOf(text: string): number {
  return Date.parse(`${text}T00:00:00.000Z`) / 86_400_000
}
