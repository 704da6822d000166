// What a webhook was sent: each event, what the receiver said, and sending again.
import { Badge, Button, Text } from '@mantine/core'
import { useState } from 'react'
import { listDeliveries } from '../../../src/deliveries/contract.ts'
import type { Delivery } from '../../../src/deliveries/contract.ts'
import { useCallPages } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { formatNumber } from '../../ui/format.ts'
import { TextLink } from '../../ui/links.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useWorkspace } from '../../workspace.ts'
import { DeliveryDrawer } from '../deliveries/delivery.tsx'
import { statusWords, whyOf } from '../deliveries/words.ts'
import { typeLabel } from './words.ts'

export function Log({ webhookId }: { webhookId: string }) {
  const { slug } = useWorkspace()
  const [open, setOpen] = useState<string>()
  const found = useCallPages(
    listDeliveries,
    { query: { connectionId: webhookId, limit: 25 } },
    { refetchMs: 5_000, keepPrevious: true },
  )
  const items = found.data?.pages.flatMap((page) => page.items)
  return (
    <Section
      title="Delivery log"
      about="Open one for its request and the receiver’s answers word for word, and to send it again."
      flush
      actions={
        <TextLink
          to="/w/$workspace/deliveries"
          params={{ workspace: slug }}
          search={{ connection: webhookId, status: 'refused' }}
        >
          What was refused
        </TextLink>
      }
    >
      <Answer
        of={{ data: items, error: found.error, refetch: found.refetch }}
        isEmpty={(list) => list.length === 0}
        empty={
          <EmptyState compact title="Nothing was sent yet">
            What happens from now on is told. Send a test to see whether your server takes it.
          </EmptyState>
        }
      >
        {(list) => (
          <DataTable
            label="Delivery log"
            rows={list}
            rowId={({ id }) => id}
            openId={open}
            onOpen={({ id }) => setOpen(id)}
            columns={columns}
            footer={
              found.hasNextPage ? (
                <Button
                  variant="default"
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
      <DeliveryDrawer id={open} onClose={() => setOpen(undefined)} />
    </Section>
  )
}

const columns = [
  { key: 'event', header: 'Event', cell: ({ event }: Delivery) => typeLabel(event) },
  {
    key: 'status',
    header: 'Status',
    width: 112,
    cell: ({ status }: Delivery) => (
      <Badge color={statusWords[status].colour} miw="max-content">
        {statusWords[status].label}
      </Badge>
    ),
  },
  {
    key: 'why',
    header: 'The receiver said',
    show: 'wide' as const,
    cell: (one: Delivery) => (
      <Text fz="xs" c="dimmed" lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
        {whyOf(one) || one.words}
      </Text>
    ),
  },
  {
    key: 'attempts',
    header: 'Attempts',
    align: 'right' as const,
    width: 88,
    show: 'wide' as const,
    cell: ({ attempts }: Delivery) => formatNumber(attempts),
  },
  { key: 'at', header: 'Happened', width: 128, cell: ({ occurredAt }: Delivery) => <Time at={occurredAt} /> },
]
