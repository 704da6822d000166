// The sandbox as a server: one port, a prefix for each vendor, a control API and a page.
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { answerControl } from './control.ts'
import { json, readBody, text } from './frame/call.ts'
import type { Answer, Call } from './frame/call.ts'
import { INCOMING_FAULTS } from './frame/faults.ts'
import type { Vendor } from './frame/vendor.ts'
import { createWorld } from './frame/world.ts'
import type { World } from './frame/world.ts'
import { answerPage } from './page/index.ts'
import { VENDORS } from './vendors.ts'

export interface SandboxOptions {
  /** 0 takes a free one */
  port?: number
  /** 127.0.0.1 where not given: the sandbox has no password */
  host?: string
  /** the seed of all chance: tokens, faults, generated shops */
  seed?: number
  clock?: () => number
}

export interface Sandbox {
  /** such as `http://127.0.0.1:4010`, without a slash at the end */
  url: string
  close(): Promise<void>
}

export interface State {
  world: World
  vendors: Vendor[]
}

/** Starts the sandbox; it is ready when the promise resolves. Rejects where the port is taken. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const world = createWorld({ seed: options.seed ?? 1, clock: options.clock ?? Date.now })
  const vendors = VENDORS.map((open) => open(world))
  const state: State = { world, vendors }
  const server = createServer((request, response) => void serve(state, request, response))
  // Callers keep connections open; the five seconds that Node waits would cut them off between two calls.
  server.keepAliveTimeout = 65_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve)
  })
  const { address, port, family } = server.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    async close() {
      await world.close()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      for (const vendor of vendors) await vendor.close?.()
    },
  }
}

async function serve(state: State, request: IncomingMessage, response: ServerResponse) {
  try {
    await answerCall(state, request, response)
  } catch (error) {
    // The caller hung up in the middle; or the sandbox has a bug, which must be seen.
    if (request.destroyed || response.destroyed) return
    process.stderr.write(
      `${request.method} ${request.url}: ${error instanceof Error ? error.stack : error}\n`,
    )
    if (!response.headersSent)
      await write(response, text(500, 'The sandbox itself failed; its terminal says where.'))
    else response.destroy()
  }
}

async function answerCall(state: State, request: IncomingMessage, response: ServerResponse) {
  const call = await readCall(request)
  if (!call) {
    response.setHeader('connection', 'close')
    return write(response, text(413, 'The body is too long.'))
  }
  const [, first = ''] = call.path.split('/', 2)
  const vendor = state.vendors.find((each) => each.id === first)
  if (vendor)
    return await answerVendor(
      state.world,
      vendor,
      { ...call, path: call.path.slice(first.length + 1) },
      response,
    )
  if (isForeign(call)) return write(response, json(403, { error: 'Send this from the sandbox itself.' }))
  const answer =
    first === 'control' ? await answerControl(state, call) : call.method === 'GET' && answerPage(state, call)
  await write(response, answer || json(404, { error: `There is nothing at ${call.path}.` }))
}

async function answerVendor(world: World, vendor: Vendor, call: Call, response: ServerResponse) {
  const startedAt = performance.now()
  const struck = world.faults.strike(vendor.id, call.path, INCOMING_FAULTS)
  const find = (kind: string) => struck.find((fault) => fault.kind === kind)
  const latency = find('latency')
  if (latency) await pause(latency.delayMs)

  const tooMany = find('too_many')
  const serverError = find('server_error')
  const answer = find('dropped')
    ? null
    : tooMany
      ? vendor.tooMany(call, tooMany.retryAfterS)
      : serverError
        ? vendor.broken(call, serverError.status)
        : await vendor.answer(call)
  const isLost = answer === null || find('lost_answer') !== undefined

  world.journal.write({
    vendor: vendor.id,
    direction: 'in',
    at: world.now(),
    method: call.method,
    url: call.url,
    requestHeaders: call.headers,
    requestBody: call.body,
    status: answer?.status ?? null,
    answerHeaders: answer?.headers ?? {},
    answerBody: answer?.openStream ? '(streamed)' : (answer?.body ?? ''),
    faults: struck.map((fault) => fault.kind),
    note: answer?.note ?? '',
    tookMs: performance.now() - startedAt,
  })
  if (!isLost) return write(response, answer, find('cut_off') !== undefined)
  response.socket?.destroy()
}

async function readCall(request: IncomingMessage): Promise<Call | undefined> {
  const body = await readBody(request)
  if (body === undefined) return undefined
  const url = request.url ?? '/'
  const cut = url.indexOf('?')
  return {
    method: request.method ?? 'GET',
    path: decodePath(cut < 0 ? url : url.slice(0, cut)),
    url,
    query: new URLSearchParams(cut < 0 ? '' : url.slice(cut + 1)),
    headers: request.headers,
    body,
    origin: `http://${request.headers.host ?? 'localhost'}`,
  }
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

// Another site in somebody's browser must not set faults here.
function isForeign(call: Call): boolean {
  return call.method !== 'GET' && call.headers['sec-fetch-site'] === 'cross-site'
}

async function write(response: ServerResponse, answer: Answer, isCutOff = false): Promise<void> {
  if (isCutOff) return cutOff(response, answer)
  response.writeHead(answer.status, answer.headers)
  if (answer.openStream) await pipeline(await answer.openStream(), response)
  else response.end(answer.body)
}

// Half of a short body, the first piece of a long one; the length was promised, so that the caller notices.
async function cutOff(response: ServerResponse, answer: Answer) {
  const body = Buffer.from(answer.body ?? '')
  const length = answer.openStream ? answer.headers?.['content-length'] : String(body.length)
  response.writeHead(answer.status, { ...answer.headers, 'content-length': length })
  const [first] = answer.openStream
    ? await answer.openStream().then((stream) => stream.take(1).toArray())
    : [body]
  const piece = Buffer.from(first as Buffer)
  await new Promise((resolve) => response.write(piece.subarray(0, Math.ceil(piece.length / 2)), resolve))
  response.socket?.destroy()
}
