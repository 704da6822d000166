// The dialog that opens another workspace, with a test twin of its own.
import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useNavigate } from '@tanstack/react-router'
import { createWorkspace, getMe } from '../../src/accounts/contract.ts'
import type { Workspace } from '../../src/accounts/contract.ts'
import { useWrite } from '../queries.ts'
import { currencies, timeZones } from '../ui/choices.ts'

export function NewWorkspace({ like, onClose }: { like: Workspace; onClose: () => void }) {
  const navigate = useNavigate()
  const form = useForm({ initialValues: { name: '', timeZone: like.timeZone, currency: like.currency } })
  const create = useWrite(createWorkspace, {
    stale: [getMe],
    onDone: ({ live }) => {
      onClose()
      void navigate({ to: '/w/$workspace/start', params: { workspace: live.slug } })
    },
  })
  return (
    <Modal opened onClose={onClose} title="New workspace" size={440}>
      <form onSubmit={form.onSubmit((body) => create.mutate({ body }))}>
        <Stack gap={16}>
          <TextInput
            label="Name"
            description="A brand, a shop or a client. Its leads are kept apart from those of every other workspace."
            required
            maxLength={100}
            data-autofocus
            {...form.getInputProps('name')}
          />
          <Select label="Time zone" searchable data={timeZones()} {...form.getInputProps('timeZone')} />
          <Select label="Currency" searchable data={currencies()} {...form.getInputProps('currency')} />
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending}>
              Create workspace
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
