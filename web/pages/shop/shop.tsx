// Shop: how each connected shop fares, how far its syncs are, the webhooks that come from it, and what it asked by law.
import { Alert, Button, Progress, Text } from '@mantine/core'
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react'
import type { ShopResource, ShopState } from '../../../src/commerce/shop/contract.ts'
import { showDone, useWrite } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { formatNumber } from '../../ui/format.ts'
import { ButtonLink, TextLink } from '../../ui/links.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { Stat, Stats } from '../../ui/stat.tsx'
import { Answer } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import { StatusBadge } from '../integrations/status-badge.tsx'
import { cancelSync, shopState, syncCheckouts, syncCustomers, syncOrders, syncProducts } from './calls.ts'
import { NoShop } from './no-shop.tsx'
import classes from './shop.module.css'
import { StateBadge } from './state-badge.tsx'
import { useShops } from './use-shops.ts'
import { Requests, Webhooks } from './webhooks.tsx'
import { resourceWords, syncWords } from './words.ts'

export function ShopPage() {
  const found = useShops(3_000)
  const mayReadSettings = useMay('settings.read')
  return (
    <>
      <PageHeader
        title="Shop"
        about="What the connected shops tell: first all of it, then each change as it happens, and once a day what a message may have missed."
      />
      <Answer of={found} isEmpty={({ shops }) => shops.length === 0} empty={<NoShop />}>
        {({ shops }) => (
          <>
            {shops.map((shop) => (
              <Shop key={shop.connectionId} shop={shop} />
            ))}
            {mayReadSettings ? (
              <>
                <Webhooks shops={shops} />
                <Requests />
              </>
            ) : null}
          </>
        )}
      </Answer>
    </>
  )
}

function Shop({ shop }: { shop: ShopState }) {
  const { slug } = useWorkspace()
  const mayRead = useMay('settings.read')
  const params = { workspace: slug }
  const { counts, customersByStatus } = shop
  const troubled = (customersByStatus.conflict ?? 0) + (customersByStatus.failed ?? 0)
  return (
    <>
      <Section
        title={shop.name}
        about={`${shop.domain} · amounts in ${shop.currency} · ${shop.timeZone}`}
        actions={
          <>
            {shop.uninstalledAt ? null : <StatusBadge status={shop.status} />}
            {mayRead ? (
              <ButtonLink
                variant="default"
                to="/w/$workspace/integrations/$connectionId"
                params={{ ...params, connectionId: shop.connectionId }}
              >
                Connection
              </ButtonLink>
            ) : null}
          </>
        }
      >
        <Health shop={shop} />
        <dl className={classes.pairs}>
          <div>
            <dt>Last message</dt>
            <dd>{shop.lastWebhookAt ? <Time at={shop.lastWebhookAt} /> : 'none yet'}</dd>
          </div>
          <div>
            <dt>Changes</dt>
            <dd>{shop.isSubscribed ? 'come as they happen' : 'are not told yet'}</dd>
          </div>
        </dl>
      </Section>
      <div className={classes.stats}>
        <Stats>
          <Stat
            label="Customers"
            value={
              <TextLink fz="inherit" to="/w/$workspace/shop/customers" params={params}>
                {formatNumber(counts.customers)}
              </TextLink>
            }
            note={troubled > 0 ? `${formatNumber(troubled)} need a look` : 'in step with their leads'}
          />
          <Stat
            label="Orders"
            value={
              <TextLink fz="inherit" to="/w/$workspace/shop/orders" params={params}>
                {formatNumber(counts.orders)}
              </TextLink>
            }
          />
          <Stat
            label="Products"
            value={
              <TextLink fz="inherit" to="/w/$workspace/shop/products" params={params}>
                {formatNumber(counts.products)}
              </TextLink>
            }
          />
          <Stat
            label="Checkouts begun"
            value={
              <TextLink fz="inherit" to="/w/$workspace/shop/carts" params={params}>
                {formatNumber(counts.checkouts)}
              </TextLink>
            }
          />
        </Stats>
      </div>
      <Syncs shop={shop} />
    </>
  )
}

