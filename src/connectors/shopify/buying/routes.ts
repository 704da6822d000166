// Serves what Shopify's buyers do: abandoned carts, what each is worth, and what is bought together.
import { affinities, leadOfCustomer, tasteOf } from '../../../commerce/affinity/index.ts'
import { listCarts, lookAtCarts, setCartSettings } from '../../../commerce/carts/index.ts'
import type { Api } from '../../../platform/server.ts'
import type { Services } from '../../../platform/services.ts'
import { readWorth } from '../../../projections/journey/worth/index.ts'
import * as contract from './contract.ts'

export function buyingRoutes(
  api: Api,
  services: Services,
  understandNow: (workspaceId: string, leadIds: string[]) => Promise<boolean>,
): void {
  api.on(contract.listAbandonedCarts, ({ query, caller }) => listCarts(services, caller.workspaceId, query))
  api.on(contract.lookAtAbandonedCarts, ({ caller }) => lookAtCarts(services, caller.workspaceId))
  api.on(contract.setAbandonedCartSettings, ({ body, caller }) => setCartSettings(services, caller, body))
  api.on(contract.getCustomerWorth, async ({ params, query, caller: { workspaceId } }) =>
    readWorth(
      services,
      understandNow,
      workspaceId,
      await leadOfCustomer(services.db, workspaceId, params.id, query.connectionId),
    ),
  )
  api.on(contract.getCustomerTaste, async ({ params, query, caller: { workspaceId } }) =>
    tasteOf(
      services,
      workspaceId,
      await leadOfCustomer(services.db, workspaceId, params.id, query.connectionId),
    ),
  )
  api.on(contract.listAffinities, ({ query, caller }) => affinities(services, caller.workspaceId, query))
}
