// What a customer is worth: until now, ahead with how sure that is, their rhythm, and the fit that it rests on.
import { Badge, Text } from '@mantine/core'
import type { Worth } from '../../../src/projections/journey/worth/contract.ts'
import { useCall } from '../../queries.ts'
import { count, formatDay, formatNumber } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { getCustomerWorth } from '../shop/calls.ts'
import classes from '../shop/shop.module.css'

export function WorthSection({ customerId }: { customerId: string }) {
  const found = useCall(getCustomerWorth, { params: { id: customerId }, query: {} }, { refetchMs: 15_000 })
  return (
    <Answer of={found}>
      {(worth) => (
        <Section
          title="Lifetime value"
          about="Merchandise that was paid for and kept: without tax and shipping, refunds taken off."
          actions={worth.rfm ? <Badge color="gray">{worth.rfm.segment}</Badge> : undefined}
        >
          <dl className={classes.pairs}>
            <History worth={worth} />
            <Ahead worth={worth} />
            <Rhythm worth={worth} />
          </dl>
          <Fit worth={worth} />
        </Section>
      )}
    </Answer>
  )
}

function History({ worth: { history, currency, rfm } }: { worth: Worth }) {
  return (
    <>
      <div>
        <dt>Until now</dt>
        <dd>
          {history.valueMinor === null ? (
            'No order that counts'
          ) : (
            <>
              {history.foreignDays === history.orderDays ? (
                '–'
              ) : (
                <Money minor={history.valueMinor} currency={currency} />
              )}
              <div className={classes.small}>
                {count(history.orderDays, 'day')} with an order
                {history.meanOrderMinor === null ? null : (
                  <>
                    , <Money minor={history.meanOrderMinor} currency={currency} /> each
                  </>
                )}
              </div>
              {history.foreignDays > 0 ? (
                <div className={classes.small}>
                  {history.foreignDays === history.orderDays ? 'All' : formatNumber(history.foreignDays)} of
                  them in another currency than {currency}, the workspace’s: they count as orders, their
                  amounts do not
                </div>
              ) : null}
            </>
          )}
        </dd>
      </div>
      {rfm ? (
        <div>
          <dt>Among buyers</dt>
          <dd>
            Recency {rfm.r}, frequency {rfm.f}, value {rfm.m}
            <div className={classes.small}>
              5 is best: the fifth of buyers that ordered latest, most, for most
            </div>
          </dd>
        </div>
      ) : null}
    </>
  )
}

function Ahead({ worth: { prediction, currency, churn } }: { worth: Worth }) {
  if (!prediction) return null
  const { valueBetween, ordersBetween, nextOrderBetween } = prediction
  return (
    <>
      <div>
        <dt>In the next {prediction.horizonDays} days</dt>
        <dd>
          <Money minor={prediction.valueMinor} currency={currency} />
          {valueBetween ? (
            <div className={classes.small}>
              8 in 10 such buyers end between <Money minor={valueBetween.low} currency={currency} /> and{' '}
              <Money minor={valueBetween.high} currency={currency} />
            </div>
          ) : null}
        </dd>
      </div>
      <div>
        <dt>Orders ahead</dt>
        <dd>
          {prediction.expectedOrders.toFixed(1)} of{' '}
          <Money minor={prediction.spendMinor} currency={currency} />
          {ordersBetween ? (
            <div className={classes.small}>
              8 in 10 place {formatNumber(ordersBetween.low)} to {formatNumber(ordersBetween.high)}
            </div>
          ) : null}
        </dd>
      </div>
      <div>
        <dt>Next order</dt>
        <dd>
          {prediction.nextOrderOn ? `about ${formatDay(prediction.nextOrderOn)}` : 'not foreseeable'}
          {nextOrderBetween.low ? (
            <div className={classes.small}>
              {nextOrderBetween.high
                ? `8 in 10 between ${formatDay(nextOrderBetween.low)} and ${formatDay(nextOrderBetween.high)}`
                : `not before ${formatDay(nextOrderBetween.low)} with 9 in 10, and maybe never`}
            </div>
          ) : null}
        </dd>
      </div>
      <div>
        <dt>Still a customer</dt>
        <dd>
          {Math.round(prediction.aliveChance * 100)}%
          {churn ? (
            <div className={classes.small}>
              {Math.round(churn.risk * 100)}% order nothing within {churn.horizonDays} days
            </div>
          ) : null}
        </dd>
      </div>
    </>
  )
}

function Rhythm({ worth: { cadence } }: { worth: Worth }) {
  if (!cadence) return null
  const { medianDays, shortestDays, longestDays, sinceLastDays, spread } = cadence
  return (
    <div>
      <dt>Rhythm</dt>
      <dd>
        every {formatNumber(Math.round(medianDays))} days
        <div className={classes.small}>
          {shortestDays === longestDays
            ? null
            : `between ${formatNumber(shortestDays)} and ${formatNumber(longestDays)}, `}
          {spread === null
            ? ''
            : `${spread < 0.5 ? 'regular' : spread < 1 ? 'fairly regular' : 'irregular'}, `}
          the last {count(sinceLastDays, 'day')} ago
        </div>
      </dd>
    </div>
  )
}

function Fit({ worth: { fit, history } }: { worth: Worth }) {
  if (history.valueMinor === null && fit.learnedAt === null) return null
  return (
    <Text fz="xs" c="dimmed" mt={16}>
      {fit.sentence}
      {fit.learnedAt ? (
        <>
          {' '}
          Learned <Time at={fit.learnedAt} /> from {count(fit.buyers, 'buyer')}.
        </>
      ) : null}{' '}
      {fit.warnings.join(' ')}
    </Text>
  )
}
