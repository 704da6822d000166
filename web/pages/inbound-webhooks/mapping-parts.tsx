// The parts of a mapping: which list, who it is, what happened, which consents; each path is picked from the example.
import { ActionIcon, Autocomplete, Button, Group, Select, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { catalogue } from '../../../src/events/contract.ts'
import type { InboundPreview, Mapping } from '../../../src/inbound/contract.ts'
import { purposes } from '../../../src/leads/contract.ts'
import { listFields } from '../../../src/leads/fields/contract.ts'
import { useCall } from '../../queries.ts'
import { purposeNames } from '../forms/words.ts'
import classes from './inbound-webhooks.module.css'
import { targetLabels } from './words.ts'

interface PartProps {
  mapping: Mapping
  paths: InboundPreview['paths']
  onChange: (part: Partial<Mapping>) => void
}

export function ListChoice({ mapping, paths, onChange }: PartProps) {
  const lists = paths.filter(({ entries }) => entries !== null)
  if (lists.length === 0 && mapping.each === null) return null
  const known = new Set(lists.map(({ path }) => path))
  return (
    <Select
      label="One person is"
      data={[
        { value: 'one', label: 'the whole call' },
        ...lists.map(({ path }) => ({
          value: `list ${path}`,
          label: path === '' ? 'each entry of the list' : `each entry of ${path}`,
        })),
        ...(mapping.each === null || known.has(mapping.each)
          ? []
          : [{ value: `list ${mapping.each}`, label: `each entry of ${mapping.each}` }]),
      ]}
      value={mapping.each === null ? 'one' : `list ${mapping.each}`}
      allowDeselect={false}
      onChange={(value) => onChange({ each: !value || value === 'one' ? null : value.slice(5) })}
    />
  )
}

export function FieldRows({ mapping, paths, onChange }: PartProps) {
  const custom = useCall(listFields, {}, { staleMs: 60_000 }).data?.items ?? []
  const { fields } = mapping
  const set = (place: number, part: Partial<Mapping['fields'][number]>) =>
    onChange({ fields: fields.map((one, at) => (at === place ? { ...one, ...part } : one)) })
  const targets = [
    ...Object.entries(targetLabels).map(([value, label]) => ({ value, label })),
    ...custom
      .filter(({ archivedAt }) => archivedAt === null)
      .map(({ key, label }) => ({ value: `custom.${key}`, label: `${label} (custom)` })),
  ]
  return (
    <div className={classes.rows}>
      {fields.map((field, place) => (
        <div key={place} className={classes.row}>
          <Select
            aria-label={`Field ${place + 1}`}
            placeholder="Field"
            data={targets}
            value={field.fills || null}
            searchable
            onChange={(value) => set(place, { fills: value ?? '' })}
          />
          <PathInput
            label={`Path of ${targetLabels[field.fills] ?? 'field'}`}
            paths={paths}
            value={field.path}
            onChange={(path) => set(place, { path })}
          />
          <Remove
            label={`Remove ${targetLabels[field.fills] ?? 'field'}`}
            onClick={() => onChange({ fields: fields.filter((_, at) => at !== place) })}
          />
        </div>
      ))}
      <Add label="Add a field" onClick={() => onChange({ fields: [...fields, { fills: '', path: '' }] })} />
    </div>
  )
}

export function EventPart({ mapping, paths, onChange }: PartProps) {
  const { properties, event } = mapping
  const set = (place: number, part: Partial<Mapping['properties'][number]>) =>
    onChange({ properties: properties.map((one, at) => (at === place ? { ...one, ...part } : one)) })
  const names = catalogue.filter(({ isPassive }) => !isPassive).map(({ name }) => name)
  return (
    <div className={classes.column}>
      <div className={classes.pair}>
        <Autocomplete
          label="Event"
          data={names}
          limit={12}
          value={event.name}
          onChange={(name) => onChange({ event: { ...event, name } })}
        />
        <PathInput
          title="Or named by"
          label="Path of the event"
          paths={paths}
          value={event.path ?? ''}
          onChange={(path) => onChange({ event: { ...event, path: path || null } })}
        />
        <PathInput
          title="When"
          label="Path of the time"
          paths={paths}
          value={mapping.occurredAt ?? ''}
          onChange={(path) => onChange({ occurredAt: path || null })}
        />
        <PathInput
          title="The same call again has the same"
          label="Path that tells calls apart"
          placeholder="the whole body"
          paths={paths}
          value={mapping.dedupe ?? ''}
          onChange={(path) => onChange({ dedupe: path || null })}
        />
      </div>
      <div className={classes.rows}>
        {properties.map((property, place) => (
          <div key={place} className={classes.row}>
            <TextInput
              aria-label={`Property ${place + 1}`}
              placeholder="Property"
              maxLength={100}
              value={property.name}
              onChange={(event) => set(place, { name: event.currentTarget.value })}
            />
            <PathInput
              label={`Path of property ${place + 1}`}
              paths={paths}
              value={property.path}
              onChange={(path) => set(place, { path })}
            />
            <Remove
              label={`Remove property ${place + 1}`}
              onClick={() => onChange({ properties: properties.filter((_, at) => at !== place) })}
            />
          </div>
        ))}
        <Add
          label="Keep something on the event"
          onClick={() => onChange({ properties: [...properties, { name: '', path: '' }] })}
        />
      </div>
    </div>
  )
}

export function ConsentRows({ mapping, paths, onChange }: PartProps) {
  const { consents } = mapping
  const set = (place: number, part: Partial<Mapping['consents'][number]>) =>
    onChange({ consents: consents.map((one, at) => (at === place ? { ...one, ...part } : one)) })
  return (
    <div className={classes.rows}>
      {consents.map((consent, place) => (
        <div key={place} className={classes.row}>
          <Select
            aria-label={`Consent ${place + 1}`}
            data={purposes.map((purpose) => ({ value: purpose, label: purposeNames[purpose] }))}
            value={consent.purpose}
            allowDeselect={false}
            onChange={(value) =>
              set(place, { purpose: purposes.find((one) => one === value) ?? 'email_marketing' })
            }
          />
          <PathInput
            label={`Path of consent ${place + 1}`}
            paths={paths}
            value={consent.path}
            onChange={(path) => set(place, { path })}
          />
          <Remove
            label={`Remove consent ${place + 1}`}
            onClick={() => onChange({ consents: consents.filter((_, at) => at !== place) })}
          />
        </div>
      ))}
      <Add
        label="Add a consent"
        onClick={() =>
          onChange({ consents: [...consents, { purpose: 'email_marketing', path: '', yes: [] }] })
        }
      />
    </div>
  )
}

function PathInput({
  title,
  label,
  placeholder = 'Path',
  paths,
  value,
  onChange,
}: {
  title?: string
  label: string
  placeholder?: string
  paths: InboundPreview['paths']
  value: string
  onChange: (path: string) => void
}) {
  const offered = paths.filter(({ entries, path }) => entries === null && path !== '')
  const found = offered.find(({ path }) => path === value)
  return (
    <Autocomplete
      {...(title ? { label: title } : { 'aria-label': label })}
      placeholder={placeholder}
      description={title && found ? String(found.example) : undefined}
      data={offered.map(({ path }) => path)}
      limit={30}
      value={value}
      classNames={{ input: classes.code }}
      onChange={onChange}
    />
  )
}

function Add({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Group>
      <Button variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={onClick}>
        {label}
      </Button>
    </Group>
  )
}

function Remove({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <ActionIcon aria-label={label} onClick={onClick}>
      <IconTrash size={16} />
    </ActionIcon>
  )
}
