// The API of a process: every module's routes on one server, the web app, the tracker, health and metrics.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { serveAccounts } from './accounts/index.ts'
import type { FindCountry } from './events/index.ts'
import { openDoor } from './ingest/index.ts'
import type { Door } from './ingest/index.ts'
import { trackingRoutes } from './ingest/routes.ts'
import { moduleRoutes } from './module-routes.ts'
import { operationRoutes } from './operations.ts'
import type { MetricsSource } from './operations.ts'
import { mailServer } from './platform/mail.ts'
import { packageRoot } from './platform/paths.ts'
import { createApi } from './platform/server.ts'
import type { Api } from './platform/server.ts'
import type { Services } from './platform/services.ts'

export interface App {
  api: Api
  door: Door
}

export interface AppOptions {
  /** the installation's 32-byte key, the same in every process */
  secretKey: Buffer
  findCountry: FindCountry | null
  /** metrics of the worker, where it runs beside the API */
  workerMetrics?: MetricsSource
  requestsPerMinute?: number
  /** within this time a body that is held in memory must be in; 30 unless told */
  bodySeconds?: number
}

/** Builds the API; `api.raw.listen` starts it. */
export async function createApp(services: Services, options: AppOptions): Promise<App> {
  const { settings } = services
  const world = { db: services.db, clock: services.clock }
  const accounts = serveAccounts(world, {
    secretKey: options.secretKey,
    publicUrl: settings.publicUrl,
    trustProxy: settings.trustProxy !== false,
    mail: mailServer(settings),
    findCountry: options.findCountry,
  })
  const api = await createApi({
    log: services.log,
    db: services.db,
    trustProxy: settings.trustProxy,
    authorise: (request, access) => accounts.authorise(request, access),
    requestsPerMinute: options.requestsPerMinute,
    bodySeconds: options.bodySeconds,
  })
  const door = openDoor(services.db)
  operationRoutes(api.raw, services, options.workerMetrics)
  // A process that only works the queues answers for its health and figures, and for nothing else.
  if (settings.role === 'worker') return { api, door }
  accounts.routes(api)
  await trackingRoutes(api, services, door, options.findCountry)
  await moduleRoutes(api, services, {
    authorise: accounts.authorise,
    door,
    findCountry: options.findCountry,
  })
  await webRoutes(api)
  return { api, door }
}

/** Addresses of the web app; what is behind each, its router knows. */
const PAGES = [
  '/',
  '/sign-in',
  '/forgot-password',
  '/reset-password',
  '/confirm-email',
  '/welcome',
  '/invitation',
  '/invitation/*',
  '/start',
  '/w/*',
]

// The app's files carry a hash in their name and never change; index.html names them and is asked for anew each time.
async function webRoutes(api: Api): Promise<void> {
  const dist = join(packageRoot, 'dist')
  if (existsSync(join(dist, 't.js'))) {
    await api.raw.register(fastifyStatic, {
      root: dist,
      serve: false,
      decorateReply: true,
    })
    api.raw.get('/t.js', { schema: { hide: true }, config: { rateLimit: false } }, (_request, reply) =>
      reply.header('access-control-allow-origin', '*').sendFile('t.js', { maxAge: '10m' }),
    )
  }
  const web = join(dist, 'web')
  if (!existsSync(join(web, 'index.html'))) return
  await api.raw.register(fastifyStatic, {
    root: join(web, 'assets'),
    prefix: '/assets/',
    decorateReply: false,
    immutable: true,
    maxAge: '365d',
  })
  for (const file of readdirSync(web)) {
    if (!/^[\w-]+\.(js|svg|png|ico|webmanifest|txt)$/.test(file)) continue
    api.raw.get(`/${file}`, { schema: { hide: true }, config: { rateLimit: false } }, (_request, reply) =>
      reply.sendFile(file, web, { maxAge: '10m' }),
    )
  }
  const page = (_request: FastifyRequest, reply: FastifyReply) =>
    reply.header('cache-control', 'no-cache').sendFile('index.html', web, { cacheControl: false })
  for (const path of PAGES) {
    api.raw.get(path, { schema: { hide: true }, config: { rateLimit: false } }, page)
  }
}
