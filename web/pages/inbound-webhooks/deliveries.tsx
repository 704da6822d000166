// What came in through a webhook, word for word: what became of it, and reading once more what is parked.
import { Badge, Button, Code, Drawer, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { IconInbox } from '@tabler/icons-react'
import { useState } from 'react'
import {
  getInboundWebhook,
  listInboundDeliveries,
  listInboundWebhooks,
  replayInbound,
} from '../../../src/inbound/contract.ts'
import type { InboundDelivery, InboundWebhook } from '../../../src/inbound/contract.ts'
import { showDone, useCallPages, useWrite } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { count, formatNumber } from '../../ui/format.ts'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay } from '../../workspace.ts'
import classes from './inbound-webhooks.module.css'
import { readable } from './words.ts'

interface DeliveriesProps {
  webhook: InboundWebhook
  /** takes the body of a delivery as the example of the mapping */
  onUse: (body: string) => void
}

export function Deliveries({ webhook, onUse }: DeliveriesProps) {
  const mayReplay = useMay('events.write')
  const [status, setStatus] = useState<'all' | 'taken' | 'parked'>('all')
  const [open, setOpen] = useState<InboundDelivery>()
  const found = useCallPages(
    listInboundDeliveries,
    { params: { id: webhook.id }, query: status === 'all' ? {} : { status } },
    { refetchMs: 5_000, keepPrevious: true },
  )
  const replay = useWrite(replayInbound, {
    stale: [listInboundDeliveries, getInboundWebhook, listInboundWebhooks],
    onDone: ({ taken, parked }) =>
      showDone(
        parked === 0
          ? `${count(taken, 'call')} taken.`
          : `${count(taken, 'call')} taken, ${count(parked, 'call')} still parked.`,
      ),
  })
  return (
    <div className={classes.column}>
      <Group justify="space-between">
        <SegmentedControl
          aria-label="Which calls"
          value={status}
          onChange={(value) => setStatus(value === 'taken' || value === 'parked' ? value : 'all')}
          data={[
            { value: 'all', label: 'All' },
            { value: 'taken', label: 'Taken' },
            { value: 'parked', label: 'Parked' },
          ]}
        />
        {mayReplay && webhook.parked > 0 ? (
          <Button
            variant="default"
            loading={replay.isPending}
            disabled={webhook.mapping === null}
            onClick={() => replay.mutate({ params: { id: webhook.id }, body: {} })}
          >
            Replay all that is parked
          </Button>
        ) : null}
      </Group>
      <Answer
        of={found}
        isEmpty={({ pages }) => pages.every(({ items }) => items.length === 0)}
        empty={
          <EmptyState icon={IconInbox} title="Nothing here" compact>
            Calls appear here within seconds, each word for word. What was taken is kept for 14 days, what is
            parked for 90.
          </EmptyState>
        }
      >
        {({ pages }) => (
          <DataTable
            label="Calls"
            rows={pages.flatMap(({ items }) => items)}
            rowId={({ id }) => id}
            onOpen={setOpen}
            openId={open?.id}
            columns={[
              { key: 'at', header: 'Came', width: 136, cell: ({ receivedAt }) => <Time at={receivedAt} /> },
              { key: 'status', header: 'State', width: 104, cell: (one) => <Status delivery={one} /> },
              {
                key: 'why',
                header: 'What became of it',
                cell: (one) => (
                  <Text component="span" truncate>
                    {one.explanation ?? `${count(one.messages, 'person', 'people')} taken in`}
                  </Text>
                ),
              },
              {
                key: 'times',
                header: 'Times',
                align: 'right',
                width: 80,
                show: 'wide',
                cell: ({ times }) => formatNumber(times),
              },
            ]}
            footer={
              found.hasNextPage ? (
                <Button
                  variant="subtle"
                  loading={found.isFetchingNextPage}
                  onClick={() => void found.fetchNextPage()}
                >
                  More
                </Button>
              ) : undefined
            }
          />
        )}
      </Answer>
      <Drawer
        opened={open !== undefined}
        onClose={() => setOpen(undefined)}
        position="right"
        size={560}
        title="Call"
      >
        {open ? (
          <Stack gap={16}>
            <Group gap={8}>
              <Status delivery={open} />
              <Time at={open.receivedAt} />
            </Group>
            <Text>
              {open.explanation ?? `${count(open.messages, 'person', 'people')} taken in.`}
              {open.times > 1 ? ` The same call came ${formatNumber(open.times)} times and counts once.` : ''}
            </Text>
            {open.body === '' ? (
              <Text c="dimmed">The body was emptied: it spoke of somebody who was erased.</Text>
            ) : (
              <Code block className={classes.body} tabIndex={0} aria-label="Body">
                {readable(open.body)}
              </Code>
            )}
            <Group gap={8}>
              {open.body === '' ? null : (
                <Button
                  variant="default"
                  onClick={() => {
                    onUse(open.body)
                    setOpen(undefined)
                  }}
                >
                  Map by this example
                </Button>
              )}
              {mayReplay && open.status === 'parked' && webhook.mapping !== null ? (
                <Button
                  variant="default"
                  loading={replay.isPending}
                  onClick={() => {
                    replay.mutate({ params: { id: webhook.id }, body: { ids: [open.id] } })
                    setOpen(undefined)
                  }}
                >
                  Replay
                </Button>
              ) : null}
            </Group>
          </Stack>
        ) : null}
      </Drawer>
    </div>
  )
}

function Status({ delivery }: { delivery: InboundDelivery }) {
  const isTaken = delivery.status === 'taken'
  return <Badge color={isTaken ? 'green' : 'yellow'}>{isTaken ? 'Taken' : 'Parked'}</Badge>
}
