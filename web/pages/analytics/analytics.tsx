// The analytics page: tabs over one range and one set of filters, each number leading to the leads behind it.
import { NativeSelect, SegmentedControl, Skeleton, Tabs, Text } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { steps } from '../../../src/reports/analytics/contract.ts'
import { address as addressOf } from '../../call.ts'
import { showProblem, useCall } from '../../queries.ts'
import { formatDay } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { StatsLoading } from '../../ui/stat.tsx'
import { Answer } from '../../ui/states.tsx'
import { useWorkspace } from '../../workspace.ts'
import { queryOf } from './address.ts'
import type { AnalyticsAddress, OpenedNumber, Tab } from './address.ts'
import classes from './analytics.module.css'
import { CreditWays } from './credit-ways.tsx'
import { downloadCsv } from './csv.ts'
import { LeadsBehind } from './leads-behind.tsx'
import { ReportView } from './report.tsx'
import { tabViews } from './tabs.ts'
import type { TabView } from './tabs.ts'
import { RangeControl, Toolbar } from './toolbar.tsx'

export function AnalyticsPage() {
  const address = useSearch({ from: '/w/$workspace/analytics' })
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  const tab = tabViews.find(({ id }) => id === (address.tab ?? 'overview')) ?? tabViews[0]!
  const change = (next: Partial<AnalyticsAddress>) =>
    void navigate({
      to: '/w/$workspace/analytics',
      params: { workspace: slug },
      // Another tab or filter has other numbers: what was opened is closed.
      search: { ...address, open: undefined, ...next },
      replace: next.tab === undefined && (next.open === undefined || address.open !== undefined),
      resetScroll: next.tab !== undefined,
    })
  const query = { ...queryOf(address), ...tab.more?.(address) }
  const asked = useCall(tab.endpoint, { query }, { keepPrevious: true, staleMs: 10_000 })
  const { data } = asked
  return (
    <>
      <PageHeader
        title="Analytics"
        about={
          data
            ? `${formatDay(data.range.fromOn)} to ${data.range.isOpen ? 'today' : formatDay(data.range.toOn)} (${data.range.timeZone.replaceAll('_', ' ')})`
            : ' '
        }
        actions={<RangeControl address={address} usual={tab.usualRange ?? '30'} onChange={change} />}
      />
      <Tabs
        value={tab.id}
        onChange={(next) => change({ tab: next === 'overview' ? undefined : (next as Tab) })}
        keepMounted={false}
      >
        <Tabs.List className={classes.tabs}>
          {tabViews.map(({ id, label }) => (
            <Tabs.Tab key={id} value={id}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Toolbar address={address} audience={tab.audience} compares={tab.compares} onChange={change} />
        <Tabs.Panel value={tab.id}>
          <Ways tab={tab} address={address} onChange={change} />
          <TabBody
            key={tab.id}
            tab={tab}
            query={query}
            asked={asked}
            opened={address.open}
            onOpened={(open) => change({ open })}
          />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

// What only one tab can be asked.
function Ways({
  tab,
  address,
  onChange,
}: {
  tab: TabView
  address: AnalyticsAddress
  onChange: (change: Partial<AnalyticsAddress>) => void
}) {
  if (tab.id === 'cohorts')
    return (
      <div className={classes.ways}>
        <SegmentedControl
          size="xs"
          aria-label="Cohorts by"
          value={address.cohort ?? 'lead'}
          onChange={(value) => onChange({ cohort: value === 'order' ? 'order' : undefined })}
          data={[
            { value: 'lead', label: 'By month of arrival' },
            { value: 'order', label: 'By month of first order' },
          ]}
        />
      </div>
    )
  if (tab.id === 'engagement')
    return (
      <div className={classes.ways}>
        <SegmentedControl
          size="xs"
          aria-label="Summary by"
          value={address.group ?? 'type'}
          onChange={(value) =>
            onChange({ group: value === 'channel' || value === 'source' ? value : undefined })
          }
          data={[
            { value: 'type', label: 'Summary by type' },
            { value: 'channel', label: 'By channel' },
            { value: 'source', label: 'By source' },
          ]}
        />
        <NativeSelect
          size="xs"
          aria-label="Periods"
          value={address.by ?? 'auto'}
          onChange={(event) => {
            const step = steps.find((one) => one === event.currentTarget.value)
            onChange({ by: step })
          }}
          data={[
            { value: 'auto', label: 'Periods that fit' },
            { value: 'day', label: 'By day' },
            { value: 'week', label: 'By week' },
            { value: 'month', label: 'By month' },
          ]}
        />
      </div>
    )
  if (tab.id === 'attribution') return <CreditWays address={address} onChange={onChange} />
  if (tab.id === 'funnel')
    return (
      <div className={classes.ways}>
        <SegmentedControl
          size="xs"
          aria-label="Skipped stages"
          value={address.order ?? 'passed'}
          onChange={(value) => onChange({ order: value === 'strict' ? 'strict' : undefined })}
          data={[
            { value: 'passed', label: 'Skipped stages count' },
            { value: 'strict', label: 'Every stage in turn' },
          ]}
        />
        <NativeSelect
          size="xs"
          aria-label="Time to come through"
          value={`${address.within ?? 90}`}
          onChange={(event) => {
            const days = Number(event.currentTarget.value)
            onChange({ within: days === 90 ? undefined : days })
          }}
          data={[30, 60, 90, 180, 365].map((days) => ({ value: `${days}`, label: `Within ${days} days` }))}
        />
        <NativeSelect
          size="xs"
          aria-label="Days of time in stages"
          value={address.days ?? 'calendar'}
          onChange={(event) =>
            onChange({ days: event.currentTarget.value === 'business' ? 'business' : undefined })
          }
          data={[
            { value: 'calendar', label: 'All days count' },
            { value: 'business', label: 'Business days only' },
          ]}
        />
      </div>
    )
  return null
}

interface TabBodyProps {
  tab: TabView
  query: Record<string, unknown>
  asked: ReturnType<typeof useCall<TabView['endpoint']>>
  opened: OpenedNumber | undefined
  onOpened: (opened: OpenedNumber | undefined) => void
}

function TabBody({ tab, query, asked, opened, onOpened }: TabBodyProps) {
  const { slug } = useWorkspace()
  const download = (table: string) =>
    downloadCsv(
      addressOf(tab.endpoint.path, {}, { ...query, format: 'csv', table }),
      slug,
      `${tab.id}-${table}`,
    ).catch(showProblem)
  return (
    <Answer of={asked} loading={<TabLoading />}>
      {(report) => (
        <>
          {report.isPartial ? (
            <Text c="dimmed" role="status" mb={16}>
              The leads are being read in just now: these numbers are still growing.
            </Text>
          ) : null}
          <ReportView
            report={report}
            tab={tab}
            onOpen={(behind, words) => onOpened({ behind, words })}
            onCsv={(table) => void download(table)}
          />
          {opened ? (
            <LeadsBehind
              key={JSON.stringify(opened.behind)}
              query={{ ...query, audience: report.audience }}
              opened={opened}
              onChange={onOpened}
            />
          ) : null}
        </>
      )}
    </Answer>
  )
}

function TabLoading() {
  return (
    <div className={classes.loading}>
      <StatsLoading columns={5} />
      <Skeleton height={280} radius="md" />
    </div>
  )
}
