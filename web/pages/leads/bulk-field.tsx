// The fields that many leads can be given at once, and the input for the value of each.
import { NumberInput, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { bulkFields } from '../../../src/leads/bulk/contract.ts'
import { listFacets, standingFacts } from '../../../src/leads/contract.ts'
import { useCall } from '../../queries.ts'
import { timeZones } from '../../ui/choices.ts'
import { countries } from '../../ui/countries.ts'

export interface BulkField {
  name: string
  label: string
  type: string
  /** of a field that takes one of a few values */
  choices?: readonly string[]
}

export type BulkValue = string | number | boolean | null

/** Fields of every lead first, then custom fields. */
export function useBulkFields(): BulkField[] {
  const { data: facets } = useCall(listFacets, {}, { staleMs: 60_000 })
  return [
    ...bulkFields.map((name) => ({
      name,
      label: standingFacts.find((fact) => fact.name === name)?.label ?? 'Time zone',
      type: name === 'country' || name === 'timeZone' ? name : 'text',
    })),
    ...(facets?.customFields ?? []).map(({ key, ...field }) => ({ ...field, name: `fields.${key}` })),
  ]
}

const empty = ''

/** @param props.onChange undefined while what is typed is no value yet; null empties the field */
export function FieldValue({
  field,
  onChange,
}: {
  field: BulkField
  onChange: (value: BulkValue | undefined) => void
}) {
  const [draft, setDraft] = useState<string | number | undefined>()
  const tell = (next: string | number | null) => {
    setDraft(next ?? empty)
    onChange(valueOf(field.type, next))
  }
  const choices = choicesOf(field)
  if (choices) {
    return (
      <Select
        label="Value"
        searchable
        data={[{ value: '—', label: 'Empty the field' }, ...choices]}
        value={draft === undefined || draft === empty ? null : String(draft)}
        onChange={(chosen) => {
          setDraft(chosen ?? empty)
          onChange(chosen === null ? undefined : valueOf(field.type, chosen === '—' ? null : chosen))
        }}
      />
    )
  }
  const hint = 'Left empty, the field is emptied'
  if (field.type === 'number') {
    return <NumberInput label="Value" description={hint} value={draft ?? ''} onChange={tell} />
  }
  return (
    <TextInput
      label="Value"
      description={hint}
      type={field.type === 'date' ? 'date' : 'text'}
      maxLength={5000}
      value={draft ?? ''}
      onChange={(event) => tell(event.currentTarget.value)}
      onFocus={() => {
        if (draft === undefined) tell(empty)
      }}
    />
  )
}

function choicesOf({ type, choices }: BulkField): { value: string; label: string }[] | undefined {
  if (choices) return choices.map((value) => ({ value, label: value }))
  if (type === 'country') return countries()
  if (type === 'timeZone') return timeZones()
  if (type === 'boolean') {
    return [
      { value: 'true', label: 'Yes' },
      { value: 'false', label: 'No' },
    ]
  }
  return undefined
}

function valueOf(type: string, text: string | number | null): BulkValue {
  if (text === null || text === empty) return null
  if (type === 'boolean') return text === 'true'
  return type === 'number' ? Number(text) : String(text).trim()
}
