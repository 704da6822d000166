// What a form counted: views, submissions, what was sent back and why, and addresses that wait to be confirmed.
import { SegmentedControl, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { formStatistics } from '../../../src/forms/contract.ts'
import type { Form, FormStatistics } from '../../../src/forms/contract.ts'
import { useCall } from '../../queries.ts'
import { formatDay, formatNumber } from '../../ui/format.ts'
import { Section } from '../../ui/section.tsx'
import { Stat, Stats } from '../../ui/stat.tsx'
import { Answer } from '../../ui/states.tsx'
import classes from './forms.module.css'
import { percent } from './words.ts'

export function FormNumbers({ form }: { form: Form }) {
  const [days, setDays] = useState('30')
  const found = useCall(
    formStatistics,
    { params: { id: form.id }, query: { days: Number(days) } },
    { refetchMs: 10_000, keepPrevious: true },
  )
  return (
    <div className={classes.column}>
      <SegmentedControl
        className={classes.period}
        aria-label="Period"
        value={days}
        onChange={setDays}
        data={[
          { value: '7', label: '7 days' },
          { value: '30', label: '30 days' },
          { value: '90', label: '90 days' },
        ]}
      />
      <Answer of={found}>
        {(statistics) => <Numbers statistics={statistics} isDoubleOptIn={form.definition.isDoubleOptIn} />}
      </Answer>
    </div>
  )
}

function Numbers({ statistics, isDoubleOptIn }: { statistics: FormStatistics; isDoubleOptIn: boolean }) {
  const { counts, refused, confirmations } = statistics
  const hasConfirmations =
    isDoubleOptIn || confirmations.confirmed + confirmations.waiting + confirmations.unsent > 0
  return (
    <>
      <Stats>
        <Stat label="Views" value={formatNumber(counts.views)} note="people and page loads, without robots" />
        <Stat label="Submissions" value={formatNumber(counts.submissions)} note="each a lead" />
        <Stat label="Conversion" value={percent(counts.conversion)} note="submissions out of views" />
        <Stat label="Sent back" value={formatNumber(counts.refused)} note="kept nowhere, counted below" />
      </Stats>
      <Section title="Sent back, and why" flush={refused.length > 0}>
        {refused.length === 0 ? (
          <Text c="dimmed">Nothing was sent back.</Text>
        ) : (
          <Table aria-label="Sent back, and why">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Why</Table.Th>
                <Table.Th className={classes.number}>How often</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {refused.map(({ reason, count, explanation }) => (
                <Table.Tr key={reason}>
                  <Table.Td>{explanation}</Table.Td>
                  <Table.Td className={classes.number}>{formatNumber(count)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Section>
      {hasConfirmations ? (
        <Section
          title="Double opt-in"
          about="Consents count once their address is confirmed. Addresses are kept here for 30 days; the consent itself stays with the lead."
        >
          <Stats>
            <Stat label="Confirmed" value={formatNumber(confirmations.confirmed)} />
            <Stat label="Waiting for a click" value={formatNumber(confirmations.waiting)} />
            <Stat
              label="Mail not sent"
              value={formatNumber(confirmations.unsent)}
              note={confirmations.words ?? undefined}
            />
          </Stats>
        </Section>
      ) : null}
      <Section title="By day" flush>
        <Table aria-label="By day">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Day (UTC)</Table.Th>
              <Table.Th className={classes.number}>Views</Table.Th>
              <Table.Th className={classes.number}>Submissions</Table.Th>
              <Table.Th className={classes.number}>Sent back</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {daysWithAny(statistics).map((day) => (
              <Table.Tr key={day.on}>
                <Table.Td>{formatDay(day.on)}</Table.Td>
                <Table.Td className={classes.number}>{formatNumber(day.views)}</Table.Td>
                <Table.Td className={classes.number}>{formatNumber(day.submissions)}</Table.Td>
                <Table.Td className={classes.number}>{formatNumber(day.refused)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Section>
    </>
  )
}

// The newest first, without the empty days before the first that has anything.
function daysWithAny({ days }: FormStatistics): FormStatistics['days'] {
  const first = days.findIndex(({ views, submissions, refused }) => views + submissions + refused > 0)
  return days.slice(first === -1 ? -1 : first).reverse()
}
