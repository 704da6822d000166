// Spend by day, channel and campaign: entered by hand or read from a CSV file.
import { ActionIcon, Button, FileButton, NumberInput, Text, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { currencyExponent } from '../../../../src/lib/money.ts'
import { importSpend, listSpend, setSpend } from '../../../../src/projections/attribution/contract.ts'
import { showDone, useCall, useWrite } from '../../../queries.ts'
import { formatDay } from '../../../ui/format.ts'
import { Money } from '../../../ui/money.tsx'
import { Section } from '../../../ui/section.tsx'
import { Answer } from '../../../ui/states.tsx'
import classes from './attribution.module.css'

const SHOWN = 50

export function SpendSection({ currency, mayWrite }: { currency: string; mayWrite: boolean }) {
  const found = useCall(listSpend, { query: {} }, { staleMs: 60_000 })
  const [spentOn, setSpentOn] = useState('')
  const [channel, setChannel] = useState('')
  const [campaign, setCampaign] = useState('')
  const [amount, setAmount] = useState<number | string>('')
  const write = useWrite(setSpend, { stale: [listSpend], onDone: () => setAmount('') })
  const read = useWrite(importSpend, {
    stale: [listSpend],
    onDone: ({ written, rejectedLines, rejected: [first] }) =>
      showDone(
        `${written} amounts are entered.${first ? ` ${rejectedLines} lines could not be read; line ${first.line}: ${first.reason}` : ''}`,
      ),
  })
  const minor = Math.round(Number(amount) * 10 ** (currencyExponent(currency) ?? 2))
  return (
    <Section
      title="Spend"
      about="Gives ROAS and the cost of a conversion. A file has the columns date, channel and amount, and may have campaign and currency."
      actions={
        mayWrite ? (
          <FileButton
            accept=".csv,text/csv"
            onChange={(file) => {
              if (file) void file.text().then((csv) => read.mutate({ body: { csv } }))
            }}
          >
            {(props) => (
              <Button {...props} size="xs" variant="default" loading={read.isPending}>
                Read a CSV file
              </Button>
            )}
          </FileButton>
        ) : undefined
      }
    >
      {mayWrite ? (
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault()
            write.mutate({ body: { items: [{ spentOn, channel, campaign, currency, amountMinor: minor }] } })
          }}
        >
          <TextInput
            type="date"
            label="Day"
            required
            value={spentOn}
            onChange={(event) => setSpentOn(event.currentTarget.value)}
          />
          <TextInput
            label="Channel"
            placeholder="Paid Search"
            required
            maxLength={60}
            value={channel}
            onChange={(event) => setChannel(event.currentTarget.value)}
          />
          <TextInput
            label="Campaign, if of one"
            maxLength={200}
            value={campaign}
            onChange={(event) => setCampaign(event.currentTarget.value)}
          />
          <NumberInput
            label={`Amount (${currency})`}
            w={136}
            min={0}
            required
            value={amount}
            onChange={setAmount}
          />
          <Button type="submit" disabled={!(minor > 0)} loading={write.isPending}>
            Enter
          </Button>
        </form>
      ) : null}
      <Answer of={found}>
        {({ items }) => (
          <>
            {items.length === 0 ? <Text c="dimmed">Nothing is entered.</Text> : null}
            <ul className={classes.list}>
              {items.slice(0, SHOWN).map((item) => (
                <li key={`${item.spentOn} ${item.channel} ${item.campaign} ${item.currency}`}>
                  <Text>
                    {formatDay(item.spentOn)}: {item.channel}
                    {item.campaign ? `, ${item.campaign}` : ''}
                  </Text>
                  <span>
                    <Money minor={item.amountMinor} currency={item.currency} />
                    {mayWrite ? (
                      <ActionIcon
                        variant="subtle"
                        color="gray"
                        aria-label={`Take away ${item.channel} of ${item.spentOn}`}
                        onClick={() => write.mutate({ body: { items: [{ ...item, amountMinor: 0 }] } })}
                      >
                        <IconTrash size={16} stroke={1.6} />
                      </ActionIcon>
                    ) : null}
                  </span>
                </li>
              ))}
            </ul>
            {items.length > SHOWN ? (
              <Text c="dimmed">And {items.length - SHOWN} more; the newest are shown.</Text>
            ) : null}
          </>
        )}
      </Answer>
    </Section>
  )
}
