// Segments: all of them with their sizes, and the way to a new one.
import { Text } from '@mantine/core'
import { IconPlus, IconUsersGroup } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { listSegments } from '../../../src/segments/contract.ts'
import type { Segment } from '../../../src/segments/contract.ts'
import { useCall } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { formatNumber } from '../../ui/format.ts'
import { ButtonLink } from '../../ui/links.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import classes from './segments.module.css'
import { StateBadge } from './state-badge.tsx'
import { Trend } from './trend.tsx'

export function SegmentsPage() {
  const mayWrite = useMay('leads.write')
  const found = useCall(listSegments, {}, { refetchMs: 5_000 })
  const isAny = (found.data?.items.length ?? 0) > 0
  return (
    <>
      <PageHeader
        title="Segments"
        about="Leads that have something in common. Who fits comes in by itself and leaves by itself, and each move says why."
        actions={mayWrite && isAny ? <NewSegment /> : undefined}
      />
      <Answer
        of={found}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState
            icon={IconUsersGroup}
            title="No segments yet"
            actions={mayWrite ? <NewSegment /> : undefined}
          >
            Say what leads must have or must have done, such as “placed an order and was not seen for 30
            days”. The segment holds everybody who fits, from now on.
          </EmptyState>
        }
      >
        {({ items }) => <Table items={items} />}
      </Answer>
    </>
  )
}

function NewSegment() {
  const { slug } = useWorkspace()
  return (
    <ButtonLink
      to="/w/$workspace/segments/new"
      params={{ workspace: slug }}
      leftSection={<IconPlus size={16} />}
    >
      New segment
    </ButtonLink>
  )
}

function Table({ items }: { items: readonly Segment[] }) {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  return (
    <DataTable
      label="Segments"
      keyboard
      rows={items}
      rowId={({ id }) => id}
      onOpen={({ id }) =>
        void navigate({ to: '/w/$workspace/segments/$segmentId', params: { workspace: slug, segmentId: id } })
      }
      columns={[
        {
          key: 'name',
          header: 'Segment',
          cell: (segment) => (
            <span className={classes.name}>
              <Text fw={500} component="span">
                {segment.name}
              </Text>
              <Text fz="xs" component="span" className={classes.sentence} title={segment.words}>
                {segment.words}
              </Text>
            </span>
          ),
        },
        {
          key: 'size',
          header: 'Leads',
          align: 'right',
          width: 96,
          cell: ({ size }) => formatNumber(size),
        },
        {
          key: 'trend',
          header: 'Last 30 days',
          width: 184,
          show: 'wide',
          cell: ({ trend }) => <Trend trend={trend} />,
        },
        {
          key: 'state',
          header: 'State',
          width: 120,
          cell: (segment) => <StateBadge segment={segment} />,
        },
        {
          key: 'changed',
          header: 'Changed',
          width: 136,
          show: 'wide',
          cell: ({ updatedAt }) => <Time at={updatedAt} />,
        },
      ]}
    />
  )
}
