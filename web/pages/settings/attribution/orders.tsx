// Markov models of order 2 and 3 on request: how far each has come, what it cost, and what it found.
import { Alert, Button, Checkbox, Group as Row, NativeSelect, Progress, Table, Text } from '@mantine/core'
import { useState } from 'react'
import {
  cancelAttributionOrder,
  goalKey,
  learnAttributionOrder,
  listAttributionOrders,
} from '../../../../src/projections/attribution/contract.ts'
import type { AttributionSettings, OrderRun } from '../../../../src/projections/attribution/contract.ts'
import { useCall, useWrite } from '../../../queries.ts'
import { formatNumber } from '../../../ui/format.ts'
import { goalName } from '../../../ui/goal-name.ts'
import { Section } from '../../../ui/section.tsx'
import { Answer } from '../../../ui/states.tsx'
import { Time } from '../../../ui/time.tsx'
import classes from './attribution.module.css'

interface OrdersSectionProps {
  /** those in force: their journeys are read */
  settings: AttributionSettings
  mayWrite: boolean
}

export function OrdersSection({ settings, mayWrite }: OrdersSectionProps) {
  const [isRunning, setRunning] = useState(false)
  const found = useCall(listAttributionOrders, {}, { refetchMs: isRunning ? 1_500 : 30_000 })
  const items = found.data?.items ?? []
  const runs = items.some(({ status }) => status === 'running')
  if (runs !== isRunning) setRunning(runs)
  return (
    <Section
      title="Markov of higher order"
      about="Order 1 knows the channel somebody is at, orders 2 and 3 also the one or two before it. They are learned on request, from the journeys of the last year by the settings in force, and say little below 10,000 journeys."
    >
      {mayWrite ? <Ask settings={settings} /> : null}
      <Answer of={found} compact>
        {({ items: all }) =>
          all.length === 0 ? (
            <Text c="dimmed">None was asked for in the last 30 days.</Text>
          ) : (
            <Chosen key={all[0]?.id} runs={all} mayWrite={mayWrite} />
          )
        }
      </Answer>
    </Section>
  )
}

function Ask({ settings }: { settings: AttributionSettings }) {
  const goals = settings.goals.map(goalKey)
  const [goal, setGoal] = useState(goals[0] ?? 'order')
  const [order, setOrder] = useState('2')
  const [intervals, setIntervals] = useState(true)
  const learn = useWrite(learnAttributionOrder, { stale: [listAttributionOrders] })
  return (
    <div className={classes.form}>
      <NativeSelect
        size="xs"
        aria-label="Conversion to learn"
        value={goal}
        onChange={(event) => setGoal(event.currentTarget.value)}
        data={goals.map((one) => ({ value: one, label: goalName(one) }))}
      />
      <NativeSelect
        size="xs"
        aria-label="Order"
        value={order}
        onChange={(event) => setOrder(event.currentTarget.value)}
        data={[
          { value: '2', label: 'Order 2' },
          { value: '3', label: 'Order 3' },
        ]}
      />
      <Checkbox
        mb={5}
        label="With 95% bounds (200 resamples)"
        checked={intervals}
        onChange={(event) => setIntervals(event.currentTarget.checked)}
      />
      <Button
        size="xs"
        variant="default"
        loading={learn.isPending}
        onClick={() => learn.mutate({ body: { goal, order: order === '3' ? 3 : 2, intervals } })}
      >
        Learn
      </Button>
    </div>
  )
}

function Chosen({ runs, mayWrite }: { runs: OrderRun[]; mayWrite: boolean }) {
  const [id, setId] = useState(runs[0]?.id)
  const run = runs.find((one) => one.id === id) ?? runs[0]
  if (!run) return null
  return (
    <>
      {runs.length > 1 ? (
        <NativeSelect
          size="xs"
          mb={12}
          aria-label="Which one is shown"
          value={run.id}
          onChange={(event) => setId(event.currentTarget.value)}
          data={runs.map((one) => ({
            value: one.id,
            label: `${goalName(one.goal)}, order ${one.order}, ${one.createdAt.slice(0, 16).replace('T', ' ')} UTC${one.status === 'running' ? ', learning' : ''}`,
          }))}
        />
      ) : null}
      <Run run={run} mayWrite={mayWrite} />
    </>
  )
}

