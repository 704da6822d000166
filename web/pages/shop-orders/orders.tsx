// Orders of the connected shops as they stand now: paid, refunded, cancelled, with what is left of each.
import { Button, Group, SegmentedControl, Text } from '@mantine/core'
import { IconReceipt } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { shopOrderStatuses } from '../../../src/commerce/shop/contract.ts'
import type { ShopOrder } from '../../../src/commerce/shop/contract.ts'
import { useCallPages } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import type { Column } from '../../ui/data-table.tsx'
import { count } from '../../ui/format.ts'
import { LeadLink } from '../../ui/lead-link.tsx'
import { Money } from '../../ui/money.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useWorkspace } from '../../workspace.ts'
import type { OrdersAddress } from '../shop/address.ts'
import { listOrders } from '../shop/calls.ts'
import { NoShop } from '../shop/no-shop.tsx'
import { SearchField } from '../shop/search-field.tsx'
import classes from '../shop/shop.module.css'
import { StateBadge } from '../shop/state-badge.tsx'
import { useShops } from '../shop/use-shops.ts'
import { orderStatusWords } from '../shop/words.ts'
import { OrderDrawer } from './order.tsx'

/** Statuses that are asked for often; the rest is under all. */
const OFFERED = ['paid', 'pending', 'partially_refunded', 'refunded', 'cancelled'] as const

export function OrdersPage() {
  const { slug } = useWorkspace()
  const search = useSearch({ from: '/w/$workspace/shop/orders' })
  const navigate = useNavigate()
  const go = (change: Partial<OrdersAddress>) =>
    void navigate({
      to: '/w/$workspace/shop/orders',
      params: { workspace: slug },
      search: { ...search, ...change },
      replace: true,
    })
  const shops = useShops()
  const { status, q, product } = search
  const found = useCallPages(
    listOrders,
    { query: { status, search: q, productId: product, limit: 50 } },
    { refetchMs: 2_000, keepPrevious: true },
  )
  const items = found.data?.pages.flatMap((page) => page.items)
  const isFiltered = status !== undefined || q !== undefined || product !== undefined
  const offered = OFFERED.some((one) => one === status) || !status ? OFFERED : [...OFFERED, status]
  return (
    <>
      <PageHeader
        title="Orders"
        about="Orders of the connected shops as they stand now. Revenue is what is left of them: refunds off, without cancelled and test orders."
      />
      <Group gap={8} mb={16}>
        <SegmentedControl
          aria-label="Status"
          className={classes.statuses}
          value={status ?? 'all'}
          onChange={(value) => go({ status: shopOrderStatuses.find((known) => known === value) })}
          data={[
            { value: 'all', label: 'All' },
            ...offered.map((value) => ({ value, label: orderStatusWords[value].label })),
          ]}
        />
        <SearchField label="Order number" value={q} onSearch={(text) => go({ q: text })} />
        {product ? (
          <Button variant="subtle" onClick={() => go({ product: undefined })}>
            With one product; show all
          </Button>
        ) : null}
      </Group>
      <Answer
        of={{ data: items, error: found.error, refetch: found.refetch }}
        isEmpty={(list) => list.length === 0}
        empty={
          !isFiltered && shops.data?.shops.length === 0 ? (
            <NoShop />
          ) : (
            <EmptyState icon={IconReceipt} title={isFiltered ? 'Nothing fits' : 'No orders yet'}>
              {isFiltered
                ? 'No order of the connected shops is like this.'
                : 'The first sync brings them in; it says under Shop how far it is.'}
            </EmptyState>
          )
        }
      >
        {(list) => (
          <DataTable
            label="Orders"
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
      <OrderDrawer id={search.open} onClose={() => go({ open: undefined })} />
    </>
  )
}

const columns: Column<ShopOrder>[] = [
  {
    key: 'number',
    header: 'Order',
    cell: (order) => (
      <span className={classes.words}>
        <Text fw={500} component="span">
          {order.number}
          {order.isTest ? ' (test)' : ''}
        </Text>
        <Text fz="xs" c="dimmed" component="span">
          <LeadLink id={order.leadId} label={order.leadLabel} />
        </Text>
      </span>
    ),
  },
  {
    key: 'status',
    header: 'Status',
    width: 152,
    cell: ({ status }) => <StateBadge word={orderStatusWords[status]} />,
  },
  {
    key: 'items',
    header: 'Items',
    width: 104,
    show: 'wide',
    cell: ({ itemCount, fulfilment }) => (
      <span className={classes.words}>
        <span>{count(itemCount, 'item')}</span>
        <span className={classes.small}>{fulfilment ?? ''}</span>
      </span>
    ),
  },
  {
    key: 'refunded',
    header: 'Refunded',
    align: 'right',
    width: 112,
    show: 'wide',
    cell: ({ refundedMinor, currency }) =>
      refundedMinor > 0 ? <Money minor={refundedMinor} currency={currency} /> : '–',
  },
  {
    key: 'net',
    header: 'Left of it',
    align: 'right',
    width: 120,
    cell: ({ netMinor, currency }) => <Money minor={netMinor} currency={currency} />,
  },
  {
    key: 'at',
    header: 'Placed',
    width: 128,
    show: 'wide',
    cell: ({ placedAt }) => <Time at={placedAt} />,
  },
]
