// Serves conversions over HTTP: destinations, previews, the reconciliation, and the addresses that each connector declares for sends by hand.
import { z } from 'zod'
import { connectors } from '../../connectors/index.ts'
import type { Connector, SendDoor } from '../../connectors/index.ts'
import { listDeliveries as deliveriesOf } from '../../deliveries/index.ts'
import { listDeliveries } from '../../deliveries/contract.ts'
import { endpoint } from '../../lib/endpoint.ts'
import { newId } from '../../lib/ids.ts'
import type { Api } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import { sendByHand } from './by-hand.ts'
import * as contract from './contract.ts'
import { sendReplySchema, sentEventSchema } from './contract.ts'
import { listDestinations, previewConversion, setForwarding, setMappings } from './destinations.ts'
import { reconcile } from './reconciling.ts'
import { listSentSessions } from './sessions.ts'

export function conversionRoutes(api: Api, services: Services): void {
  api.on(contract.listDestinations, ({ caller }) => listDestinations(services.db, caller.workspaceId))
  api.on(contract.setMappings, ({ params, body, caller }) =>
    setMappings(services, caller, params.connectionId, body.mappings),
  )
  api.on(contract.setForwarding, ({ params, body, caller }) =>
    setForwarding(services, caller, params.connectionId, body),
  )
  api.on(contract.previewConversion, ({ params, body, caller }) =>
    previewConversion(services, caller.workspaceId, params.connectionId, body.mapping),
  )
  api.on(contract.reconcileConversions, ({ params, query, caller }) =>
    reconcile(services, caller.workspaceId, params.connectionId, query),
  )
  api.on(contract.listSentSessions, ({ params, query: asked, caller }) =>
    listSentSessions(services, caller.workspaceId, params.connectionId, asked.days),
  )
  for (const connector of connectors)
    for (const door of connector.conversions?.doors ?? []) serveDoor(api, services, connector, door)
}

const query = z.object({
  dryRun: z.stringbool().default(false).describe('send nothing, and say exactly what would leave'),
  connectionId: z.uuid().optional().describe('which connection, where there are several of the vendor'),
})
const sends = { query, reply: sendReplySchema, status: 202 } as const

function serveDoor(api: Api, services: Services, connector: Connector, door: SendDoor): void {
  const declared = {
    id: door.id,
    path: door.path,
    summary: door.summary,
    tag: connector.name,
  }
  const writes = { ...declared, method: 'POST', access: { permission: 'events.write' } } as const
  switch (door.takes) {
    case 'one':
    case 'test':
      api.on(endpoint({ ...writes, ...sends, body: sentEventSchema }), ({ query: asked, body, caller }) =>
        sendByHand(services, caller, connector, door, [body], asked),
      )
      return
    case 'many':
      api.on(
        endpoint({
          ...writes,
          ...sends,
          body: z.object({ events: z.array(sentEventSchema).min(1).max(100) }),
        }),
        ({ query: asked, body, caller }) => sendByHand(services, caller, connector, door, body.events, asked),
      )
      return
    case 'session_start':
      api.on(
        endpoint({
          ...writes,
          body: z.object({ startedAt: z.iso.datetime({ offset: true }).optional() }),
          reply: z.object({ sessionId: z.string(), startedAt: z.string() }),
          status: 201,
        }),
        ({ body }) => {
          const at = body.startedAt ? new Date(body.startedAt) : services.clock()
          // As the vendor's own tag makes it: seconds since 1970.
          return Promise.resolve({
            sessionId: String(Math.floor(at.getTime() / 1000)),
            startedAt: at.toISOString(),
          })
        },
      )
      return
    case 'session_end':
      api.on(
        endpoint({
          ...writes,
          ...sends,
          body: sentEventSchema.omit({ name: true, parameters: true }).extend({
            sessionId: z.string().regex(/^\d{6,12}$/, 'is the number that the start gave'),
            engagementTimeMs: z.number().int().min(0).max(86_400_000),
          }),
        }),
        ({ query: asked, body: { sessionId, engagementTimeMs, ...event }, caller }) => {
          const parameters = { session_id: sessionId, engagement_time_msec: engagementTimeMs }
          const one = { ...event, eventId: event.eventId ?? newId(), parameters }
          return sendByHand(services, caller, connector, door, [one], asked)
        },
      )
      return
    case 'list':
      api.on(
        endpoint({
          ...declared,
          method: 'GET',
          access: { permission: 'events.read' },
          query: listDeliveries.query!,
          reply: listDeliveries.reply!,
        }),
        ({ query: asked, caller }) =>
          deliveriesOf(services, caller.workspaceId, { ...asked, connector: connector.id }),
      )
  }
}
