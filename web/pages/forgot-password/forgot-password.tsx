// A lost password: has a link mailed, or says who can make one.
import { Alert, Button, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { getSetup, requestReset } from '../../../src/accounts/contract.ts'
import { useCall, useWrite } from '../../queries.ts'
import { Front } from '../../ui/front.tsx'
import { TextLink } from '../../ui/links.tsx'
import { fieldErrors } from '../../ui/problems.ts'
import { Answer } from '../../ui/states.tsx'

export function ForgotPasswordPage() {
  const setup = useCall(getSetup, {})
  return (
    <Front title="Set a new password">
      <Answer of={setup} compact>
        {({ resetsByMail }) => (resetsByMail ? <ByMail /> : <ByAdmin />)}
      </Answer>
      <TextLink to="/sign-in" fz="sm" mt={24} display="inline-block">
        Back to sign in
      </TextLink>
    </Front>
  )
}

function ByMail() {
  const form = useForm({ initialValues: { email: '' } })
  const ask = useWrite(requestReset, { quiet: true })
  if (ask.data) {
    return (
      <Alert color="accent" role="status" title="Look into your mail">
        If {form.values.email} has an account, a link is on its way to it. It works once, for one hour.
      </Alert>
    )
  }
  const submit = form.onSubmit((body) =>
    ask.mutate({ body }, { onError: (problem) => form.setErrors(fieldErrors(problem, ['email'])) }),
  )
  return (
    <form onSubmit={submit}>
      <Stack gap={16}>
        {ask.error && Object.keys(form.errors).length === 0 ? (
          <Alert color="red" role="alert">
            {ask.error.message}
          </Alert>
        ) : null}
        <TextInput
          label="E-mail"
          description="The address that you sign in with"
          type="email"
          required
          autoFocus
          autoComplete="username"
          {...form.getInputProps('email')}
        />
        <Button type="submit" size="md" loading={ask.isPending} fullWidth>
          Send me a link
        </Button>
      </Stack>
    </form>
  )
}

function ByAdmin() {
  return (
    <Stack gap={12}>
      <Text>
        No link can be mailed from here. Ask an owner or admin of your workspace: under Settings, Team, they
        make a link with which you set a new password.
      </Text>
      <Text c="dimmed">
        Are you the owner? Whoever runs the installation sets your password on the command line:{' '}
        <code>throughline user reset-password</code>
      </Text>
    </Stack>
  )
}
