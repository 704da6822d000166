// Serves deliveries over HTTP.
import type { Api } from '../platform/server.ts'
import type { Services } from '../platform/services.ts'
import * as contract from './contract.ts'
import { getDelivery, listDeliveries, replayDeliveries } from './reading.ts'
import type { Shippers } from './shipper.ts'

export function deliveryRoutes(api: Api, services: Services, shippers: Shippers): void {
  api.on(contract.listDeliveries, ({ query, caller }) => listDeliveries(services, caller.workspaceId, query))
  api.on(contract.getDelivery, ({ params, caller }) =>
    getDelivery(services, shippers, caller.workspaceId, params.id),
  )
  api.on(contract.replayDeliveries, ({ body, caller }) => replayDeliveries(services, caller, body))
}
