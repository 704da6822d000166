// Serves consent by purpose over HTTP.
import type { Api } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import * as contract from './contract.ts'
import { getConsentPurpose, listConsentActs, listConsentPurposes, purposeNamed } from './index.ts'

export function consentRoutes(api: Api, services: Services): void {
  api.on(contract.listConsentPurposes, ({ caller }) => listConsentPurposes(services, caller.workspaceId))
  api.on(contract.getConsentPurpose, ({ params, caller }) =>
    getConsentPurpose(services, caller.workspaceId, purposeNamed(params.purpose)),
  )
  api.on(contract.listConsentActs, ({ params, caller }) =>
    listConsentActs(services.db, caller.workspaceId, purposeNamed(params.purpose)),
  )
}
