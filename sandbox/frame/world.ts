// The sandbox's clock, its chance and its way out: what every vendor is handed.
import { diceOf } from './chance.ts'
import { createFaults, OUTGOING_FAULTS } from './faults.ts'
import type { Faults } from './faults.ts'
import { createJournal } from './journal.ts'
import type { Journal } from './journal.ts'

export interface World {
  /** ms since 1970; moves ahead by command, so that what takes days can be tried in a second */
  now(): number
  advance(ms: number): void
  chance(): number
  /** An id or token that does not repeat: so many hex digits. */
  token(length: number): string
  faults: Faults
  journal: Journal
  /** Sends a webhook; retries are the vendor's own affair. */
  send(webhook: Webhook): Promise<Sent>
  /** Does the work after a while of real time, unless the sandbox is closed before. */
  later(delayMs: number, work: () => void | Promise<void>): void
  /** Waits for webhooks on their way, and drops what is planned. */
  close(): Promise<void>
}

export interface Webhook {
  vendor: string
  method: 'GET' | 'POST'
  url: string
  body: string | Buffer
  /** The headers; asked for wrong ones, it signs with another secret. */
  headers(wrong: boolean): Record<string, string>
  timeoutMs: number
}

/** Null where no answer came. */
export interface Sent {
  status: number | null
  body: string
}

/** Webhooks on their way at one time; the others wait, as they would in a vendor's queue. */
const SENT_AT_ONCE = 32

export function createWorld(options: { seed: number; clock: () => number }): World {
  const chance = diceOf(options.seed)
  const faults = createFaults(chance)
  const journal = createJournal()
  const planned = new Set<NodeJS.Timeout>()
  const underway = new Set<Promise<unknown>>()
  const places = createPlaces(SENT_AT_ONCE)
  let aheadMs = 0
  let closed = false
  const now = () => options.clock() + aheadMs

  const track = <T>(work: Promise<T>): Promise<T> => {
    underway.add(work)
    void work.finally(() => underway.delete(work))
    return work
  }

  const later = (delayMs: number, work: () => void | Promise<void>) => {
    if (closed) return
    const timer = setTimeout(() => {
      planned.delete(timer)
      void track(Promise.resolve().then(work))
    }, delayMs)
    planned.add(timer)
  }

  return {
    now,
    advance: (ms) => void (aheadMs += ms),
    chance,
    token: (length) => {
      let made = ''
      while (made.length < length)
        made += Math.floor(chance() * 0x100000000)
          .toString(16)
          .padStart(8, '0')
      return made.slice(0, length)
    },
    faults,
    journal,
    later,
    async send(webhook) {
      const struck = faults.strike(webhook.vendor, webhook.url, OUTGOING_FAULTS)
      const has = (kind: string) => struck.some((fault) => fault.kind === kind)
      const kinds = struck.map((fault) => fault.kind)
      const go = () => track(places.take(() => deliver(webhook, has('wrong_signature'), kinds, journal, now)))
      if (has('not_sent')) {
        note(webhook, kinds, journal, now)
        // Who sends believes that it was taken, or would try again.
        return { status: 200, body: '' }
      }
      const late = struck.find((fault) => fault.kind === 'disorder')
      if (late) await track(new Promise((resolve) => setTimeout(resolve, chance() * late.delayMs)))
      if (has('duplicate')) void go()
      return go()
    },
    async close() {
      closed = true
      for (const timer of planned) clearTimeout(timer)
      planned.clear()
      await Promise.allSettled([...underway])
    },
  }
}

/** Work that waits for one of so many places, in order of arrival. */
function createPlaces(count: number) {
  const waiting: (() => void)[] = []
  let free = count
  return {
    async take<T>(work: () => Promise<T>): Promise<T> {
      if (free > 0) free--
      else await new Promise<void>((resolve) => waiting.push(resolve))
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next) next()
        else free++
      }
    },
  }
}

async function deliver(
  webhook: Webhook,
  wrong: boolean,
  faults: string[],
  journal: Journal,
  now: () => number,
): Promise<Sent> {
  const headers = webhook.headers(wrong)
  const startedAt = performance.now()
  const sent = await post(webhook, headers)
  journal.write({
    vendor: webhook.vendor,
    direction: 'out',
    at: now(),
    method: webhook.method,
    url: webhook.url,
    requestHeaders: headers,
    requestBody: webhook.body,
    status: sent.status,
    answerHeaders: {},
    answerBody: sent.body,
    faults,
    note: sent.status === null ? 'no answer' : '',
    tookMs: performance.now() - startedAt,
  })
  return sent
}

async function post(webhook: Webhook, headers: Record<string, string>): Promise<Sent> {
  try {
    const response = await fetch(webhook.url, {
      method: webhook.method,
      headers,
      body: webhook.method === 'GET' ? undefined : Buffer.from(webhook.body),
      redirect: 'manual',
      signal: AbortSignal.timeout(webhook.timeoutMs),
    })
    return { status: response.status, body: await response.text() }
  } catch {
    return { status: null, body: '' }
  }
}

function note(webhook: Webhook, faults: string[], journal: Journal, now: () => number) {
  journal.write({
    vendor: webhook.vendor,
    direction: 'out',
    at: now(),
    method: webhook.method,
    url: webhook.url,
    requestHeaders: {},
    requestBody: webhook.body,
    status: null,
    answerHeaders: {},
    answerBody: '',
    faults,
    note: 'not sent',
    tookMs: 0,
  })
}
