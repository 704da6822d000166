// Makes an API key, and shows it this once.
import { Button, Group, Modal, MultiSelect, Select, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import {
  createApiKey,
  keyPermissions,
  listApiKeys,
  mayGrant,
  permissions,
  roles,
} from '../../../src/accounts/contract.ts'
import type { Permission, Role } from '../../../src/accounts/contract.ts'
import { useWrite } from '../../queries.ts'
import { CopyField } from '../../ui/copy-field.tsx'
import { words } from '../../ui/format.ts'
import { fieldErrors } from '../../ui/problems.ts'
import { useWorkspace } from '../../workspace.ts'
import { permissionWords } from './role-table.tsx'

export function ApiKeyDialog({ onClose }: { onClose: () => void }) {
  const { role: mine } = useWorkspace()
  const form = useForm<{ name: string; role: Role; scopes: Permission[]; days: string }>({
    initialValues: { name: '', role: 'marketer', scopes: [], days: '365' },
  })
  const create = useWrite(createApiKey, { stale: [listApiKeys], quiet: true })
  const submit = form.onSubmit(({ name, role, scopes, days }) =>
    create.mutate(
      {
        body: {
          name,
          role,
          ...(scopes.length > 0 ? { scopes } : {}),
          ...(days === 'never' ? {} : { expiresAt: inDays(Number(days)) }),
        },
      },
      {
        onError: (problem) => {
          const errors = fieldErrors(problem, ['name', 'role', 'scopes'])
          form.setErrors(Object.keys(errors).length > 0 ? errors : { name: problem.message })
        },
      },
    ),
  )
  const grantable = keyPermissions(form.values.role, null)
  return (
    <Modal opened onClose={onClose} title="New API key" size={480} closeOnClickOutside={!create.data}>
      {create.data ? (
        <Stack gap={16}>
          <Text>Copy the key now. It is kept only as a hash, so it cannot be shown again.</Text>
          <CopyField value={create.data.key} label="API key" />
          <Group justify="flex-end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack gap={16}>
            <TextInput
              label="Name"
              description="Where it is used, so that it can be told apart later"
              placeholder="Warehouse sync"
              required
              maxLength={100}
              data-autofocus
              {...form.getInputProps('name')}
            />
            <Select
              label="Role"
              description="The key may at most what this role may, without handling the team and keys"
              data={roles
                .filter((role) => mayGrant(mine, role))
                .map((role) => ({ value: role, label: words(role) }))}
              {...form.getInputProps('role')}
              onChange={(value) => {
                const role = roles.find((one) => one === value)
                if (role)
                  form.setValues({
                    role,
                    scopes: form.values.scopes.filter((scope) => keyPermissions(role, null).includes(scope)),
                  })
              }}
            />
            <MultiSelect
              label="Only for"
              description="Leave empty for all that the role allows"
              data={grantable.map((permission) => ({
                value: permission,
                label: permissionWords[permission],
              }))}
              {...form.getInputProps('scopes')}
              onChange={(values) =>
                form.setFieldValue(
                  'scopes',
                  permissions.filter((permission) => values.includes(permission)),
                )
              }
            />
            <Select
              label="Expires"
              description="From that day on the key is refused"
              data={lifetimes}
              allowDeselect={false}
              {...form.getInputProps('days')}
            />
            <Group justify="flex-end" gap={8}>
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={create.isPending}>
                Make the key
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}

const lifetimes = [
  { value: '7', label: 'In 7 days' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
  { value: 'never', label: 'Never' },
]

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString()
}
