// What every vendor of the sandbox speaks in: a call as it arrived, and the answer to it.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'

export interface Call {
  method: string
  /** below the vendor's prefix, decoded, starting with a slash */
  path: string
  /** path and query as they arrived, with the prefix */
  url: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  body: Buffer
  /** how the caller reached the sandbox, such as `http://127.0.0.1:4010`, for links that the sandbox hands out */
  origin: string
}

export interface Answer {
  status: number
  headers?: Record<string, string>
  body?: string | Buffer
  /** sent instead of `body` where the answer is long */
  openStream?: () => Promise<Readable>
  /** what the sandbox thought of the call; for its page and its control API, never sent */
  note?: string
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

/** Bodies above this are refused with 413; a batch of 1,000 conversions has some 1 MB. */
export const MAX_BODY_BYTES = 32 * 1024 * 1024

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  }
}

export function text(status: number, body: string, contentType = 'text/plain; charset=utf-8'): Answer {
  return { status, headers: { 'content-type': contentType }, body }
}

export function redirect(to: string): Answer {
  return { status: 302, headers: { location: to }, body: '' }
}

/** The parsed body, or undefined where it is no JSON. */
export function parseJson(body: Buffer | string): Json | undefined {
  try {
    return JSON.parse(body.toString()) as Json
  } catch {
    return undefined
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The fields of a JSON object or of a form, whichever the body is; other than text only from JSON. */
export function fieldsOf(call: Call): JsonObject {
  const type = call.headers['content-type'] ?? ''
  if (type.includes('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(call.body.toString()))
  const parsed = parseJson(call.body)
  return isObject(parsed) ? parsed : {}
}

/** A field as text: numbers are written out, everything else is the empty text. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

/** A field as a number, whether it came as one or as text; the fallback where it is neither. */
export function numberOf(value: Json | undefined, fallback: number): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : fallback
}

/** Reads a whole body; undefined where it is longer than allowed. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > MAX_BODY_BYTES) return undefined
    parts.push(part)
  }
  return parts.length === 1 ? parts[0] : Buffer.concat(parts)
}
