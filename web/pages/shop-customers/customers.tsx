// Customers of the connected shops: whose lead each is, what they bought, and whether lead and shop are in step.
import { Button, Group, Select, Text } from '@mantine/core'
import { IconUserHeart } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { Condition } from '../../../src/conditions/contract.ts'
import { customerSyncStatuses } from '../../../src/commerce/shop/contract.ts'
import type { ShopCustomer } from '../../../src/commerce/shop/contract.ts'
import { rfmSegmentNames } from '../../../src/projections/journey/contract.ts'
import { useCallPages } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import type { Column } from '../../ui/data-table.tsx'
import { formatNumber } from '../../ui/format.ts'
import { TextLink } from '../../ui/links.tsx'
import { Money } from '../../ui/money.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useWorkspace } from '../../workspace.ts'
import type { CustomersAddress } from '../shop/address.ts'
import { listCustomers } from '../shop/calls.ts'
import { NoShop } from '../shop/no-shop.tsx'
import { SearchField } from '../shop/search-field.tsx'
import classes from '../shop/shop.module.css'
import { StateBadge } from '../shop/state-badge.tsx'
import { useShops } from '../shop/use-shops.ts'
import { customerSyncWords } from '../shop/words.ts'

export function CustomersPage() {
  const { slug } = useWorkspace()
  const search = useSearch({ from: '/w/$workspace/shop/customers' })
  const navigate = useNavigate()
  const go = (change: Partial<CustomersAddress>) =>
    void navigate({
      to: '/w/$workspace/shop/customers',
      params: { workspace: slug },
      search: { ...search, ...change },
      replace: true,
    })
  const shops = useShops()
  const { q, sync, sort } = search
  const found = useCallPages(
    listCustomers,
    { query: { search: q, syncStatus: sync, sort: sort ?? 'created', limit: 50 } },
    { refetchMs: 5_000, keepPrevious: true },
  )
  const items = found.data?.pages.flatMap((page) => page.items)
  const isFiltered = q !== undefined || sync !== undefined
  return (
    <>
      <PageHeader
        title="Customers"
        about="People whom the connected shops know. Each is a lead here, with everything else that is known of it."
      />
      <Group gap={8} mb={16}>
        <SearchField label="Name, e-mail or number" value={q} onSearch={(text) => go({ q: text })} />
        <Select
          aria-label="Order"
          w={200}
          value={sort ?? 'created'}
          allowDeselect={false}
          onChange={(value) => go({ sort: value === 'spent' || value === 'orders' ? value : undefined })}
          data={[
            { value: 'created', label: 'Newest first' },
            { value: 'spent', label: 'Spent most first' },
            { value: 'orders', label: 'Most orders first' },
          ]}
        />
        <Select
          aria-label="In step with the shop"
          placeholder="In step or not"
          clearable
          w={208}
          value={sync ?? null}
          onChange={(value) => go({ sync: customerSyncStatuses.find((one) => one === value) })}
          data={customerSyncStatuses.map((value) => ({ value, label: customerSyncWords[value].label }))}
        />
      </Group>
      <Answer
        of={{ data: items, error: found.error, refetch: found.refetch }}
        isEmpty={(list) => list.length === 0}
        empty={
          !isFiltered && shops.data?.shops.length === 0 ? (
            <NoShop />
          ) : (
            <EmptyState icon={IconUserHeart} title={isFiltered ? 'Nobody fits' : 'No customers yet'}>
              {isFiltered
                ? 'No customer of the connected shops is like this.'
                : 'The first sync brings them in; it says under Shop how far it is.'}
            </EmptyState>
          )
        }
      >
        {(list) => (
          <DataTable
            label="Customers"
            keyboard
            rows={list}
            rowId={({ connectionId, id }) => `${connectionId} ${id}`}
            onOpen={({ id }) =>
              void navigate({
                to: '/w/$workspace/shop/customers/$customerId',
                params: { workspace: slug, customerId: id },
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
      {(items?.length ?? 0) > 0 ? (
        <div className={classes.below}>
          <Habits />
        </div>
      ) : null}
    </>
  )
}

const columns: Column<ShopCustomer>[] = [
  {
    key: 'who',
    header: 'Customer',
    cell: ({ label, email, tags, deletedAt }) => (
      <span className={classes.words}>
        <Text fw={500} component="span" truncate>
          {label}
        </Text>
        <Text fz="xs" c="dimmed" component="span" truncate>
          {[deletedAt ? 'no longer in the shop' : '', email === label ? '' : (email ?? ''), tags.join(', ')]
            .filter(Boolean)
            .join(' · ')}
        </Text>
      </span>
    ),
  },
  {
    key: 'orders',
    header: 'Orders',
    align: 'right',
    width: 88,
    cell: ({ orderCount }) => formatNumber(orderCount),
  },
  {
    key: 'revenue',
    header: 'Left of them',
    align: 'right',
    width: 128,
    cell: ({ revenueMinor, currency }) => <Money minor={revenueMinor} currency={currency} />,
  },
  {
    key: 'last',
    header: 'Last order',
    width: 128,
    show: 'wide',
    cell: ({ lastOrderAt }) => <Time at={lastOrderAt} />,
  },
  {
    key: 'sync',
    header: 'With the shop',
    width: 176,
    show: 'wide',
    cell: ({ syncStatus }) => <StateBadge word={customerSyncWords[syncStatus]} />,
  },
]

/** Ways of buying as filters of the leads, of which segments are made. */
const HABITS: readonly { label: string; about: string; condition: Condition }[] = [
  ...rfmSegmentNames.map((name) => ({
    label: name,
    about: 'by when, how often and for how much they buy',
    condition: { fact: 'rfmSegment', op: 'is' as const, value: name },
  })),
  {
    label: 'Bought once',
    about: 'one order so far',
    condition: { fact: 'orderCount', op: 'equals', value: 1 },
  },
  {
    label: 'Bought again and went quiet',
    about: 'two orders or more, the last more than 90 days ago',
    condition: {
      and: [
        { fact: 'orderCount', op: 'at_least', value: 2 },
        { fact: 'lastOrderAt', op: 'more_than_ago', value: { count: 90, unit: 'days' } },
      ],
    },
  },
  {
    label: 'Left a cart behind',
    about: 'within the last two weeks',
    condition: {
      event: 'cart_abandoned',
      op: 'did',
      within: { op: 'in_last', value: { count: 14, unit: 'days' } },
    },
  },
]

function Habits() {
  const { slug } = useWorkspace()
  return (
    <Section
      title="By how they buy"
      about="Each leads to the leads that buy like this now; saved there as a segment, it is kept up by itself."
    >
      <Group gap={8}>
        {HABITS.map(({ label, about, condition }) => (
          <TextLink
            key={label}
            to="/w/$workspace/leads"
            params={{ workspace: slug }}
            search={{ filter: condition }}
            title={about}
            mr={16}
          >
            {label}
          </TextLink>
        ))}
      </Group>
    </Section>
  )
}
