// Products of the connected shops with what was sold of each, and which of them go together.
import { Button, Group, NumberInput, SegmentedControl, Text } from '@mantine/core'
import { IconBox } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { ShopProduct } from '../../../src/commerce/shop/contract.ts'
import { useCall, useCallPages } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import type { Column } from '../../ui/data-table.tsx'
import { formatNumber, words } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { useWorkspace } from '../../workspace.ts'
import type { ProductsAddress } from '../shop/address.ts'
import { listAffinities, listProducts } from '../shop/calls.ts'
import { NoShop } from '../shop/no-shop.tsx'
import { SearchField } from '../shop/search-field.tsx'
import classes from '../shop/shop.module.css'
import { useShops } from '../shop/use-shops.ts'

export function ProductsPage() {
  const { slug } = useWorkspace()
  const search = useSearch({ from: '/w/$workspace/shop/products' })
  const navigate = useNavigate()
  const go = (change: Partial<ProductsAddress>) =>
    void navigate({
      to: '/w/$workspace/shop/products',
      params: { workspace: slug },
      search: { ...search, ...change },
      replace: true,
    })
  return (
    <>
      <PageHeader
        title="Products"
        about="What the connected shops offer, what was sold of it after refunds, and what is bought together."
      />
      <Group gap={8} mb={16}>
        <SegmentedControl
          aria-label="View"
          value={search.view ?? 'list'}
          onChange={(value) => go({ view: value === 'together' ? 'together' : undefined })}
          data={[
            { value: 'list', label: 'Products' },
            { value: 'together', label: 'Bought together' },
          ]}
        />
        {search.view ? null : <SearchField label="Product" value={search.q} onSearch={(q) => go({ q })} />}
      </Group>
      {search.view ? (
        <Together basket={search.basket ?? 'order'} onBasket={(basket) => go({ basket })} />
      ) : (
        <List search={search.q} />
      )}
    </>
  )
}

function List({ search }: { search: string | undefined }) {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  const shops = useShops()
  const found = useCallPages(
    listProducts,
    { query: { search, limit: 50 } },
    { refetchMs: 10_000, keepPrevious: true },
  )
  const items = found.data?.pages.flatMap((page) => page.items)
  return (
    <Answer
      of={{ data: items, error: found.error, refetch: found.refetch }}
      isEmpty={(list) => list.length === 0}
      empty={
        !search && shops.data?.shops.length === 0 ? (
          <NoShop />
        ) : (
          <EmptyState icon={IconBox} title={search ? 'Nothing fits' : 'No products yet'}>
            {search ? 'No product begins like this.' : 'The first sync brings them in.'}
          </EmptyState>
        )
      }
    >
      {(list) => (
        <DataTable
          label="Products"
          keyboard
          rows={list}
          rowId={({ connectionId, id }) => `${connectionId} ${id}`}
          onOpen={({ id }) =>
            void navigate({
              to: '/w/$workspace/shop/orders',
              params: { workspace: slug },
              search: { product: id },
            })
          }
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
  )
}

const columns: Column<ShopProduct>[] = [
  {
    key: 'title',
    header: 'Product',
    cell: ({ title, vendor, kind, variants, status, deletedAt }) => (
      <span className={classes.words}>
        <Text fw={500} component="span">
          {title}
        </Text>
        <Text fz="xs" c="dimmed" component="span">
          {[
            vendor,
            kind,
            variants.length > 1 ? `${formatNumber(variants.length)} variants` : '',
            deletedAt ? 'no longer in the shop' : status === 'active' ? '' : words(status).toLowerCase(),
          ]
            .filter(Boolean)
            .join(' · ')}
        </Text>
      </span>
    ),
  },
  {
    key: 'price',
    header: 'Price',
    align: 'right',
    width: 168,
    show: 'wide',
    cell: ({ lowMinor, highMinor, currency }) => (
      <>
        <Money minor={lowMinor} currency={currency} />
        {highMinor > lowMinor ? (
          <>
            {' – '}
            <Money minor={highMinor} currency={currency} />
          </>
        ) : null}
      </>
    ),
  },
  {
    key: 'orders',
    header: 'Orders',
    align: 'right',
    width: 88,
    show: 'wide',
    cell: ({ orderCount }) => formatNumber(orderCount),
  },
  {
    key: 'sold',
    header: 'Sold',
    align: 'right',
    width: 88,
    cell: ({ unitsSold }) => formatNumber(unitsSold),
  },
  {
    key: 'revenue',
    header: 'Brought',
    align: 'right',
    width: 128,
    cell: ({ revenueMinor, currency }) => <Money minor={revenueMinor} currency={currency} />,
  },
]

function Together({
  basket,
  onBasket,
}: {
  basket: 'order' | 'person'
  onBasket: (basket: 'person' | undefined) => void
}) {
  const [fewest, setFewest] = useState(5)
  const found = useCall(
    listAffinities,
    { query: { basket, fewest, limit: 100 } },
    { staleMs: 60_000, keepPrevious: true },
  )
  return (
    <Section
      title="Bought together"
      about={
        found.data
          ? `Of ${formatNumber(found.data.baskets)} ${basket === 'order' ? 'orders' : 'buyers'} in the last year, ${formatNumber(found.data.mixedBaskets)} with more than one product.`
          : undefined
      }
      actions={
        <Group gap={8}>
          <SegmentedControl
            aria-label="What counts as together"
            value={basket}
            onChange={(value) => onBasket(value === 'person' ? 'person' : undefined)}
            data={[
              { value: 'order', label: 'In one order' },
              { value: 'person', label: 'By one person' },
            ]}
          />
          <NumberInput
            aria-label="Fewest times"
            w={152}
            min={2}
            max={1000}
            value={fewest}
            onChange={(value) => {
              if (typeof value === 'number' && value >= 2 && value <= 1000) setFewest(Math.round(value))
            }}
            prefix="at least "
            suffix=" times"
          />
        </Group>
      }
      flush
    >
      <Answer
        of={found}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState icon={IconBox} title="Nothing goes together yet" compact>
            No two products were bought together so often. Ask for fewer times, or wait for more orders.
          </EmptyState>
        }
      >
        {({ items }) => (
          <DataTable
            label="Bought together"
            rows={items}
            rowId={({ first, second }) => `${first.key} ${second.key}`}
            columns={[
              {
                key: 'pair',
                header: 'Who buys …, buys …',
                cell: ({ first, second }) => (
                  <span className={classes.words}>
                    <span>{first.name}</span>
                    <Text fz="xs" c="dimmed" component="span">
                      with {second.name}
                    </Text>
                  </span>
                ),
              },
              {
                key: 'both',
                header: 'Together',
                align: 'right',
                width: 104,
                cell: ({ both }) => formatNumber(both),
              },
              {
                key: 'confidence',
                header: 'Of its buyers',
                align: 'right',
                width: 120,
                cell: ({ confidence }) => `${(confidence * 100).toFixed(1)} %`,
              },
              {
                key: 'support',
                header: 'Of all',
                align: 'right',
                width: 96,
                show: 'wide',
                cell: ({ support }) => `${(support * 100).toFixed(2)} %`,
              },
              {
                key: 'lift',
                header: 'More often than chance',
                align: 'right',
                width: 184,
                show: 'wide',
                cell: ({ lift, liftAtLeast }) => (
                  <span title="With 95 % certainty at least the second figure">
                    ×{lift.toFixed(1)}, surely ×{liftAtLeast.toFixed(1)}
                  </span>
                ),
              },
            ]}
          />
        )}
      </Answer>
    </Section>
  )
}
