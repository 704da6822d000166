// One field in the editor: folded to a line, or open with everything that can be said of it.
import { ActionIcon, Select, Switch, Text, TextInput, Textarea, UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconChevronDown, IconChevronRight, IconTrash } from '@tabler/icons-react'
import { fieldKinds } from '../../../src/forms/contract.ts'
import type { FieldKind, FormField } from '../../../src/forms/contract.ts'
import { purposes } from '../../../src/leads/contract.ts'
import classes from './forms.module.css'
import { kindNames, leadFieldLabels, purposeNames } from './words.ts'

interface FieldCardProps {
  field: FormField
  custom: readonly { key: string; label: string }[]
  isOpen: boolean
  isFirst: boolean
  isLast: boolean
  onToggle: () => void
  onChange: (part: Partial<FormField>) => void
  onMove: (by: -1 | 1) => void
  onRemove: () => void
}

export function FieldCard(props: FieldCardProps) {
  const { field, isOpen, isFirst, isLast, onToggle, onMove, onRemove } = props
  const name = field.label || field.parameter || field.key
  const Chevron = isOpen ? IconChevronDown : IconChevronRight
  return (
    <li className={classes.field}>
      <div className={classes.fieldHead}>
        <UnstyledButton className={classes.fieldName} onClick={onToggle} aria-expanded={isOpen}>
          <Text fw={500} component="span" truncate>
            <Chevron size={14} aria-hidden /> {name}
            {field.isRequired ? ' *' : ''}
          </Text>
          <Text fz="xs" c="dimmed" component="span" truncate>
            {aboutOf(field, props.custom)}
          </Text>
        </UnstyledButton>
        <ActionIcon aria-label={`Move ${name} up`} disabled={isFirst} onClick={() => onMove(-1)}>
          <IconArrowUp size={16} />
        </ActionIcon>
        <ActionIcon aria-label={`Move ${name} down`} disabled={isLast} onClick={() => onMove(1)}>
          <IconArrowDown size={16} />
        </ActionIcon>
        <ActionIcon aria-label={`Remove ${name}`} onClick={onRemove}>
          <IconTrash size={16} />
        </ActionIcon>
      </div>
      {isOpen ? <FieldBody {...props} /> : null}
    </li>
  )
}

function FieldBody({ field, custom, onChange }: FieldCardProps) {
  const { kind } = field
  if (kind === 'hidden') return <HiddenBody field={field} onChange={onChange} />
  const isChoice = kind === 'choice' || kind === 'choices'
  const hasPlaceholder = !['consent', 'checkbox', 'choices', 'date'].includes(kind)
  return (
    <div className={classes.fieldBody}>
      <Textarea
        className={classes.whole}
        label={kind === 'consent' ? 'What people agree to' : 'Label'}
        description={kind === 'consent' ? 'Kept word for word with each consent, as its proof.' : undefined}
        autosize
        minRows={1}
        maxLength={1000}
        value={field.label}
        onChange={(event) => onChange({ label: event.currentTarget.value })}
      />
      {kind === 'consent' ? (
        <Select
          label="What it allows"
          data={purposes.map((purpose) => ({ value: purpose, label: purposeNames[purpose] }))}
          value={field.purpose}
          allowDeselect={false}
          onChange={(value) => onChange({ purpose: purposes.find((one) => one === value) ?? null })}
        />
      ) : (
        <>
          <Select
            label="Kind"
            data={fieldKinds
              .filter((one) => one !== 'hidden' && one !== 'consent')
              .map((one) => ({ value: one, label: kindNames[one] }))}
            value={kind}
            allowDeselect={false}
            onChange={(value) => onChange(kindChange(field, fieldKinds.find((one) => one === value) ?? kind))}
          />
          <Select
            label="Fills"
            data={[
              { value: '', label: 'Nothing: it stays on the event' },
              ...Object.entries(leadFieldLabels).map(([value, label]) => ({ value, label })),
              ...custom.map(({ key, label }) => ({ value: `custom.${key}`, label: `${label} (custom)` })),
            ]}
            value={field.fills ?? ''}
            searchable
            allowDeselect={false}
            onChange={(value) => onChange({ fills: value || null })}
          />
        </>
      )}
      {isChoice ? (
        <Textarea
          className={classes.whole}
          label="Options"
          description="One a line."
          autosize
          minRows={3}
          value={field.options.join('\n')}
          onChange={(event) => onChange({ options: event.currentTarget.value.split('\n') })}
          onBlur={() => onChange({ options: field.options.map((one) => one.trim()).filter(Boolean) })}
        />
      ) : null}
      {hasPlaceholder ? (
        <TextInput
          label="Placeholder"
          maxLength={200}
          value={field.placeholder}
          onChange={(event) => onChange({ placeholder: event.currentTarget.value })}
        />
      ) : null}
      <TextInput
        label="Help"
        maxLength={300}
        value={field.help}
        onChange={(event) => onChange({ help: event.currentTarget.value })}
      />
      {kind === 'choices' ? null : (
        <Switch
          className={classes.whole}
          label={kind === 'consent' ? 'Nobody can send the form without it' : 'Required'}
          checked={field.isRequired}
          onChange={(event) => onChange({ isRequired: event.currentTarget.checked })}
        />
      )}
    </div>
  )
}

function HiddenBody({ field, onChange }: Pick<FieldCardProps, 'field' | 'onChange'>) {
  return (
    <div className={classes.fieldBody}>
      <TextInput
        label="Taken from the address"
        description="The parameter of the page’s address, such as utm_source."
        maxLength={60}
        value={field.parameter ?? ''}
        onChange={(event) => onChange({ parameter: event.currentTarget.value || null })}
      />
      <TextInput
        label="Otherwise"
        description="What it holds where the address says nothing."
        maxLength={500}
        value={field.value}
        onChange={(event) => onChange({ value: event.currentTarget.value })}
      />
    </div>
  )
}

function kindChange(field: FormField, kind: FieldKind): Partial<FormField> {
  const needsOptions = (kind === 'choice' || kind === 'choices') && field.options.length === 0
  const isMisfit = (field.fills === 'email' || field.fills === 'phone') && field.fills !== kind
  return {
    kind,
    ...(needsOptions ? { options: ['First', 'Second'] } : {}),
    ...(isMisfit ? { fills: null } : {}),
    ...(kind === 'choices' ? { isRequired: false } : {}),
  }
}

function aboutOf(field: FormField, custom: FieldCardProps['custom']): string {
  const { kind, fills, purpose } = field
  if (kind === 'consent') return `Consent: ${purpose ? purposeNames[purpose] : 'nothing yet'}`
  if (kind === 'hidden') return field.parameter ? 'Hidden, from the address' : `Hidden: ${field.value}`
  const own = fills?.startsWith('custom.')
    ? custom.find(({ key }) => `custom.${key}` === fills)?.label
    : undefined
  const filled = fills === null ? 'stays on the event' : `fills ${own ?? leadFieldLabels[fills] ?? fills}`
  return `${kindNames[kind]}, ${filled}`
}
