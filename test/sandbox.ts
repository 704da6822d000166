// Starts the sandbox for a test, with a clock that stands still until it is moved, and speaks to it.
import { startSandbox } from '../sandbox/server.ts'

/** Where the clock of a test's sandbox stands. */
export const SANDBOX_NOW = Date.parse('2026-11-20T12:00:00Z')

export interface SandboxUnderTest {
  url: string
  /** Sends JSON, or nothing with GET; reads the answer as JSON where it is. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Spoken>
  close(): Promise<void>
}

export interface Spoken {
  status: number
  headers: Headers
  text: string
  /** undefined where the answer is no JSON */
  json: unknown
}

/** Close it when done. */
export async function openSandbox(clock: () => number = () => SANDBOX_NOW): Promise<SandboxUnderTest> {
  const sandbox = await startSandbox({ port: 0, seed: 7, clock })
  return {
    url: sandbox.url,
    close: () => sandbox.close(),
    async call(method, path, body, headers = {}) {
      const response = await fetch(`${sandbox.url}${path}`, {
        method,
        redirect: 'manual',
        headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
        body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
      })
      const text = await response.text()
      return { status: response.status, headers: response.headers, text, json: parse(text) }
    },
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
