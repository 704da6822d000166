// The tab Engagement: what leads did, by type, by channel and over time, and who did most.
import { chSql, param } from '../../conditions/index.ts'
import { eventLabel, eventType } from '../../events/contract.ts'
import { presentLeads } from '../../leads/index.ts'
import type { QueryOf } from '../../lib/endpoint.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import type { Services } from '../../platform/services.ts'
import { readActs, readOrders } from './activity.ts'
import { actedIn } from './behind.ts'
import type { Report, ReportRow, getEngagement } from './contract.ts'
import { readOnePass } from './one-pass.ts'
import { answer, isWithin, reportOf, scopeOf } from './scope.ts'
import type { Scope } from './scope.ts'
import { readSummaryTable } from './summary.ts'
import { behind, card, column, share, sums, timeline } from './table.ts'

/** Leads in the list of those who did most. */
const TOP = 20

export async function readEngagement(
  services: Services,
  workspaceId: WorkspaceId,
  asked: QueryOf<typeof getEngagement>,
): Promise<Report> {
  const scope = await scopeOf(services, workspaceId, asked)
  const { window } = scope
  const [acts, { counts: people, visits, top }, orders] = await Promise.all([
    readActs(scope),
    readPresence(scope),
    readOrders(scope),
  ])
  const summary = await readSummaryTable(scope, asked.group, { acts, visits, orders })
  const total = (rows: typeof acts, isNow: 0 | 1) =>
    rows.reduce((sum, row) => (row.isNow === isNow ? sum + row.n : sum), 0)
  const types = sums(
    acts,
    ({ word, isNow }) => `${isNow} ${word}`,
    ({ n }) => n,
  )
  const channels = sums(
    visits,
    ({ word, isNow }) => `${isNow} ${word}`,
    ({ n }) => n,
  )
  const names = [...new Set(acts.map(({ word }) => word))]
  const present = acts.filter(({ isNow }) => isNow === 1)
  const kinds = [...new Set(present.map(({ word }) => kindOf(word)))].sort()
  const byKind = sums(
    present,
    ({ bucket, word }) => `${bucket} ${kindOf(word)}`,
    ({ n }) => n,
  )
  const byDay = sums(
    visits.filter(({ isNow }) => isNow === 1),
    ({ bucket }) => `${bucket}`,
    ({ n }) => n,
  )
  const [actsNow, actsBefore] = [total(acts, 1), total(acts, 0)]
  const [visitsNow, visitsBefore] = [total(visits, 1), total(visits, 0)]
  return reportOf(scope, {
    cards: [
      card(window, {
        id: 'acts',
        label: 'Engagements',
        about: 'what people did; machines left out',
        now: actsNow,
        before: actsBefore,
        behind: behind('active'),
      }),
      card(window, {
        id: 'activeLeads',
        label: 'Active leads',
        now: people.now,
        before: people.before,
        behind: behind('active'),
      }),
      card(window, {
        id: 'perLead',
        label: 'Engagements per active lead',
        kind: 'decimal',
        now: share(actsNow, people.now),
        before: share(actsBefore, people.before),
        behind: behind('active'),
      }),
      card(window, {
        id: 'visits',
        label: 'Visits',
        now: visitsNow,
        before: visitsBefore,
        behind: behind('visited'),
      }),
    ],
    tables: [
      {
        id: 'types',
        label: 'By type',
        columns: [
          column('type', 'Type', 'text'),
          column('acts', 'Engagements'),
          column('actsBefore', 'Before'),
          column('share', 'Share', 'share'),
        ],
        rows: names
          .map((name): ReportRow => ({
            values: {
              type: eventLabel(name),
              acts: types.of(`1 ${name}`),
              actsBefore: window.before ? types.of(`0 ${name}`) : null,
              share: share(types.of(`1 ${name}`), actsNow),
            },
            behind: {
              acts: behind('acted', name),
              ...(window.before ? { actsBefore: behind('acted', name, window.before) } : {}),
            },
          }))
          .sort(byLargest('acts')),
      },
      {
        id: 'channels',
        label: 'Visits by channel',
        columns: [
          column('channel', 'Channel', 'text'),
          column('visits', 'Visits'),
          column('visitsBefore', 'Before'),
          column('share', 'Share', 'share'),
        ],
        rows: [...new Set(visits.map(({ word }) => word))]
          .map((name): ReportRow => ({
            values: {
              channel: name,
              visits: channels.of(`1 ${name}`),
              visitsBefore: window.before ? channels.of(`0 ${name}`) : null,
              share: share(channels.of(`1 ${name}`), visitsNow),
            },
            behind: {
              visits: behind('visited', name),
              ...(window.before ? { visitsBefore: behind('visited', name, window.before) } : {}),
            },
          }))
          .sort(byLargest('visits')),
      },
      {
        id: 'timeline',
        label: 'Over time',
        columns: [
          column('on', 'From', 'day'),
          column('acts', 'Engagements'),
          ...kinds.map((kind) => column(kind, kindLabels[kind] ?? kind)),
          column('visits', 'Visits'),
        ],
        rows: timeline(
          window,
          ({ id }) => ({
            acts: kinds.reduce((sum, kind) => sum + byKind.of(`${id} ${kind}`), 0),
            ...Object.fromEntries(kinds.map((kind) => [kind, byKind.of(`${id} ${kind}`)])),
            visits: byDay.of(`${id}`),
          }),
          (span) => ({
            acts: behind('active', undefined, span),
            ...Object.fromEntries(kinds.map((kind) => [kind, behind('acted', `kind:${kind}`, span)])),
            visits: behind('visited', undefined, span),
          }),
        ),
      },
      {
        id: 'top',
        label: 'Most engaged leads',
        columns: [
          column('lead', 'Lead', 'lead'),
          column('name', 'Name', 'text'),
          column('acts', 'Engagements'),
          column('days', 'Days with any'),
          column('visits', 'Visits'),
        ],
        rows: top,
      },
      summary,
    ],
  })
}

