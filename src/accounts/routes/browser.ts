// What a request tells about the browser behind it: its session, its origin, and whether it sits at this machine.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../../lib/refusal.ts'
import type { Mailing } from '../mailing.ts'
import type { BrowserHeaders } from '../sessions.ts'

export function browserOf(request: FastifyRequest): BrowserHeaders {
  return {
    cookie: request.headers.cookie,
    userAgent: request.headers['user-agent']?.slice(0, 500),
    address: request.ip,
  }
}

export function setCookies(reply: FastifyReply, cookies: string[]): void {
  if (cookies.length > 0) reply.header('set-cookie', cookies)
}

/**
 * Refuses a change that another site's page makes a browser send along with our cookie. Passed are our own pages, as
 * `Sec-Fetch-Site` or `Origin` say, and whoever sends `x-workspace`: a page elsewhere would need our leave for a header
 * of its own (https://fetch.spec.whatwg.org/#cors-preflight-fetch), which is never given.
 */
export function refuseForeignPages(request: FastifyRequest, publicUrl: string | undefined): void {
  if (request.method === 'GET' || request.method === 'HEAD' || request.headers['x-workspace'] !== undefined)
    return
  const site = request.headers['sec-fetch-site']
  if (site === 'same-origin' || site === 'none') return
  if (site === undefined && isOwnOrigin(request, publicUrl)) return
  throw new Refusal(
    'origin_foreign',
    403,
    'This request came from another site. Use the app itself, or send the header x-workspace.',
  )
}

/**
 * Whether the browser runs on this machine with nothing between, so that whoever uses it could read the code off the
 * terminal. A proxy on this machine looks the same unless it says so; what it commonly says or leaves is looked at.
 */
export function isAtThisMachine(
  request: FastifyRequest,
  options: { trustProxy: boolean; publicUrl: string | undefined },
): boolean {
  if (options.trustProxy || (options.publicUrl && !isLoopbackHost(new URL(options.publicUrl).hostname)))
    return false
  if (!isLoopbackAddress(request.socket.remoteAddress ?? '')) return false
  if (PROXY_HEADERS.some((name) => request.headers[name] !== undefined)) return false
  // nginx speaks HTTP/1.0 to what is behind it unless told; browsers do not.
  if (request.raw.httpVersion === '1.0') return false
  // A name that leads to 127.0.0.1 by somebody else's DNS is not this machine's own.
  if (!isLoopbackHost(hostnameOf(request.headers.host ?? ''))) return false
  const origin = request.headers.origin
  return origin === undefined || (URL.canParse(origin) && isLoopbackHost(new URL(origin).hostname))
}

/** The address under which the browser reached us: `https://leads.example.com`. */
export function originOf(request: FastifyRequest, publicUrl: string | undefined): string {
  return publicUrl ? new URL(publicUrl).origin : `${request.protocol}://${request.host}`
}

/** Whether mail can be sent, and the address by which the person behind the request reaches the app. */
export function mailingOf(
  hosting: { mail?: unknown; publicUrl: string | undefined },
  request: FastifyRequest,
): Mailing {
  return { isSetUp: hosting.mail !== undefined, origin: originOf(request, hosting.publicUrl) }
}

/**
 * The address that a link in a mail may lead to, where nobody is signed in who could have been led to a foreign `Host`: the
 * public one, or this machine's own. Undefined where only the request itself names one, for a stranger may have made it.
 */
export function mailableOrigin(request: FastifyRequest, publicUrl: string | undefined): string | undefined {
  // What a trusted proxy passes on as the host is the browser's word, too.
  return publicUrl || isLoopbackHost(hostnameOf(request.host)) ? originOf(request, publicUrl) : undefined
}

const PROXY_HEADERS = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
]

function isOwnOrigin(request: FastifyRequest, publicUrl: string | undefined): boolean {
  const origin = request.headers.origin
  if (origin === undefined || !URL.canParse(origin)) return false
  const { origin: from, host } = new URL(origin)
  return host === request.host || (publicUrl !== undefined && from === new URL(publicUrl).origin)
}

function isLoopbackAddress(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address)
}

function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}

function hostnameOf(host: string): string {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : ''
}
