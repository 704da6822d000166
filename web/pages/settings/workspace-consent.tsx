// What silence means: whether a visitor who did not choose counts as a yes or a no, by country.
import { Button, Group, MultiSelect, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { z } from 'zod'
import type { workspaceDetailSchema } from '../../../src/accounts/contract.ts'
import { countries } from '../../ui/countries.ts'
import { Section } from '../../ui/section.tsx'
import { useSaving } from './use-saving.ts'

interface ConsentFormProps {
  workspace: z.infer<typeof workspaceDetailSchema>
  mayWrite: boolean
}

export function ConsentForm({ workspace, mayWrite }: ConsentFormProps) {
  const entries = Object.entries(workspace.settings.consentDefaults)
  const of = (state: string) => entries.filter(([, chosen]) => chosen === state).map(([country]) => country)
  const form = useForm({ initialValues: { granted: of('granted'), denied: of('denied') } })
  const { save, isSaving } = useSaving(form)
  const choices = [{ value: '*', label: 'Every other country' }, ...countries()]
  const choose = (side: 'granted' | 'denied', chosen: string[]) => {
    const other = side === 'granted' ? 'denied' : 'granted'
    form.setValues({
      [side]: chosen,
      [other]: form.values[other].filter((country) => !chosen.includes(country)),
    })
  }
  const submit = form.onSubmit(({ granted, denied }) =>
    save({
      settings: {
        consentDefaults: {
          ...Object.fromEntries(granted.map((country) => [country, 'granted' as const])),
          ...Object.fromEntries(denied.map((country) => [country, 'denied' as const])),
        },
      },
    }),
  )
  return (
    <Section
      title="Visitors who did not choose"
      about="For analytics and ads. Unless you say otherwise here, silence is a no in the EEA, the United Kingdom, Switzerland and where the country is unknown, and a yes elsewhere. E-mail and SMS always need a yes."
    >
      <form onSubmit={submit}>
        <Stack gap={16} maw={560}>
          <MultiSelect
            label="Silence is a no in"
            placeholder={form.values.denied.length === 0 ? 'As the product has it' : undefined}
            searchable
            data={choices}
            disabled={!mayWrite}
            {...form.getInputProps('denied')}
            onChange={(chosen) => choose('denied', chosen)}
          />
          <MultiSelect
            label="Silence is a yes in"
            placeholder={form.values.granted.length === 0 ? 'As the product has it' : undefined}
            searchable
            data={choices}
            disabled={!mayWrite}
            {...form.getInputProps('granted')}
            onChange={(chosen) => choose('granted', chosen)}
          />
          {mayWrite ? (
            <Group>
              <Button type="submit" loading={isSaving} disabled={!form.isDirty()}>
                Save
              </Button>
            </Group>
          ) : null}
        </Stack>
      </form>
    </Section>
  )
}
