// The bare address: leads on to the first run, the sign-in, or the workspace that was open last.
import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Navigate, useNavigate } from '@tanstack/react-router'
import { getMe, getSetup, signOut } from '../../../src/accounts/contract.ts'
import { useCall, useWrite } from '../../queries.ts'
import { lastWorkspace } from '../../shell/last-workspace.ts'
import { Front } from '../../ui/front.tsx'
import { ErrorState } from '../../ui/states.tsx'

export function EntryPage() {
  const setup = useCall(getSetup, {})
  const me = useCall(getMe, {}, { enabled: setup.data?.needsOwner === false })
  if (setup.data?.needsOwner) return <Navigate to="/welcome" replace />
  if (me.error?.status === 401) return <Navigate to="/sign-in" replace />
  if (me.data) {
    const { workspaces, workspaceId } = me.data
    const last = lastWorkspace()
    const open =
      workspaces.find(({ slug }) => slug === last) ??
      workspaces.find(({ id }) => id === workspaceId) ??
      workspaces[0]
    if (open) return <Navigate to="/w/$workspace" params={{ workspace: open.slug }} replace />
    return <NoWorkspace />
  }
  if (me.error?.code === 'membership_missing') return <NoWorkspace />
  const failed = setup.error ? setup : me.error ? me : undefined
  return failed?.error ? <ErrorState problem={failed.error} retry={() => void failed.refetch()} /> : null
}

function NoWorkspace() {
  const navigate = useNavigate()
  const client = useQueryClient()
  const leave = useWrite(signOut, {
    onDone: () => {
      void navigate({ to: '/sign-in' }).then(() => client.clear())
    },
  })
  return (
    <Front
      title="You are in no workspace"
      about="You are signed in, but a member of no workspace. Ask an owner or admin for an invitation link, and open it here."
    >
      <Button variant="default" loading={leave.isPending} onClick={() => leave.mutate({})}>
        Sign out
      </Button>
    </Front>
  )
}
