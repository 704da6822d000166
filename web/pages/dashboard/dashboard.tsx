// The dashboard: what the last days brought, where from, and what needs a person.
import { SegmentedControl, Skeleton } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Suspense, lazy, useState } from 'react'
import { getDashboard } from '../../../src/reports/contract.ts'
import type { Dashboard } from '../../../src/reports/contract.ts'
import { leadsPath } from '../../paths.ts'
import { useCall } from '../../queries.ts'
import { Doors } from '../../ui/doors.tsx'
import { formatDay, formatNumber } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer, Loading } from '../../ui/states.tsx'
import { StatsLoading } from '../../ui/stat.tsx'
import { useWorkspace } from '../../workspace.ts'
import { Attention } from './attention.tsx'
import { ChannelTable } from './channel-table.tsx'
import classes from './dashboard.module.css'
import { LatestLeads } from './latest-leads.tsx'
import { Notices } from './notices.tsx'
import { Numbers, seriesOf } from './numbers.tsx'
import type { SeriesId } from './numbers.tsx'

const DayChart = lazy(() => import('./day-chart.tsx').then((part) => ({ default: part.DayChart })))

export function DashboardPage() {
  const { days = 30 } = useSearch({ from: '/w/$workspace/' })
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  const dashboard = useCall(
    getDashboard,
    { query: { days: `${days}` } },
    { refetchMs: 30_000, keepPrevious: true },
  )
  const { data } = dashboard
  const isEmpty =
    data !== undefined && data.leads.total === 0 && data.events?.now === 0 && data.events.before === 0
  if (isEmpty) return <FirstLeads />
  return (
    <>
      <PageHeader
        title="Dashboard"
        about={
          data
            ? `${formatDay(data.range.fromOn, 'short')} to today (${data.range.timeZone.replaceAll('_', ' ')})`
            : ' '
        }
        actions={
          <SegmentedControl
            aria-label="Range"
            size="sm"
            value={`${days}`}
            onChange={(value) =>
              void navigate({
                to: '/w/$workspace',
                params: { workspace: slug },
                search: value === '7' ? { days: 7 } : value === '90' ? { days: 90 } : {},
                replace: true,
              })
            }
            data={[
              { value: '7', label: '7 days' },
              { value: '30', label: '30 days' },
              { value: '90', label: '90 days' },
            ]}
          />
        }
      />
      <Answer of={dashboard} loading={<DashboardLoading />}>
        {(answer) => <Overview dashboard={answer} />}
      </Answer>
    </>
  )
}

function Overview({ dashboard }: { dashboard: Dashboard }) {
  const [series, setSeries] = useState<SeriesId>('newLeads')
  const { slug } = useWorkspace()
  const choices = seriesOf(dashboard)
  const shown = choices.find(({ id }) => id === series) ?? choices[0]
  return (
    <div className={classes.page}>
      <Attention attention={dashboard.attention} logProblem={dashboard.logProblem} />
      <div className={classes.panel}>
        <Numbers series={choices} shownId={shown?.id} onShow={setSeries} />
        <Suspense fallback={<Skeleton height={280} radius={0} />}>
          {shown ? <DayChart series={shown} days={dashboard.byDay.map(({ on }) => on)} /> : null}
        </Suspense>
      </div>
      <div className={classes.columns}>
        <div>
          <Notices />
        </div>
        <div>
          <Section
            title="Latest leads"
            about={`${formatNumber(dashboard.leads.known)} known of ${formatNumber(dashboard.leads.total)} in all`}
            actions={
              <Link to={leadsPath(slug)} className={classes.all}>
                All leads
              </Link>
            }
            flush
          >
            <LatestLeads leads={dashboard.latestLeads} />
          </Section>
        </div>
      </div>
      <Section title="Channels" about="Where sessions, new leads and orders came from" flush>
        <ChannelTable rows={dashboard.byChannel} />
      </Section>
    </div>
  )
}

function FirstLeads() {
  const { name, mode } = useWorkspace()
  return (
    <>
      <PageHeader
        title="Dashboard"
        about={
          mode === 'test'
            ? `The test twin of ${name} is empty. Fill it in one of these ways, each about a minute.`
            : `${name} has no leads yet. Start in one of these ways, each about a minute.`
        }
      />
      <Doors />
    </>
  )
}

function DashboardLoading() {
  return (
    <div className={classes.page}>
      <StatsLoading columns={5} />
      <Skeleton height={280} radius="md" />
      <Loading lines={6} />
    </div>
  )
}
