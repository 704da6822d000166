// The tracking API: Segment's HTTP paths, so that existing SDKs need only a new host.
import { gunzip } from 'node:zlib'
import { promisify } from 'node:util'
import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { writeKeyWorkspace } from '../accounts/index.ts'
import type { WriteKeyTarget } from '../accounts/index.ts'
import { placeOf } from '../events/index.ts'
import type { FindCountry } from '../events/index.ts'
import { addressIn } from '../lib/address.ts'
import { newId } from '../lib/ids.ts'
import { Refusal } from '../lib/refusal.ts'
import { readBytes } from '../platform/body.ts'
import { inboxAccepted } from '../platform/metrics.ts'
import type { Api } from '../platform/server.ts'
import type { Services } from '../platform/services.ts'
import { REQUEST_LIMIT_BYTES, checkMessage, readCommon } from './check.ts'
import type { Checked } from './check.ts'
import type { Message, Origin, TrackingCall } from './contract.ts'
import type { Door } from './door.ts'
import type { InboxRow } from './store.ts'

const PATHS: Record<string, TrackingCall | undefined> = {
  identify: 'identify',
  i: 'identify',
  track: 'track',
  t: 'track',
  page: 'page',
  p: 'page',
  screen: 'screen',
  s: 'screen',
  group: 'group',
  g: 'group',
  alias: 'alias',
  a: 'alias',
  batch: undefined,
  b: undefined,
  import: undefined,
}

/** Hangs `/v1/*` on the server. Bodies are read as bytes here: JSON or text, gzip or plain, up to 500 kB once unpacked. */
export async function trackingRoutes(
  api: Api,
  services: Services,
  door: Door,
  findCountry: FindCountry | null,
): Promise<void> {
  await api.raw.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request: FastifyRequest, payload: IncomingMessage) =>
      readBytes(payload, REQUEST_LIMIT_BYTES, api.bodySeconds),
    )
    scope.addHook('onRequest', async (request, reply) => allowOrigin(request, reply))
    scope.options('/v1/*', { config: { rateLimit: false }, schema: { hide: true } }, (_request, reply) =>
      reply
        .header('access-control-allow-methods', 'POST, GET, OPTIONS')
        .header('access-control-allow-headers', 'authorization, content-type, content-encoding')
        .header('access-control-max-age', '86400')
        .status(204)
        .send(),
    )
    for (const [path, call] of Object.entries(PATHS)) {
      scope.post(
        `/v1/${path}`,
        { config: { rateLimit: false }, schema: trackingSchema(path, call) },
        async (request, reply) => {
          await acceptRequest(services, door, findCountry, request, call)
          return reply.send({ success: true })
        },
      )
    }
    scope.get<{ Params: { writeKey: string } }>(
      '/v1/projects/:writeKey/settings',
      { schema: { tags: ['Tracking'], summary: 'What a browser SDK asks before it starts' } },
      async (request) => {
        const { writeKey } = request.params
        await targetOf(services, writeKey)
        const url = services.settings.publicUrl ?? `${request.protocol}://${request.host}`
        return sdkSettings(new URL(url), writeKey)
      },
    )
    done()
  })
}

async function acceptRequest(
  services: Services,
  door: Door,
  findCountry: FindCountry | null,
  request: FastifyRequest,
  call: TrackingCall | undefined,
): Promise<void> {
  const body = await readBody(request)
  const target = await targetOf(services, keyOf(request, body))
  refuseForeignDomain(request, target)
  const receivedAt = services.clock()
  const origin = originOf(request, target, findCountry)
  const checked = checkAll(body, call)
  const excluded = addressIn(request.ip, target.settings.excludedAddresses)
  const messages = checked.map((one) => inboxRow(one, { target, receivedAt, origin, request, excluded }))
  const refused = checked.filter((one) => !one.ok).length
  if (refused > 0) inboxAccepted.labels('refused').inc(refused)
  await door.accept(messages)
}

