// One customer: what they are worth, their orders, what they may like next, and where lead and shop differ.
import { Button, Group, TagsInput, Text } from '@mantine/core'
import { useNavigate, useParams } from '@tanstack/react-router'
import type { ShopCustomerDetail } from '../../../src/commerce/shop/contract.ts'
import { useCall, useCallPages, useWrite } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { formatNumber, words } from '../../ui/format.ts'
import { ButtonLink, TextLink } from '../../ui/links.tsx'
import { Money } from '../../ui/money.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { Stat, Stats } from '../../ui/stat.tsx'
import { Answer } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import { LeadSegments } from '../lead/segments.tsx'
import {
  getCustomer,
  listCustomerOrders,
  listCustomers,
  resolveConflict,
  tagCustomer,
} from '../shop/calls.ts'
import classes from '../shop/shop.module.css'
import { StateBadge } from '../shop/state-badge.tsx'
import { customerSyncWords, orderStatusWords } from '../shop/words.ts'
import { TasteSection } from './taste.tsx'
import { WorthSection } from './worth.tsx'

export function CustomerPage() {
  const { customerId } = useParams({ from: '/w/$workspace/shop/customers/$customerId' })
  const { slug } = useWorkspace()
  const found = useCall(getCustomer, { params: { id: customerId }, query: {} }, { refetchMs: 5_000 })
  return (
    <>
      <PageHeader
        title={found.data?.label ?? 'Customer'}
        aside={found.data ? <StateBadge word={customerSyncWords[found.data.syncStatus]} /> : undefined}
        about={
          <TextLink to="/w/$workspace/shop/customers" params={{ workspace: slug }}>
            All customers
          </TextLink>
        }
        actions={
          found.data ? (
            <ButtonLink
              variant="default"
              to="/w/$workspace/leads/$id"
              params={{ workspace: slug, id: found.data.leadId }}
            >
              Timeline and everything else
            </ButtonLink>
          ) : undefined
        }
      />
      <Answer of={found}>{(customer) => <Detail key={customer.id} customer={customer} />}</Answer>
    </>
  )
}

function Detail({ customer }: { customer: ShopCustomerDetail }) {
  const { currency } = customer
  return (
    <>
      <Stats>
        <Stat label="Orders" value={formatNumber(customer.orderCount)} note="as the shop counts" />
        <Stat
          label="Left of them"
          value={<Money minor={customer.revenueMinor} currency={currency} />}
          note="refunds off, without cancelled ones"
        />
        <Stat label="First order" value={<Time at={customer.firstOrderAt} />} />
        <Stat label="Last order" value={<Time at={customer.lastOrderAt} />} />
      </Stats>
      <Group my={16}>
        <LeadSegments leadId={customer.leadId} />
      </Group>
      <Conflicts customer={customer} />
      <div className={classes.columns}>
        <div>
          <WorthSection customerId={customer.id} />
          <TasteSection customerId={customer.id} />
        </div>
        <div>
          <Orders customerId={customer.id} />
          <Known customer={customer} />
        </div>
      </div>
    </>
  )
}

