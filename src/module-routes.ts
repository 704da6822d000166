// The routes of every module above accounts and ingest, hung on one server.
import type { Accounts } from './accounts/index.ts'
import type { Door } from './ingest/index.ts'
import type { Api } from './platform/server.ts'
import type { Services } from './platform/services.ts'

/** What routes need beside the services. */
export interface RouteDoors {
  door: Door
  authorise: Accounts['authorise']
}

export async function moduleRoutes(api: Api, services: Services, doors: RouteDoors): Promise<void> {
  void api
  void services
  void doors
  await Promise.resolve()
}
