// Deliveries: what was to leave over connections and what became of it, with each request, each answer, and sending again.
import { Badge, Button, Group, SegmentedControl, Select, Text } from '@mantine/core'
import { IconRefresh, IconSend } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { listConnections } from '../../../src/connectors/contract.ts'
import { deliveryStatuses, listDeliveries, replayDeliveries } from '../../../src/deliveries/contract.ts'
import type { Delivery, DeliveryStatus } from '../../../src/deliveries/contract.ts'
import { listWebhooks } from '../../../src/deliveries/webhooks/contract.ts'
import { showDone, useCall, useCallPages, useWrite } from '../../queries.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { count, formatNumber } from '../../ui/format.ts'
import { LeadLink } from '../../ui/lead-link.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import type { DeliveriesAddress } from './address.ts'
import classes from './deliveries.module.css'
import { DeliveryDrawer } from './delivery.tsx'
import { labelOf, statusWords, whyOf } from './words.ts'

export function DeliveriesPage() {
  const { slug } = useWorkspace()
  const search = useSearch({ from: '/w/$workspace/deliveries' })
  const navigate = useNavigate()
  const go = (change: Partial<DeliveriesAddress>) =>
    void navigate({
      to: '/w/$workspace/deliveries',
      params: { workspace: slug },
      search: { ...search, ...change },
      replace: true,
    })
  const filter = { connectionId: search.connection, status: search.status }
  const found = useCallPages(
    listDeliveries,
    { query: { ...filter, limit: 50 } },
    { refetchMs: 5_000, keepPrevious: true },
  )
  const pages = found.data?.pages
  const items = pages?.flatMap((page) => page.items)
  const counts = pages?.[0]?.counts
  return (
    <>
      <PageHeader
        title="Deliveries"
        about="Everything that was to leave over a connection: sent once, withheld without consent, and each answer as the vendor gave it."
        actions={counts ? <Replay filter={filter} counts={counts} /> : undefined}
      />
      <Group gap={8} mb={16}>
        <SegmentedControl
          aria-label="Status"
          className={classes.statuses}
          value={search.status ?? 'all'}
          onChange={(value) => go({ status: deliveryStatuses.find((known) => known === value) })}
          data={[
            { value: 'all', label: 'All' },
            ...deliveryStatuses
              .filter((status) => status !== 'sending')
              .map((status) => ({
                value: status,
                label: `${statusWords[status].label}${counts ? ` ${formatNumber(counts[status])}` : ''}`,
              })),
          ]}
        />
        <ConnectionChoice value={search.connection} onChange={(connection) => go({ connection })} />
      </Group>
      <Answer
        of={{ data: items, error: found.error, refetch: found.refetch }}
        isEmpty={(list) => list.length === 0}
        empty={
          <EmptyState
            icon={IconSend}
            title={search.status || search.connection ? 'Nothing fits' : 'Nothing was to leave yet'}
          >
            {search.status || search.connection
              ? 'No delivery has this status over this connection.'
              : 'Connect a vendor under Integrations and switch its forwarding on under Conversions: what leaves then stands here.'}
          </EmptyState>
        }
      >
        {(list) => (
          <DataTable
            label="Deliveries"
            keyboard
            rows={list}
            rowId={({ id }) => id}
            openId={search.open}
            onOpen={({ id }) => go({ open: id })}
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
      <DeliveryDrawer id={search.open} onClose={() => go({ open: undefined })} />
    </>
  )
}

const columns = [
  {
    key: 'event',
    header: 'Event',
    cell: (one: Delivery) => (
      <span>
        <Text fw={500} component="span" display="block">
          {labelOf(one)}
        </Text>
        <Text fz="xs" c="dimmed" component="span">
          {one.leadId ? (
            <LeadLink id={one.leadId} label={one.leadLabel ?? 'a lead'} />
          ) : (
            'nobody in particular'
          )}
        </Text>
      </span>
    ),
  },
  { key: 'to', header: 'To', width: 176, show: 'wide' as const, cell: (one: Delivery) => one.connectionName },
  {
    key: 'status',
    header: 'Status',
    width: 120,
    cell: ({ status }: Delivery) => (
      <Badge color={statusWords[status].colour} miw="max-content">
        {statusWords[status].label}
      </Badge>
    ),
  },
  {
    key: 'why',
    header: 'Why',
    show: 'wide' as const,
    cell: (one: Delivery) => (
      <Text fz="xs" c="dimmed" lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
        {whyOf(one)}
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
  {
    key: 'at',
    header: 'Happened',
    width: 128,
    cell: ({ occurredAt }: Delivery) => <Time at={occurredAt} />,
  },
]

function ConnectionChoice({
  value,
  onChange,
}: {
  value: string | undefined
  onChange: (id: string | undefined) => void
}) {
  const connections = useCall(listConnections, {})
  const webhooks = useCall(listWebhooks, {})
  const all = [...(connections.data?.items ?? []), ...(webhooks.data?.items ?? [])]
  return (
    <Select
      aria-label="Connection"
      placeholder="All connections"
      clearable
      w={220}
      value={value ?? null}
      onChange={(id) => onChange(id ?? undefined)}
      data={all.map(({ id, name }) => ({ value: id, label: name }))}
    />
  )
}

interface ReplayProps {
  filter: { connectionId?: string; status?: DeliveryStatus }
  counts: Record<DeliveryStatus, number>
}

function Replay({ filter, counts }: ReplayProps) {
  const mayWrite = useMay('events.write')
  const [isAsked, setAsked] = useState(false)
  const replay = useWrite(replayDeliveries, {
    stale: [listDeliveries],
    onDone: ({ replayed }) => {
      setAsked(false)
      showDone(`${count(replayed, 'delivery', 'deliveries')} ${replayed === 1 ? 'is' : 'are'} sent again.`)
    },
  })
  const { status } = filter
  const isUnknown = status === 'unknown'
  const isReplayable = status === 'refused' || status === 'withheld' || isUnknown
  if (!mayWrite || !isReplayable || counts[status] === 0) return null
  return (
    <>
      <Button variant="default" leftSection={<IconRefresh size={16} />} onClick={() => setAsked(true)}>
        Send these again
      </Button>
      <ConfirmDialog
        opened={isAsked}
        onClose={() => setAsked(false)}
        title={`Send ${count(counts[status], 'delivery', 'deliveries')} again?`}
        action="Send again"
        color={isUnknown ? 'red' : 'blue'}
        busy={replay.isPending}
        onConfirm={() => replay.mutate({ body: { filter, includesUnknown: isUnknown } })}
      >
        {isUnknown
          ? 'Nobody knows whether they arrived. The vendor may have them already, and would count those twice.'
          : 'Each is asked again for consent, its age and the vendor’s rules. What still cannot go stays here.'}
      </ConfirmDialog>
    </>
  )
}
