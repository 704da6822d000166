// Serves the calls of others, whose bodies are read as bytes, and the endpoints of the page.
import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import type { Door } from '../ingest/index.ts'
import { readBytes } from '../platform/body.ts'
import type { Api } from '../platform/server.ts'
import type { Services } from '../platform/services.ts'
import * as contract from './contract.ts'
import {
  createWebhook,
  getWebhook,
  listDeliveries,
  listWebhooks,
  preview,
  renewUrl,
  replayParked,
  takeCall,
  updateWebhook,
} from './index.ts'

const BODY_LIMIT_BYTES = 1_048_576

export async function inboundRoutes(api: Api, services: Services, { door }: { door: Door }): Promise<void> {
  const origin = (request: FastifyRequest): string =>
    services.settings.publicUrl ?? `${request.protocol}://${request.host}`
  api.on(contract.listInboundWebhooks, async ({ caller, request }) => ({
    items: await listWebhooks(services, caller, origin(request)),
  }))
  api.on(contract.createInboundWebhook, ({ body, caller, request }) =>
    createWebhook(services, caller, body, origin(request)),
  )
  api.on(contract.getInboundWebhook, ({ params, caller, request }) =>
    getWebhook(services, caller, params.id, origin(request)),
  )
  api.on(contract.updateInboundWebhook, ({ params, body, caller, request }) =>
    updateWebhook(services, caller, params.id, body, origin(request)),
  )
  api.on(contract.renewInboundUrl, ({ params, caller, request }) =>
    renewUrl(services, caller, params.id, origin(request)),
  )
  api.on(contract.previewInbound, ({ params, body, caller }) => preview(services, caller, params.id, body))
  api.on(contract.listInboundDeliveries, ({ params, query, caller }) =>
    listDeliveries(services, caller, params.id, query),
  )
  api.on(contract.replayInbound, ({ params, body, caller }) =>
    replayParked(services, door, caller, params.id, body),
  )
  await serveCalls(api, services, door)
}

async function serveCalls(api: Api, services: Services, door: Door): Promise<void> {
  const take = (request: FastifyRequest, key: string) =>
    takeCall(services, door, key, {
      raw: request.body instanceof Buffer ? request.body : Buffer.alloc(0),
      headers: request.headers,
      contentType: request.headers['content-type'] ?? '',
    })
  const schema = {
    tags: ['Inbound webhooks'],
    operationId: 'callInboundWebhook',
    summary: 'Where others call: any JSON or posted form, up to 1 MB; the key is that of the webhook’s URL',
  }
  await api.raw.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request: FastifyRequest, payload: IncomingMessage) =>
      readBytes(payload, BODY_LIMIT_BYTES, api.bodySeconds),
    )
    scope.post<{ Querystring: Record<string, unknown> }>('/api/lead-sources/webhook', { schema }, (request) =>
      take(request, String(request.query.key ?? '')),
    )
    // Senders that cut off what stands behind a question mark.
    scope.post<{ Params: { key: string } }>(
      '/api/lead-sources/webhook/:key',
      { schema: { hide: true } },
      (request) => take(request, request.params.key),
    )
    done()
  })
}
