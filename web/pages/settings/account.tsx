// Your own account: who you are here, and your password.
import { Button, Group, PasswordInput, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { changePassword } from '../../../src/accounts/contract.ts'
import { showDone, useWrite } from '../../queries.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { fieldErrors } from '../../ui/problems.ts'
import { Section } from '../../ui/section.tsx'
import { useSession } from '../../workspace.ts'

export function AccountSettings() {
  const { user } = useSession()
  return (
    <>
      <PageHeader title="Your account" about={`${user.name}, ${user.email}`} />
      <Section title="Password" about="After a change every other session of yours ends.">
        <ChangePassword />
      </Section>
    </>
  )
}

function ChangePassword() {
  const form = useForm({ initialValues: { currentPassword: '', newPassword: '' } })
  const change = useWrite(changePassword, {
    quiet: true,
    onDone: () => {
      form.reset()
      showDone('Your password is changed.')
    },
  })
  const submit = form.onSubmit((body) =>
    change.mutate(
      { body },
      {
        onError: (problem) => {
          const errors = fieldErrors(problem, ['currentPassword', 'newPassword'])
          form.setErrors(Object.keys(errors).length > 0 ? errors : { currentPassword: problem.message })
        },
      },
    ),
  )
  return (
    <form onSubmit={submit}>
      <Stack gap={16} maw={360}>
        <PasswordInput
          label="Current password"
          required
          autoComplete="current-password"
          {...form.getInputProps('currentPassword')}
        />
        <PasswordInput
          label="New password"
          description="At least 10 characters"
          required
          minLength={10}
          autoComplete="new-password"
          {...form.getInputProps('newPassword')}
        />
        <Group>
          <Button type="submit" loading={change.isPending}>
            Change password
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
