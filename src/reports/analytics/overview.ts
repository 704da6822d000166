// The tab Overview: who came, what they brought, by when, channel and source, beside the range before.
import { chSql, param } from '../../conditions/index.ts'
import { presentLeads } from '../../leads/index.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import type { Services } from '../../platform/services.ts'
import { readOrders } from './activity.ts'
import { actedIn, orderedIn } from './behind.ts'
import type { AnalyticsQuery, Report, ReportRow } from './contract.ts'
import { readOnePass } from './one-pass.ts'
import { answer, dayOfSql, happenedIn, isNowSql, reportOf, scopeOf, wholeSpan } from './scope.ts'
import type { Scope } from './scope.ts'
import { behind, card, column, share, sums, timeline } from './table.ts'
import { bucketSql } from './window.ts'

export async function readOverview(
  services: Services,
  workspaceId: WorkspaceId,
  asked: AnalyticsQuery,
): Promise<Report> {
  const scope = await scopeOf(services, workspaceId, asked)
  const { window } = scope
  const [newcomers, { counts: active, visits, recent }, orders] = await Promise.all([
    readNewcomers(scope),
    readPresence(scope),
    readOrders(scope),
  ])
  const now = <Row extends { isNow: number }>(rows: Row[]) => rows.filter(({ isNow }) => isNow === 1)
  const before = <Row extends { isNow: number }>(rows: Row[]) => rows.filter(({ isNow }) => isNow === 0)
  const count = (rows: readonly { n: number }[]) => rows.reduce((sum, { n }) => sum + n, 0)
  const currencies = [...new Set([scope.currency, ...orders.map(({ currency }) => currency)])]
  const minorOf = (rows: typeof orders, currency: string) =>
    rows.reduce((sum, row) => (row.currency === currency ? sum + row.minor : sum), 0)
  const money = (currency: string) => `revenue_${currency}`
  const byBucket = {
    visits: sums(
      now(visits),
      ({ bucket }) => `${bucket}`,
      ({ n }) => n,
    ),
    leads: sums(
      now(newcomers),
      ({ bucket }) => `${bucket}`,
      ({ n }) => n,
    ),
    orders: sums(
      now(orders),
      ({ bucket }) => `${bucket}`,
      ({ n }) => n,
    ),
    minor: sums(
      now(orders),
      ({ bucket, currency }) => `${bucket} ${currency}`,
      ({ minor }) => minor,
    ),
  }
  const moneyColumns = currencies.map((currency) => column(money(currency), 'Revenue', 'money', currency))
  const moneyValues = (minor: (currency: string) => number) =>
    Object.fromEntries(currencies.map((currency) => [money(currency), minor(currency)]))

  return reportOf(scope, {
    cards: [
      card(window, {
        id: 'newLeads',
        label: 'New leads',
        now: count(now(newcomers)),
        before: count(before(newcomers)),
        behind: behind('new'),
      }),
      card(window, {
        id: 'activeLeads',
        label: 'Active leads',
        about: 'did something on at least one day',
        now: active.activeNow,
        before: active.activeBefore,
        behind: behind('active'),
      }),
      card(window, {
        id: 'visits',
        label: 'Visits',
        now: count(now(visits)),
        before: count(before(visits)),
        behind: behind('visited'),
      }),
      card(window, {
        id: 'orders',
        label: 'Orders',
        now: count(now(orders)),
        before: count(before(orders)),
        behind: behind('ordered'),
      }),
      ...currencies.map((currency) =>
        card(window, {
          id: money(currency),
          label: 'Revenue',
          kind: 'money',
          currency,
          about: 'net of refunds',
          now: minorOf(now(orders), currency),
          before: minorOf(before(orders), currency),
          behind: behind('ordered'),
        }),
      ),
      card(window, {
        id: 'conversion',
        label: 'Active leads who ordered',
        kind: 'share',
        now: share(active.orderedNow, active.activeNow),
        before: share(active.orderedBefore, active.activeBefore),
        behind: behind('ordered'),
      }),
    ],
    tables: [
      {
        id: 'timeline',
        label: 'Over time',
        columns: [
          column('on', 'From', 'day'),
          column('newLeads', 'New leads'),
          column('visits', 'Visits'),
          column('orders', 'Orders'),
          ...moneyColumns,
        ],
        rows: timeline(
          window,
          ({ id }) => ({
            newLeads: byBucket.leads.of(`${id}`),
            visits: byBucket.visits.of(`${id}`),
            orders: byBucket.orders.of(`${id}`),
            ...moneyValues((currency) => byBucket.minor.of(`${id} ${currency}`)),
          }),
          (span) => ({
            newLeads: behind('new', undefined, span),
            visits: behind('visited', undefined, span),
            orders: behind('ordered', undefined, span),
            ...Object.fromEntries(currencies.map((one) => [money(one), behind('ordered', undefined, span)])),
          }),
        ),
      },
      {
        id: 'channels',
        label: 'Channels',
        about: 'Visits by the channel they began by; leads by their first, orders by their last one',
        columns: [
          column('channel', 'Channel', 'text'),
          column('visits', 'Visits'),
          column('visitsBefore', 'Visits before'),
          column('newLeads', 'New leads'),
          column('orders', 'Orders'),
          ...moneyColumns,
        ],
        rows: channelRows(),
      },
      {
        id: 'sources',
        label: 'Sources of new leads',
        columns: [
          column('source', 'Source', 'text'),
          column('newLeads', 'New leads'),
          column('newLeadsBefore', 'New leads before'),
          column('orders', 'Orders'),
          ...moneyColumns,
        ],
        rows: sourceRows(),
      },
      {
        id: 'recent',
        label: 'Recent activity',
        about: 'Leads seen last, whenever',
        columns: [
          column('lead', 'Lead', 'lead'),
          column('name', 'Name', 'text'),
          column('seenAt', 'Seen', 'text'),
          column('channel', 'Last channel', 'text'),
        ],
        rows: recent,
      },
    ],
  })

  function channelRows(): ReportRow[] {
    const visited = sums(
      visits,
      ({ word, isNow }) => `${isNow} ${word}`,
      ({ n }) => n,
    )
    const came = sums(
      now(newcomers),
      ({ channel }) => channel,
      ({ n }) => n,
    )
    const ordered = sums(
      now(orders),
      ({ word }) => word,
      ({ n }) => n,
    )
    const minor = sums(
      now(orders),
      ({ word, currency }) => `${currency} ${word}`,
      (row) => row.minor,
    )
    const names = [...new Set([...visits.map(({ word }) => word), ...came.keys, ...ordered.keys])]
    return names
      .map((name): ReportRow => ({
        values: {
          channel: name,
          visits: visited.of(`1 ${name}`),
          visitsBefore: window.before ? visited.of(`0 ${name}`) : null,
          newLeads: came.of(name),
          orders: ordered.of(name),
          ...moneyValues((currency) => minor.of(`${currency} ${name}`)),
        },
        behind: {
          visits: behind('visited', name),
          newLeads: behind('new', `channel:${name}`),
          orders: behind('ordered', `channel:${name}`),
        },
      }))
      .sort(
        (a, b) =>
          Number(b.values.visits) - Number(a.values.visits) ||
          Number(b.values.newLeads) - Number(a.values.newLeads),
      )
  }

  function sourceRows(): ReportRow[] {
    const came = sums(
      newcomers,
      ({ came, isNow }) => `${isNow} ${came}`,
      ({ n }) => n,
    )
    const ordered = sums(
      now(orders),
      ({ source }) => source,
      ({ n }) => n,
    )
    const minor = sums(
      now(orders),
      ({ source, currency }) => `${currency} ${source}`,
      (row) => row.minor,
    )
    const names = [...new Set([...newcomers.map(({ came }) => came), ...ordered.keys])]
    return names
      .map((name): ReportRow => ({
        values: {
          source: name,
          newLeads: came.of(`1 ${name}`),
          newLeadsBefore: window.before ? came.of(`0 ${name}`) : null,
          orders: ordered.of(name),
          ...moneyValues((currency) => minor.of(`${currency} ${name}`)),
        },
        behind: { newLeads: behind('new', `source:${name}`), orders: behind('ordered', `source:${name}`) },
      }))
      .sort((a, b) => Number(b.values.newLeads) - Number(a.values.newLeads))
  }
}

