// The members of a segment, with when and why each entered.
import { Button, Text } from '@mantine/core'
import { listSegmentMembers } from '../../../src/segments/contract.ts'
import type { Segment } from '../../../src/segments/contract.ts'
import { useCallPages } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { LeadLink } from '../../ui/lead-link.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import classes from './segments.module.css'
import { reasonWords } from './words.ts'

interface ListProps {
  segment: Segment
  onExplain: (leadId: string) => void
}

export function Members({ segment, onExplain }: ListProps) {
  const found = useCallPages(
    listSegmentMembers,
    { params: { id: segment.id }, query: { limit: 50 } },
    { refetchMs: 10_000 },
  )
  const rows = found.data?.pages.flatMap(({ items }) => items)
  return (
    <Answer
      of={{ data: rows, error: found.error, refetch: found.refetch }}
      compact
      isEmpty={(items) => items.length === 0}
      empty={
        <EmptyState compact title={segment.status === 'filling' ? 'Looking who fits' : 'Nobody fits now'}>
          {segment.status === 'filling'
            ? 'Leads appear here as they are found.'
            : 'Whoever fits later comes in by itself. Ask for less, or for any of the conditions, to hold somebody now.'}
        </EmptyState>
      }
    >
      {(items) => (
        <DataTable
          label="Members"
          keyboard
          rows={items}
          rowId={({ lead }) => lead.id}
          onOpen={({ lead }) => onExplain(lead.id)}
          columns={[
            {
              key: 'lead',
              header: 'Lead',
              cell: ({ lead }) => <LeadLink id={lead.id} label={lead.label} />,
            },
            {
              key: 'email',
              header: 'E-mail',
              show: 'wide',
              cell: ({ lead }) => (lead.email === lead.label ? '' : lead.email),
            },
            {
              key: 'why',
              header: 'Why',
              show: 'wide',
              cell: ({ reason }) => (
                <Text span className={classes.sentence} title={reasonWords(reason, 'entered')}>
                  {reasonWords(reason, 'entered')}
                </Text>
              ),
            },
            {
              key: 'since',
              header: 'In it since',
              width: 136,
              cell: ({ enteredAt }) => <Time at={enteredAt} />,
            },
          ]}
          rowActions={({ lead }) => (
            <Button size="compact-xs" variant="default" onClick={() => onExplain(lead.id)}>
              Why?
            </Button>
          )}
          footer={
            found.hasNextPage ? (
              <Button
                variant="default"
                size="compact-sm"
                loading={found.isFetchingNextPage}
                onClick={() => void found.fetchNextPage()}
              >
                Show more
              </Button>
            ) : undefined
          }
        />
      )}
    </Answer>
  )
}
