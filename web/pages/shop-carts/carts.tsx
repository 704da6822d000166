// Abandoned carts: what was left behind, what came back of it, and where each can be bought still.
import { Anchor, Button, Group, SegmentedControl, Switch, Text } from '@mantine/core'
import { IconExternalLink, IconRefresh, IconShoppingCart } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { CartRow, CartState, CartSums } from '../../../src/commerce/carts/contract.ts'
import { showDone, useCallPages, useWrite } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import type { Column } from '../../ui/data-table.tsx'
import { count, formatNumber } from '../../ui/format.ts'
import { LeadLink } from '../../ui/lead-link.tsx'
import { Money } from '../../ui/money.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Stat, Stats } from '../../ui/stat.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import type { CartsAddress } from '../shop/address.ts'
import { listAbandonedCarts, lookAtAbandonedCarts } from '../shop/calls.ts'
import classes from '../shop/shop.module.css'
import { StateBadge } from '../shop/state-badge.tsx'
import { CartSettingsButton } from './settings.tsx'

const stateWords: Record<CartState, { label: string; colour: string }> = {
  abandoned: { label: 'Left behind', colour: 'yellow' },
  recovered: { label: 'Recovered', colour: 'green' },
  open: { label: 'Open', colour: 'gray' },
  bought: { label: 'Bought', colour: 'gray' },
}

export function CartsPage() {
  const { slug } = useWorkspace()
  const search = useSearch({ from: '/w/$workspace/shop/carts' })
  const navigate = useNavigate()
  const go = (change: Partial<CartsAddress>) =>
    void navigate({
      to: '/w/$workspace/shop/carts',
      params: { workspace: slug },
      search: { ...search, ...change },
      replace: true,
    })
  const state = search.state === 'every' ? undefined : (search.state ?? 'abandoned')
  const found = useCallPages(
    listAbandonedCarts,
    { query: { state, people: search.people ?? 'known', days: 30, limit: 50 } },
    { refetchMs: 10_000, keepPrevious: true },
  )
  const first = found.data?.pages[0]
  const items = found.data?.pages.flatMap((page) => page.items)
  return (
    <>
      <PageHeader
        title="Abandoned carts"
        about={
          first
            ? `A cart that nobody touched for ${spanOf(first.settings.abandonedAfterMinutes)} counts as left behind; an order of the same person within ${count(first.settings.recoveredWithinDays, 'day')} recovers it.`
            : 'Carts that were filled and not bought.'
        }
        actions={
          <>
            <LookButton />
            {first ? <CartSettingsButton settings={first.settings} /> : null}
          </>
        }
      />
      {first ? <Sums sums={first.sums} /> : null}
      <Group gap={16} my={16}>
        <SegmentedControl
          aria-label="State"
          className={classes.statuses}
          value={search.state ?? 'abandoned'}
          onChange={(value) =>
            go({ state: (['recovered', 'open', 'bought', 'every'] as const).find((one) => one === value) })
          }
          data={[
            { value: 'abandoned', label: 'Left behind' },
            { value: 'recovered', label: 'Recovered' },
            { value: 'open', label: 'Open' },
            { value: 'bought', label: 'Bought in time' },
            { value: 'every', label: 'All' },
          ]}
        />
        <Switch
          label="Also of visitors whom nobody knows"
          checked={search.people === 'all'}
          onChange={(event) => go({ people: event.currentTarget.checked ? 'all' : undefined })}
        />
      </Group>
      <Answer
        of={{ data: items, error: found.error, refetch: found.refetch }}
        isEmpty={(list) => list.length === 0}
        empty={
          <EmptyState icon={IconShoppingCart} title="No such carts">
            Carts come from connected shops, and from tracked sites that tell when a product is put into the
            cart or a checkout begins.
          </EmptyState>
        }
      >
        {(list) => (
          <DataTable
            label="Carts"
            keyboard
            rows={list}
            rowId={({ id }) => id}
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
    </>
  )
}

function LookButton() {
  const mayWrite = useMay('leads.write')
  const look = useWrite(lookAtAbandonedCarts, {
    stale: [listAbandonedCarts],
    onDone: ({ abandoned, recovered }) =>
      showDone(
        abandoned + recovered === 0
          ? 'Nothing changed since the last look.'
          : `${count(abandoned, 'cart')} newly left behind, ${formatNumber(recovered)} recovered.`,
      ),
  })
  return mayWrite ? (
    <Button
      variant="default"
      leftSection={<IconRefresh size={16} />}
      loading={look.isPending}
      onClick={() => look.mutate({})}
    >
      Look now
    </Button>
  ) : null
}

function Sums({ sums }: { sums: CartSums }) {
  return (
    <Stats>
      <Stat label="Left behind, 30 days" value={formatNumber(sums.abandoned)} />
      <Stat
        label="Recovered"
        value={formatNumber(sums.recovered)}
        note={sums.rate === null ? undefined : `${(sums.rate * 100).toFixed(1)} % of them`}
      />
      <Stat label="Recovered revenue" value={<Amounts of={sums.recoveredRevenue} />} note="refunds off" />
      <Stat label="Lies there still" value={<Amounts of={sums.lying} />} />
    </Stats>
  )
}

function Amounts({ of }: { of: CartSums['lying'] }) {
  if (of.length === 0) return '–'
  return of.map(({ currency, minor }) => (
    <div key={currency}>
      <Money minor={minor} currency={currency} />
    </div>
  ))
}

const columns: Column<CartRow>[] = [
  {
    key: 'who',
    header: 'Whose',
    cell: ({ leadId, leadLabel, lines, shopName }) => (
      <span className={classes.words}>
        <LeadLink id={leadId} label={leadLabel} />
        <Text fz="xs" c="dimmed" component="span" lineClamp={2}>
          {lines.map(({ name, quantity }) => `${formatNumber(quantity)} × ${name}`).join(', ')}
          {shopName ? ` · ${shopName}` : ''}
        </Text>
      </span>
    ),
  },
  {
    key: 'state',
    header: 'State',
    width: 128,
    show: 'wide',
    cell: ({ state }) => <StateBadge word={stateWords[state]} />,
  },
  {
    key: 'total',
    header: 'Worth',
    align: 'right',
    width: 112,
    cell: ({ totalMinor, currency }) => <Money minor={totalMinor} currency={currency} />,
  },
  {
    key: 'touched',
    header: 'Last touched',
    width: 128,
    show: 'wide',
    cell: ({ changedAt }) => <Time at={changedAt} />,
  },
  {
    key: 'order',
    header: 'Became',
    width: 136,
    cell: ({ order, state, recoveryUrl }) =>
      order ? (
        <span className={classes.words}>
          <span>
            {order.number ?? 'An order'} <Time at={order.placedAt} />
          </span>
          <span className={classes.small}>
            <Money minor={order.netMinor} currency={order.currency} />
          </span>
        </span>
      ) : recoveryUrl && state !== 'bought' ? (
        <Anchor href={recoveryUrl} target="_blank" rel="noreferrer noopener">
          Recovery link <IconExternalLink size={14} aria-hidden />
        </Anchor>
      ) : (
        '–'
      ),
  },
]

function spanOf(minutes: number): string {
  if (minutes % 1440 === 0) return count(minutes / 1440, 'day')
  return minutes % 60 === 0 ? count(minutes / 60, 'hour') : count(minutes, 'minute')
}
