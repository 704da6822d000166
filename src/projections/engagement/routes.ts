// HTTP of engagement.
import type { Door } from '../../ingest/index.ts'
import type { Api } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import * as contract from './contract.ts'
import { engagementHistory, engagementStatistics, engagementTypes, recordEngagement } from './index.ts'

/** @param door of the inbox, which what is recorded goes through */
export function engagementRoutes(api: Api, services: Services, door: Door): void {
  api.on(contract.listEngagementTypes, () => Promise.resolve(engagementTypes()))
  api.on(contract.recordEngagement, ({ params, body, caller }) =>
    recordEngagement(services, door, caller, params.id, body),
  )
  api.on(contract.engagementHistory, ({ params, query, caller }) =>
    engagementHistory(services, caller.workspaceId, params.id, query),
  )
  api.on(contract.engagementStatistics, ({ params, query, caller }) =>
    engagementStatistics(services, caller.workspaceId, params.id, query),
  )
}