function Run({ run, mayWrite }: { run: OrderRun; mayWrite: boolean }) {
  const cancel = useWrite(cancelAttributionOrder, { stale: [listAttributionOrders] })
  const { id, goal, order, status, resamples, drawn, tookMs, found, createdAt } = run
  if (status === 'running')
    return (
      <>
        <Row gap={12} justify="space-between" mb={8}>
          <Text>
            {goalName(goal)}, order {order}:{' '}
            {drawn === 0
              ? 'learning'
              : `${formatNumber(drawn)} of ${formatNumber(resamples)} resamples, ${cost(tookMs)} so far`}
            . You can leave.
          </Text>
          {mayWrite ? (
            <Button
              size="compact-xs"
              variant="default"
              loading={cancel.isPending}
              onClick={() => cancel.mutate({ params: { id } })}
            >
              Stop
            </Button>
          ) : null}
        </Row>
        <Progress value={(100 * drawn) / Math.max(1, resamples)} aria-label="Resamples drawn" />
      </>
    )
  if (status === 'cancelled')
    return (
      <Text c="dimmed">
        {goalName(goal)}, order {order}: stopped <Time at={createdAt} />, after {cost(tookMs)}.
      </Text>
    )
  if (!found)
    return (
      <Alert color="red" variant="light">
        {goalName(goal)}, order {order}: it stopped on an error of ours; the log has it. Ask for it again.
      </Alert>
    )
  return (
    <>
      <Text mb={8}>
        {goalName(goal)}, order {order}, <Time at={createdAt} />: {formatNumber(found.journeys)} journeys with{' '}
        {formatNumber(found.conversions)} conversions, {formatNumber(found.states)} states
        {resamples > 0 ? `, ${formatNumber(resamples)} resamples` : ''}. It cost {cost(tookMs)}.
      </Text>
      {found.reason ? <Text c="dimmed">{found.reason}</Text> : null}
      {found.caution ? (
        <Alert color="yellow" variant="light" mb={8}>
          {found.caution}
        </Alert>
      ) : null}
      {found.channels.length > 0 ? <Channels run={run} /> : null}
    </>
  )
}

function Channels({ run: { found, resamples } }: { run: OrderRun }) {
  const channels = [...(found?.channels ?? [])].sort((a, b) => b.share - a.share)
  const bounds = ([low, high]: [number, number]) =>
    resamples > 0 ? `${percent(low)} to ${percent(high)}` : ''
  return (
    <div className={classes.scroller} tabIndex={0} role="region" aria-label="What the order found">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Channel</Table.Th>
            <Table.Th className={classes.number}>Share of conversions</Table.Th>
            {resamples > 0 ? <Table.Th className={classes.number}>95 of 100 resamples</Table.Th> : null}
            <Table.Th className={classes.number}>Share of value</Table.Th>
            {resamples > 0 ? <Table.Th className={classes.number}>95 of 100 resamples</Table.Th> : null}
            <Table.Th className={classes.number}>Lost without it</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {channels.map(({ channel, share, interval, valueShare, valueInterval, removalEffect }) => (
            <Table.Tr key={channel}>
              <Table.Td>{channel}</Table.Td>
              <Table.Td className={classes.number}>{percent(share)}</Table.Td>
              {resamples > 0 ? <Table.Td className={classes.number}>{bounds(interval)}</Table.Td> : null}
              <Table.Td className={classes.number}>{percent(valueShare)}</Table.Td>
              {resamples > 0 ? <Table.Td className={classes.number}>{bounds(valueInterval)}</Table.Td> : null}
              <Table.Td className={classes.number}>{percent(removalEffect)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`
}

function cost(ms: number): string {
  return ms < 1_000 ? 'less than a second' : `${formatNumber(Math.round(ms / 1_000))} seconds`
}
