// The fields of a lead, each edited where it stands.
import { Button, Group, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { FormEvent } from 'react'
import { listFacets } from '../../../src/leads/contract.ts'
import type { LeadDetail, LeadFields } from '../../../src/leads/contract.ts'
import { useCall } from '../../queries.ts'
import { countries, countryName } from '../../ui/countries.ts'
import { timeZones } from '../../ui/choices.ts'
import { words } from '../../ui/format.ts'
import { Time } from '../../ui/time.tsx'
import { useMay } from '../../workspace.ts'
import { useLeadEdit } from './edit-lead.ts'
import { EditableField } from './editable-field.tsx'
import type { FieldKind } from './editable-field.tsx'
import { InferredFields } from './inferred.tsx'
import classes from './details.module.css'

const fields: { name: keyof LeadFields; label: string; kind?: FieldKind }[] = [
  { name: 'firstName', label: 'First name' },
  { name: 'lastName', label: 'Last name' },
  { name: 'email', label: 'E-mail' },
  { name: 'phone', label: 'Phone' },
  { name: 'company', label: 'Company' },
  { name: 'jobTitle', label: 'Job title' },
  { name: 'city', label: 'City' },
  { name: 'country', label: 'Country', kind: 'country' },
  { name: 'language', label: 'Language' },
  { name: 'timeZone', label: 'Time zone', kind: 'zone' },
]

export function DetailsTab({ lead }: { lead: LeadDetail }) {
  const mayWrite = useMay('leads.write') && lead.status !== 'binned'
  const { data: facets } = useCall(listFacets, {}, { staleMs: 60_000 })
  const declared = facets?.customFields ?? []
  const others = Object.keys(lead.fields)
    .filter((key) => !declared.some((field) => field.key === key))
    .map(
      (key) =>
        facets?.archivedFields.find((field) => field.key === key) ?? {
          key,
          label: words(key),
          type: typeof lead.fields[key],
        },
    )
  const custom = [...declared, ...others]
  return (
    <>
      {lead.status === 'binned' ? (
        <p className={classes.note}>This lead is in the bin. Take it out to change it.</p>
      ) : null}
      <section aria-label="Fields" className={classes.box}>
        {fields.map(({ name, label, kind = 'text' }) => (
          <EditableField
            key={name}
            lead={lead}
            label={label}
            kind={kind}
            choices={choicesOf(kind)}
            read={(current) => current[name]}
            show={kind === 'country' ? (value) => countryName(String(value)) : undefined}
            change={(value) => ({ [name]: value })}
            mayWrite={mayWrite}
          />
        ))}
      </section>
      <InferredFields lead={lead} mayWrite={mayWrite} />
      <h2 className={classes.title}>Custom fields</h2>
      <section aria-label="Custom fields" className={classes.box}>
        {custom.map(({ key, label, type }) => (
          <EditableField
            key={key}
            lead={lead}
            label={label}
            kind={kindOf(type)}
            read={(current) => current.fields[key] ?? null}
            change={(value) => ({ fields: { [key]: value } })}
            mayWrite={mayWrite}
          />
        ))}
        {custom.length === 0 ? (
          <p className={classes.none}>None yet. They come with imports and events too.</p>
        ) : null}
        {mayWrite ? <NewField lead={lead} /> : null}
      </section>
      <dl className={classes.record}>
        <div>
          <dt>Source</dt>
          <dd>{words(lead.source)}</dd>
        </div>
        <div>
          <dt>Created</dt>
          <dd>
            <Time at={lead.createdAt} as="full" />
          </dd>
        </div>
        <div>
          <dt>Changed</dt>
          <dd>
            <Time at={lead.updatedAt} as="full" />
          </dd>
        </div>
        <div>
          <dt>Id</dt>
          <dd className={classes.id}>{lead.id}</dd>
        </div>
      </dl>
    </>
  )
}

function NewField({ lead }: { lead: LeadDetail }) {
  const [opened, setOpened] = useState(false)
  const [name, setName] = useState('')
  const [value, setValue] = useState('')
  const edit = useLeadEdit(lead, { quiet: true })
  const close = () => {
    setOpened(false)
    setName('')
    setValue('')
    edit.forget()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    edit.save({ fields: { [name.trim()]: value.trim() } }, { onDone: close })
  }
  if (!opened) {
    return (
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        m={8}
        leftSection={<IconPlus size={14} />}
        onClick={() => setOpened(true)}
      >
        Add a field
      </Button>
    )
  }
  return (
    <form onSubmit={submit} className={classes.add}>
      <Group gap={8} align="flex-start" wrap="nowrap">
        <TextInput
          size="xs"
          placeholder="Name, like Shirt size"
          aria-label="Name of the field"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={edit.problem?.message}
          autoFocus
        />
        <TextInput
          size="xs"
          placeholder="Value"
          aria-label="Value of the field"
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <Button size="xs" type="submit" disabled={!name.trim() || !value.trim()} loading={edit.isPending}>
          Add
        </Button>
        <Button size="xs" variant="default" onClick={close}>
          Cancel
        </Button>
      </Group>
    </form>
  )
}

function choicesOf(kind: FieldKind) {
  return kind === 'country' ? countries : kind === 'zone' ? timeZones : undefined
}

function kindOf(type: string): FieldKind {
  return type === 'number' || type === 'boolean' || type === 'date' ? type : 'text'
}
