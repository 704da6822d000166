// One order beside the list: its lines, its refunds, and which touches earned the credit for it.
import { Drawer, Group, Stack, Text, Title } from '@mantine/core'
import type { ShopOrderDetail } from '../../../src/commerce/shop/contract.ts'
import { attributionHistory, modelLabels } from '../../../src/projections/attribution/contract.ts'
import type { ShownModel } from '../../../src/projections/attribution/contract.ts'
import { useCall } from '../../queries.ts'
import { formatNumber } from '../../ui/format.ts'
import { LeadLink } from '../../ui/lead-link.tsx'
import { Money } from '../../ui/money.tsx'
import { Answer } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { getOrder } from '../shop/calls.ts'
import classes from '../shop/shop.module.css'
import { StateBadge } from '../shop/state-badge.tsx'
import { orderStatusWords } from '../shop/words.ts'

export function OrderDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  return (
    <Drawer opened={id !== undefined} onClose={onClose} position="right" title="Order" size={640}>
      {id ? <Shown key={id} id={id} /> : null}
    </Drawer>
  )
}

function Shown({ id }: { id: string }) {
  const found = useCall(getOrder, { params: { id }, query: {} }, { refetchMs: 5_000 })
  return <Answer of={found}>{(order) => <Detail order={order} />}</Answer>
}

function Detail({ order }: { order: ShopOrderDetail }) {
  const { currency } = order
  return (
    <Stack gap={16}>
      <div>
        <Group gap={8}>
          <Text fw={600}>{order.number}</Text>
          <StateBadge word={orderStatusWords[order.status]} />
        </Group>
        <Text c="dimmed" fz="xs">
          by <LeadLink id={order.leadId} label={order.leadLabel} />, placed{' '}
          <Time at={order.placedAt} as="full" /> in {order.shopName}
          {order.cancelledAt ? (
            <>
              , cancelled <Time at={order.cancelledAt} as="full" />
            </>
          ) : null}
          {order.isTest ? '. A test of the shop: it is left out of revenue' : ''}
        </Text>
      </div>
      <div>
        <Title order={3}>Products</Title>
        <ul className={classes.lines} aria-label="Products">
          {order.lines.map((line, place) => (
            <li key={place}>
              <span className={classes.grow}>
                {formatNumber(line.quantity)} × {line.name}
                {line.variant ? `, ${line.variant}` : ''}
                {line.currentQuantity < line.quantity ? (
                  <div className={classes.small}>
                    {formatNumber(line.quantity - line.currentQuantity)} given back or taken out
                  </div>
                ) : null}
              </span>
              <span className={classes.figure}>
                <Money minor={line.priceMinor * line.quantity - line.discountMinor} currency={currency} />
                {line.discountMinor > 0 ? (
                  <div className={classes.small}>
                    after <Money minor={line.discountMinor} currency={currency} /> off
                  </div>
                ) : null}
              </span>
            </li>
          ))}
          <Sum label="Shipping" minor={order.shippingMinor} currency={currency} />
          <Sum label="Tax" minor={order.taxMinor} currency={currency} />
          <Sum label="In all" minor={order.totalMinor} currency={currency} />
          {order.refunds.map((refund) => (
            <li key={refund.id}>
              <span className={classes.grow}>
                Refund <Time at={refund.refundedAt} />
              </span>
              <span className={classes.figure}>
                <Money minor={-refund.minor} currency={currency} />
              </span>
            </li>
          ))}
          <Sum label="Left of it" minor={order.netMinor} currency={currency} />
        </ul>
      </div>
      {order.note ? <Text style={{ overflowWrap: 'anywhere' }}>{order.note}</Text> : null}
      {order.discountCodes.length > 0 || order.tags.length > 0 ? (
        <Text fz="xs" c="dimmed">
          {order.discountCodes.length > 0 ? `Codes: ${order.discountCodes.join(', ')}. ` : ''}
          {order.tags.length > 0 ? `Tags: ${order.tags.join(', ')}.` : ''}
        </Text>
      ) : null}
      <Credit order={order} />
    </Stack>
  )
}

function Sum({ label, minor, currency }: { label: string; minor: number; currency: string }) {
  return (
    <li>
      <span className={classes.grow}>{label}</span>
      <span className={classes.figure}>
        <Money minor={minor} currency={currency} />
      </span>
    </li>
  )
}

function Credit({ order }: { order: ShopOrderDetail }) {
  const found = useCall(attributionHistory, { params: { id: order.leadId } }, { refetchMs: 15_000 })
  return (
    <div>
      <Title order={3}>Where its credit went</Title>
      <Answer of={found} compact>
        {({ conversions, models }) => {
          const conversion = conversions.find(({ conversionId }) => conversionId === order.id)
          if (!conversion)
            return (
              <Text c="dimmed">
                {order.isTest || order.netMinor === 0
                  ? 'Nothing is left of it, so there is nothing to give credit for.'
                  : 'Not worked out yet: that follows within seconds of an order.'}
              </Text>
            )
          const model = (models[0] ?? 'linear') as ShownModel
          return (
            <>
              <Text fz="xs" c="dimmed">
                By the model {modelLabels[model]}; the lead’s journey shows the others.
              </Text>
              <ul className={classes.lines} aria-label="Credit">
                {conversion.touches.map(({ eventId, at, channel, source, campaign, earned }, place) => (
                  <li key={eventId || place}>
                    <span className={classes.grow}>
                      {at === null ? 'No touch led to it' : channel}
                      {at === null ? null : (
                        <div className={classes.small}>
                          <Time at={at} />
                          {[source, campaign].filter(Boolean).map((word) => ` · ${word}`)}
                        </div>
                      )}
                    </span>
                    <span className={classes.figure}>
                      {earned[model] ? (
                        <Money minor={earned[model].minor} currency={conversion.currency} />
                      ) : (
                        '–'
                      )}
                    </span>
                  </li>
                ))}
              </ul>
            </>
          )
        }}
      </Answer>
    </div>
  )
}
