// HTTP of the prediction.
import type { Api } from '../../../platform/server.ts'
import type { Services } from '../../../platform/services.ts'
import * as contract from './contract.ts'
import { chooseTarget, predictionOf, predictiveModel, trainNow } from './index.ts'

export function predictionRoutes(api: Api, services: Services): void {
  const { db } = services
  api.on(contract.getPredictiveModel, ({ caller }) => predictiveModel(db, caller.workspaceId))
  api.on(contract.trainPredictiveModel, ({ caller }) => trainNow(db, caller.workspaceId))
  api.on(contract.setPredictiveTarget, ({ caller, body }) => chooseTarget(db, caller, body.target))
  api.on(contract.getPrediction, ({ params, caller }) =>
    predictionOf(services, caller.workspaceId, params.id),
  )
}
