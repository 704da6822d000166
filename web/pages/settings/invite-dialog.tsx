// Makes an invitation link, and shows it this once.
import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import {
  getSecurity,
  inviteMember,
  listInvitations,
  mayGrant,
  roles,
} from '../../../src/accounts/contract.ts'
import type { Role } from '../../../src/accounts/contract.ts'
import { useCall, useWrite } from '../../queries.ts'
import { CopyField } from '../../ui/copy-field.tsx'
import { words } from '../../ui/format.ts'
import { fieldErrors } from '../../ui/problems.ts'
import { useWorkspace } from '../../workspace.ts'

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { role: mine, name } = useWorkspace()
  const form = useForm<{ email: string; role: Role }>({ initialValues: { email: '', role: 'marketer' } })
  const invite = useWrite(inviteMember, { stale: [listInvitations], quiet: true })
  const isMailSetUp = useCall(getSecurity, {}).data?.isMailSetUp ?? false
  const submit = form.onSubmit(({ email, role }) =>
    invite.mutate(
      { body: email.trim() ? { role, email } : { role } },
      {
        onError: (problem) => {
          const errors = fieldErrors(problem, ['email', 'role'])
          form.setErrors(Object.keys(errors).length > 0 ? errors : { email: problem.message })
        },
      },
    ),
  )
  return (
    <Modal opened onClose={onClose} title={`Invite to ${name}`} size={480}>
      {invite.data ? (
        <Stack gap={16}>
          <Text>
            {invite.data.isMailed
              ? `A link is on its way to ${invite.data.invitation.email ?? ''}. You can pass on this one, too: `
              : `Send this link to ${invite.data.invitation.email ?? 'one person'}. `}
            It works once, for 7 days, and is shown only now.
          </Text>
          <CopyField value={invite.data.link} label="invitation link" />
          <Group justify="flex-end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack gap={16}>
            <Select
              label="Role"
              data={roles
                .filter((role) => mayGrant(mine, role))
                .map((role) => ({ value: role, label: words(role) }))}
              {...form.getInputProps('role')}
            />
            <TextInput
              label="E-mail"
              description={`Optional. If given, only this address can accept.${isMailSetUp ? ' The link is mailed to it.' : ' Nothing is sent: you pass on the link.'}`}
              type="email"
              {...form.getInputProps('email')}
            />
            <Group justify="flex-end" gap={8}>
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={invite.isPending}>
                Make the link
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}
