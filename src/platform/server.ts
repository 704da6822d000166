// The HTTP server: declared endpoints become routes with validation, authority, problem+json and OpenAPI.
import rateLimit from '@fastify/rate-limit'
import helmet from '@fastify/helmet'
import Fastify, { LogController } from 'fastify'
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  hasZodFastifySchemaValidationErrors,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod'
import type { IncomingMessage } from 'node:http'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Access, Endpoint } from '../lib/endpoint.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import { plainWords } from '../lib/plain-words.ts'
import { Refusal } from '../lib/refusal.ts'
import { isDeeperThan, textProblem } from '../lib/text.ts'
import { BODY_SECONDS, readBytes } from './body.ts'
import { httpSeconds } from './metrics.ts'
import { isPostgresUnreachable, storeUnreachable } from './postgres.ts'
import { rememberReplies } from './idempotency.ts'
import type { Db } from './postgres.ts'
import { problemSchema, registerReference } from './reference.ts'

/** On whose behalf a request runs; made by accounts/ from a session or an API key. */
export interface Caller {
  /** `user:<id>` or `key:<id>`: what the audit log and histories name */
  actor: string
  userId: string | undefined
  role: string
  workspaceId: WorkspaceId
  teamId: string
}

export interface Call<P, Q, B> {
  params: P
  query: Q
  body: B
  /** set wherever the endpoint's access is not `public` */
  caller: Caller
  request: FastifyRequest
  reply: FastifyReply
}

export type Handler<P, Q, B, R> = (call: Call<P, Q, B>) => Promise<R>

/** The server that modules hang their endpoints on. */
export interface Api {
  on<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
    endpoint: Endpoint<P, Q, B, R>,
    handler: Handler<z.output<P>, z.output<Q>, z.output<B>, z.input<R>>,
  ): void
  /** for what is no JSON endpoint: streams, files, tracking calls, sign-in */
  raw: FastifyInstance
  endpoints: Endpoint[]
  /** within this time a body that is held in memory must be in */
  bodySeconds: number
}

export interface ServerOptions {
  log: Logger
  db: Db
  /** as `TRUST_PROXY` says */
  trustProxy: boolean | number | string | string[]
  /** resolves the caller or throws a Refusal (401, 403) */
  authorise: (request: FastifyRequest, access: Access) => Promise<Caller>
  /** requests per minute for one address */
  requestsPerMinute?: number
  /** see `Api`; 30 unless told */
  bodySeconds?: number
}

/** Builds the server; routes are added through `api.on`, then `api.raw.listen`. */
export async function createApi(options: ServerOptions): Promise<Api> {
  const bodySeconds = options.bodySeconds ?? BODY_SECONDS
  const app = Fastify({
    loggerInstance: options.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: proxyTrust(options.trustProxy),
    bodyLimit: JSON_LIMIT_BYTES,
    // An import of 512 MB over a slow line takes minutes; headers still have to come within a minute.
    requestTimeout: 600_000,
    connectionTimeout: 60_000,
    genReqId: (request) => validRequestId(request.headers['x-request-id']) ?? crypto.randomUUID(),
    routerOptions: { maxParamLength: 300, ignoreTrailingSlash: true },
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply),
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply))
  app.setNotFoundHandler((request, reply) => {
    throwAsProblem(
      new Refusal(
        'route_missing',
        404,
        `There is nothing at ${request.method} ${request.url.split('?')[0]}.`,
      ),
      request,
      reply,
    )
  })
  readJson(app, bodySeconds)
  refuseNulInAddress(app)
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  app.addHook('onResponse', async (request, reply) => {
    httpSeconds
      .labels(request.method, request.routeOptions.url ?? 'none', `${Math.floor(reply.statusCode / 100)}xx`)
      .observe(reply.elapsedTime / 1000)
  })
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        upgradeInsecureRequests: null,
      },
    },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    strictTransportSecurity: false,
  })
  await app.register(rateLimit, {
    max: options.requestsPerMinute ?? ADDRESS_REQUESTS_PER_MINUTE,
    timeWindow: 60_000,
    enableDraftSpec: true,
    errorResponseBuilder: (_request, context) => rateExceeded(context.max, context.ttl),
  })
  await registerReference(app)
  const checkKeyLimit = app.createRateLimit({
    max: KEY_REQUESTS_PER_MINUTE,
    timeWindow: 60_000,
    keyGenerator: callerKey,
  })
  const endpoints: Endpoint[] = []
  return {
    raw: app,
    endpoints,
    bodySeconds,
    on(endpoint, handler) {
      endpoints.push(endpoint)
      const schema = {
        operationId: endpoint.id,
        summary: endpoint.summary,
        tags: [endpoint.tag],
        ...(endpoint.access === 'public' ? {} : { security: [{ apiKey: [] }] }),
        ...(endpoint.params ? { params: endpoint.params } : {}),
        ...(endpoint.query ? { querystring: endpoint.query } : {}),
        ...(endpoint.body ? { body: endpoint.body } : {}),
        response: {
          ...(endpoint.reply ? { [endpoint.status ?? 200]: endpoint.reply } : {}),
          '4xx': problemSchema,
          '5xx': problemSchema,
        },
      }
      const callers = new WeakMap<FastifyRequest, Caller>()
      app.route({
        method: endpoint.method,
        url: endpoint.path,
        schema,
        preValidation: async (request) => {
          if (endpoint.access === 'public') return
          const caller = await options.authorise(request, endpoint.access)
          callers.set(request, caller)
          if (!caller.actor.startsWith('key:')) return
          actors.set(request, caller.actor)
          const limit = await checkKeyLimit(request)
          if (!limit.isAllowed && limit.isExceeded) throw rateExceeded(limit.max, limit.ttl)
        },
        handler: async (request, reply) => {
          reply.status(endpoint.status ?? 200)
          const call = {
            params: request.params as never,
            query: request.query as never,
            body: request.body as never,
            caller: callers.get(request) as Caller,
            request,
            reply,
          }
          const key = request.headers['idempotency-key']
          const caller = callers.get(request)
          const keepsNoCopy = endpoint.method === 'GET' || endpoint.repliesWithSecret
          if (keepsNoCopy || typeof key !== 'string' || !caller) return handler(call)
          return rememberReplies(options.db, { key, caller, request, reply }, () => handler(call))
        },
      })
    },
  }
}

