// Making or changing a rule of the score: what it asks, its points, and how they fade and are capped.
import {
  Button,
  Group as Row,
  Modal,
  NumberInput,
  SegmentedControl,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useState } from 'react'
import type { Condition, EventComparison } from '../../../../src/conditions/contract.ts'
import type { Dimension, ScoreRule } from '../../../../src/projections/score/contract.ts'
import { ConditionBuilder } from '../../../ui/conditions/builder.tsx'
import { isComplete, toCondition, toGroup } from '../../../ui/conditions/draft.ts'
import type { OfferedFact } from '../../../ui/conditions/draft.ts'
import { EventRow } from '../../../ui/conditions/event-row.tsx'
import classes from './scoring.module.css'

interface RuleDialogProps {
  place: Dimension | 'deductions'
  isFit: boolean
  rule: ScoreRule | undefined
  facts: readonly OfferedFact[]
  onClose: () => void
  onSave: (rule: ScoreRule) => void
}

const FIRST_DEED: EventComparison = { event: 'form_submitted', op: 'did' }
const HALF_LIVES: Partial<Record<Dimension | 'deductions', number>> = {
  behavioural: 90,
  engagement: 30,
  intent: 14,
}

export function RuleDialog({ place, isFit, rule, facts, onClose, onSave }: RuleDialogProps) {
  const isPhone = useMediaQuery('(max-width: 48em)')
  const [draft, setDraft] = useState<ScoreRule>(() => rule ?? newRule(place, isFit))
  const [group, setGroup] = useState(() =>
    toGroup(draft.counts === 'while_it_holds' ? draft.when : undefined),
  )
  const [only, setOnly] = useState(() => toGroup(draft.only ?? undefined))
  const set = (part: Partial<ScoreRule>) => setDraft((before) => ({ ...before, ...part }))
  const isDeed = draft.counts === 'each_time'
  const deed: EventComparison = 'event' in draft.when ? draft.when : FIRST_DEED
  const when: Condition | undefined = isDeed
    ? { event: deed.event, op: 'did', where: deed.where }
    : toCondition(group)
  const typeOf = (name: string) => facts.find((fact) => fact.name === name)?.type ?? 'text'
  const hasOnly = isDeed && draft.only !== null
  const complete = isDeed
    ? !hasOnly || (toCondition(only) !== undefined && isComplete(only, typeOf))
    : isComplete(group, typeOf)
  const isDeduction = place === 'deductions'
  const isReady = when !== undefined && complete && draft.name.trim() !== '' && draft.points !== 0
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
          placeholder="Works in marketing"
          value={draft.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        {isFit ? null : (
          <SegmentedControl
            aria-label="When it counts"
            data={[
              { value: 'each_time', label: 'Each time something is done' },
              { value: 'while_it_holds', label: 'Once, while it holds' },
            ]}
            value={draft.counts}
            onChange={(counts) => set({ counts: counts === 'each_time' ? counts : 'while_it_holds' })}
          />
        )}
        {isDeed ? (
          <EventRow asked={{ ...deed, op: 'did' }} onChange={(asked) => set({ when: asked })} />
        ) : (
          <ConditionBuilder group={group} facts={facts} onChange={setGroup} />
        )}
        <div className={classes.numbers}>
          <NumberInput
            label={isDeduction ? 'Points taken off' : 'Points'}
            min={0.1}
            max={1000}
            decimalScale={1}
            value={Math.abs(draft.points)}
            onChange={(value) => set({ points: (isDeduction ? -1 : 1) * Math.abs(Number(value) || 0) })}
          />
          {isFit ? (
            <TextInput
              label="Criterion"
              description="Of one criterion the best rule counts"
              maxLength={60}
              placeholder="Seniority"
              value={draft.criterion}
              onChange={(event) => set({ criterion: event.currentTarget.value })}
            />
          ) : null}
          {isDeed ? (
            <>
              <OptionalNumber
                label="Half is left after"
                suffix=" days"
                empty="they stay"
                value={draft.halfLifeDays}
                onChange={(halfLifeDays) => set({ halfLifeDays })}
              />
              <OptionalNumber
                label="Counts a day at most"
                suffix=" times"
                empty="always"
                value={draft.perDay}
                onChange={(perDay) => set({ perDay })}
              />
              <OptionalNumber
                label="For the same page or product"
                suffix=" times a day"
                empty="always"
                value={draft.perAssetAndDay}
                onChange={(perAssetAndDay) => set({ perAssetAndDay })}
              />
              <OptionalNumber
                label="Counts ever at most"
                suffix=" times"
                empty="always"
                value={draft.atMost}
                onChange={(atMost) => set({ atMost })}
              />
            </>
          ) : null}
        </div>
        {isDeed ? <Repeats value={draft.repeats} onChange={(repeats) => set({ repeats })} /> : null}
        {isDeed ? (
          <Switch
            label="Counts only while something holds of the lead"
            checked={draft.only !== null}
            onChange={(event) =>
              set({ only: event.currentTarget.checked ? { fact: 'country', op: 'is_set' } : null })
            }
          />
        ) : null}
        {hasOnly ? <ConditionBuilder group={only} facts={facts} onChange={setOnly} /> : null}
        {isDeed && !isDeduction ? (
          <Switch
            label="A sign of high intent: while it is fresh it makes a lead hot"
            checked={draft.isHighIntent}
            onChange={(event) => set({ isHighIntent: event.currentTarget.checked })}
          />
        ) : null}
        {isDeed && isDeduction ? (
          <Switch
            label="Takes away the engagement gathered so far"
            checked={draft.clears.includes('engagement')}
            onChange={(event) => set({ clears: event.currentTarget.checked ? ['engagement'] : [] })}
          />
        ) : null}
        {complete ? null : <Text c="dimmed">Fill in what is still empty.</Text>}
        <Row justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            disabled={!isReady}
            onClick={() =>
              when && onSave({ ...draft, when, only: hasOnly ? (toCondition(only) ?? null) : null })
            }
          >
            {rule ? 'Change' : 'Add'}
          </Button>
        </Row>
      </Stack>
    </Modal>
  )
}

