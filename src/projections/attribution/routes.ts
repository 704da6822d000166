// HTTP of attribution.
import type { Api } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import * as contract from './contract.ts'
import * as attribution from './index.ts'
import type { AttributionDoors } from './index.ts'

export function attributionRoutes(api: Api, services: Services, doors: AttributionDoors): void {
  const { db } = services
  api.on(contract.calculateAttribution, ({ params, body, caller }) =>
    attribution.calculate(services, doors, caller.workspaceId, params.id, body?.settings),
  )
  api.on(contract.attributionHistory, ({ params, caller }) =>
    attribution.leadCredit(services, caller.workspaceId, params.id),
  )
  api.on(contract.attributionSummary, ({ params, caller }) =>
    attribution.leadCreditSummary(services, caller.workspaceId, params.id),
  )
  api.on(contract.getAttributionSettings, ({ caller }) =>
    attribution.attributionSettings(db, caller.workspaceId),
  )
  api.on(contract.adoptAttributionSettings, ({ body, caller }) =>
    attribution.adoptSettings(services, caller, body),
  )
  api.on(contract.learnAttribution, async ({ caller }) => {
    await attribution.queueLearning(db, caller.workspaceId)
    return { queued: true as const }
  })
  api.on(contract.tryAttributionSettings, ({ body, caller }) =>
    attribution.beginWhatIf(services, caller, body.settings),
  )
  api.on(contract.listAttributionWhatIfs, async ({ caller }) => ({
    items: await attribution.listWhatIfs(services, caller.workspaceId),
  }))
  api.on(contract.getAttributionWhatIf, async ({ params, caller }) =>
    attribution.presentWhatIf(await attribution.findWhatIf(services, caller.workspaceId, params.id)),
  )
  api.on(contract.adoptAttributionWhatIf, ({ params, caller }) =>
    attribution.adoptWhatIf(services, caller, params.id),
  )
  api.on(contract.learnAttributionOrder, ({ body, caller }) => attribution.beginOrder(services, caller, body))
  api.on(contract.listAttributionOrders, async ({ caller }) => ({
    items: await attribution.listOrders(services, caller.workspaceId),
  }))
  api.on(contract.cancelAttributionOrder, ({ params, caller }) =>
    attribution.cancelOrder(services, caller.workspaceId, params.id),
  )
  api.on(contract.listCurrencyRates, ({ caller }) => attribution.currencyRates(db, caller.workspaceId))
  api.on(contract.setCurrencyRates, ({ body, caller }) => attribution.setRates(db, caller, body))
  api.on(contract.deleteCurrencyRate, ({ params, caller }) => attribution.removeRate(db, caller, params))
  api.on(contract.listSpend, ({ query, caller }) => attribution.listedSpend(db, caller.workspaceId, query))
  api.on(contract.setSpend, ({ body, caller }) => attribution.enterSpend(db, caller, body.items))
  api.on(contract.importSpend, async ({ body, caller }) => attribution.enterSpendFile(db, caller, body.csv))
}
