// What each source of leads brought: people by the forms and files that they came by, with cost, score, orders and first contact.
import { connectorOf } from '../../connectors/index.ts'
import { chSql, param } from '../../conditions/index.ts'
import type { Fragment } from '../../conditions/index.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import type { QueryOf } from '../../lib/endpoint.ts'
import type { Services } from '../../platform/services.ts'
import { converter, readRates, readSpend } from '../../projections/attribution/index.ts'
import { readReadings, scoreSql, verdictSql } from '../../projections/score/index.ts'
import { answer, happenedIn, instantSql, scopeOf } from '../analytics/scope.ts'
import type { Scope } from '../analytics/scope.ts'
import { dayNumber, dayText, instantsOf } from '../analytics/window.ts'
import { shareSpend } from './cost.ts'
import type { BroughtLeads } from './cost.ts'
import type { LeadSourceStatistics, SourceFigures, getLeadSourceStatistics } from './contract.ts'

/** What we did towards somebody, or together with them. */
const CONTACTS = [
  'email_sent',
  'sms_sent',
  'call_connected',
  'call_missed',
  'voicemail_left',
  'meeting_attended',
  'meeting_missed',
]
const GRADES = ['A+', 'A', 'B', 'C', 'D'] as const
const ALL = ''
const MOST_ENTRIES = 1_000_000

/** Throws a Refusal (400) for a range that cannot be. */
export async function readLeadSourceStatistics(
  services: Services,
  workspaceId: WorkspaceId,
  asked: QueryOf<typeof getLeadSourceStatistics>,
): Promise<LeadSourceStatistics> {
  const scope = await scopeOf(services, workspaceId, { ...asked, audience: 'known', compare: 'none' })
  const { window, currency } = scope
  const [rows, overlaps, brought, entries, rates] = await Promise.all([
    readFigures(scope),
    readOverlaps(scope),
    readBrought(scope),
    readSpend(services.db, workspaceId, {
      from: dayText(window.now.from),
      to: dayText(window.now.to),
      limit: MOST_ENTRIES,
    }),
    readRates(services.db, workspaceId),
  ])
  const convert = converter(rates, currency)
  const withoutRate = new Set<string>()
  const spent = entries.flatMap((entry) => {
    const minor = convert(entry.amountMinor, entry.currency, dayNumber(entry.spentOn))
    if (minor === null) withoutRate.add(entry.currency)
    return minor === null ? [] : [{ channel: entry.channel, campaign: entry.campaign, minor }]
  })
  const cost = shareSpend(spent, brought)
  const shared = [...cost.bySource.values()].reduce((sum, minor) => sum + minor, 0)
  const total = rows.find(({ source }) => source === ALL)
  return {
    range: { fromOn: dayText(window.now.from), toOn: dayText(window.now.to), timeZone: window.timeZone },
    currency,
    items: rows
      .filter(({ source }) => source !== ALL)
      .map((row) => ({
        source: row.source,
        label: labelOf(row.source),
        ...figuresOf(row, cost.bySource.get(row.source) ?? null),
      }))
      .sort((a, b) => b.leads - a.leads || (a.label < b.label ? -1 : 1)),
    total: figuresOf(total, shared > 0 ? shared : null),
    overlaps: overlaps.map(({ sources, leads }) => ({ sources, labels: sources.map(labelOf), leads })),
    notes: [
      'Who came by several sources counts at each of them, and once in the total.',
      'Spend on a campaign goes to the sources that it brought people by, in proportion; spend on a channel alone goes by all whom the channel brought.',
      ...(cost.leftMinor > 0
        ? ['Some of the spend of these days brought nobody by a form or a file, and is at no source.']
        : []),
      ...(withoutRate.size > 0
        ? [
            `Spend in ${[...withoutRate].join(', ')} has no rate to ${currency} and is left out. Enter one in the settings of attribution.`,
          ]
        : []),
    ],
  }
}

interface FigureRow {
  source: string
  leads: number
  touches: number
  newLeads: number
  alsoElsewhere: number
  scored: number
  points: number | null
  grades: string[]
  graded: number[]
  converted: number
  revenueMinor: number
  contacted: number
  contactSeconds: number | null
}

