// HTTP of journeys.
import type { Api } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import * as contract from './contract.ts'
import { getJourney, journeyModel, journeyStatistics, learnNow, setJourneySettings } from './index.ts'
import type { JourneyDoors } from './index.ts'

export function journeyRoutes(api: Api, services: Services, doors: JourneyDoors): void {
  api.on(contract.getJourney, ({ params, caller }) =>
    getJourney(services, doors, caller.workspaceId, params.id),
  )
  api.on(contract.journeyStatistics, ({ params, caller }) =>
    journeyStatistics(services, doors, caller.workspaceId, params.id),
  )
  api.on(contract.getJourneyModel, ({ caller }) => journeyModel(services.db, caller.workspaceId))
  api.on(contract.setJourneySettings, ({ body, caller }) => setJourneySettings(services, caller, body))
  api.on(contract.learnJourneyModel, ({ caller }) => learnNow(services.db, caller.workspaceId))
}
