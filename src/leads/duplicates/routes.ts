// Serves looking for duplicates over HTTP.
import type { Api } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import * as contract from './contract.ts'
import { duplicateLook, lookForDuplicates, setMerging } from './index.ts'

export function duplicateRoutes(api: Api, services: Services): void {
  const { db } = services
  api.on(contract.getDuplicateLook, ({ caller }) => duplicateLook(db, caller.workspaceId))
  api.on(contract.lookForDuplicates, ({ caller }) => lookForDuplicates(services, caller.workspaceId))
  api.on(contract.setDuplicateMerging, ({ body, caller }) => setMerging(db, caller, body))
}