// Each lead is unfolded into its sources, and once more into all of them together.
async function readFigures(scope: Scope): Promise<FigureRow[]> {
  const readings = await readReadings(scope.db, scope.workspaceId)
  const now = scope.at.getTime()
  const { total } = scoreSql(readings, now)
  const { grade } = verdictSql(readings, chSql`total`, now)
  const { fromMs } = instantsOf(scope.window.now, scope.window.timeZone)
  const rows = await answer<FigureRow>(
    scope,
    chSql`select one.1 as source, count() as leads, sum(one.2) as touches,
            countIf(${happenedIn(scope, chSql`created_at`, scope.window.now)} and one.3 = arrayMin(firsts)) as newLeads,
            countIf(length(sources) > 1) as alsoElsewhere,
            countIf(total is not null) as scored, sum(total) as points,
            (sumMap([grade], [toUInt64(total is not null)]) as byGrade).1 as grades, byGrade.2 as graded,
            countIf(order_count > 0 and last_order_at >= one.3 as hasOrdered) as converted,
            sumIf(revenue, hasOrdered) as revenueMinor,
            countIf(contact > toDateTime64(0, 3, 'UTC')) as contacted,
            quantileExactIf(0.5)(dateDiff('second', one.3, contact), contact > toDateTime64(0, 3, 'UTC')) as contactSeconds
          from (
            select *, arrayMin(arrayFilter(at -> at >= one.3, contacts)) as contact
            from (
              select came.lead as lead, came.sources as sources, came.firsts as firsts, facts.created_at as created_at,
                facts.order_count as order_count, facts.last_order_at as last_order_at, facts.revenue as revenue,
                facts.total as total, facts.grade as grade, reached.contacts as contacts,
                arrayJoin(arrayConcat(arrayZip(sources, counts, firsts), [('', arraySum(counts), arrayMin(firsts))])) as one
              from (
                select lead, groupArray(source) as sources, groupArray(n) as counts, groupArray(first_at) as firsts
                from (select ${leadSql} as lead, source, count() as n, min(occurred_at) as first_at
                      from events where ${catches(scope)} group by lead, source order by source)
                group by lead
              ) came
              inner join (
                select lead_id, created_at, order_count, last_order_at,
                  revenue_minor[${param('String', scope.currency)}] as revenue, total, ${grade} as grade
                from (select *, ${total} as total from ${scope.rows} where ${scope.leads})
              ) facts on facts.lead_id = came.lead
              left join (
                select ${leadSql} as lead, groupArray(occurred_at) as contacts
                from events
                where workspace_id = ${param('UUID', scope.workspaceId)} and name in ${param('Array(String)', CONTACTS)}
                  and occurred_at >= ${instantSql(fromMs)}
                group by lead
              ) reached on reached.lead = came.lead
            )
          )
          group by source order by source`,
  )
  return rows.map((row) => ({
    ...row,
    contactSeconds: Number(row.contacted) > 0 ? Number(row.contactSeconds) : null,
  }))
}

// People by the set of their sources.
async function readOverlaps(scope: Scope): Promise<{ sources: string[]; leads: number }[]> {
  const rows = await answer<{ sources: string[]; leads: number }>(
    scope,
    chSql`select sources, count() as leads
          from (select lead, arraySort(groupUniqArray(source)) as sources
                from (select ${leadSql} as lead, source from events where ${catches(scope)})
                where lead in (select lead_id from ${scope.rows} where ${scope.leads})
                group by lead)
          where length(sources) > 1 group by sources order by leads desc, sources limit 20`,
  )
  return rows.map(({ sources, leads }) => ({ sources, leads: Number(leads) }))
}

// Whom each source brought, by the channel and campaign that led to it.
async function readBrought(scope: Scope): Promise<BroughtLeads[]> {
  const rows = await answer<BroughtLeads>(
    scope,
    chSql`select source, channel, utm_campaign as campaign, uniqExact(lead) as leads
          from (select ${leadSql} as lead, source, channel, utm_campaign from events where ${catches(scope)})
          where lead in (select lead_id from ${scope.rows} where ${scope.leads})
          group by source, channel, campaign`,
  )
  return rows.map((row) => ({ ...row, leads: Number(row.leads) }))
}

const leadSql: Fragment = chSql`dictGetOrDefault('lead_alias', 'target_id', lead_id, lead_id)`

/** Events by which somebody comes in: a form of any kind, or a row of a file. */
function catches(scope: Scope): Fragment {
  return chSql`workspace_id = ${param('UUID', scope.workspaceId)} and (category = 'form' or name = 'lead_imported')
    and not is_bot and ${happenedIn(scope, chSql`occurred_at`, scope.window.now)}`
}

function figuresOf(row: FigureRow | undefined, spendMinor: number | null): SourceFigures {
  const leads = Number(row?.leads ?? 0)
  const scored = Number(row?.scored ?? 0)
  const converted = Number(row?.converted ?? 0)
  const seconds = row?.contactSeconds ?? null
  return {
    touches: Number(row?.touches ?? 0),
    leads,
    newLeads: Number(row?.newLeads ?? 0),
    alsoElsewhere: Number(row?.alsoElsewhere ?? 0),
    spendMinor,
    costPerLeadMinor: spendMinor === null || leads === 0 ? null : Math.round(spendMinor / leads),
    averageScore: scored === 0 ? null : Math.round((Number(row?.points ?? 0) / scored) * 10) / 10,
    grades: GRADES.map((grade) => ({
      grade,
      leads: Number(row?.graded[row.grades.indexOf(grade)] ?? 0),
    })),
    converted,
    conversion: leads === 0 ? null : converted / leads,
    revenueMinor: Number(row?.revenueMinor ?? 0),
    contacted: Number(row?.contacted ?? 0),
    firstContactHours: seconds === null ? null : Math.round((seconds / 3_600) * 10) / 10,
  }
}

function labelOf(source: string): string {
  return connectorOf(source)?.name ?? LABELS[source] ?? source
}

const LABELS: Record<string, string> = {
  tracker: 'Website, tracked in the browser',
  http: 'Website, tracked by a server',
  form: 'Website forms',
  webhook: 'Incoming webhooks',
  import: 'Imported files',
  user: 'Recorded by the team',
  api: 'Recorded over the API',
}
