// What changed rules would make of the stages of real leads.
import { Table } from '@mantine/core'
import type { ReplyOf } from '../../../../src/lib/endpoint.ts'
import { stageLabels } from '../../../../src/projections/lifecycle/contract.ts'
import type { LifecycleRule, tryLifecycleRules } from '../../../../src/projections/lifecycle/contract.ts'
import { formatNumber } from '../../../ui/format.ts'
import { LeadLink } from '../../../ui/lead-link.tsx'
import { Section } from '../../../ui/section.tsx'
import classes from './lifecycle.module.css'

interface OutcomeProps {
  outcome: ReplyOf<typeof tryLifecycleRules>
  rules: readonly LifecycleRule[]
}

export function OutcomeSection({ outcome, rules }: OutcomeProps) {
  return (
    <Section
      title="What would change"
      about={`Tried on the ${formatNumber(outcome.leads)} leads seen last: ${formatNumber(outcome.changed)} of them would be in another stage.`}
    >
      <div className={classes.outcome}>
        <Table aria-label="Leads in each stage">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Stage</Table.Th>
              <Table.Th className={classes.number}>Now</Table.Th>
              <Table.Th className={classes.number}>Then</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {outcome.stages.map(({ stage, now, then }) => (
              <Table.Tr key={stage}>
                <Table.Td>{stageLabels[stage]}</Table.Td>
                <Table.Td className={classes.number}>{formatNumber(now)}</Table.Td>
                <Table.Td className={classes.number}>{formatNumber(then)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Table aria-label="Moves by each rule">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Rule</Table.Th>
              <Table.Th className={classes.number}>Moves</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {outcome.rules.map(({ id, moves }) => (
              <Table.Tr key={id}>
                <Table.Td>{rules.find((rule) => rule.id === id)?.name ?? id}</Table.Td>
                <Table.Td className={classes.number}>{formatNumber(moves)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {outcome.examples.length === 0 ? null : (
        <Table mt={16} aria-label="Leads that would be elsewhere">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Lead</Table.Th>
              <Table.Th>Now</Table.Th>
              <Table.Th>Then</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {outcome.examples.map(({ leadId, label, now, then }) => (
              <Table.Tr key={leadId}>
                <Table.Td>
                  <LeadLink id={leadId} label={label} />
                </Table.Td>
                <Table.Td>{stageLabels[now]}</Table.Td>
                <Table.Td>{stageLabels[then]}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  )
}
