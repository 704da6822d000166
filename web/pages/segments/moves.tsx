// Who entered and left a segment, newest first, and why.
import { Badge, Button, SegmentedControl, Text } from '@mantine/core'
import { useState } from 'react'
import { listSegmentMoves } from '../../../src/segments/contract.ts'
import type { Segment } from '../../../src/segments/contract.ts'
import { useCallPages } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { LeadLink } from '../../ui/lead-link.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import classes from './segments.module.css'
import { reasonWords } from './words.ts'

interface MovesProps {
  segment: Segment
  onExplain: (leadId: string) => void
}

export function Moves({ segment, onExplain }: MovesProps) {
  const [kind, setKind] = useState<'all' | 'entered' | 'left'>('all')
  const found = useCallPages(
    listSegmentMoves,
    { params: { id: segment.id }, query: { limit: 50, ...(kind === 'all' ? {} : { kind }) } },
    { refetchMs: 5_000, keepPrevious: true },
  )
  const rows = found.data?.pages.flatMap(({ items }) => items)
  return (
    <div className={classes.fields}>
      <SegmentedControl
        aria-label="Which moves"
        value={kind}
        onChange={setKind}
        w="max-content"
        data={[
          { value: 'all', label: 'Both' },
          { value: 'entered', label: 'Entries' },
          { value: 'left', label: 'Exits' },
        ]}
      />
      <Answer
        of={{ data: rows, error: found.error, refetch: found.refetch }}
        compact
        isEmpty={(items) => items.length === 0}
        empty={
          <EmptyState compact title="Nobody came or went yet">
            Whom the segment held from the beginning stands under Members; from then on every entry and exit
            is noted here with its reason.
          </EmptyState>
        }
      >
        {(items) => (
          <DataTable
            label="Entries and exits"
            keyboard
            rows={items}
            rowId={({ id }) => id}
            onOpen={({ leadId }) => onExplain(leadId)}
            columns={[
              {
                key: 'kind',
                header: 'Move',
                width: 96,
                cell: (move) => (
                  <Badge color={move.kind === 'entered' ? 'green' : 'gray'} miw="max-content">
                    {move.kind === 'entered' ? 'Entered' : 'Left'}
                  </Badge>
                ),
              },
              {
                key: 'lead',
                header: 'Lead',
                cell: ({ leadId, leadLabel }) => <LeadLink id={leadId} label={leadLabel} />,
              },
              {
                key: 'why',
                header: 'Why',
                show: 'wide',
                cell: ({ reason, kind: way }) => (
                  <Text span className={classes.sentence} title={reasonWords(reason, way)}>
                    {reasonWords(reason, way)}
                  </Text>
                ),
              },
              { key: 'when', header: 'When', width: 136, cell: ({ movedAt }) => <Time at={movedAt} /> },
            ]}
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
    </div>
  )
}
