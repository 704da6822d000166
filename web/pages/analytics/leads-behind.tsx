// What is behind a number, beside the report: the leads, those seen last first, and of credit the rows that it is made of.
import { Button, Drawer, SegmentedControl, Text } from '@mantine/core'
import { listLeadsBehind } from '../../../src/reports/analytics/contract.ts'
import type { Behind } from '../../../src/reports/analytics/contract.ts'
import { useCall } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { count } from '../../ui/format.ts'
import { LeadLink } from '../../ui/lead-link.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import type { OpenedNumber } from './address.ts'
import classes from './analytics.module.css'
import { CreditRows } from './credit-rows.tsx'

const PAGE = 50

interface LeadsBehindProps {
  /** the report's own query, whose filters hold here too */
  query: Record<string, unknown>
  opened: OpenedNumber
  /** undefined closes it */
  onChange: (opened: OpenedNumber | undefined) => void
}

export function LeadsBehind({ query, opened, onChange }: LeadsBehindProps) {
  const { behind, words, shows = 'credit', offset = 0 } = opened
  const { compare: _compare, by: _by, model: _model, goal: _goal, ...rest } = query
  const { of, value, ...days } = behind
  const filters = { ...rest, ...days }
  const isCredit = of === 'credited' && value !== undefined
  return (
    <Drawer
      opened
      onClose={() => onChange(undefined)}
      position="right"
      size={isCredit ? 680 : 560}
      title={words}
    >
      {isCredit ? (
        <SegmentedControl
          size="xs"
          mb={12}
          aria-label="What is behind it"
          value={shows}
          onChange={(value) => onChange({ behind, words, ...(value === 'leads' ? { shows: value } : {}) })}
          data={[
            { value: 'credit', label: 'Credit, row by row' },
            { value: 'leads', label: 'Leads' },
          ]}
        />
      ) : null}
      {isCredit && shows === 'credit' ? (
        <CreditRows filters={filters} value={value} words={words} />
      ) : (
        <Leads
          query={{ ...filters, of, ...(value === undefined ? {} : { value }) }}
          words={words}
          offset={offset}
          onOffset={(next) => onChange({ ...opened, offset: next })}
        />
      )}
    </Drawer>
  )
}

interface LeadsProps {
  query: Record<string, unknown> & Pick<Behind, 'of'>
  words: string
  offset: number
  onOffset: (offset: number) => void
}

function Leads({ query, words, offset, onOffset }: LeadsProps) {
  const page = useCall(listLeadsBehind, { query: { ...query, offset, limit: PAGE } }, { keepPrevious: true })
  return (
    <Answer
      of={page}
      isEmpty={({ total }) => total === 0}
      empty={
        <EmptyState compact title="Nobody">
          No lead is behind this number any more.
        </EmptyState>
      }
    >
      {({ total, items }) => (
        <>
          <Text c="dimmed" mb={12}>
            {count(total, 'lead')}
            {total > PAGE ? `, ${offset + 1} to ${Math.min(total, offset + PAGE)}` : ''}
          </Text>
          <DataTable
            label={words}
            rows={items}
            rowId={({ id }) => id}
            columns={[
              { key: 'label', header: 'Lead', cell: ({ id, label }) => <LeadLink id={id} label={label} /> },
              { key: 'company', header: 'Company', show: 'wide', cell: ({ company }) => company ?? '–' },
              {
                key: 'seen',
                header: 'Last seen',
                align: 'right',
                cell: ({ lastSeenAt }) => (lastSeenAt ? <Time at={lastSeenAt} /> : '–'),
              },
            ]}
          />
          {total > PAGE ? (
            <div className={classes.pages}>
              <Button
                variant="default"
                size="xs"
                disabled={offset === 0}
                onClick={() => onOffset(offset - PAGE)}
              >
                Previous
              </Button>
              <Button
                variant="default"
                size="xs"
                disabled={offset + PAGE >= total}
                onClick={() => onOffset(offset + PAGE)}
              >
                Next
              </Button>
            </div>
          ) : null}
        </>
      )}
    </Answer>
  )
}