function Orders({ customerId }: { customerId: string }) {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  const found = useCallPages(
    listCustomerOrders,
    { params: { id: customerId }, query: { limit: 10 } },
    { refetchMs: 5_000, keepPrevious: true },
  )
  const items = found.data?.pages.flatMap((page) => page.items)
  return (
    <Section title="Orders" flush={(items?.length ?? 0) > 0}>
      <Answer
        of={{ data: items, error: found.error, refetch: found.refetch }}
        isEmpty={(list) => list.length === 0}
        empty={<Text c="dimmed">No order of this customer is known.</Text>}
      >
        {(list) => (
          <DataTable
            label="Orders of this customer"
            rows={list}
            rowId={({ id }) => id}
            onOpen={({ id }) =>
              void navigate({
                to: '/w/$workspace/shop/orders',
                params: { workspace: slug },
                search: { open: id },
              })
            }
            columns={[
              {
                key: 'number',
                header: 'Order',
                cell: ({ number, placedAt }) => (
                  <span className={classes.words}>
                    <Text fw={500} component="span">
                      {number}
                    </Text>
                    <span className={classes.small}>
                      <Time at={placedAt} />
                    </span>
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
                key: 'net',
                header: 'Left of it',
                align: 'right',
                width: 112,
                cell: ({ netMinor, currency }) => <Money minor={netMinor} currency={currency} />,
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

function Known({ customer }: { customer: ShopCustomerDetail }) {
  const mayWrite = useMay('leads.write')
  const tag = useWrite(tagCustomer, { stale: [getCustomer, listCustomers] })
  const change = (tags: string[]) =>
    tag.mutate({
      params: { id: customer.id },
      query: { connectionId: customer.connectionId },
      body: {
        add: tags.filter((one) => !customer.tags.includes(one)),
        remove: customer.tags.filter((one) => !tags.includes(one)),
      },
    })
  return (
    <Section
      title="As the shop knows them"
      about={
        <>
          Number {customer.id} in {customer.shopName}, heard of <Time at={customer.syncedAt} />
        </>
      }
    >
      <TagsInput
        label="Tags"
        description={mayWrite ? 'Written to the shop, too.' : undefined}
        value={customer.tags}
        onChange={change}
        disabled={!mayWrite || customer.deletedAt !== null || tag.isPending}
        mb={16}
      />
      {customer.syncProblem ? (
        <Text c="red" mb={16} style={{ overflowWrap: 'anywhere' }}>
          {customer.syncProblem}
        </Text>
      ) : null}
      <dl className={classes.pairs}>
        <Pair label="E-mail" value={customer.email} />
        <Pair label="Phone" value={customer.phone} />
        <Pair label="Language" value={customer.locale} />
        <ConsentPair label="E-mail marketing" {...customer.emailConsent} />
        <ConsentPair label="SMS marketing" {...customer.smsConsent} />
        <Pair label="Note" value={customer.note} />
      </dl>
    </Section>
  )
}

function Pair({ label, value }: { label: string; value: string | null }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd style={{ overflowWrap: 'anywhere' }}>{value ?? '–'}</dd>
    </div>
  )
}

function ConsentPair({ label, state, at }: { label: string; state: string | null; at: string | null }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {state ? words(state) : '–'}
        {at ? (
          <div className={classes.small}>
            <Time at={at} />
          </div>
        ) : null}
      </dd>
    </div>
  )
}

function Conflicts({ customer }: { customer: ShopCustomerDetail }) {
  const mayWrite = useMay('leads.write')
  const resolve = useWrite(resolveConflict, { stale: [getCustomer, listCustomers] })
  if (customer.conflicts.length === 0) return null
  return (
    <Section title="Both changed the same" about="Lead and shop each say something else. Which is right?">
      <ul className={classes.lines} aria-label="Conflicts">
        {customer.conflicts.map(({ field, lead, shop, foundAt }) => (
          <li key={field}>
            <span className={classes.grow}>
              <Text fw={500} component="span">
                {words(field)}
              </Text>
              <div>Here: {lead || 'nothing'}</div>
              <div>In the shop: {shop || 'nothing'}</div>
              <div className={classes.small}>
                <Time at={foundAt} />
              </div>
            </span>
            {mayWrite ? (
              <Group gap={8}>
                {(['lead', 'shop'] as const).map((keep) => (
                  <Button
                    key={keep}
                    size="xs"
                    variant="default"
                    loading={resolve.isPending}
                    aria-label={`${keep === 'lead' ? 'Keep ours' : 'Take the shop’s'}: ${field}`}
                    onClick={() =>
                      resolve.mutate({
                        params: { id: customer.id },
                        query: { connectionId: customer.connectionId },
                        body: { field, keep },
                      })
                    }
                  >
                    {keep === 'lead' ? 'Keep ours' : 'Take the shop’s'}
                  </Button>
                ))}
              </Group>
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  )
}