const FIRST_REPEATS = { times: 3, withinDays: 7 }

// A deed that counts only once it was done so often within so many days.
function Repeats({
  value,
  onChange,
}: {
  value: ScoreRule['repeats']
  onChange: (value: ScoreRule['repeats']) => void
}) {
  return (
    <>
      <Switch
        label="Counts only when it is repeated; then counting begins anew"
        checked={value !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? FIRST_REPEATS : null)}
      />
      {value === null ? null : (
        <div className={classes.numbers}>
          <NumberInput
            label="So often"
            suffix=" times"
            min={2}
            max={1000}
            allowDecimal={false}
            value={value.times}
            onChange={(times) => onChange({ ...value, times: Math.max(2, Number(times) || 2) })}
          />
          <NumberInput
            label="Within"
            suffix=" days"
            min={0.1}
            max={365}
            value={value.withinDays}
            onChange={(days) => onChange({ ...value, withinDays: Math.max(0.1, Number(days) || 1) })}
          />
        </div>
      )}
    </>
  )
}

interface OptionalNumberProps {
  label: string
  suffix: string
  /** what an empty field means */
  empty: string
  value: number | null
  onChange: (value: number | null) => void
}

function OptionalNumber({ label, suffix, empty, value, onChange }: OptionalNumberProps) {
  return (
    <NumberInput
      label={label}
      min={1}
      max={3650}
      suffix={suffix}
      placeholder={empty}
      value={value ?? ''}
      onChange={(given) => onChange(typeof given === 'number' && given > 0 ? given : null)}
    />
  )
}

function newRule(place: Dimension | 'deductions', isFit: boolean): ScoreRule {
  return {
    id: `rule_${Date.now().toString(36)}`,
    name: '',
    points: place === 'deductions' ? -10 : 10,
    counts: isFit ? 'while_it_holds' : 'each_time',
    when: isFit ? { fact: 'country', op: 'is_set' } : FIRST_DEED,
    halfLifeDays: HALF_LIVES[place] ?? null,
    perDay: 20,
    perAssetAndDay: 3,
    atMost: null,
    repeats: null,
    only: null,
    clears: [],
    criterion: '',
    isHighIntent: false,
    isOn: true,
  }
}
