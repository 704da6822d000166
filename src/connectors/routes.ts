// Serves connections, and the way back from vendors' pages of consent.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { findWorkspace } from '../accounts/index.ts'
import { Refusal } from '../lib/refusal.ts'
import { newSecret } from '../platform/chance.ts'
import type { Api } from '../platform/server.ts'
import type { Services } from '../platform/services.ts'
import { endConsent } from './authorising.ts'
import {
  checkConnection,
  connect,
  disconnect,
  getConnection,
  listCalls,
  listConnections,
  reconnect,
  updateConnection,
} from './connecting.ts'
import type { OnDisconnect } from './connecting.ts'
import * as contract from './contract.ts'
import { connectorOf, connectors } from './registry.ts'
import { readConnection } from './store.ts'

/** Called when the browser is back from a vendor's page of consent. @param baseUrl of this installation, as the browser knows it */
export type OnConsent = (workspaceId: string, connectionId: string, baseUrl: string) => Promise<void>

export function connectionRoutes(
  api: Api,
  services: Services,
  onDisconnect: OnDisconnect,
  onConsent: OnConsent = () => Promise.resolve(),
): void {
  api.on(contract.listConnections, ({ caller }) => listConnections(services, caller.workspaceId))
  api.on(contract.getConnection, ({ params, caller }) =>
    getConnection(services, caller.workspaceId, params.id),
  )
  api.on(contract.connect, ({ body, caller, request, reply }) =>
    connect(services, caller, body, backTo(request, body.connector), sessionOf(request, reply)),
  )
  api.on(contract.updateConnection, async ({ params, body, caller, request, reply }) => {
    const row = await readConnection(services.db, caller.workspaceId, params.id)
    const back = backTo(request, row?.connector ?? '')
    return updateConnection(services, caller, params.id, body, back, sessionOf(request, reply))
  })
  api.on(contract.checkConnection, ({ params, caller }) =>
    checkConnection(services, caller.workspaceId, params.id),
  )
  api.on(contract.reconnect, async ({ params, caller, request, reply }) => {
    const row = await readConnection(services.db, caller.workspaceId, params.id)
    const back = backTo(request, row?.connector ?? '')
    return reconnect(services, caller, params.id, back, sessionOf(request, reply))
  })
  api.on(contract.disconnect, async ({ params, caller }) => {
    await disconnect(services, caller, params.id, onDisconnect)
    return { disconnected: true as const }
  })
  api.on(contract.listVendorCalls, ({ params, query, caller }) =>
    listCalls(services, caller.workspaceId, params.id, query.limit),
  )

  for (const path of callbackPaths())
    api.raw.get(path, { schema: { hide: true } }, async (request, reply) => {
      const { workspaceId, connectionId, problem } = await endConsent(
        services,
        queryOf(request),
        cookieOf(request),
      )
      // What the vendor said stays on the connection: without a token a check would only say that there is none.
      if (problem === null)
        await checkConnection(services, workspaceId, connectionId).catch((error: unknown) => {
          if (!(error instanceof Refusal)) throw error
        })
      if (problem === null) await onConsent(workspaceId, connectionId, originOf(request))
      const { slug } = await findWorkspace(services.db, workspaceId)
      return reply.redirect(`/w/${slug}/integrations/${connectionId}`, 302)
    })

  function originOf(request: FastifyRequest): string {
    return services.settings.publicUrl ?? `${request.protocol}://${request.host}`
  }

  function backTo(request: FastifyRequest, connector: string): string {
    return originOf(request) + (connectorOf(connector)?.oauth?.callbackPath ?? contract.callbackPath)
  }
}

function callbackPaths(): string[] {
  const own = connectors.flatMap(({ oauth }) => oauth?.callbackPath ?? [])
  return [...new Set([contract.callbackPath, ...own])]
}

// Lax: it comes along when a vendor's page sends the browser back, and with no other call of a foreign page.
const COOKIE = 'throughline_consent'

/** What binds a consent to the browser that asked for it; a cookie. */
export function sessionOf(request: FastifyRequest, reply: FastifyReply): string {
  const known = cookieOf(request)
  if (known) return known
  const fresh = newSecret()
  const secure = request.protocol === 'https' ? '; Secure' : ''
  reply.header('set-cookie', `${COOKIE}=${fresh}; Path=/api; HttpOnly; SameSite=Lax; Max-Age=3600${secure}`)
  return fresh
}

function cookieOf(request: FastifyRequest): string {
  const found = (request.headers.cookie ?? '').split(/;\s*/).find((pair) => pair.startsWith(`${COOKIE}=`))
  return found?.slice(COOKIE.length + 1) ?? ''
}

function queryOf(request: FastifyRequest): Record<string, string> {
  return Object.fromEntries(
    Object.entries((request.query ?? {}) as Record<string, unknown>).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  )
}
