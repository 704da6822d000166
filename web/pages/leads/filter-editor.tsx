// The editor of one comparison: its operator and, where it takes one, its value.
import { Autocomplete, Button, Group, NumberInput, Select, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { FormEvent } from 'react'
import { operators } from '../../../src/conditions/contract.ts'
import type { Comparison, Operator } from '../../../src/conditions/contract.ts'
import { isComplete, operatorWords, takesValue, withOperator } from './filter-words.ts'
import type { OfferedFact } from './filter-words.ts'

interface FilterEditorProps {
  comparison: Comparison
  fact: OfferedFact
  onDone: (comparison: Comparison) => void
}

export function FilterEditor({ comparison, fact, onDone }: FilterEditorProps) {
  const [draft, setDraft] = useState(comparison)
  const fitting: readonly Operator[] = operators[fact.type]
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isComplete(draft)) onDone(draft)
  }
  return (
    <form onSubmit={submit}>
      <Stack gap={8} w={260}>
        <Select
          size="xs"
          aria-label={`How ${fact.label} is compared`}
          data={fitting.map((op) => ({ value: op, label: operatorWords(op, fact.type) }))}
          value={draft.op}
          onChange={(op) => {
            const chosen = fitting.find((one) => one === op)
            if (chosen) setDraft(withOperator(draft, chosen))
          }}
          comboboxProps={{ withinPortal: false }}
        />
        {takesValue(draft.op) ? (
          <ValueInput draft={draft} fact={fact} onChange={(value) => setDraft({ ...draft, value })} />
        ) : null}
        <Group justify="flex-end">
          <Button type="submit" size="xs" disabled={!isComplete(draft)}>
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
  onChange: (value: string | number | undefined) => void
}

function ValueInput({ draft, fact, onChange }: ValueInputProps) {
  const shared = { size: 'xs', 'aria-label': `Value of ${fact.label}`, 'data-autofocus': true } as const
  const { op, value } = draft
  if (op === 'in_last_days' || op === 'not_in_last_days') {
    return (
      <NumberInput
        {...shared}
        min={1}
        max={36_500}
        allowDecimal={false}
        suffix={value === 1 ? ' day' : ' days'}
        value={value ?? ''}
        onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
      />
    )
  }
  if (fact.type === 'number') {
    return (
      <NumberInput
        {...shared}
        value={value ?? ''}
        onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
      />
    )
  }
  if (fact.type === 'instant') {
    return (
      <TextInput
        {...shared}
        type="date"
        value={String(value ?? '').slice(0, 10)}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    )
  }
  const isExact = ['is', 'is_not', 'has', 'has_not'].includes(op)
  if (isExact && fact.choices && fact.choices.length > 0 && fact.choices.every(isNamed)) {
    return (
      <Select
        {...shared}
        searchable
        placeholder="Choose one"
        nothingFoundMessage="Nothing like that"
        data={fact.choices}
        value={typeof value === 'string' && value !== '' ? value : null}
        onChange={(next) => onChange(next ?? undefined)}
        comboboxProps={{ withinPortal: false }}
        withScrollArea={false}
        styles={{ options: { maxHeight: 200, overflowY: 'auto' } }}
      />
    )
  }
  return (
    <Autocomplete
      {...shared}
      value={String(value ?? '')}
      onChange={onChange}
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
