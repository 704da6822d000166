// The form of a connector's settings: its fields with what each is, secrets that are set and stay, and the sandbox's values in a test workspace.
import { Button, Group, PasswordInput, Select, Stack, Switch, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { FormEvent } from 'react'
import type { ConnectorCard, SettingField } from '../../../src/connectors/contract.ts'
import { Problem } from '../../call.ts'
import { useWorkspace } from '../../workspace.ts'

export type Values = Record<string, string | boolean>

interface SettingsFormProps {
  card: ConnectorCard
  /** what is set; secrets are not among it */
  known?: Readonly<Record<string, unknown>>
  /** the names of secrets that are set */
  secrets?: readonly string[]
  action: string
  busy: boolean
  problem: Error | null
  onSubmit: (values: Values) => void
}

export function SettingsForm({
  card,
  known = {},
  secrets = [],
  action,
  busy,
  problem,
  onSubmit,
}: SettingsFormProps) {
  const { mode } = useWorkspace()
  const [values, setValues] = useState<Values>(() => startOf(card.fields, known))
  const set = (key: string, value: string | boolean) => setValues((before) => ({ ...before, [key]: value }))
  const wrong = problemsOf(problem)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit(values)
  }
  const offersSandbox = mode === 'test' && card.fields.some(({ sandbox }) => sandbox !== null)
  return (
    <form onSubmit={submit}>
      <Stack gap={16}>
        {card.fields.map((field) => (
          <Field
            key={field.key}
            field={field}
            value={values[field.key] ?? ''}
            isSet={secrets.includes(field.key)}
            error={wrong.has(field.key) ? `${field.label} ${wrong.get(field.key)}.` : undefined}
            onChange={(value) => set(field.key, value)}
          />
        ))}
        {problem && wrong.size === 0 ? (
          <Text c="red" role="alert">
            {problem.message}
          </Text>
        ) : null}
        <Group justify="space-between" gap={8}>
          {offersSandbox ? (
            <Button
              variant="default"
              onClick={() => setValues((before) => ({ ...before, ...sandboxOf(card.fields) }))}
            >
              Fill in the sandbox’s values
            </Button>
          ) : (
            <span />
          )}
          <Button type="submit" loading={busy}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface FieldProps {
  field: SettingField
  value: string | boolean
  isSet: boolean
  error: string | undefined
  onChange: (value: string | boolean) => void
}

function Field({ field, value, isSet, error, onChange }: FieldProps) {
  const common = {
    label: field.label,
    description: field.help,
    error,
    required: field.isRequired && !isSet,
    name: field.key,
  }
  if (field.kind === 'switch')
    return (
      <Switch
        label={field.label}
        description={field.help}
        error={error}
        checked={value === true || value === 'true'}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    )
  if (field.kind === 'choice')
    return (
      <Select
        {...common}
        data={field.choices.map((choice) => ({ value: choice, label: choice.replaceAll('_', ' ') }))}
        value={String(value)}
        onChange={(choice) => onChange(choice ?? '')}
        allowDeselect={false}
      />
    )
  const text = {
    ...common,
    value: String(value),
    placeholder: isSet ? 'Set; leave it empty to keep it' : (field.example ?? ''),
    autoComplete: 'off',
  }
  return field.isSecret ? (
    <PasswordInput {...text} onChange={(event) => onChange(event.currentTarget.value)} />
  ) : (
    <TextInput {...text} onChange={(event) => onChange(event.currentTarget.value)} />
  )
}

function startOf(fields: readonly SettingField[], known: Readonly<Record<string, unknown>>): Values {
  return Object.fromEntries(
    fields.map(({ key, kind, preset }) => {
      const value = known[key]
      if (typeof value === 'string' || typeof value === 'boolean') return [key, value]
      return [key, kind === 'switch' ? preset === 'true' : (preset ?? '')]
    }),
  )
}

function sandboxOf(fields: readonly SettingField[]): Values {
  return Object.fromEntries(fields.flatMap(({ key, sandbox }) => (sandbox === null ? [] : [[key, sandbox]])))
}

function problemsOf(problem: Error | null): Map<string, string> {
  if (!(problem instanceof Problem) || !Array.isArray(problem.details.problems)) return new Map()
  return new Map(
    (problem.details.problems as { field: string; problem: string }[]).map((one) => [one.field, one.problem]),
  )
}
