// What each source brought in a range of days, and who came by several.
import { SegmentedControl, Text } from '@mantine/core'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { getLeadSourceStatistics } from '../../../src/reports/lead-sources/contract.ts'
import type { LeadSourceStatistics, SourceFigures } from '../../../src/reports/lead-sources/contract.ts'
import { useCall } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { count, formatNumber } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer } from '../../ui/states.tsx'

const ranges = ['7', '30', '90', '365'] as const
type Range = (typeof ranges)[number]

export function StatisticsSection() {
  const [range, setRange] = useState<Range>('30')
  const found = useCall(
    getLeadSourceStatistics,
    { query: { range } },
    { refetchMs: 30_000, keepPrevious: true },
  )
  return (
    <Section
      title="What each source brought"
      about="People who came by a form or a file in these days; who came by several counts at each, and once in the total."
      flush
      actions={
        <SegmentedControl
          aria-label="Days"
          size="xs"
          value={range}
          onChange={(value) => setRange(ranges.find((one) => one === value) ?? '30')}
          data={ranges.map((one) => ({ value: one, label: one === '365' ? 'A year' : `${one} days` }))}
        />
      }
    >
      <Answer
        of={found}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <Text p={16} c="dimmed">
            Nobody came by a form or a file in these days.
          </Text>
        }
      >
        {(report) => <Figures report={report} />}
      </Answer>
    </Section>
  )
}

interface Row extends SourceFigures {
  source: string
  label: string
}

function Figures({ report }: { report: LeadSourceStatistics }) {
  const { currency } = report
  const rows: Row[] = [...report.items, { source: 'total', label: 'Everybody, once each', ...report.total }]
  const money = (minor: number | null) => (minor === null ? '–' : <Money minor={minor} currency={currency} />)
  const number = (header: string, key: string, cell: (row: Row) => ReactNode, show?: 'wide') => ({
    key,
    header,
    align: 'right' as const,
    width: 96,
    cell,
    ...(show && { show }),
  })
  return (
    <>
      <DataTable
        label="What each source brought"
        rows={rows}
        rowId={({ source }) => source}
        columns={[
          {
            key: 'label',
            header: 'Source',
            minWidth: 140,
            cell: ({ label, source }) => (
              <Text fw={source === 'total' ? 600 : 500} component="span">
                {label}
              </Text>
            ),
          },
          number('Leads', 'leads', ({ leads }) => formatNumber(leads)),
          number('New', 'new', ({ newLeads }) => formatNumber(newLeads), 'wide'),
          number('By others too', 'also', ({ alsoElsewhere }) => formatNumber(alsoElsewhere), 'wide'),
          number('Spend', 'spend', ({ spendMinor }) => money(spendMinor), 'wide'),
          number('Per lead', 'cost', ({ costPerLeadMinor }) => money(costPerLeadMinor), 'wide'),
          number('Score', 'score', ({ averageScore, grades }) => (
            <span title={grades.map(({ grade, leads }) => `${grade}: ${formatNumber(leads)}`).join(', ')}>
              {averageScore ?? '–'}
            </span>
          )),
          number('Ordered', 'converted', ({ converted, conversion }) => (
            <span title={`${formatNumber(converted)} people`}>
              {conversion === null ? '–' : `${(100 * conversion).toFixed(1)} %`}
            </span>
          )),
          number('Revenue', 'revenue', ({ revenueMinor }) => money(revenueMinor), 'wide'),
          number(
            'First contact',
            'contact',
            ({ firstContactHours, contacted }) => (
              <span title={`${count(contacted, 'person', 'people')} contacted`}>
                {firstContactHours === null ? '–' : `${formatNumber(firstContactHours)} h`}
              </span>
            ),
            'wide',
          ),
        ]}
      />
      <Text p={16} fz="xs" c="dimmed">
        {report.overlaps.length > 0
          ? `By several: ${report.overlaps
              .slice(0, 5)
              .map(({ labels, leads }) => `${labels.join(' and ')}: ${formatNumber(leads)}`)
              .join('; ')}. `
          : ''}
        {report.notes.join(' ')}
      </Text>
    </>
  )
}
