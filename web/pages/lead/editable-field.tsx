// A field that is read until it is clicked and then edited in place; tells of a change that came in between.
import { Button, Group, NumberInput, Select, TextInput, UnstyledButton } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useState } from 'react'
import type { FormEvent, KeyboardEvent } from 'react'
import type { LeadDetail } from '../../../src/leads/contract.ts'
import { formatNumber } from '../../ui/format.ts'
import { Conflict } from './conflict.tsx'
import { useLeadEdit } from './edit-lead.ts'
import classes from './editable-field.module.css'
import { namesIn } from './lead-change.ts'
import type { LeadChange } from './lead-change.ts'
import { MergeOffer, mergeOffered } from './merge-offer.tsx'

export type FieldKind = 'text' | 'number' | 'boolean' | 'date' | 'country' | 'zone'
type Value = string | number | boolean | null

interface EditableFieldProps {
  lead: LeadDetail
  label: string
  kind: FieldKind
  choices?: () => { value: string; label: string }[]
  read: (lead: LeadDetail) => unknown
  show?: (value: unknown) => string
  change: (value: Value) => LeadChange
  mayWrite: boolean
}

export function EditableField(props: EditableFieldProps) {
  const { lead, label, read, show = shown, mayWrite } = props
  const [editing, setEditing] = useState(false)
  const value = read(lead)
  const isEmpty = value === null || value === undefined || value === ''
  return (
    <div className={classes.line}>
      <span className={classes.label}>{label}</span>
      {editing ? (
        <Editor {...props} onClose={() => setEditing(false)} />
      ) : mayWrite ? (
        <UnstyledButton
          className={classes.value}
          data-empty={isEmpty || undefined}
          aria-label={`Edit ${label}: ${isEmpty ? 'Empty' : show(value)}`}
          onClick={() => setEditing(true)}
        >
          <span className={classes.text}>{isEmpty ? 'Empty' : show(value)}</span>
          <IconPencil size={14} stroke={1.6} aria-hidden className={classes.pencil} />
        </UnstyledButton>
      ) : (
        <span className={classes.text} data-empty={isEmpty || undefined}>
          {isEmpty ? '–' : show(value)}
        </span>
      )}
    </div>
  )
}

function Editor(props: EditableFieldProps & { onClose: () => void }) {
  const { lead, label, kind, choices, read, show = shown, change, onClose } = props
  const current = read(lead) ?? null
  // What the editor knows to stand there: what it began with, or what it was shown since and decided about.
  const [base, setBase] = useState(() => current)
  const [draft, setDraft] = useState(() => (typeof current === 'object' ? '' : String(current ?? '')))
  const edit = useLeadEdit(lead, { quiet: true })
  const value = valueOf(draft, kind)
  const isMet = current !== base && current !== value
  const save = () => {
    if (value === current) return onClose()
    setBase(current)
    edit.save(change(value), { onDone: onClose })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isMet) save()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    onClose()
  }
  const offer = mergeOffered(edit.problem)
  const said = (one: unknown) => (one === null ? 'Empty' : show(one))
  return (
    <form onSubmit={submit} onKeyDown={onKeyDown} className={classes.editor}>
      <Group gap={8} wrap="nowrap" align="flex-start">
        <div className={classes.input}>
          <Input label={label} kind={kind} choices={choices} value={draft} onChange={setDraft} />
        </div>
        <Button size="xs" type="submit" loading={edit.isPending} disabled={isMet}>
          Save
        </Button>
        <Button size="xs" variant="default" onClick={onClose}>
          Cancel
        </Button>
      </Group>
      {isMet ? (
        <Conflict
          leadId={lead.id}
          field={namesIn(change(value))[0]!}
          theirs={said(current)}
          mine={said(value)}
          busy={edit.isPending}
          onTheirs={onClose}
          onMine={save}
        />
      ) : edit.problem && edit.problem.code !== 'revision_outdated' ? (
        <p className={classes.problem} role="alert">
          {edit.problem.message} {offer ? <MergeOffer offer={offer} lead={lead} onDone={onClose} /> : null}
        </p>
      ) : null}
    </form>
  )
}

interface InputProps {
  label: string
  kind: FieldKind
  choices: EditableFieldProps['choices']
  value: string
  onChange: (value: string) => void
}

function Input({ label, kind, choices, value, onChange }: InputProps) {
  const shared = { size: 'xs', 'aria-label': label, autoFocus: true } as const
  if (kind === 'boolean' || choices) {
    return (
      <Select
        {...shared}
        searchable={kind !== 'boolean'}
        clearable
        data={kind === 'boolean' ? booleans : choices?.()}
        value={value || null}
        onChange={(next) => onChange(next ?? '')}
        nothingFoundMessage="Nothing like that"
      />
    )
  }
  if (kind === 'number') {
    return <NumberInput {...shared} value={value} onChange={(next) => onChange(String(next))} />
  }
  return (
    <TextInput
      {...shared}
      type={kind === 'date' ? 'date' : 'text'}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

const booleans = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
]

function valueOf(draft: string, kind: FieldKind): Value {
  const text = draft.trim()
  if (text === '') return null
  if (kind === 'boolean') return text === 'true'
  return kind === 'number' ? Number(text) : text
}

function shown(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  if (typeof value === 'number') return formatNumber(value)
  return typeof value === 'string' ? value : JSON.stringify(value)
}