/** Newcomers of the range by bucket, channel and source, and of the range before in all (`isNow` 0). */
interface Newcomers {
  bucket: number
  isNow: number
  channel: string
  came: string
  n: number
}

function readNewcomers(scope: Scope): Promise<Newcomers[]> {
  const { window, leads } = scope
  const day = dayOfSql(scope, chSql`created_at`)
  return answer(
    scope,
    chSql`select ${isNowSql(day, window)} as isNow, if(isNow = 1, ${bucketSql(day, window.step)}, 0) as bucket,
            first_channel as channel, source as came, count() as n
          from ${scope.rows} where ${leads} and ${happenedIn(scope, chSql`created_at`, wholeSpan(window))}
          group by isNow, bucket, channel, came`,
  )
}

/** Who was there and who ordered, visits, and the leads seen last. */
async function readPresence(scope: Scope) {
  const { now, before } = scope.window
  const none = chSql`0`
  const { first, ...found } = await readOnePass(scope, {
    counts: {
      activeNow: actedIn(now),
      activeBefore: before ? actedIn(before) : none,
      orderedNow: orderedIn(now),
      orderedBefore: before ? orderedIn(before) : none,
    },
    by: chSql`ifNull(toUnixTimestamp64Milli(last_seen_at), 0)`,
    limit: 10,
  })
  return { ...found, recent: await recentRows(scope, first) }
}

async function recentRows(scope: Scope, first: readonly { id: string }[]): Promise<ReportRow[]> {
  const ids = first.map(({ id }) => id)
  const [leads, channels] = await Promise.all([
    presentLeads(scope.db, scope.workspaceId, ids),
    answer<{ id: string; channel: string }>(
      scope,
      chSql`select lead_id as id, last_channel as channel from ${scope.rows} where ${scope.leads} and lead_id in ${param('Array(UUID)', ids)}`,
    ),
  ])
  return ids.flatMap((id) => {
    const lead = leads.find((one) => one.id === id)
    const channel = channels.find((one) => one.id === id)?.channel ?? ''
    return lead ? [{ values: { lead: id, name: lead.label, seenAt: lead.lastSeenAt, channel } }] : []
  })
}
