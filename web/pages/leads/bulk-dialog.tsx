// Asks for what shall be done with many leads, says how many they are, and begins it.
import {
  Alert,
  Button,
  Group,
  Modal,
  SegmentedControl,
  Select,
  Stack,
  TagsInput,
  Text,
  Textarea,
} from '@mantine/core'
import { useState } from 'react'
import type { FormEvent } from 'react'
import { binLeads, changeLeads, countSelection, listBulkJobs } from '../../../src/leads/bulk/contract.ts'
import type { BulkAction } from '../../../src/leads/bulk/contract.ts'
import { listFacets, purposes } from '../../../src/leads/contract.ts'
import type { Purpose } from '../../../src/leads/contract.ts'
import { showDone, useCall, useWrite } from '../../queries.ts'
import { count } from '../../ui/format.ts'
import { purposeNames } from '../lead/purposes.ts'
import { FieldValue, useBulkFields } from './bulk-field.tsx'
import { useOwners } from './facts.ts'
import type { SelectionInput } from './selection.ts'

export type BulkKind = BulkAction['kind']

interface BulkDialogProps {
  kind: BulkKind
  selection: SelectionInput
  /** of a consent: the purpose that the form opens with */
  purpose?: Purpose
  onClose: () => void
  onBegun: () => void
}

const titles: Record<BulkKind, string> = {
  tag: 'Add tags',
  untag: 'Remove tags',
  assign: 'Assign an owner',
  set: 'Set a field',
  consent: 'Record a consent',
  bin: 'Move to the bin',
  restore: 'Take out of the bin',
}

