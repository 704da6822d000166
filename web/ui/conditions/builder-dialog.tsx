// The builder in a dialog: the condition as a sentence, whom it fits while it is written, and applying it.
import { Button, Group as Row, Modal, Stack, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useState } from 'react'
import { conditionWords } from '../../../src/conditions/contract.ts'
import type { Condition } from '../../../src/conditions/contract.ts'
import { ConditionBuilder } from './builder.tsx'
import { isComplete, toCondition, toGroup } from './draft.ts'
import type { OfferedFact } from './draft.ts'
import { Preview } from './preview.tsx'

interface BuilderDialogProps {
  condition: Condition | undefined
  facts: readonly OfferedFact[]
  audience: 'known' | 'anonymous' | 'all'
  onClose: () => void
  onApply: (condition: Condition | undefined) => void
}

export function BuilderDialog({ condition, facts, audience, onClose, onApply }: BuilderDialogProps) {
  const [group, setGroup] = useState(() => toGroup(condition))
  const isPhone = useMediaQuery('(max-width: 48em)')
  const said = toCondition(group)
  const complete = isComplete(group, (name) => facts.find((fact) => fact.name === name)?.type ?? 'text')
  return (
    <Modal opened onClose={onClose} title="Filter" size={860} fullScreen={isPhone}>
      <Stack gap={16}>
        <ConditionBuilder group={group} facts={facts} onChange={setGroup} />
        <div>
          {said ? <Text>{sentenceOf(said, facts)}</Text> : <Text c="dimmed">Add what leads must have.</Text>}
          {said && complete ? <Preview condition={said} facts={facts} audience={audience} /> : null}
          {complete ? null : <Text c="dimmed">Fill in what is still empty.</Text>}
        </div>
        <Row justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={!complete} onClick={() => onApply(said)}>
            Apply
          </Button>
        </Row>
      </Stack>
    </Modal>
  )
}

/** The condition as a sentence, with the words that this workspace has for values. */
export function sentenceOf(condition: Condition, facts: readonly OfferedFact[]): string {
  const byName = new Map(facts.map((fact) => [fact.name, fact]))
  return conditionWords(condition, {
    factOf: (name) => byName.get(name),
    valueLabel: (name, value) =>
      byName.get(name)?.choices?.find((choice) => choice.value === value)?.label ?? value,
  })
}
