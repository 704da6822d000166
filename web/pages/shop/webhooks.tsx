// The messages of connected shops: what came in the last day by topic, each delivery with what became of it, and requests by law.
import { Button, Group, Select, Text } from '@mantine/core'
import { useState } from 'react'
import { shopWebhookStatuses } from '../../../src/commerce/shop/contract.ts'
import type { ShopState, ShopWebhookStatus } from '../../../src/commerce/shop/contract.ts'
import { useCall, useCallPages } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { formatNumber } from '../../ui/format.ts'
import { Section } from '../../ui/section.tsx'
import { Answer } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { listRequests, listShopWebhooks } from './calls.ts'
import classes from './shop.module.css'
import { StateBadge } from './state-badge.tsx'
import { shopChoices } from './use-shops.ts'
import { topicWords, webhookWords } from './words.ts'

export function Webhooks({ shops }: { shops: readonly ShopState[] }) {
  const [status, setStatus] = useState<ShopWebhookStatus>()
  const [connectionId, setConnection] = useState<string>()
  const found = useCallPages(
    listShopWebhooks,
    { query: { status, connectionId, limit: 50 } },
    { refetchMs: 5_000, keepPrevious: true },
  )
  const pages = found.data?.pages
  const items = pages?.flatMap((page) => page.items)
  const topics = pages?.[0]?.topics ?? []
  const choices = shopChoices(shops)
  return (
    <Section
      title="Messages of the shop"
      about="Each change that the shop told of, counted once however often and in whatever order it came."
      actions={
        <Group gap={8}>
          {choices.length > 0 ? (
            <Select
              aria-label="Shop"
              placeholder="All shops"
              clearable
              w={180}
              value={connectionId ?? null}
              onChange={(id) => setConnection(id ?? undefined)}
              data={choices}
            />
          ) : null}
          <Select
            aria-label="What became of them"
            placeholder="All"
            clearable
            w={180}
            value={status ?? null}
            onChange={(value) => setStatus(shopWebhookStatuses.find((one) => one === value))}
            data={shopWebhookStatuses.map((value) => ({ value, label: webhookWords[value].label }))}
          />
        </Group>
      }
      flush
    >
      {topics.length > 0 ? (
        <DataTable
          label="Messages of the last day by topic"
          rows={topics}
          rowId={({ topic }) => topic}
          maxHeight="280px"
          columns={[
            { key: 'topic', header: 'Last 24 hours', cell: ({ topic }) => topicWords(topic) },
            {
              key: 'received',
              header: 'Came',
              align: 'right',
              width: 88,
              cell: ({ received }) => formatNumber(received),
            },
            {
              key: 'repeats',
              header: 'Repeats',
              align: 'right',
              width: 96,
              show: 'wide',
              cell: ({ repeats }) => formatNumber(repeats),
            },
            {
              key: 'applied',
              header: 'Applied',
              align: 'right',
              width: 96,
              cell: ({ applied }) => formatNumber(applied),
            },
            {
              key: 'stale',
              header: 'Overtaken',
              align: 'right',
              width: 104,
              show: 'wide',
              cell: ({ stale }) => formatNumber(stale),
            },
            {
              key: 'troubled',
              header: 'In trouble',
              align: 'right',
              width: 104,
              cell: ({ troubled }) => formatNumber(troubled),
            },
            {
              key: 'p99',
              header: 'Slowest of 100',
              align: 'right',
              width: 136,
              show: 'wide',
              cell: ({ p99Ms }) => (p99Ms === null ? '–' : `${formatNumber(p99Ms)} ms`),
            },
          ]}
        />
      ) : null}
      <Answer
        of={{ data: items, error: found.error, refetch: found.refetch }}
        isEmpty={(list) => list.length === 0}
        empty={<Text p={16}>{status ? 'None has this state.' : 'No message came in yet.'}</Text>}
      >
        {(list) => (
          <DataTable
            label="Messages"
            rows={list}
            rowId={({ connectionId: of, deliveryId }) => `${of} ${deliveryId}`}
            maxHeight="420px"
            columns={[
              { key: 'at', header: 'Came', width: 128, cell: ({ receivedAt }) => <Time at={receivedAt} /> },
              {
                key: 'topic',
                header: 'What',
                cell: ({ topic, subject, problem }) => (
                  <span className={classes.words}>
                    <span>{topicWords(topic)}</span>
                    <Text fz="xs" c="dimmed" component="span" style={{ overflowWrap: 'anywhere' }}>
                      {problem ?? (subject ? `number ${subject}` : '')}
                    </Text>
                  </span>
                ),
              },
              {
                key: 'status',
                header: 'Became',
                width: 168,
                cell: ({ status: is }) => <StateBadge word={webhookWords[is]} />,
              },
              {
                key: 'deliveries',
                header: 'Came so often',
                align: 'right',
                width: 128,
                show: 'wide',
                cell: ({ deliveries }) => formatNumber(deliveries),
              },
            ]}
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
    </Section>
  )
}

const kinds = {
  data_request: 'A person asked for their data',
  customer_redact: 'A person is to be forgotten',
  shop_redact: 'The shop is to be forgotten',
} as const

export function Requests() {
  const found = useCall(listRequests, { query: {} }, { refetchMs: 30_000 })
  const items = found.data?.items ?? []
  if (items.length === 0) return null
  return (
    <Section
      title="Asked by law"
      about="What a shop has to ask of us. It is carried out by itself; an export is for the shop to hand over."
      flush
    >
      <DataTable
        label="Requests by law"
        rows={items}
        rowId={({ id }) => id}
        columns={[
          { key: 'at', header: 'Came', width: 128, cell: ({ receivedAt }) => <Time at={receivedAt} /> },
          {
            key: 'kind',
            header: 'What',
            cell: ({ kind, customerId }) => `${kinds[kind]}${customerId ? ` (number ${customerId})` : ''}`,
          },
          {
            key: 'done',
            header: 'State',
            width: 200,
            cell: ({ status, doneAt, dueAt }) =>
              status === 'done' ? (
                <>
                  done <Time at={doneAt} />
                </>
              ) : (
                <>
                  due <Time at={dueAt} />
                </>
              ),
          },
          {
            key: 'touched',
            header: 'Touched',
            width: 184,
            show: 'wide',
            cell: ({ leadCount, orderCount }) =>
              `${formatNumber(leadCount)} leads, ${formatNumber(orderCount)} orders`,
          },
        ]}
      />
    </Section>
  )
}