function Health({ shop }: { shop: ShopState }) {
  const words = shop.uninstalledAt
    ? 'The app was uninstalled in the shop. What came in stays; connect the shop again to go on.'
    : shop.problem
  return (
    <>
      {words ? (
        <Alert color={shop.uninstalledAt ? 'gray' : 'red'} icon={<IconAlertTriangle size={18} />} mb={16}>
          {words}
        </Alert>
      ) : null}
      {shop.missingScopes.length > 0 && !shop.uninstalledAt ? (
        <Alert color="yellow" icon={<IconAlertTriangle size={18} />} mb={16}>
          The shop has not given all rights, and what needs them does not work:{' '}
          {shop.missingScopes.join(', ')}. Connect it again under Integrations.
        </Alert>
      ) : null}
    </>
  )
}

function Syncs({ shop }: { shop: ShopState }) {
  const mayWrite = useMay('settings.write')
  const isWorking = shop.status === 'connected' && shop.uninstalledAt === null
  return (
    <Section
      title={`Sync with ${shop.name}`}
      about="It can be left: it goes on where it was, whatever happens in between."
      flush
    >
      <DataTable
        label={`Sync with ${shop.name}`}
        rows={shop.resources}
        rowId={({ resource }) => resource}
        columns={[
          { key: 'what', header: 'What', width: 120, cell: ({ resource }) => resourceWords[resource] },
          {
            key: 'state',
            header: 'State',
            cell: ({ running, last }) => {
              const sync = running ?? last
              return sync ? (
                <span className={classes.words}>
                  <span>
                    <StateBadge word={syncWords[sync.status]} />
                  </span>
                  {running ? (
                    <>
                      <Progress
                        value={running.percent ?? 0}
                        animated={running.percent === null}
                        aria-label={`Sync of ${resourceWords[running.resource]}`}
                      />
                      <Text fz="xs" c="dimmed" component="span">
                        {formatNumber(running.recordsRead)}
                        {running.recordsTotal === null
                          ? ''
                          : ` of ${formatNumber(running.recordsTotal)}`}{' '}
                        read
                      </Text>
                    </>
                  ) : null}
                  {sync.problem ? (
                    <Text fz="xs" c="dimmed" component="span" style={{ overflowWrap: 'anywhere' }}>
                      {sync.problem}
                    </Text>
                  ) : null}
                </span>
              ) : (
                'not yet'
              )
            },
          },
          {
            key: 'result',
            header: 'Last result',
            show: 'wide',
            cell: ({ last }) =>
              last
                ? `${formatNumber(last.recordsRead)} read, ${formatNumber(last.made)} new, ${formatNumber(last.changed)} changed`
                : '–',
          },
          {
            key: 'when',
            header: 'When',
            width: 136,
            show: 'wide',
            cell: ({ last }) => <Time at={last?.finishedAt ?? null} />,
          },
          {
            key: 'act',
            header: '',
            align: 'right',
            width: 168,
            cell: ({ resource, running }) =>
              mayWrite && isWorking ? (
                <SyncButton
                  resource={resource}
                  connectionId={shop.connectionId}
                  runningId={running?.id ?? null}
                />
              ) : null,
          },
        ]}
      />
    </Section>
  )
}

const starts: Record<ShopResource, typeof syncCustomers> = {
  customers: syncCustomers,
  orders: syncOrders,
  products: syncProducts,
  checkouts: syncCheckouts,
}

function SyncButton({
  resource,
  connectionId,
  runningId,
}: {
  resource: ShopResource
  connectionId: string
  runningId: string | null
}) {
  const start = useWrite(starts[resource], {
    stale: [shopState],
    onDone: () => showDone(`${resourceWords[resource]} are read anew.`),
  })
  const stop = useWrite(cancelSync, { stale: [shopState] })
  const name = resourceWords[resource].toLowerCase()
  return runningId ? (
    <Button
      size="xs"
      variant="default"
      loading={stop.isPending}
      aria-label={`Stop reading ${name}`}
      onClick={() => stop.mutate({ params: { id: runningId } })}
    >
      Stop
    </Button>
  ) : (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconRefresh size={14} />}
      loading={start.isPending}
      aria-label={`Read anew: ${name}`}
      onClick={() => start.mutate({ body: { connectionId, mode: 'full' } })}
    >
      Read anew
    </Button>
  )
}
