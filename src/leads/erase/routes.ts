// Serves erasing over HTTP.
import type { Api } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import type { LeadReactions } from '../reactions.ts'
import * as contract from './contract.ts'
import { eraseLead, liftErasure, listErasures } from './index.ts'

export function eraseRoutes(api: Api, services: Services, reactions: LeadReactions): void {
  api.on(contract.listErasures, ({ caller }) => listErasures(services.db, caller.workspaceId))
  api.on(contract.liftErasure, ({ body, caller }) => liftErasure(services, caller, body))
  api.on(contract.eraseLead, ({ params, caller }) => eraseLead(services, caller, params.id, reactions))
}
