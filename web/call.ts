// Calls a declared endpoint of a module's contract, typed from it; a refusal arrives as a Problem.
import type { z } from 'zod'
import type { Endpoint, ReplyOf } from '../src/lib/endpoint.ts'

/** What the server refused or failed at: its code, its sentence and what came with it (RFC 9457). */
export class Problem extends Error {
  readonly status: number
  /** `noun_state`; `network_failed` where no answer came */
  readonly code: string
  readonly details: Record<string, unknown>

  constructor(status: number, code: string, sentence: string, details: Record<string, unknown> = {}) {
    super(sentence)
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.details = details
  }
}

type ParamsIn<E> = E extends Endpoint<infer P, z.ZodType, z.ZodType, z.ZodType> ? z.input<P> : never
type QueryIn<E> = E extends Endpoint<z.ZodType, infer Q, z.ZodType, z.ZodType> ? z.input<Q> : never
type BodyIn<E> = E extends Endpoint<z.ZodType, z.ZodType, infer B, z.ZodType> ? z.input<B> : never

type Nothing = Record<never, never>
type Part<K extends string, T> = [T] extends [undefined]
  ? Nothing
  : Nothing extends T
    ? { [key in K]?: T }
    : { [key in K]: T }

/** What an endpoint has to be given; parts that it does not declare, or that may be empty, can be left out. */
export type CallInput<E> = Part<'params', ParamsIn<E>> & Part<'query', QueryIn<E>> & Part<'body', BodyIn<E>>

interface Parts {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
}

/**
 * Sends the call as the signed-in user and gives the reply.
 * @param options.workspace slug or id of the workspace that it is about
 * @throws Problem for every answer but a success, and where no answer came
 */
export async function call<E extends Endpoint>(
  endpoint: E,
  input: CallInput<E>,
  options: { workspace?: string; signal?: AbortSignal } = {},
): Promise<ReplyOf<E>> {
  const { params, query, body } = input as Parts
  const headers: Record<string, string> = { accept: 'application/json' }
  if (options.workspace) headers['x-workspace'] = options.workspace
  if (body !== undefined) headers['content-type'] = 'application/json'
  return send<ReplyOf<E>>(address(endpoint.path, params, query), {
    method: endpoint.method,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
    signal: options.signal ?? null,
  })
}

/** The same for an address outside the contracts (signing in and out). */
export async function send<Reply>(url: string, request: RequestInit): Promise<Reply> {
  let response: Response
  try {
    response = await fetch(url, { ...request, credentials: 'same-origin' })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Problem(0, 'network_failed', 'The server did not answer. Check that it runs, then try again.')
  }
  const reply: unknown = await response.json().catch(() => null)
  if (response.ok) return reply as Reply
  throw asProblem(response, reply)
}

/** Fills `:name` in the path and appends the query; what is undefined is left out. */
export function address(
  path: string,
  params: Record<string, unknown> = {},
  query: Record<string, unknown> = {},
): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) search.set(key, String(value))
  }
  const text = search.toString()
  return text ? `${filled}?${text}` : filled
}

function asProblem(response: Response, reply: unknown): Problem {
  if (typeof reply === 'object' && reply !== null) {
    const {
      code,
      detail,
      message,
      type: _type,
      title: _title,
      status: _status,
      ...details
    } = reply as Record<string, unknown>
    const sentence = typeof detail === 'string' ? detail : typeof message === 'string' ? message : undefined
    if (sentence) {
      return new Problem(
        response.status,
        typeof code === 'string' ? code.toLowerCase() : 'request_refused',
        sentence,
        details,
      )
    }
  }
  return new Problem(
    response.status,
    'server_failed',
    `The server answered with ${response.status} and no explanation. Try again; its log says more.`,
  )
}
