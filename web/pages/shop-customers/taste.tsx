// What a customer buys, and what others with the same in their baskets bought beside it.
import { Text, Title } from '@mantine/core'
import { useCall } from '../../queries.ts'
import { count, formatNumber } from '../../ui/format.ts'
import { Section } from '../../ui/section.tsx'
import { Answer } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { getCustomerTaste } from '../shop/calls.ts'
import classes from '../shop/shop.module.css'

/** More are there to be looked up in the orders. */
const SHOWN = 8

export function TasteSection({ customerId }: { customerId: string }) {
  const found = useCall(getCustomerTaste, { params: { id: customerId }, query: {} }, { staleMs: 60_000 })
  return (
    <Answer of={found}>
      {({ bought, mayLike }) =>
        bought.length === 0 ? null : (
          <Section title="What they buy">
            <ul className={classes.lines} aria-label="Products bought">
              {bought.slice(0, SHOWN).map(({ key, name, orders, quantity, lastBoughtAt }) => (
                <li key={key}>
                  <span className={classes.grow}>{name}</span>
                  <span className={classes.figure}>
                    {formatNumber(quantity)} in {count(orders, 'order')}
                    <div className={classes.small}>
                      <Time at={lastBoughtAt} />
                    </div>
                  </span>
                </li>
              ))}
            </ul>
            {mayLike.length > 0 ? (
              <>
                <Title order={3} mt={16}>
                  May like
                </Title>
                <ul className={classes.lines} aria-label="Products they may like">
                  {mayLike.map(({ key, name, because, confidence, lift }) => (
                    <li key={key}>
                      <span className={classes.grow}>
                        {name}
                        <Text fz="xs" c="dimmed" component="div">
                          {(confidence * 100).toFixed(0)} % of those who bought {because.name} have it
                        </Text>
                      </span>
                      <span className={classes.figure}>×{lift.toFixed(1)}</span>
                    </li>
                  ))}
                </ul>
              </>
            ) : null}
          </Section>
        )
      }
    </Answer>
  )
}