function checkAll(body: Record<string, unknown>, call: TrackingCall | undefined): Checked[] {
  if (call) return [checkMessage(body, call, {}, newId)]
  if (!Array.isArray(body.batch)) {
    throw new Refusal(
      'batch_missing',
      400,
      'A batch needs its messages in `batch`, an array of at most 2,500.',
    )
  }
  if (body.batch.length > 2500) {
    throw new Refusal('batch_too_long', 400, 'A batch may have at most 2,500 messages. Send it in several.')
  }
  const common = readCommon(body)
  return body.batch.map((raw: unknown) => checkMessage(raw, undefined, common, newId))
}

function inboxRow(
  checked: Checked,
  facts: {
    target: WriteKeyTarget
    receivedAt: Date
    origin: Origin
    request: FastifyRequest
    excluded: boolean
  },
): InboxRow {
  const { target, receivedAt, origin, request, excluded } = facts
  const row = {
    id: newId(),
    receivedAt,
    workspaceId: target.workspaceId,
    lane: 'live' as const,
    connection: 'tracking',
    origin,
    text: checked.text,
  }
  if (!checked.ok) {
    return {
      ...row,
      // Ids of their own: the same message sent again in good shape is no repeat.
      connection: 'tracking:refused',
      source: 'http',
      messageId: checked.messageId,
      sender: checked.messageId,
      ended: { status: 'refused', reason: checked.reason, detail: checked.field },
    }
  }
  const { message } = checked
  const keepsAddress =
    target.settings.ipPolicy === 'always' ||
    (target.settings.ipPolicy === 'with_consent' && allowsAnalytics(message.context))
  return {
    ...row,
    source: isTracker(message.context) ? 'tracker' : 'http',
    messageId: message.messageId,
    sender: senderOf(message),
    origin: keepsAddress ? { ...origin, ip: request.ip } : origin,
    ...(excluded ? { ended: { status: 'dropped' as const, reason: 'address_excluded' } } : {}),
  }
}

// An alias belongs to the stream of the id before it.
function senderOf({ type, previousId, anonymousId, userId, messageId }: Message): string {
  return (type === 'alias' ? previousId : undefined) ?? anonymousId ?? userId ?? messageId
}

function isTracker(context: Record<string, unknown> | undefined): boolean {
  const library = context?.library as { name?: unknown } | undefined
  return (
    typeof library?.name === 'string' &&
    !/node|python|ruby|java$|go$|php|http|server|\.net/i.test(library.name)
  )
}

function allowsAnalytics(context: Record<string, unknown> | undefined): boolean {
  const consent = context?.consent as { categoryPreferences?: { analytics?: unknown } } | undefined
  return consent?.categoryPreferences?.analytics === true
}

function originOf(request: FastifyRequest, target: WriteKeyTarget, findCountry: FindCountry | null): Origin {
  const header = COUNTRY_HEADERS.map((name) => request.headers[name]).find(
    (value) => typeof value === 'string',
  )
  const place = placeOf({
    header: trusts(request) ? (header as string) : null,
    address: request.ip,
    findCountry,
  })
  return {
    userAgent: request.headers['user-agent']?.slice(0, 500),
    ...(place.country
      ? { country: place.country, countrySource: place.countrySource as 'header' | 'geoip' }
      : {}),
    ...(target.kind === 'server' ? { trusted: true } : {}),
  }
}

// Headers in which proxies name the visitor's country; believed only where TRUST_PROXY says that one stands in front.
const COUNTRY_HEADERS = ['cf-ipcountry', 'cloudfront-viewer-country', 'x-country-code', 'x-vercel-ip-country']

function trusts(request: FastifyRequest): boolean {
  return request.ips !== undefined
}

function keyOf(request: FastifyRequest, body: Record<string, unknown>): string | undefined {
  const header = request.headers.authorization
  if (header?.startsWith('Basic ')) {
    const key = Buffer.from(header.slice(6), 'base64').toString().split(':')[0]
    if (key) return key
  }
  return typeof body.writeKey === 'string' ? body.writeKey : undefined
}

