// Serves bulk work over HTTP.
import type { Api } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import * as contract from './contract.ts'
import { beginBulkWork, cancelBulkJob, countSelection, getBulkJob, listBulkJobs } from './index.ts'

export function bulkRoutes(api: Api, services: Services): void {
  const { db } = services
  api.on(contract.countSelection, ({ body, caller }) => countSelection(services, caller.workspaceId, body))
  api.on(contract.changeLeads, ({ body, caller }) => beginBulkWork(services, caller, body))
  api.on(contract.binLeads, ({ body, caller }) => beginBulkWork(services, caller, body))
  api.on(contract.listBulkJobs, ({ caller }) => listBulkJobs(db, caller.workspaceId))
  api.on(contract.getBulkJob, ({ params, caller }) => getBulkJob(db, caller.workspaceId, params.id))
  api.on(contract.cancelBulkJob, ({ params, caller }) => cancelBulkJob(services, caller, params.id))
}
