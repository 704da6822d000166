// Rates of currencies: what a unit is worth in the workspace's own, from a day on.
import { ActionIcon, Button, NumberInput, Text, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import {
  deleteCurrencyRate,
  listCurrencyRates,
  setCurrencyRates,
} from '../../../../src/projections/attribution/contract.ts'
import { showDone, useCall, useWrite } from '../../../queries.ts'
import { formatDay } from '../../../ui/format.ts'
import { Section } from '../../../ui/section.tsx'
import { Answer } from '../../../ui/states.tsx'
import classes from './attribution.module.css'

export function RatesSection({ mayWrite }: { mayWrite: boolean }) {
  const found = useCall(listCurrencyRates, {}, { staleMs: 60_000 })
  const [currency, setCurrency] = useState('')
  const [startsOn, setStartsOn] = useState('')
  const [rate, setRate] = useState<number | string>('')
  const write = useWrite(setCurrencyRates, {
    stale: [listCurrencyRates],
    onDone: () => {
      setRate('')
      showDone('Entered; amounts are converted anew in the background.')
    },
  })
  const remove = useWrite(deleteCurrencyRate, { stale: [listCurrencyRates] })
  return (
    <Answer of={found}>
      {({ currency: ours, items }) => (
        <Section
          title="Rates of currencies"
          about={`Reports are in ${ours}. An amount in another currency counts by the rate of its day; without one it is shown apart.`}
        >
          {mayWrite ? (
            <form
              className={classes.form}
              onSubmit={(event) => {
                event.preventDefault()
                write.mutate({ body: { rates: [{ currency, startsOn, rate: Number(rate) }] } })
              }}
            >
              <TextInput
                label="Currency"
                placeholder="USD"
                w={104}
                maxLength={3}
                required
                value={currency}
                onChange={(event) => setCurrency(event.currentTarget.value.toUpperCase())}
              />
              <TextInput
                type="date"
                label="From"
                required
                value={startsOn}
                onChange={(event) => setStartsOn(event.currentTarget.value)}
              />
              <NumberInput
                label={`One is worth, in ${ours}`}
                w={168}
                min={0}
                required
                decimalScale={8}
                value={rate}
                onChange={setRate}
              />
              <Button type="submit" disabled={!(Number(rate) > 0)} loading={write.isPending}>
                Enter
              </Button>
            </form>
          ) : null}
          {items.length === 0 ? <Text c="dimmed">No rate is entered.</Text> : null}
          <ul className={classes.list}>
            {items.map((one) => (
              <li key={`${one.currency} ${one.startsOn}`}>
                <Text>
                  1 {one.currency} = {one.rate} {ours} from {formatDay(one.startsOn)}
                </Text>
                {mayWrite ? (
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={`Take away the rate of ${one.currency} from ${one.startsOn}`}
                    onClick={() =>
                      remove.mutate({ params: { currency: one.currency, startsOn: one.startsOn } })
                    }
                  >
                    <IconTrash size={16} stroke={1.6} />
                  </ActionIcon>
                ) : null}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </Answer>
  )
}
