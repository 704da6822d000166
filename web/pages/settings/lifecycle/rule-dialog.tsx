// Making or changing a rule of the lifecycle: where it takes leads, and when.
import { Button, Group as Row, Modal, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useState } from 'react'
import { stageLabels, stages } from '../../../../src/projections/lifecycle/contract.ts'
import type { LifecycleRule } from '../../../../src/projections/lifecycle/contract.ts'
import { sentenceOf } from '../../../ui/conditions/builder-dialog.tsx'
import { ConditionBuilder } from '../../../ui/conditions/builder.tsx'
import { isComplete, toCondition, toGroup } from '../../../ui/conditions/draft.ts'
import type { OfferedFact } from '../../../ui/conditions/draft.ts'

interface RuleDialogProps {
  rule: LifecycleRule | undefined
  /** ids of the rules that there are */
  taken: readonly string[]
  facts: readonly OfferedFact[]
  onClose: () => void
  onSave: (rule: LifecycleRule) => void
}

export function RuleDialog({ rule, taken, facts, onClose, onSave }: RuleDialogProps) {
  const isPhone = useMediaQuery('(max-width: 48em)')
  const [name, setName] = useState(rule?.name ?? '')
  const [to, setTo] = useState(rule?.to ?? 'contacted')
  const [isBackward, setBackward] = useState(rule?.isBackward ?? false)
  const [group, setGroup] = useState(() => toGroup(rule?.when ?? { event: 'form_submitted', op: 'did' }))
  const when = toCondition(group)
  const complete = isComplete(group, (fact) => facts.find((one) => one.name === fact)?.type ?? 'text')
  const fitting = stages.filter((stage) => stage !== (isBackward ? 'customer' : 'new'))
  const chosen = fitting.includes(to) ? to : fitting[0]!
  return (
    <Modal
      opened
      onClose={onClose}
      title={rule ? `Change “${rule.name}”` : 'New rule'}
      size={860}
      fullScreen={isPhone}
    >
      <Stack gap={16}>
        <TextInput
          label="Name"
          required
          maxLength={120}
          placeholder="Asked for a demo"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Row gap={16} align="flex-end">
          <SegmentedControl
            aria-label="Direction"
            data={[
              { value: 'forward', label: 'Takes leads forward' },
              { value: 'back', label: 'Takes leads back' },
            ]}
            value={isBackward ? 'back' : 'forward'}
            onChange={(value) => setBackward(value === 'back')}
          />
          <Select
            label="To"
            allowDeselect={false}
            data={fitting.map((stage) => ({ value: stage, label: stageLabels[stage] }))}
            value={chosen}
            onChange={(value) => setTo(stages.find((stage) => stage === value) ?? chosen)}
          />
        </Row>
        <ConditionBuilder group={group} facts={facts} onChange={setGroup} />
        <Text c={when && complete ? undefined : 'dimmed'}>
          {when && complete
            ? `${sentenceOf(when, facts)}.`
            : 'Say what must hold; it is asked as of each event of a lead.'}
        </Text>
        <Row justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            disabled={!when || !complete || name.trim() === ''}
            onClick={() =>
              when &&
              onSave({
                id: rule?.id ?? freeId(name, taken),
                name: name.trim(),
                to: chosen,
                when,
                isBackward,
                isOn: rule?.isOn ?? true,
              })
            }
          >
            {rule ? 'Change' : 'Add'}
          </Button>
        </Row>
      </Stack>
    </Modal>
  )
}

// Made of the name once, and kept when the name changes: moves name it.
function freeId(name: string, taken: readonly string[]): string {
  const base =
    name
      .normalize('NFKD')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '_')
      .replaceAll(/^_+|_+$/g, '')
      .slice(0, 50) || 'rule'
  let id = base
  for (let n = 2; taken.includes(id); n++) id = `${base}_${n}`
  return id
}
