// The editor of one comparison: its operator and, where it takes one, its value.
import { Autocomplete, Button, Group, NumberInput, Select, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { FormEvent } from 'react'
import { operatorWords, valueShape } from '../../../src/conditions/contract.ts'
import type { Comparison, Value } from '../../../src/conditions/contract.ts'
import { hasValue, valueUnder } from '../../ui/conditions/draft.ts'
import type { OfferedFact } from '../../ui/conditions/draft.ts'
import { offeredOperators } from './filter-words.ts'

interface FilterEditorProps {
  comparison: Comparison
  fact: OfferedFact
  onDone: (comparison: Comparison) => void
}

export function FilterEditor({ comparison, fact, onDone }: FilterEditorProps) {
  const [draft, setDraft] = useState(comparison)
  const fitting = offeredOperators(fact.type)
  const complete = hasValue(fact.type, draft.op, draft.value)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (complete) onDone(draft)
  }
  return (
    <form onSubmit={submit}>
      <Stack gap={8} w={260}>
        <Select
          size="xs"
          aria-label={`How ${fact.label} is compared`}
          data={fitting.map((op) => ({ value: op, label: operatorWords(fact.type, op) }))}
          value={draft.op}
          onChange={(op) => {
            const chosen = fitting.find((one) => one === op)
            if (chosen) setDraft({ ...draft, op: chosen, value: valueUnder(fact.type, chosen, draft.value) })
          }}
          comboboxProps={{ withinPortal: false }}
        />
        {valueShape(fact.type, draft.op) !== 'none' ? (
          <ValueInput draft={draft} fact={fact} onChange={(value) => setDraft({ ...draft, value })} />
        ) : null}
        <Group justify="flex-end">
          <Button type="submit" size="xs" disabled={!complete}>
            Apply
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface ValueInputProps {
  draft: Comparison
  fact: OfferedFact
  onChange: (value: Value | undefined) => void
}

function ValueInput({ draft, fact, onChange }: ValueInputProps) {
  const shared = { size: 'xs', 'aria-label': `Value of ${fact.label}`, 'data-autofocus': true } as const
  const { op, value } = draft
  if (typeof value === 'object' && !Array.isArray(value)) {
    return (
      <NumberInput
        {...shared}
        min={1}
        max={1_200}
        allowDecimal={false}
        suffix={` ${value.unit}`}
        value={value.count}
        onChange={(next) => onChange({ ...value, count: typeof next === 'number' ? next : 1 })}
      />
    )
  }
  if (fact.type === 'number') {
    return (
      <NumberInput
        {...shared}
        value={typeof value === 'number' ? value : ''}
        onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
      />
    )
  }
  if (fact.type === 'date') {
    return (
      <TextInput
        {...shared}
        type="date"
        value={typeof value === 'string' ? value.slice(0, 10) : ''}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    )
  }
  const isList = Array.isArray(value)
  const isExact = isList || op === 'is' || op === 'is_not'
  const shown = String(isList ? (value[0] ?? '') : (value ?? ''))
  const given = (next: string) => (isList ? (next === '' ? [] : [next]) : next)
  if (isExact && fact.choices && fact.choices.length > 0 && fact.choices.every(isNamed)) {
    return (
      <Select
        {...shared}
        searchable
        placeholder="Choose one"
        nothingFoundMessage="Nothing like that"
        data={fact.choices}
        value={shown === '' ? null : shown}
        onChange={(next) => onChange(given(next ?? ''))}
        comboboxProps={{ withinPortal: false }}
        withScrollArea={false}
        styles={{ options: { maxHeight: 200, overflowY: 'auto' } }}
      />
    )
  }
  return (
    <Autocomplete
      {...shared}
      value={shown}
      onChange={(next) => onChange(given(next))}
      data={isExact ? (fact.choices ?? []).map((choice) => choice.value) : []}
      comboboxProps={{ withinPortal: false }}
      withScrollArea={false}
      styles={{ options: { maxHeight: 200, overflowY: 'auto' } }}
    />
  )
}

function isNamed({ value }: { value: string }): boolean {
  return value !== ''
}
