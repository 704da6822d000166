// Name, time zone and currency of the workspace.
import { Button, Group, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { Workspace } from '../../../src/accounts/contract.ts'
import { currencies, timeZones } from '../../ui/choices.ts'
import { Section } from '../../ui/section.tsx'
import { useSaving } from './use-saving.ts'

export function IdentityForm({ workspace, mayWrite }: { workspace: Workspace; mayWrite: boolean }) {
  const { name, timeZone, currency } = workspace
  const form = useForm({ initialValues: { name, timeZone, currency } })
  const { save, isSaving } = useSaving(form)
  return (
    <Section title="General">
      <form onSubmit={form.onSubmit(save)}>
        <Stack gap={16} maw={480}>
          <TextInput
            label="Name"
            required
            maxLength={100}
            disabled={!mayWrite}
            {...form.getInputProps('name')}
          />
          <Select
            label="Time zone"
            description="Days in reports begin at midnight there; every instant in the app is shown on its clock."
            searchable
            data={timeZones()}
            disabled={!mayWrite}
            {...form.getInputProps('timeZone')}
          />
          <Select
            label="Currency"
            description="Taken for amounts that name none. Amounts are never converted."
            searchable
            data={currencies()}
            disabled={!mayWrite}
            {...form.getInputProps('currency')}
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
