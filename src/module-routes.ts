// The routes of every module above accounts and ingest, hung on one server.
import { conversionShippers } from './activation/conversions/index.ts'
import { conversionRoutes } from './activation/conversions/routes.ts'
import { shopShippers } from './activation/shop-writes/index.ts'
import type { Accounts } from './accounts/index.ts'
import { conditionRoutes } from './conditions/routes.ts'
import { connectionRoutes } from './connectors/routes.ts'
import { shopRoutes } from './connectors/shopify/routes.ts'
import { buyingRoutes } from './connectors/shopify/buying/routes.ts'
import { deliveryRoutes } from './deliveries/routes.ts'
import { webhookShippers } from './deliveries/webhooks/index.ts'
import { webhookRoutes } from './deliveries/webhooks/routes.ts'
import { demoRoutes } from './demo/routes.ts'
import type { FindCountry } from './events/index.ts'
import { reactions } from './flow.ts'
import { formRoutes } from './forms/routes/index.ts'
import { importRoutes } from './imports/index.ts'
import { inboundRoutes } from './inbound/routes.ts'
import { debuggerRoutes } from './ingest/index.ts'
import type { Door } from './ingest/index.ts'
import { leadSourceRoutes } from './lead-sources/routes.ts'
import { fieldRoutes } from './leads/fields/routes.ts'
import { leadRoutes } from './leads/routes.ts'
import { noticeRoutes } from './notices/routes.ts'
import { enqueue } from './platform/jobs.ts'
import type { Api } from './platform/server.ts'
import type { Services } from './platform/services.ts'
import { attributionRoutes } from './projections/attribution/routes.ts'
import { engagementRoutes } from './projections/engagement/routes.ts'
import { journeyRoutes } from './projections/journey/routes.ts'
import { readMoves } from './projections/lifecycle/index.ts'
import { lifecycleRoutes } from './projections/lifecycle/routes.ts'
import { engagementOf } from './projections/score/index.ts'
import { predictionRoutes } from './projections/score/prediction/routes.ts'
import { scoreRoutes } from './projections/score/routes.ts'
import { reportRoutes } from './reports/index.ts'
import { segmentRoutes } from './segments/routes.ts'
import { saidBefore, understandNow } from './understand.ts'

/** What routes need beside the services. */
export interface RouteDoors {
  authorise: Accounts['authorise']
  /** of the inbox */
  door: Door
  findCountry: FindCountry | null
}

export async function moduleRoutes(api: Api, services: Services, doors: RouteDoors): Promise<void> {
  debuggerRoutes(api, services, { authorise: doors.authorise, reactions })
  conditionRoutes(api, services)
  connectionRoutes(api, services, reactions.disconnected, (workspaceId, connectionId, baseUrl) =>
    enqueue(services.db, 'shop.connected', { workspaceId, connectionId, baseUrl }),
  )
  await shopRoutes(api, services, doors.door)
  await leadSourceRoutes(api, services)
  deliveryRoutes(api, services, {
    ...conversionShippers,
    ...webhookShippers(services),
    ...shopShippers(services),
  })
  webhookRoutes(api, services)
  conversionRoutes(api, services)
  leadRoutes(api, services, reactions)
  fieldRoutes(api, services, reactions)
  await importRoutes(api, services)
  await formRoutes(api, services, doors)
  await inboundRoutes(api, services, doors)
  segmentRoutes(api, services)
  demoRoutes(api, services)
  engagementRoutes(api, services, doors.door)
  lifecycleRoutes(api, services, {
    understandNow: (workspaceId, leadIds) => understandNow(services, workspaceId, leadIds),
    earlier: (workspaceId) => saidBefore(services, workspaceId, 'lifecycle'),
  })
  journeyRoutes(api, services, {
    understandNow: (workspaceId, leadIds) => understandNow(services, workspaceId, leadIds),
    engagementOf,
  })
  attributionRoutes(api, services, {
    understandNow: (workspaceId, leadIds) => understandNow(services, workspaceId, leadIds),
    readMoves: (ids, workspaceId) => readMoves(services.db, workspaceId, ids),
  })
  scoreRoutes(api, services, (workspaceId, leadIds) => understandNow(services, workspaceId, leadIds))
  predictionRoutes(api, services)
  buyingRoutes(api, services, (workspaceId, leadIds) => understandNow(services, workspaceId, leadIds))
  reportRoutes(api, services)
  noticeRoutes(api, services)
}
