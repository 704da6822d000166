// Serves lead sources over HTTP: the webhooks that vendors call, each with the bytes as they came, and what the team asks.
import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { connectors } from '../connectors/index.ts'
import type { Connector } from '../connectors/index.ts'
import { endpoint } from '../lib/endpoint.ts'
import { Refusal } from '../lib/refusal.ts'
import { readBytes } from '../platform/body.ts'
import type { Api } from '../platform/server.ts'
import type { Services } from '../platform/services.ts'
import * as contract from './contract.ts'
import {
  answerChallenge,
  connectionsOf,
  getMapping,
  listCaughtLeads,
  listForms,
  listSources,
  preview,
  resetMapping,
  retryCaught,
  sendTest,
  setMapping,
  startListening,
  syncNow,
  takeWebhook,
} from './index.ts'

/** A thousand leads in one delivery take 300 kB. */
const BODY_LIMIT_BYTES = 2 * 1_048_576

export async function leadSourceRoutes(api: Api, services: Services): Promise<void> {
  api.on(contract.listLeadSources, ({ caller, request }) =>
    listSources(services, caller.workspaceId, originOf(services, request)),
  )
  api.on(contract.listLeadForms, ({ params, caller }) =>
    listForms(services, caller.workspaceId, params.connectionId),
  )
  api.on(contract.getLeadMapping, ({ params, query, caller }) =>
    getMapping(services, caller.workspaceId, params.connectionId, query.formId),
  )
  api.on(contract.setLeadMapping, ({ params, query, body, caller }) =>
    setMapping(services, caller, params.connectionId, query.formId, body.mapping),
  )
  api.on(contract.resetLeadMapping, ({ params, query, caller }) =>
    resetMapping(services, caller, params.connectionId, query.formId),
  )
  api.on(contract.previewLead, ({ params, query, body, caller }) =>
    preview(services, caller.workspaceId, params.connectionId, query.formId, body),
  )
  api.on(contract.startListening, ({ params, caller, request }) =>
    startListening(services, caller, params.connectionId, originOf(services, request)),
  )
  api.on(contract.syncLeads, ({ params, caller }) =>
    syncNow(services, caller.workspaceId, { connectionId: params.connectionId }),
  )
  api.on(contract.sendTestLead, ({ params, body, caller }) =>
    sendTest(services, caller.workspaceId, params.connectionId, body.formId),
  )
  api.on(contract.listCaughtLeads, ({ query, caller }) =>
    listCaughtLeads(services, caller.workspaceId, query),
  )
  api.on(contract.retryCaughtLead, ({ params, caller }) =>
    retryCaught(services, caller.workspaceId, params.id),
  )
  for (const connector of connectors) if (connector.leads) serveVendor(api, services, connector)
  await api.raw.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request: FastifyRequest, payload: IncomingMessage) =>
      readBytes(payload, BODY_LIMIT_BYTES, api.bodySeconds),
    )
    for (const { id, name, leads } of connectors) {
      if (!leads) continue
      const path = `/api/lead-sources/${leads.path}/webhook`
      for (const url of [path, `${path}/:connectionId`]) {
        const schema = { tags: [name], summary: `What ${name} calls: leads, signed` }
        scope.post(url, { schema }, async (request, reply) => {
          await takeWebhook(services, placeOf(id, request), {
            raw: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
            headers: headersOf(request),
          }).catch((error: unknown) => refuseWith(reply, error))
          return reply.sent ? reply : reply.send({})
        })
        if (!leads.challenge) continue
        scope.get(
          url,
          { schema: { ...schema, summary: `${name} asks whether the address is ours` } },
          async (request, reply) => {
            const { type, body } = await answerChallenge(services, placeOf(id, request), queryOf(request))
            return reply.type(type).send(body)
          },
        )
      }
    }
    done()
  })
}

// The same under the vendor's own name, over all its connections where one is not named.
function serveVendor(api: Api, services: Services, { id, name, leads }: Connector): void {
  if (!leads) return
  const declared = { tag: name, query: z.object({ connectionId: z.uuid().optional() }) }
  if (leads.forms)
    api.on(
      endpoint({
        ...declared,
        id: `listFormsOf_${id}`,
        method: 'GET',
        path: `/api/lead-sources/${leads.path}/forms`,
        access: { permission: 'settings.read' },
        summary: `The lead forms of ${name}, as the vendor shows them now`,
        reply: contract.formsReply,
      }),
      async ({ query, caller }) => {
        const found = await connectionsOf(services, caller.workspaceId, { ...query, connector: id })
        const all = await Promise.all(found.map((one) => listForms(services, caller.workspaceId, one.id)))
        return { items: all.flatMap(({ items }) => items) }
      },
    )
  api.on(
    endpoint({
      ...declared,
      id: `syncLeadsOf_${id}`,
      method: 'POST',
      path: `/api/lead-sources/${leads.path}/sync`,
      access: { permission: 'settings.write' },
      summary: `Ask ${name} for leads that it did not tell of, and try those again that failed`,
      reply: contract.syncReply,
      status: 202,
    }),
    ({ query, caller }) => syncNow(services, caller.workspaceId, { ...query, connector: id }),
  )
}

// Vendors show `message` to whoever set the form up.
function refuseWith(reply: FastifyReply, error: unknown): void {
  if (!(error instanceof Refusal) || error.status >= 500) throw error
  void reply.status(error.status).send({ code: error.code, message: error.message })
}

function placeOf(
  connectorId: string,
  request: FastifyRequest,
): { connectorId: string; connectionId?: string } {
  const { connectionId } = request.params as { connectionId?: string }
  return { connectorId, ...(connectionId !== undefined && { connectionId }) }
}

function originOf({ settings }: Services, request: FastifyRequest): string {
  return settings.publicUrl ?? `${request.protocol}://${request.host}`
}

function headersOf({ headers }: FastifyRequest): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
}

function queryOf({ query }: FastifyRequest): Record<string, string> {
  return Object.fromEntries(
    Object.entries((query ?? {}) as Record<string, unknown>).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  )
}