// Whatever a schema does not say in words of its own.
z.config({ localeError: plainWords })

const PARTS: Record<string, string> = {
  body: 'body',
  querystring: 'query',
  params: 'address',
  headers: 'header',
}

/** One address may be a whole office; one key is one program. */
const ADDRESS_REQUESTS_PER_MINUTE = 6_000
const KEY_REQUESTS_PER_MINUTE = 1_200

const actors = new WeakMap<FastifyRequest, string>()

function callerKey(request: FastifyRequest): string {
  return actors.get(request) ?? request.ip
}

function rateExceeded(max: number, ttlMs: number): Refusal {
  return new Refusal('rate_exceeded', 429, `Too many requests: at most ${max} a minute. Wait, then go on.`, {
    retryAfterSeconds: Math.ceil(ttlMs / 1000),
  })
}

// So many proxies in front: the hops nearest to us are believed.
function proxyTrust(
  trust: ServerOptions['trustProxy'],
): boolean | string | string[] | ((address: string, hop: number) => boolean) {
  return typeof trust === 'number' ? (_address, hop) => hop < trust : trust
}

function validRequestId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w.:-]{1,80}$/.test(header) ? header : undefined
}

const JSON_LIMIT_BYTES = 1_048_576
/** No body of ours nests a quarter as deep; beyond some thousand levels JSON.stringify runs out of stack. */
const JSON_DEPTH_LIMIT = 64

function readJson(app: FastifyInstance, bodySeconds: number): void {
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', async (_request: FastifyRequest, payload: IncomingMessage) => {
    const text = (await readBytes(payload, JSON_LIMIT_BYTES, bodySeconds)).toString('utf8')
    if (text === '') return undefined
    const body = parseJson(text)
    if (isDeeperThan(body, JSON_DEPTH_LIMIT)) {
      throw new Refusal(
        'json_too_deep',
        400,
        `The body nests deeper than ${JSON_DEPTH_LIMIT} levels. Send it flatter.`,
      )
    }
    const problem = textProblem(text)
    if (problem) throw new Refusal('text_malformed', 400, problem)
    return body
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new Refusal(
      'json_malformed',
      400,
      `The body is not valid JSON: ${(error as Error).message.slice(0, 200)}.`,
    )
  }
}

function refuseNulInAddress(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    if (/%00/.test(request.url)) {
      throw new Refusal(
        'text_malformed',
        400,
        'The address contains a NUL byte (%00), which no field can hold.',
      )
    }
  })
}

function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Refusal) return throwAsProblem(error, request, reply)
  if (hasZodFastifySchemaValidationErrors(error)) {
    const problems = error.validation.map((issue) => ({
      field: issue.instancePath.replace(/^\//, '').replaceAll('/', '.'),
      problem: issue.message ?? 'is not valid',
    }))
    const first = problems[0]
    const where = PARTS[error.validationContext ?? ''] ?? 'request'
    return throwAsProblem(
      new Refusal(
        'request_invalid',
        400,
        first?.field
          ? `The ${where} is not valid: ${first.field} ${first.problem}.`
          : `The ${where} ${first?.problem}.`,
        { details: { problems } },
      ),
      request,
      reply,
    )
  }
  if (isPostgresUnreachable(error)) return throwAsProblem(storeUnreachable(error), request, reply)
  if (
    error instanceof Error &&
    'statusCode' in error &&
    typeof error.statusCode === 'number' &&
    error.statusCode < 500
  ) {
    const code =
      'code' in error
        ? String(error.code)
            .toLowerCase()
            .replace(/^fst_(err_)?/, '')
        : 'request_invalid'
    return throwAsProblem(new Refusal(code, error.statusCode, error.message), request, reply)
  }
  request.log.error({ err: error, route: request.routeOptions.url }, 'request failed')
  return throwAsProblem(
    new Refusal(
      'server_failed',
      500,
      `Something went wrong on our side. The log has the details under request ${request.id}.`,
    ),
    request,
    reply,
  )
}

function throwAsProblem(refusal: Refusal, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (refusal.retryAfterSeconds !== undefined) reply.header('retry-after', String(refusal.retryAfterSeconds))
  return reply
    .status(refusal.status)
    .type('application/problem+json')
    .serializer((value: unknown) => JSON.stringify(value))
    .send({
      type: `/api/docs#${refusal.code}`,
      title: refusal.code,
      status: refusal.status,
      code: refusal.code,
      detail: refusal.message,
      requestId: request.id,
      ...refusal.details,
    })
}
