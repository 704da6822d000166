// Signing in: e-mail and password, and with two-factor the code after them.
import { Alert, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { answerWithCode, signIn } from '../../../src/accounts/contract.ts'
import { useWrite } from '../../queries.ts'
import { Front } from '../../ui/front.tsx'
import { TextLink } from '../../ui/links.tsx'

export function SignInPage() {
  const { next } = useSearch({ from: '/sign-in' })
  const { history } = useRouter()
  const client = useQueryClient()
  const [asksCode, setAsksCode] = useState(false)
  const enter = () => {
    client.clear()
    history.push(next ?? '/')
  }
  return asksCode ? (
    <CodeStep onEntered={enter} onBack={() => setAsksCode(false)} />
  ) : (
    <PasswordStep goesOn={next !== undefined} onEntered={enter} onCode={() => setAsksCode(true)} />
  )
}

function PasswordStep({
  goesOn,
  onEntered,
  onCode,
}: {
  goesOn: boolean
  onEntered: () => void
  onCode: () => void
}) {
  const form = useForm({ initialValues: { email: '', password: '' } })
  const enter = useWrite(signIn, {
    quiet: true,
    onDone: ({ needsCode }) => (needsCode ? onCode() : onEntered()),
  })
  return (
    <Front title="Sign in" about={goesOn ? 'Sign in to go on where you were.' : undefined}>
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
          <TextLink to="/forgot-password" fz="sm">
            Forgot your password?
          </TextLink>
        </Stack>
      </form>
    </Front>
  )
}

function CodeStep({ onEntered, onBack }: { onEntered: () => void; onBack: () => void }) {
  const [byRecovery, setByRecovery] = useState(false)
  const form = useForm({ initialValues: { code: '' } })
  const answer = useWrite(answerWithCode, {
    quiet: true,
    onDone: onEntered,
  })
  const isOver = answer.error?.code === 'sign_in_over'
  const turn = () => {
    form.reset()
    answer.reset()
    setByRecovery(!byRecovery)
  }
  return (
    <Front
      title={byRecovery ? 'Enter a recovery code' : 'Enter the code'}
      about={
        byRecovery
          ? 'One of the ten that you kept when you turned two-factor on. Each works once.'
          : 'Your authenticator app shows six digits for Throughline.'
      }
    >
      <form onSubmit={form.onSubmit((body) => answer.mutate({ body }))}>
        <Stack gap={16}>
          {answer.error ? (
            <Alert color="red" role="alert">
              {answer.error.message}
            </Alert>
          ) : null}
          <TextInput
            key={String(byRecovery)}
            label={byRecovery ? 'Recovery code' : 'Code'}
            required
            autoFocus
            autoComplete="one-time-code"
            inputMode={byRecovery ? 'text' : 'numeric'}
            placeholder={byRecovery ? 'K7QM3-XWD9F' : '123 456'}
            minLength={6}
            maxLength={byRecovery ? 20 : 7}
            {...form.getInputProps('code')}
          />
          {isOver ? (
            <Button size="md" onClick={onBack} fullWidth>
              Begin again
            </Button>
          ) : (
            <Button type="submit" size="md" loading={answer.isPending} fullWidth>
              Sign in
            </Button>
          )}
          <Button variant="subtle" size="compact-sm" onClick={turn}>
            {byRecovery ? 'Use the authenticator app' : 'Use a recovery code'}
          </Button>
          <Text fz="sm" c="dimmed">
            No phone and no codes? An admin of your workspace can turn two-factor off for you.
          </Text>
        </Stack>
      </form>
    </Front>
  )
}
