// Serves reports over HTTP.
import type { Api } from '../platform/server.ts'
import type { Services } from '../platform/services.ts'
import { analyticsRoutes } from './analytics/routes.ts'
import { getDashboard } from './contract.ts'
import { readDashboard } from './dashboard.ts'
import { getLeadSourceStatistics } from './lead-sources/contract.ts'
import { readLeadSourceStatistics } from './lead-sources/statistics.ts'

export function reportRoutes(api: Api, services: Services): void {
  api.on(getDashboard, ({ query, caller }) => readDashboard(services, caller.workspaceId, Number(query.days)))
  analyticsRoutes(api, services)
  api.on(getLeadSourceStatistics, ({ query, caller }) =>
    readLeadSourceStatistics(services, caller.workspaceId, query),
  )
}
