// Who is behind a number, beside the report: the leads, those seen last first, a page at a time, and all of them as CSV.
import { Button, Drawer, Text } from '@mantine/core'
import { useState } from 'react'
import { listLeadsBehind } from '../../../src/reports/analytics/contract.ts'
import type { Behind } from '../../../src/reports/analytics/contract.ts'
import { useCall } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { count } from '../../ui/format.ts'
import { LeadLink } from '../../ui/lead-link.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import classes from './analytics.module.css'

const PAGE = 50

interface LeadsBehindProps {
  /** the report's own query, whose filters hold here too */
  query: Record<string, unknown>
  behind: Behind
  words: string
  onClose: () => void
}

export function LeadsBehind({ query, behind, words, onClose }: LeadsBehindProps) {
  const [offset, setOffset] = useState(0)
  const { compare: _compare, by: _by, ...filters } = query
  const asked = { ...filters, ...behind, offset, limit: PAGE }
  const page = useCall(listLeadsBehind, { query: asked }, { keepPrevious: true })
  return (
    <Drawer opened onClose={onClose} position="right" size={560} title={words}>
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
                  onClick={() => setOffset(offset - PAGE)}
                >
                  Previous
                </Button>
                <Button
                  variant="default"
                  size="xs"
                  disabled={offset + PAGE >= total}
                  onClick={() => setOffset(offset + PAGE)}
                >
                  Next
                </Button>
              </div>
            ) : null}
          </>
        )}
      </Answer>
    </Drawer>
  )
}
