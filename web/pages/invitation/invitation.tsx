// An invitation link: shows what it invites to, and lets a person join.
import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { acceptInvitation, getInvitation } from '../../../src/accounts/contract.ts'
import type { Problem } from '../../call.ts'
import { useCall, useWrite } from '../../queries.ts'
import { Front } from '../../ui/front.tsx'
import { fieldErrors } from '../../ui/problems.ts'
import { Answer, ErrorState } from '../../ui/states.tsx'

export function InvitationPage() {
  // Behind the # the token stays out of the server's log and of the referrer.
  const [token] = useState(() => window.location.hash.slice(1))
  const invitation = useCall(getInvitation, { body: { token } }, { enabled: token !== '' })
  if (token === '') {
    return (
      <Front title="Invitation">
        <ErrorState
          compact
          problem={new Error('This link is not complete. Copy the whole link from the invitation.')}
        />
      </Front>
    )
  }
  return (
    <Answer of={invitation} loading={<Front title="Invitation">{null}</Front>}>
      {({ workspaceName, invitedBy, role, email, signedInAs }) => (
        <Front title={`Join ${workspaceName}`} about={`${invitedBy} invites you as ${role}.`}>
          {signedInAs ? (
            <JoinAs token={token} address={signedInAs} />
          ) : (
            <JoinWithAccount token={token} email={email} />
          )}
        </Front>
      )}
    </Answer>
  )
}

function JoinAs({ token, address }: { token: string; address: string }) {
  const join = useJoin()
  return (
    <Stack gap={16}>
      <Refused problem={join.error} />
      <Button size="md" loading={join.isPending} onClick={() => join.mutate({ body: { token } })}>
        Join as {address}
      </Button>
    </Stack>
  )
}

function JoinWithAccount({ token, email }: { token: string; email: string | null }) {
  const form = useForm({ initialValues: { name: '', email: email ?? '', password: '' } })
  const join = useJoin()
  const submit = form.onSubmit((account) =>
    join.mutate(
      { body: { token, account } },
      { onError: (problem) => form.setErrors(fieldErrors(problem, ['name', 'email', 'password'])) },
    ),
  )
  return (
    <form onSubmit={submit}>
      <Stack gap={16}>
        <Refused problem={Object.keys(form.errors).length === 0 ? join.error : null} />
        <TextInput
          label="Your name"
          required
          maxLength={100}
          autoComplete="name"
          autoFocus
          {...form.getInputProps('name')}
        />
        <TextInput
          label="E-mail"
          type="email"
          required
          readOnly={email !== null}
          autoComplete="username"
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label="Password"
          description="At least 10 characters; your present one, if you have an account here"
          required
          minLength={10}
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
        <Button type="submit" size="md" loading={join.isPending} fullWidth>
          Join
        </Button>
      </Stack>
    </form>
  )
}

function useJoin() {
  const client = useQueryClient()
  const navigate = useNavigate()
  return useWrite(acceptInvitation, {
    quiet: true,
    onDone: (me) => {
      client.clear()
      const joined = me.workspaces.find(({ id }) => id === me.workspaceId)
      void navigate(joined ? { to: '/w/$workspace', params: { workspace: joined.slug } } : { to: '/' })
    },
  })
}

function Refused({ problem }: { problem: Problem | null }) {
  return problem ? (
    <Alert color="red" role="alert">
      {problem.message}
    </Alert>
  ) : null
}
