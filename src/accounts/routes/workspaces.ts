// Endpoints of workspaces.
import { missing } from '../../lib/refusal.ts'
import type { Api, Caller } from '../../platform/server.ts'
import * as contract from '../contract.ts'
import { readWorkspace } from '../store/workspaces.ts'
import type { WorkspaceProfile } from '../store/workspaces.ts'
import { createWorkspace, deleteTeam, membershipsOf, updateWorkspace } from '../workspaces.ts'
import type { Hosting } from './index.ts'
import { presentWorkspace } from './present.ts'

export function workspaceRoutes(api: Api, hosting: Hosting): void {
  const { world } = hosting

  api.on(contract.listWorkspaces, async ({ caller }) => {
    if (caller.userId === undefined) {
      return { items: [presentWorkspace(await ownWorkspace(caller, caller.workspaceId), roleOf(caller))] }
    }
    const memberships = await membershipsOf(world.db, caller.userId)
    return { items: memberships.map((membership) => presentWorkspace(membership, membership.role)) }
  })

  api.on(contract.createWorkspace, async ({ caller, body }) => {
    const { live, test } = await createWorkspace(world, caller, body)
    return { live: presentWorkspace(live, 'owner'), test: presentWorkspace(test, 'owner') }
  })

  api.on(contract.getWorkspace, async ({ caller, params }) =>
    detail(await ownWorkspace(caller, params.id), caller),
  )

  api.on(contract.updateWorkspace, async ({ caller, params, body }) => {
    await ownWorkspace(caller, params.id)
    return detail(await updateWorkspace(world, caller, body), caller)
  })

  api.on(contract.deleteWorkspace, async ({ caller, params, body }) => {
    await ownWorkspace(caller, params.id)
    await deleteTeam(world, caller, body.name)
    return { deleted: true as const }
  })

  async function ownWorkspace(caller: Caller, slugOrId: string): Promise<WorkspaceProfile> {
    const found = await readWorkspace(world.db, caller.workspaceId)
    if (!found || (slugOrId !== found.id && slugOrId !== found.slug)) throw missing('workspace', slugOrId)
    return found
  }
}

function detail(workspace: WorkspaceProfile, caller: Caller) {
  return { ...presentWorkspace(workspace, roleOf(caller)), settings: workspace.settings }
}

function roleOf(caller: Caller): contract.Role {
  return contract.roleSchema.parse(caller.role)
}
