// The editor of a form: its fields and everything around them beside the form as visitors will see it.
import { Alert, Button, Group, Menu, Text, TextInput, Textarea } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { FormEvent } from 'react'
import {
  definitionProblems,
  formDefinitionSchema,
  getForm,
  listForms,
  updateForm,
} from '../../../src/forms/contract.ts'
import type { Form, FormDefinition, FormField } from '../../../src/forms/contract.ts'
import { listFields } from '../../../src/leads/fields/contract.ts'
import { showDone, useCall, useWrite } from '../../queries.ts'
import { Section } from '../../ui/section.tsx'
import { useMay } from '../../workspace.ts'
import { FieldCard } from './field-card.tsx'
import classes from './forms.module.css'
import { Preview } from './preview.tsx'
import { AfterSettings, LookSettings, OptInSettings, ProtectionSettings } from './settings.tsx'
import { offeredFields } from './words.ts'

export function FormEditor({ form, hasMail }: { form: Form; hasMail: boolean }) {
  const mayWrite = useMay('leads.write')
  const [name, setName] = useState(form.name)
  const [definition, setDefinition] = useState(form.definition)
  const [openKey, setOpenKey] = useState<string>()
  const change = (part: Partial<FormDefinition>) => setDefinition((before) => ({ ...before, ...part }))
  const setFields = (fields: FormField[]) => change({ fields })
  const custom =
    useCall(listFields, {}, { staleMs: 60_000 }).data?.items.filter((field) => !field.archivedAt) ?? []
  const problems = problemsOf(definition)
  const isChanged = name !== form.name || JSON.stringify(definition) !== JSON.stringify(form.definition)
  const save = useWrite(updateForm, {
    stale: [getForm, listForms],
    quiet: true,
    onDone: () => showDone('Saved. Wherever the form stands, it is shown like this from now on.'),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate({ params: { id: form.id }, body: { name, definition, version: form.version } })
  }
  const { fields } = definition
  return (
    <form onSubmit={submit} className={classes.editor}>
      <div className={classes.column}>
        <Section title="What it asks">
          <div className={classes.column}>
            <ul className={classes.fields} aria-label="Fields">
              {fields.map((field, place) => (
                <FieldCard
                  key={field.key}
                  field={field}
                  custom={custom}
                  isOpen={openKey === field.key}
                  isFirst={place === 0}
                  isLast={place === fields.length - 1}
                  onToggle={() => setOpenKey(openKey === field.key ? undefined : field.key)}
                  onChange={(part) =>
                    setFields(fields.map((one) => (one.key === field.key ? { ...one, ...part } : one)))
                  }
                  onMove={(by) => setFields(moved(fields, place, by))}
                  onRemove={() => setFields(fields.filter((one) => one.key !== field.key))}
                />
              ))}
            </ul>
            <AddField
              definition={definition}
              custom={custom}
              onAdd={(field) => {
                setFields([...fields, field])
                setOpenKey(field.key)
              }}
            />
          </div>
        </Section>
        <Section title="Words">
          <div className={classes.column}>
            <TextInput
              label="Name"
              description="Only your team sees it."
              required
              maxLength={100}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <TextInput
              label="Title"
              maxLength={200}
              value={definition.title}
              onChange={(event) => change({ title: event.currentTarget.value })}
            />
            <Textarea
              label="Introduction"
              autosize
              minRows={2}
              maxLength={2000}
              value={definition.intro}
              onChange={(event) => change({ intro: event.currentTarget.value })}
            />
            <TextInput
              label="Button"
              maxLength={100}
              value={definition.button}
              onChange={(event) => change({ button: event.currentTarget.value })}
            />
          </div>
        </Section>
        <AfterSettings definition={definition} onChange={change} />
        <LookSettings definition={definition} onChange={change} />
        <ProtectionSettings definition={definition} onChange={change} />
        <OptInSettings definition={definition} hasMail={hasMail} onChange={change} />
        {save.error ? (
          <Alert color="red" title="That did not work" role="alert">
            {save.error.message}
          </Alert>
        ) : null}
        {problems.length > 0 ? (
          <Alert color="yellow" title="Before it can be saved">
            <ul className={classes.problems}>
              {problems.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          </Alert>
        ) : null}
        {mayWrite ? (
          <Group gap={8}>
            <Button
              type="submit"
              loading={save.isPending}
              disabled={!isChanged || problems.length > 0 || name.trim() === ''}
            >
              Save
            </Button>
            <Text fz="xs" c="dimmed">
              Version {form.version}. What people agreed to in earlier versions is kept.
            </Text>
          </Group>
        ) : null}
      </div>
      <div className={classes.beside}>
        <Preview definition={definition} />
      </div>
    </form>
  )
}

function AddField({
  definition,
  custom,
  onAdd,
}: {
  definition: FormDefinition
  custom: readonly { key: string; label: string; type: string }[]
  onAdd: (field: FormField) => void
}) {
  const offered = offeredFields(definition, custom)
  const groups = ['The lead', 'Custom fields', 'Other'] as const
  return (
    <Menu position="bottom-start" width={260}>
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          disabled={definition.fields.length >= 40}
        >
          Add a field
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
        {groups.map((group) => {
          const items = offered.filter((one) => one.group === group)
          if (items.length === 0) return null
          return (
            <div key={group}>
              <Menu.Label>{group}</Menu.Label>
              {items.map((one) => (
                <Menu.Item key={one.label} onClick={() => onAdd(one.make(definition))}>
                  {one.label}
                </Menu.Item>
              ))}
            </div>
          )
        })}
      </Menu.Dropdown>
    </Menu>
  )
}

// What the server would say, while it is typed.
function problemsOf(definition: FormDefinition): string[] {
  const read = formDefinitionSchema.safeParse(definition)
  if (read.success) return definitionProblems(definition)
  return read.error.issues.map(({ path, message }) => `${path.map(String).join(' ')}: ${message}.`)
}

function moved(fields: FormField[], place: number, by: -1 | 1): FormField[] {
  const next = [...fields]
  const [field] = next.splice(place, 1)
  if (field) next.splice(place + by, 0, field)
  return next
}