const kindLabels: Record<string, string> = {
  page: 'Pages',
  action: 'Actions',
  form: 'Forms',
  commerce: 'Shop',
  message: 'Messages',
  conversation: 'Conversations',
}

function kindOf(name: string): string {
  return eventType(name).category
}

function byLargest(key: string) {
  return (a: ReportRow, b: ReportRow) => Number(b.values[key]) - Number(a.values[key])
}

/** Who was there, visits, and the leads that did most. */
async function readPresence(scope: Scope) {
  const { now, before } = scope.window
  const acts = chSql`arraySum(c -> if(${isWithin(chSql`bitShiftRight(c, 32)`, now)}, bitAnd(c, 4294967295), 0), seen_cells)`
  const { first, ...found } = await readOnePass(scope, {
    counts: { now: chSql`reached > 0`, before: before ? actedIn(before) : chSql`0` },
    by: acts,
    limit: TOP,
  })
  return { ...found, top: await topRows(scope, first) }
}

async function topRows(scope: Scope, first: readonly { id: string; by: number }[]): Promise<ReportRow[]> {
  const ids = first.map(({ id }) => id)
  const inRange = isWithin(chSql`d`, scope.window.now)
  const [leads, presence] = await Promise.all([
    presentLeads(scope.db, scope.workspaceId, ids),
    answer<{ id: string; days: number; visits: number }>(
      scope,
      chSql`select lead_id as id, length(arrayFilter(d -> ${inRange}, seen_days)) as days,
              arraySum((d, n) -> if(${inRange}, n, 0), visit_days, visit_counts) as visits
            from ${scope.rows} where ${scope.leads} and lead_id in ${param('Array(UUID)', ids)}`,
    ),
  ])
  return first.flatMap(({ id, by: acts }) => {
    const lead = leads.find((one) => one.id === id)
    const { days = 0, visits = 0 } = presence.find((one) => one.id === id) ?? {}
    return lead ? [{ values: { lead: id, name: lead.label, acts, days, visits } }] : []
  })
}
