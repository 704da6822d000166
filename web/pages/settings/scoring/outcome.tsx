// What changed rules would make of real leads, beside what the rules in force make of them.
import { Table, Text } from '@mantine/core'
import type { ReplyOf } from '../../../../src/lib/endpoint.ts'
import type { simulateScoreRules } from '../../../../src/projections/score/contract.ts'
import { formatNumber } from '../../../ui/format.ts'
import { LeadLink } from '../../../ui/lead-link.tsx'
import { temperatureNames } from '../../../ui/score.tsx'
import { Section } from '../../../ui/section.tsx'
import classes from './scoring.module.css'

type Outcome = ReplyOf<typeof simulateScoreRules>

export function OutcomeSection({ outcome }: { outcome: Outcome }) {
  const most = Math.max(1, ...outcome.histogram.flatMap(({ now, then }) => [now, then]))
  return (
    <Section
      title="What would change"
      about={`Tried on the ${formatNumber(outcome.leads)} leads seen last: ${formatNumber(outcome.changed)} of them would change. The mean goes from ${points(outcome.meanNow)} to ${points(outcome.meanThen)}.`}
    >
      <div className={classes.outcome}>
        <div>
          <Text fw={500} mb={8}>
            Scores
          </Text>
          <div role="img" aria-label="Leads by score, now and then" className={classes.bars}>
            {outcome.histogram.map(({ from, now, then }) => (
              <div
                key={from}
                className={classes.bar}
                title={`${from} to ${from + 10}: ${now} now, ${then} then`}
              >
                <div className={classes.pair}>
                  <span className={classes.now} style={{ height: `${(100 * now) / most}%` }} />
                  <span className={classes.then} style={{ height: `${(100 * then) / most}%` }} />
                </div>
                <span className={classes.tick}>{from}</span>
              </div>
            ))}
          </div>
          <Text fz="xs" c="dimmed">
            <span className={classes.nowMark} aria-hidden /> now{' '}
            <span className={classes.thenMark} aria-hidden /> with these rules
          </Text>
        </div>
        <SideTable
          title="Grades"
          rows={outcome.grades.map(({ grade, ...side }) => ({ name: grade ?? 'Not scored', ...side }))}
        />
        <SideTable
          title="Temperature"
          rows={outcome.temperatures.map(({ temperature, ...side }) => ({
            name: temperatureNames[temperature] ?? temperature,
            ...side,
          }))}
        />
      </div>
      {outcome.examples.length === 0 ? null : (
        <Table.ScrollContainer minWidth={320} mt={16}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Moves most</Table.Th>
                <Table.Th className={classes.number}>Now</Table.Th>
                <Table.Th className={classes.number}>Then</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {outcome.examples.map((one) => (
                <Table.Tr key={one.leadId}>
                  <Table.Td>
                    <LeadLink id={one.leadId} label={one.label} />
                  </Table.Td>
                  <Table.Td className={classes.number}>
                    {points(one.now)} {one.gradeNow}
                  </Table.Td>
                  <Table.Td className={classes.number}>
                    {points(one.then)} {one.gradeThen}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Section>
  )
}

function SideTable({ title, rows }: { title: string; rows: { name: string; now: number; then: number }[] }) {
  return (
    <Table aria-label={title}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{title}</Table.Th>
          <Table.Th className={classes.number}>Now</Table.Th>
          <Table.Th className={classes.number}>Then</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(({ name, now, then }) => (
          <Table.Tr key={name}>
            <Table.Td>{name}</Table.Td>
            <Table.Td className={classes.number}>{formatNumber(now)}</Table.Td>
            <Table.Td className={classes.number}>{formatNumber(then)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function points(value: number | null): string {
  return value === null ? 'none' : value.toFixed(1)
}
