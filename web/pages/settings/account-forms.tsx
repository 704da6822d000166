// The forms of one's own account: name, address, password.
import { Alert, Button, Group, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { changeEmail, changePassword, getMe, listSessions, renameMe } from '../../../src/accounts/contract.ts'
import { showDone, useWrite } from '../../queries.ts'
import { fieldErrors } from '../../ui/problems.ts'

export function ChangeName({ name }: { name: string }) {
  const form = useForm({ initialValues: { name } })
  const save = useWrite(renameMe, { stale: [getMe], onDone: () => showDone('Your name is changed.') })
  return (
    <form onSubmit={form.onSubmit((body) => save.mutate({ body }))}>
      <Stack gap={16} maw={360}>
        <TextInput
          label="Your name"
          required
          maxLength={100}
          autoComplete="name"
          {...form.getInputProps('name')}
        />
        <Group>
          <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

export function ChangeEmail({ email }: { email: string }) {
  const [asked, setAsked] = useState<string>()
  const form = useForm({ initialValues: { email: '', password: '' } })
  const change = useWrite(changeEmail, {
    stale: [getMe],
    quiet: true,
    onDone: ({ status }, { body }) => {
      form.reset()
      if (status === 'confirm') setAsked(body.email)
      else showDone('Your address is changed.')
    },
  })
  const submit = form.onSubmit((body) =>
    change.mutate(
      { body },
      {
        onError: (problem) => {
          const errors = fieldErrors(problem, ['email', 'password'])
          const field = problem.code === 'password_wrong' ? 'password' : 'email'
          form.setErrors(Object.keys(errors).length > 0 ? errors : { [field]: problem.message })
        },
      },
    ),
  )
  return (
    <form onSubmit={submit}>
      <Stack gap={16} maw={360}>
        {asked ? (
          <Alert color="accent" role="status">
            A link is on its way to {asked}. Until you open it, you sign in with {email}.
          </Alert>
        ) : null}
        <TextInput
          label="New address"
          description={`Now ${email}`}
          type="email"
          required
          autoComplete="email"
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label="Your password"
          required
          autoComplete="current-password"
          {...form.getInputProps('password')}
        />
        <Group>
          <Button type="submit" loading={change.isPending}>
            Change address
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

export function ChangePassword() {
  const form = useForm({ initialValues: { currentPassword: '', newPassword: '' } })
  const change = useWrite(changePassword, {
    stale: [listSessions],
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
