// Serves the debugger: pages of what came in, replay, the state of tracking, and the live stream.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Accounts } from '../../accounts/index.ts'
import { workspaceSettings } from '../../accounts/index.ts'
import {
  listEvents as listEndpoint,
  liveEventsPath,
  refusedEvents as refusedEndpoint,
  replayEvents as replayEndpoint,
  retryRefused as retryEndpoint,
} from '../../events/contract.ts'
import type { InboxItem } from '../../events/contract.ts'
import { listRefusedEvents } from '../../events/index.ts'
import { idSchema } from '../../lib/ids.ts'
import { Refusal } from '../../lib/refusal.ts'
import type { Api } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import { trackingStatus as statusEndpoint } from '../contract.ts'
import { openLiveFeeds } from '../live.ts'
import type { LiveFeeds } from '../live.ts'
import { trackingStatus } from '../status.ts'
import { listEvents, replayEvents, retryRefused } from '../view.ts'
import type { DebuggerReactions } from '../view.ts'

const HEARTBEAT_MS = 15_000
const LISTENER_LIMIT = 100
/** A listener that lets this much pile up is cut off; it comes back with the id it saw last. */
const UNSENT_LIMIT_BYTES = 8_000_000

export interface DebuggerOptions {
  authorise: Accounts['authorise']
  reactions: DebuggerReactions
  /** between two looks into the inbox, while somebody watches */
  everyMs?: number
}

export function debuggerRoutes(api: Api, services: Services, options: DebuggerOptions): void {
  const { db, clock } = services
  api.on(listEndpoint, ({ query, caller }) => listEvents(db, caller.workspaceId, query))
  api.on(replayEndpoint, async ({ body, caller }) => ({ replayed: await replayEvents(db, caller, body.ids) }))
  api.on(refusedEndpoint, ({ caller }) => listRefusedEvents(db, caller.workspaceId))
  api.on(retryEndpoint, async ({ caller }) => ({
    retried: await retryRefused(db, caller, options.reactions),
  }))
  api.on(statusEndpoint, async ({ caller, request }) => {
    const { timeZone } = await workspaceSettings(db, caller.workspaceId)
    const seen = await trackingStatus(services, caller.workspaceId, timeZone)
    const publicUrl = services.settings.publicUrl ?? `${request.protocol}://${request.host}`
    return { ...seen, publicUrl, yourAddress: request.ip }
  })
  const failed = (error: unknown) => services.log.error({ err: error }, 'looking for new events')
  serveLive(api, openLiveFeeds(db, { clock, everyMs: options.everyMs, failed }), options.authorise)
}

function serveLive(api: Api, feeds: LiveFeeds, authorise: Accounts['authorise']): void {
  const streams = new Set<Stream>()
  // Open streams would keep a stopping server waiting.
  api.raw.addHook('preClose', async () => {
    for (const stream of streams) stream.end()
  })
  const schema = {
    operationId: 'liveEvents',
    tags: ['Events'],
    summary: 'What comes in, as server-sent events: ready, item, change, more',
    security: [{ apiKey: [] }],
  }
  api.raw.get<{ Querystring: { workspace?: string } }>(liveEventsPath, { schema }, async (request, reply) => {
    const { workspace } = request.query
    if (typeof workspace === 'string') request.headers['x-workspace'] ??= workspace
    const caller = await authorise(request, { permission: 'events.read' })
    if (streams.size >= LISTENER_LIMIT) {
      throw new Refusal(
        'listeners_full',
        429,
        `At most ${LISTENER_LIMIT} may watch at once. Close another window, then try again.`,
        {
          retryAfterSeconds: 30,
        },
      )
    }
    const stream = openStream(request, reply)
    streams.add(stream)
    let stop: (() => void) | undefined
    let isOver = false
    stream.onEnd(() => {
      isOver = true
      streams.delete(stream)
      stop?.()
    })
    const listener = {
      item: (item: InboxItem) => stream.send('item', item, item.id),
      change: (item: InboxItem) => stream.send('change', item),
      more: (count: number) => stream.send('more', { count }),
    }
    try {
      stop = await feeds.listen(caller.workspaceId, listener, lastSeenId(request))
    } catch (error) {
      request.log.warn({ err: error }, 'live events could not be opened')
      stream.end()
      return
    }
    if (isOver) stop()
    else stream.send('ready', {})
  })
}

interface Stream {
  send(event: string, data: unknown, id?: string): void
  end(): void
  onEnd(ended: () => void): void
}

function openStream(request: FastifyRequest, reply: FastifyReply): Stream {
  reply.hijack()
  const response = reply.raw
  response.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    // A proxy that packs or holds back would deliver events late and together.
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  })
  response.write('retry: 2000\n\n')
  request.raw.socket.setNoDelay(true)
  const heartbeat = setInterval(() => response.write(': alive\n\n'), HEARTBEAT_MS)
  response.once('close', () => clearInterval(heartbeat))
  response.on('error', () => response.destroy())
  return {
    send(event, data, id) {
      if (response.writableEnded || response.destroyed) return
      if (response.writableLength > UNSENT_LIMIT_BYTES) return void response.destroy()
      response.write(
        `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`,
      )
    },
    end: () => response.end(),
    onEnd: (ended) => response.once('close', ended),
  }
}

function lastSeenId(request: FastifyRequest): string | undefined {
  const read = idSchema.safeParse(request.headers['last-event-id'])
  return read.success ? read.data : undefined
}
