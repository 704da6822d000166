// Settings of the workspace: what it is called, its clock and currency, whose traffic counts, and what is kept of visitors.
import { getWorkspace } from '../../../src/accounts/contract.ts'
import { useCall } from '../../queries.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Answer } from '../../ui/states.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import { ConsentForm } from './workspace-consent.tsx'
import { WorkspaceEnd } from './workspace-end.tsx'
import { IdentityForm } from './workspace-identity.tsx'
import { TrafficForm } from './workspace-traffic.tsx'

export function WorkspaceSettings() {
  const { slug, mode } = useWorkspace()
  const workspace = useCall(getWorkspace, { params: { id: slug } })
  const mayWrite = useMay('settings.write')
  return (
    <>
      <PageHeader
        title="Workspace"
        about={
          mayWrite
            ? `Settings of the ${mode} workspace${mode === 'test' ? '; live keeps its own, only the name is shared' : ''}.`
            : 'Owners and admins change these settings.'
        }
      />
      <Answer of={workspace}>
        {(detail) => (
          <>
            <IdentityForm workspace={detail} mayWrite={mayWrite} />
            <TrafficForm workspace={detail} mayWrite={mayWrite} />
            <ConsentForm workspace={detail} mayWrite={mayWrite} />
            <WorkspaceEnd />
          </>
        )}
      </Answer>
    </>
  )
}