async function targetOf(services: Services, key: string | undefined): Promise<WriteKeyTarget> {
  const mayBeOne = key !== undefined && /^[\x21-\x7e]{1,200}$/.test(key)
  const target = mayBeOne ? await writeKeyWorkspace(services.db, key) : undefined
  if (!target) {
    throw new Refusal(
      'write_key_invalid',
      401,
      'The write key is missing or unknown. Send it as basic auth user or as `writeKey` in the body.',
    )
  }
  return target
}

function refuseForeignDomain(request: FastifyRequest, target: WriteKeyTarget): void {
  const origin = request.headers.origin
  if (target.allowedDomains.length === 0 || typeof origin !== 'string') return
  const host = URL.canParse(origin) ? new URL(origin).hostname : ''
  if (target.allowedDomains.some((domain) => host === domain || host.endsWith(`.${domain}`))) return
  throw new Refusal(
    'domain_refused',
    403,
    `This write key may not be used on ${host || 'this page'}. Add the domain to the key in the tracking settings.`,
  )
}

async function readBody(request: FastifyRequest): Promise<Record<string, unknown>> {
  const raw = request.body instanceof Buffer ? request.body : Buffer.alloc(0)
  const text = (await unpack(raw, request.headers['content-encoding'])).toString('utf8')
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch (error) {
    throw new Refusal(
      'json_malformed',
      400,
      `The body is not valid JSON: ${(error as Error).message.slice(0, 200)}.`,
    )
  }
  if (body === null || typeof body !== 'object' || Array.isArray(body)) {
    throw new Refusal(
      'body_not_an_object',
      400,
      'The body must be a JSON object: one message, or a batch of them.',
    )
  }
  return body as Record<string, unknown>
}

const inflate = promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip)

async function unpack(raw: Buffer, encoding = 'identity'): Promise<Buffer> {
  const name = encoding.trim().toLowerCase()
  if (name === 'identity' || name === '') return raw
  if (name !== 'gzip')
    throw new Refusal('encoding_unknown', 415, 'The body may be packed with gzip, or not at all.')
  try {
    return await inflate(raw, { maxOutputLength: REQUEST_LIMIT_BYTES })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new Refusal(
        'body_too_large',
        413,
        'A request may have at most 500 kB once unpacked. Send it in several.',
      )
    }
    throw new Refusal('gzip_malformed', 400, 'The body says that it is gzip, but it cannot be unpacked.')
  }
}

function allowOrigin(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const origin = request.headers.origin
  if (typeof origin === 'string') {
    reply.header('access-control-allow-origin', origin).header('vary', 'Origin')
    reply
      .header('access-control-allow-credentials', 'true')
      .header('access-control-expose-headers', 'retry-after')
  }
  return Promise.resolve()
}

// The reply that analytics.js reads: only its own destination, pointed at this host.
function sdkSettings(url: URL, writeKey: string): Record<string, unknown> {
  return {
    integrations: {
      'Segment.io': {
        apiKey: writeKey,
        apiHost: `${url.host}${url.pathname.replace(/\/$/, '')}/v1`,
        protocol: url.protocol.slice(0, -1),
        versionSettings: { version: '4.4.7', componentTypes: ['browser'] },
        deliveryStrategy: { strategy: 'standard' },
        unbundledIntegrations: [],
        addBundledMetadata: true,
        maybeBundledConfigIds: {},
      },
    },
    plan: {
      track: { __default: { enabled: true, integrations: {} } },
      identify: { __default: { enabled: true } },
      group: { __default: { enabled: true } },
    },
    edgeFunction: {},
    analyticsNextEnabled: true,
    middlewareSettings: {},
    enabledMiddleware: {},
    metrics: { sampleRate: 0 },
    legacyVideoPluginsEnabled: false,
    remotePlugins: [],
  }
}

function trackingSchema(path: string, call: TrackingCall | undefined): Record<string, unknown> {
  return {
    tags: ['Tracking'],
    operationId: `tracking_${path}`,
    summary: call
      ? `A ${call} call of the Segment specification`
      : 'Several calls at once, at most 500 kB and 32 kB each',
    security: [{ writeKey: [] }],
  }
}
