// Serves segments over HTTP.
import type { Api } from '../platform/server.ts'
import type { Services } from '../platform/services.ts'
import * as contract from './contract.ts'
import {
  explainMembership,
  getSegment,
  listMembers,
  listMoves,
  listSegments,
  listSegmentsOf,
  listVersions,
} from './reading.ts'
import { createSegment, removeSegment, updateSegment } from './saving.ts'

export function segmentRoutes(api: Api, services: Services): void {
  api.on(contract.listSegments, ({ caller }) => listSegments(services, caller.workspaceId))
  api.on(contract.createSegment, async ({ body, caller }) =>
    getSegment(services, caller.workspaceId, await createSegment(services, caller, body)),
  )
  api.on(contract.getSegment, ({ params, caller }) => getSegment(services, caller.workspaceId, params.id))
  api.on(contract.updateSegment, async ({ params, body, caller }) => {
    await updateSegment(services, caller, params.id, body)
    return getSegment(services, caller.workspaceId, params.id)
  })
  api.on(contract.removeSegment, async ({ params, caller }) => {
    await removeSegment(services, caller, params.id)
    return { removed: true as const }
  })
  api.on(contract.listSegmentMembers, ({ params, query, caller }) =>
    listMembers(services, caller.workspaceId, params.id, query),
  )
  api.on(contract.listSegmentMoves, ({ params, query, caller }) =>
    listMoves(services, caller.workspaceId, params.id, query),
  )
  api.on(contract.listSegmentVersions, ({ params, caller }) =>
    listVersions(services, caller.workspaceId, params.id),
  )
  api.on(contract.explainMembership, ({ params, caller }) =>
    explainMembership(services, caller.workspaceId, params.id, params.leadId),
  )
  api.on(contract.listSegmentsOfLead, ({ params, caller }) =>
    listSegmentsOf(services, caller.workspaceId, params.id),
  )
}
