// The bare address: leads on to the first run, the sign-in, or the workspace that was open last.
import { Navigate } from '@tanstack/react-router'
import { getMe, getSetup } from '../../../src/accounts/contract.ts'
import { useCall } from '../../queries.ts'
import { lastWorkspace } from '../../shell/last-workspace.ts'
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
    return (
      <ErrorState problem={new Error('You are not a member of any workspace. Ask for an invitation link.')} />
    )
  }
  const failed = setup.error ? setup : me.error ? me : undefined
  return failed?.error ? <ErrorState problem={failed.error} retry={() => void failed.refetch()} /> : null
}
