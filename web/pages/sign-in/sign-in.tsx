// Signing in with e-mail and password.
import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { signIn } from '../../../src/accounts/contract.ts'
import { useWrite } from '../../queries.ts'
import { Front } from '../../ui/front.tsx'

export function SignInPage() {
  const { next } = useSearch({ from: '/sign-in' })
  const { history } = useRouter()
  const client = useQueryClient()
  const form = useForm({ initialValues: { email: '', password: '' } })
  const enter = useWrite(signIn, {
    quiet: true,
    onDone: () => {
      client.clear()
      history.push(next ?? '/')
    },
  })
  return (
    <Front title="Sign in" about={next ? 'Sign in to go on where you were.' : undefined}>
      <form onSubmit={form.onSubmit((body) => enter.mutate({ body }))}>
        <Stack gap={16}>
          {enter.error ? (
            <Alert color="red" role="alert">
              {enter.error.status === 401
                ? 'This e-mail and password do not belong together. Try again.'
                : enter.error.message}
            </Alert>
          ) : null}
          <TextInput
            label="E-mail"
            type="email"
            required
            autoComplete="username"
            autoFocus
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label="Password"
            required
            autoComplete="current-password"
            {...form.getInputProps('password')}
          />
          <Button type="submit" size="md" loading={enter.isPending} fullWidth>
            Sign in
          </Button>
        </Stack>
      </form>
    </Front>
  )
}