export function BulkDialog({ kind, selection, purpose, onClose, onBegun }: BulkDialogProps) {
  const [action, setAction] = useState<BulkAction | undefined>(
    kind === 'bin' || kind === 'restore' ? { kind } : undefined,
  )
  const counted = useCall(
    countSelection,
    { body: { selection, status: kind === 'restore' ? 'binned' : 'active' } },
    { staleMs: 0 },
  )
  const total = counted.data?.total
  const told = {
    quiet: true,
    stale: [listBulkJobs],
    onDone: ({ total: leads }: { total: number }) => {
      showDone(`${titles[kind]}: ${count(leads, 'lead')}, in the background.`)
      onBegun()
    },
  }
  const change = useWrite(changeLeads, told)
  const bin = useWrite(binLeads, told)
  const problem = change.error ?? bin.error ?? counted.error
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!action || total === undefined) return
    if (action.kind === 'bin' || action.kind === 'restore')
      bin.mutate({ body: { selection, action, expected: total } })
    else change.mutate({ body: { selection, action, expected: total } })
    void counted.refetch()
  }
  return (
    <Modal opened onClose={onClose} title={titles[kind]} size={480}>
      <form onSubmit={submit}>
        <Stack gap={16}>
          {problem ? (
            <Alert color="red" variant="light" role="alert">
              {problem.message}
            </Alert>
          ) : null}
          <Form kind={kind} purpose={purpose} onChange={setAction} />
          <Text role="status">
            {total === undefined
              ? counted.error
                ? null
                : 'Counting the leads…'
              : total === 0
                ? 'No lead fits any more.'
                : sentence(kind, total)}
          </Text>
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              color={kind === 'bin' ? 'red' : undefined}
              disabled={!action || !total}
              loading={change.isPending || bin.isPending}
            >
              {titles[kind]}
              {total ? ` (${count(total, 'lead')})` : ''}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function sentence(kind: BulkKind, total: number): string {
  const leads = count(total, 'lead')
  if (kind === 'bin')
    return `${leads} will leave every list, count and send. For 30 days they can be taken out of the bin again.`
  if (kind === 'restore')
    return `${leads} will be listed, counted and sent to again, as far as consent allows.`
  if (kind === 'consent')
    return `This is recorded for ${leads}. Without a date it can only narrow what stands.`
  return `This changes ${leads}. It runs in the background and can be stopped.`
}

interface FormProps {
  onChange: (action: BulkAction | undefined) => void
}

function Form({ kind, purpose, onChange }: FormProps & { kind: BulkKind; purpose: Purpose | undefined }) {
  switch (kind) {
    case 'tag':
    case 'untag':
      return <TagsForm kind={kind} onChange={onChange} />
    case 'assign':
      return <OwnerForm onChange={onChange} />
    case 'set':
      return <FieldForm onChange={onChange} />
    case 'consent':
      return <ConsentForm first={purpose} onChange={onChange} />
    default:
      return null
  }
}

function TagsForm({ kind, onChange }: FormProps & { kind: 'tag' | 'untag' }) {
  const [tags, setTags] = useState<string[]>([])
  const { data: facets } = useCall(listFacets, {}, { staleMs: 60_000 })
  return (
    <TagsInput
      label="Tags"
      description="Enter ends each of them"
      data={facets?.tags ?? []}
      value={tags}
      maxTags={20}
      acceptValueOnBlur
      onChange={(next) => {
        setTags(next)
        onChange(next.length === 0 ? undefined : { kind, tags: next })
      }}
      data-autofocus
    />
  )
}

const nobody = 'nobody'

function OwnerForm({ onChange }: FormProps) {
  const owners = useOwners()
  const [owner, setOwner] = useState<string | null>(null)
  return (
    <Select
      label="Owner"
      searchable
      data={[{ value: nobody, label: 'Nobody' }, ...owners]}
      value={owner}
      onChange={(chosen) => {
        setOwner(chosen)
        onChange(chosen === null ? undefined : { kind: 'assign', ownerId: chosen === nobody ? null : chosen })
      }}
      data-autofocus
    />
  )
}

function FieldForm({ onChange }: FormProps) {
  const fields = useBulkFields()
  const [name, setName] = useState<string | null>(null)
  const field = fields.find((one) => one.name === name)
  return (
    <>
      <Select
        label="Field"
        searchable
        data={fields.map((one) => ({ value: one.name, label: one.label }))}
        value={name}
        onChange={(chosen) => {
          setName(chosen)
          onChange(undefined)
        }}
        data-autofocus
      />
      {field ? (
        <FieldValue
          key={field.name}
          field={field}
          onChange={(value) =>
            onChange(value === undefined ? undefined : { kind: 'set', field: field.name, value })
          }
        />
      ) : null}
    </>
  )
}

function ConsentForm({ first, onChange }: FormProps & { first: Purpose | undefined }) {
  const [purpose, setPurpose] = useState<Purpose>(first ?? 'email_marketing')
  const [state, setState] = useState<'granted' | 'denied'>('denied')
  const [proof, setProof] = useState('')
  const tell = (next: { purpose: Purpose; state: 'granted' | 'denied'; proof: string }) =>
    onChange(next.proof.trim().length < 3 ? undefined : { kind: 'consent', ...next })
  return (
    <>
      <Select
        label="Purpose"
        data={purposes.map((one) => ({ value: one, label: purposeNames[one] }))}
        value={purpose}
        onChange={(chosen) => {
          const next = purposes.find((one) => one === chosen) ?? purpose
          setPurpose(next)
          tell({ purpose: next, state, proof })
        }}
      />
      <SegmentedControl
        aria-label="What the people said"
        data={[
          { value: 'denied', label: 'Refused' },
          { value: 'granted', label: 'Agreed' },
        ]}
        value={state}
        onChange={(chosen) => {
          const next = chosen === 'granted' ? 'granted' : 'denied'
          setState(next)
          tell({ purpose, state: next, proof })
        }}
      />
      <Textarea
        label="Reason and proof"
        description="How you know: the form, the call, the letter"
        autosize
        minRows={2}
        maxLength={2000}
        value={proof}
        onChange={(event) => {
          const next = event.currentTarget.value
          setProof(next)
          tell({ purpose, state, proof: next })
        }}
        data-autofocus
      />
    </>
  )
}
