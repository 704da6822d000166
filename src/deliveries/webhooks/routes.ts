// Serves outgoing webhooks over HTTP.
import type { Api } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import * as contract from './contract.ts'
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  rotateSecret,
  testWebhook,
  updateWebhook,
} from './index.ts'

export function webhookRoutes(api: Api, services: Services): void {
  api.on(contract.listWebhooks, ({ caller }) => listWebhooks(services.db, caller.workspaceId))
  api.on(contract.getWebhook, ({ params, caller }) => getWebhook(services.db, caller.workspaceId, params.id))
  api.on(contract.createWebhook, ({ body, caller }) => createWebhook(services, caller, body))
  api.on(contract.updateWebhook, ({ params, body, caller }) =>
    updateWebhook(services, caller, params.id, body),
  )
  api.on(contract.rotateWebhookSecret, ({ params, body, caller }) =>
    rotateSecret(services, caller, params.id, body.overlapHours),
  )
  api.on(contract.deleteWebhook, async ({ params, caller }) => {
    await deleteWebhook(services, caller, params.id)
    return { deleted: true as const }
  })
  api.on(contract.testWebhook, ({ params, body, caller }) =>
    testWebhook(services, caller.workspaceId, params.id, body.type),
  )
}
