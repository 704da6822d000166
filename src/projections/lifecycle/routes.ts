// HTTP of the lifecycle.
import type { Api } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import * as contract from './contract.ts'
import { adoptRules, currentStage, lifecycleRules, moveStage, stageHistory, tryRules } from './index.ts'
import type { UnderstandNow } from './index.ts'

/** What the lifecycle needs of the pass that understands leads. */
export interface LifecycleDoors {
  understandNow: UnderstandNow
  /** what the projections before lifecycle say of a part of a history, in a workspace */
  earlier: Parameters<typeof tryRules>[3]
}

export function lifecycleRoutes(
  api: Api,
  services: Services,
  { understandNow, earlier }: LifecycleDoors,
): void {
  const { db } = services
  api.on(contract.currentStage, ({ params, caller }) =>
    currentStage(services, understandNow, caller.workspaceId, params.id),
  )
  api.on(contract.stageHistory, ({ params, caller }) =>
    stageHistory(services, understandNow, caller.workspaceId, params.id),
  )
  api.on(contract.moveStage, ({ params, body, caller }) =>
    moveStage(services, understandNow, caller, params.id, body),
  )
  api.on(contract.getLifecycleRules, ({ caller }) => lifecycleRules(db, caller.workspaceId))
  api.on(contract.tryLifecycleRules, ({ body, caller }) =>
    tryRules(services, caller.workspaceId, body.rules, earlier),
  )
  api.on(contract.adoptLifecycleRules, ({ body, caller }) => adoptRules(services, caller, body))
}
