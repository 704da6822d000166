// Serves saved views over HTTP.
import type { Api } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import * as contract from './contract.ts'
import { createView, listViews, removeView, setDefaultView, updateView } from './index.ts'

export function viewRoutes(api: Api, services: Services): void {
  api.on(contract.listViews, ({ caller }) => listViews(services, caller))
  api.on(contract.createView, ({ body, caller }) => createView(services, caller, body))
  api.on(contract.setDefaultView, async ({ body, caller }) => {
    await setDefaultView(services, caller, body.viewId)
    return { viewId: body.viewId }
  })
  api.on(contract.updateView, ({ params, body, caller }) => updateView(services, caller, params.id, body))
  api.on(contract.removeView, async ({ params, caller }) => {
    await removeView(services, caller, params.id)
    return { removed: true as const }
  })
}
