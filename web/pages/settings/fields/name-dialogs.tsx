// Makes a custom field, and gives one another name.
import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { FormEvent } from 'react'
import { listFacets } from '../../../../src/leads/contract.ts'
import {
  countFields,
  createField,
  fieldTypes,
  listFields,
  renameField,
} from '../../../../src/leads/fields/contract.ts'
import type { Field, FieldType } from '../../../../src/leads/fields/contract.ts'
import { showDone, useWrite } from '../../../queries.ts'
import { typeNames } from './field-words.ts'

export function NewFieldDialog({ onClose }: { onClose: () => void }) {
  const [label, setLabel] = useState('')
  const [type, setType] = useState<FieldType>('text')
  const create = useWrite(createField, {
    stale: [listFields, countFields, listFacets],
    quiet: true,
    onDone: (field) => {
      showDone(`${field.label} is ready. Programs name it ${field.key}.`)
      onClose()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate({ body: { label, type } })
  }
  return (
    <Modal opened onClose={onClose} title="New custom field" size={440}>
      <form onSubmit={submit}>
        <Stack gap={16}>
          <TextInput
            label="Name"
            placeholder="Shirt size"
            maxLength={100}
            required
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
            error={create.error?.message}
            data-autofocus
          />
          <Select
            label="Type"
            description="Values that come in are read as this where they fit"
            data={fieldTypes.map((value) => ({ value, label: typeNames[value] }))}
            value={type}
            allowDeselect={false}
            onChange={(value) => setType(fieldTypes.find((one) => one === value) ?? 'text')}
          />
          <Buttons
            onClose={onClose}
            action="Make the field"
            busy={create.isPending}
            mayGo={label.trim() !== ''}
          />
        </Stack>
      </form>
    </Modal>
  )
}

export function RenameDialog({ field, onClose }: { field: Field; onClose: () => void }) {
  const [label, setLabel] = useState(field.label)
  const rename = useWrite(renameField, {
    stale: [listFields, listFacets],
    quiet: true,
    onDone: () => {
      showDone(`${field.label} is called ${label.trim()} now.`)
      onClose()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    rename.mutate({ params: { key: field.key }, body: { label } })
  }
  return (
    <Modal opened onClose={onClose} title={`Rename ${field.label}`} size={440}>
      <form onSubmit={submit}>
        <Stack gap={16}>
          <TextInput
            label="Name"
            maxLength={100}
            required
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
            error={rename.error?.message}
            data-autofocus
          />
          <Text c="dimmed">
            Files and programs go on to name it <code>{field.key}</code>, so nothing that uses it breaks.
          </Text>
          <Buttons onClose={onClose} action="Rename" busy={rename.isPending} mayGo={label.trim() !== ''} />
        </Stack>
      </form>
    </Modal>
  )
}

interface ButtonsProps {
  onClose: () => void
  action: string
  busy: boolean
  mayGo: boolean
}

function Buttons({ onClose, action, busy, mayGo }: ButtonsProps) {
  return (
    <Group justify="flex-end" gap={8}>
      <Button variant="default" onClick={onClose}>
        Cancel
      </Button>
      <Button type="submit" loading={busy} disabled={!mayGo}>
        {action}
      </Button>
    </Group>
  )
}
