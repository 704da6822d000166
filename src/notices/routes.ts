// Serves notices over HTTP.
import type { Api } from '../platform/server.ts'
import type { Services } from '../platform/services.ts'
import * as contract from './contract.ts'
import { assignNotice, dismissNotice, listNotices, readBell, restoreNotice, seeNotices } from './index.ts'

export function noticeRoutes(api: Api, services: Services): void {
  api.on(contract.listNotices, ({ query, caller }) => listNotices(services, caller.workspaceId, query))
  api.on(contract.readBell, ({ caller }) => readBell(services, caller))
  api.on(contract.seeNotices, ({ body, caller }) => seeNotices(services, caller, body.through))
  api.on(contract.dismissNotice, ({ body, caller }) => dismissNotice(services, caller, body))
  api.on(contract.restoreNotice, ({ body, caller }) => restoreNotice(services, caller, body))
  api.on(contract.assignNotice, ({ body, caller }) => assignNotice(services, caller, body))
}
