// Settings that were tried on all leads: how far each has come, and what it gives beside those in force.
import { Button, NativeSelect, Progress, Table, Text } from '@mantine/core'
import { useState } from 'react'
import {
  adoptAttributionWhatIf,
  getAttributionSettings,
  getAttributionWhatIf,
  listAttributionWhatIfs,
  modelLabels,
} from '../../../../src/projections/attribution/contract.ts'
import type { ShownModel, WhatIf } from '../../../../src/projections/attribution/contract.ts'
import { showDone, useCall, useWrite } from '../../../queries.ts'
import { formatNumber } from '../../../ui/format.ts'
import { goalName } from '../../../ui/goal-name.ts'
import { Money } from '../../../ui/money.tsx'
import { Section } from '../../../ui/section.tsx'
import { Answer } from '../../../ui/states.tsx'
import classes from './attribution.module.css'

export function TriesSection({ inForce, mayWrite }: { inForce: number; mayWrite: boolean }) {
  const { data } = useCall(listAttributionWhatIfs, {}, { refetchMs: 10_000 })
  const newest = data?.items.find(({ basedOn }) => basedOn === inForce)
  return newest ? <Try key={newest.id} id={newest.id} mayWrite={mayWrite} /> : null
}

function Try({ id, mayWrite }: { id: string; mayWrite: boolean }) {
  const [isOver, setOver] = useState(false)
  const found = useCall(getAttributionWhatIf, { params: { id } }, isOver ? {} : { refetchMs: 1_500 })
  if (!isOver && found.data && found.data.status !== 'running') setOver(true)
  return <Answer of={found}>{(attempt) => <Outcome attempt={attempt} mayWrite={mayWrite} />}</Answer>
}

function Outcome({ attempt, mayWrite }: { attempt: WhatIf; mayWrite: boolean }) {
  const goals = [...new Set(attempt.lines.map(({ goal, currency }) => `${goal} ${currency}`))]
  const models = [...new Set(attempt.lines.map(({ model }) => model))] as ShownModel[]
  const [goal, setGoal] = useState<string>()
  const [model, setModel] = useState<string>()
  const shownGoal = goal ?? goals.find((one) => one.startsWith('order ')) ?? goals[0] ?? ''
  const shownModel = model ?? models.find((one) => one === 'linear') ?? models[0] ?? ''
  const lines = attempt.lines.filter(
    (line) => `${line.goal} ${line.currency}` === shownGoal && line.model === shownModel,
  )
  const adopt = useWrite(adoptAttributionWhatIf, {
    stale: [getAttributionSettings],
    onDone: ({ version }) =>
      showDone(`Version ${version} is in force; the credit of leads follows in the background.`),
  })
  const isRunning = attempt.status === 'running'
  return (
    <Section
      title="What would change"
      about={
        isRunning
          ? `Tried on ${formatNumber(attempt.done)} of ${formatNumber(attempt.total)} leads. You can leave; it is kept a day.`
          : `Tried on ${formatNumber(attempt.done)} leads, beside the settings in force.`
      }
      actions={
        mayWrite && attempt.status === 'done' ? (
          <Button
            size="xs"
            loading={adopt.isPending}
            onClick={() => adopt.mutate({ params: { id: attempt.id } })}
          >
            Adopt these settings
          </Button>
        ) : undefined
      }
    >
      {isRunning ? (
        <Progress
          value={(100 * attempt.done) / Math.max(1, attempt.total)}
          aria-label="Leads tried"
          mb={16}
        />
      ) : null}
      {lines.length === 0 ? (
        <Text c="dimmed">{isRunning ? 'Working.' : 'Neither gives credit for anything.'}</Text>
      ) : (
        <>
          <div className={classes.form}>
            <NativeSelect
              size="xs"
              aria-label="Conversion"
              value={shownGoal}
              onChange={(event) => setGoal(event.currentTarget.value)}
              data={goals.map((one) => {
                const [name = '', currency = ''] = [one.slice(0, one.lastIndexOf(' ')), one.split(' ').at(-1)]
                return { value: one, label: `${goalName(name)} (${currency})` }
              })}
            />
            <NativeSelect
              size="xs"
              aria-label="Model"
              value={shownModel}
              onChange={(event) => setModel(event.currentTarget.value)}
              data={models.map((one) => ({ value: one, label: modelLabels[one] }))}
            />
          </div>
          <div className={classes.scroller} tabIndex={0} role="region" aria-label="Credit now and then">
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Channel</Table.Th>
                  <Table.Th className={classes.number}>Conversions now</Table.Th>
                  <Table.Th className={classes.number}>Then</Table.Th>
                  <Table.Th className={classes.number}>Revenue now</Table.Th>
                  <Table.Th className={classes.number}>Then</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {lines.map(({ channel, currency, before, after }) => (
                  <Table.Tr key={channel}>
                    <Table.Td>{channel}</Table.Td>
                    <Table.Td className={classes.number}>{(before.units / 1e6).toFixed(1)}</Table.Td>
                    <Table.Td className={classes.number}>{(after.units / 1e6).toFixed(1)}</Table.Td>
                    <Table.Td className={classes.number}>
                      <Money minor={before.minor} currency={currency} />
                    </Table.Td>
                    <Table.Td className={classes.number}>
                      <Money minor={after.minor} currency={currency} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
        </>
      )}
    </Section>
  )
}
