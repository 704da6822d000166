// Serves what builders of conditions ask for over HTTP.
import type { Api } from '../platform/server.ts'
import type { Services } from '../platform/services.ts'
import * as endpoints from './endpoints.ts'
import { suggestEvents, suggestProperties, suggestPropertyValues } from './suggest.ts'

export function conditionRoutes(api: Api, { clickhouse, clock }: Services): void {
  api.on(endpoints.suggestEvents, ({ caller }) => suggestEvents(clickhouse, caller.workspaceId))
  api.on(endpoints.suggestProperties, ({ query, caller }) =>
    suggestProperties(clickhouse, caller.workspaceId, query, clock()),
  )
  api.on(endpoints.suggestPropertyValues, ({ query, caller }) =>
    suggestPropertyValues(clickhouse, caller.workspaceId, query),
  )
}
