// A link that sets a new password: whose it is, the new password, and on to the sign-in.
import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { getReset, resetPassword } from '../../../src/accounts/contract.ts'
import { useCall, useWrite } from '../../queries.ts'
import { Front } from '../../ui/front.tsx'
import { ButtonLink } from '../../ui/links.tsx'
import { fieldErrors } from '../../ui/problems.ts'
import { Answer, ErrorState } from '../../ui/states.tsx'

export function ResetPasswordPage() {
  // Behind the # the token stays out of the server's log and of the referrer.
  const [token] = useState(() => window.location.hash.slice(1))
  const [isDone, setDone] = useState(false)
  const reset = useCall(
    getReset,
    { body: { token } },
    { enabled: token !== '' && !isDone, staleMs: Infinity },
  )
  if (isDone) {
    return (
      <Front title="Your password is set" about="Every session of yours has ended. Sign in with the new one.">
        <ButtonLink to="/sign-in" size="md" fullWidth>
          Sign in
        </ButtonLink>
      </Front>
    )
  }
  if (token === '' || reset.error) {
    return (
      <Front title="Set a new password">
        <ErrorState
          compact
          problem={reset.error ?? new Error('This link is not complete. Copy the whole link.')}
        />
        <ButtonLink to="/forgot-password" variant="default" fullWidth mt={16}>
          Ask for a new link
        </ButtonLink>
      </Front>
    )
  }
  return (
    <Answer of={reset} loading={<Front title="Set a new password">{null}</Front>}>
      {({ email, name }) => (
        <Front title="Set a new password" about={`For the account of ${name}.`}>
          <NewPassword token={token} email={email} onDone={() => setDone(true)} />
        </Front>
      )}
    </Answer>
  )
}

function NewPassword({ token, email, onDone }: { token: string; email: string; onDone: () => void }) {
  const client = useQueryClient()
  const form = useForm({ initialValues: { password: '' } })
  const save = useWrite(resetPassword, {
    quiet: true,
    onDone: () => {
      onDone()
      client.clear()
    },
  })
  const submit = form.onSubmit(({ password }) =>
    save.mutate(
      { body: { token, password } },
      { onError: (problem) => form.setErrors(fieldErrors(problem, ['password'])) },
    ),
  )
  return (
    <form onSubmit={submit}>
      <Stack gap={16}>
        {save.error && Object.keys(form.errors).length === 0 ? (
          <Alert color="red" role="alert">
            {save.error.message}
          </Alert>
        ) : null}
        <TextInput label="E-mail" value={email} readOnly autoComplete="username" />
        <PasswordInput
          label="New password"
          description="At least 10 characters"
          required
          minLength={10}
          autoFocus
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
        <Button type="submit" size="md" loading={save.isPending} fullWidth>
          Set password
        </Button>
      </Stack>
    </form>
  )
}
