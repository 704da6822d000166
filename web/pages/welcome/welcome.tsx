// The first run: creates the owner and the first workspace.
import { Alert, Button, PasswordInput, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { Navigate, useNavigate } from '@tanstack/react-router'
import { getSetup, setUp } from '../../../src/accounts/contract.ts'
import { useCall, useWrite } from '../../queries.ts'
import { browserZone, timeZones } from '../../ui/choices.ts'
import { Front } from '../../ui/front.tsx'
import { fieldErrors } from '../../ui/problems.ts'
import { Answer } from '../../ui/states.tsx'

export function WelcomePage() {
  const setup = useCall(getSetup, {})
  return (
    <Front
      title="Welcome"
      about="Create the owner of this installation. It takes a minute, and nothing leaves this machine."
    >
      <Answer of={setup}>
        {({ needsOwner, needsCode }) =>
          needsOwner ? <OwnerForm needsCode={needsCode} /> : <Navigate to="/" replace />
        }
      </Answer>
    </Front>
  )
}

const fields = ['name', 'email', 'password', 'workspaceName', 'timeZone', 'code'] as const

function OwnerForm({ needsCode }: { needsCode: boolean }) {
  const navigate = useNavigate()
  const client = useQueryClient()
  const form = useForm({
    initialValues: {
      name: '',
      email: '',
      password: '',
      workspaceName: '',
      timeZone: browserZone(),
      code: '',
    },
  })
  const create = useWrite(setUp, {
    quiet: true,
    onDone: (me) => {
      client.clear()
      const live = me.workspaces.find(({ id }) => id === me.workspaceId)
      void navigate(live ? { to: '/w/$workspace/start', params: { workspace: live.slug } } : { to: '/' })
    },
  })
  const submit = form.onSubmit(({ code, ...owner }) =>
    create.mutate(
      { body: needsCode ? { ...owner, code } : owner },
      {
        onError: (problem) =>
          form.setErrors(
            problem.code.startsWith('setup_code_') ? { code: problem.message } : fieldErrors(problem, fields),
          ),
      },
    ),
  )
  const unplaced = create.error && Object.keys(form.errors).length === 0 ? create.error : null
  return (
    <form onSubmit={submit}>
      <Stack gap={16}>
        {unplaced ? (
          <Alert color="red" role="alert">
            {unplaced.message}
          </Alert>
        ) : null}
        {needsCode ? (
          <TextInput
            label="Setup code"
            description="Throughline printed it where it was started. It shows that the machine is yours."
            required
            autoComplete="off"
            autoFocus
            {...form.getInputProps('code')}
          />
        ) : null}
        <TextInput
          label="Your name"
          required
          maxLength={100}
          autoComplete="name"
          autoFocus={!needsCode}
          {...form.getInputProps('name')}
        />
        <TextInput
          label="E-mail"
          type="email"
          required
          autoComplete="username"
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label="Password"
          description="At least 10 characters"
          required
          minLength={10}
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
        <TextInput
          label="Workspace"
          description="Your company, shop or brand"
          required
          maxLength={100}
          autoComplete="organization"
          {...form.getInputProps('workspaceName')}
        />
        <Select
          label="Time zone"
          description="Days in reports begin at midnight there"
          searchable
          data={timeZones()}
          {...form.getInputProps('timeZone')}
        />
        <Button type="submit" size="md" loading={create.isPending} fullWidth mt={8}>
          Create owner and workspace
        </Button>
      </Stack>
    </form>
  )
}
