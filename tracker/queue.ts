// Sends calls in short batches, and keeps in the store what could not be delivered until it is.
import type { Call } from './calls.ts'
import { parseJson } from './json.ts'
import { firstPortion, isWorthRetrying, keepCalls, pauseMs } from './retry.ts'
import type { Store } from './store.ts'

const batchWindowMs = 250
/** How long one tab has the kept calls for itself. Two tabs sending them would be harmless (one message id), only wasteful. */
const leaseMs = 5_000

export interface Queue {
  add(call: Call): void
  /** Sends now what waits and what earlier pages left behind. */
  flush(): void
  /** The page is going: hands what waits to the browser, and keeps it until some later page has an answer for it. */
  leave(): void
  /** Drops everything not yet sent; the store is emptied by who forgets it. */
  clear(): void
}

/** Undelivered calls and, for all tabs, when they may be tried again after how many failures. */
interface Backlog {
  calls: Call[]
  failures: number
  untilMs: number
}

export function openQueue(host: string, writeKey: string, store: Store): Queue {
  const url = host + '/v1/batch'
  let waiting: Call[] = []
  let flying: Call[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let timerAtMs = Infinity
  let left = false

  const read = (): Backlog => parseJson(store.read('tl_queue')) || { calls: [], failures: 0, untilMs: 0 }
  const write = (calls: Call[], failures: number, untilMs: number): void =>
    store.write('tl_queue', JSON.stringify({ calls: keepCalls(calls, Date.now()), failures, untilMs }))
  const body = (batch: Call[]): string =>
    JSON.stringify({ writeKey, batch, sentAt: new Date().toISOString() })

  function schedule(ms: number): void {
    const atMs = Date.now() + ms
    if (timerAtMs <= atMs) return
    clearTimeout(timer)
    timerAtMs = atMs
    timer = setTimeout(flush, ms)
  }

  function flush(): void {
    clearTimeout(timer)
    timerAtMs = Infinity
    if (flying[0] || left) return
    const { calls, failures, untilMs } = read()
    const nowMs = Date.now()
    if (nowMs < untilMs) {
      write(calls.concat(waiting), failures, untilMs)
      waiting = []
      schedule(untilMs - nowMs)
      return
    }
    const batch = firstPortion(keepCalls(calls, nowMs).concat(waiting))
    if (!batch[0]) return
    if (calls[0]) write(calls, failures, nowMs + leaseMs)
    waiting = without(waiting, batch)
    flying = batch
    // A string goes as text/plain, which needs no CORS preflight.
    fetch(url, { method: 'POST', body: body(batch), keepalive: true }).then(
      (answer) => settle(batch, answer.status, answer.headers.get('retry-after')),
      () => settle(batch, 0),
    )
  }

  function settle(batch: Call[], status: number, retryAfter?: string | null): void {
    const { calls, failures } = read()
    if (isWorthRetrying(status)) {
      const ms = pauseMs(failures + 1, retryAfter, Math.random())
      // Less what was cleared meanwhile.
      const failed = batch.filter((call) => flying.includes(call))
      write(calls.concat(failed, waiting), failures + 1, Date.now() + ms)
      waiting = []
      schedule(ms)
    } else {
      const rest = without(calls, batch)
      write(rest, 0, 0)
      if (rest.concat(waiting)[0]) schedule(0)
    }
    flying = without(flying, batch)
  }

  return {
    add(call) {
      left = false
      waiting.push(call)
      schedule(batchWindowMs)
    },
    flush,
    leave() {
      const { calls, failures, untilMs } = read()
      if (flying.concat(waiting)[0]) write(calls.concat(flying, waiting), failures, untilMs)
      // What a beacon cannot carry stays for the next page, and so does all while the server is in trouble.
      if (waiting[0] && !failures) navigator.sendBeacon(url, body(firstPortion(waiting)))
      waiting = []
      // Visibility changes after this, when a flush would only take up what the next page can.
      left = true
    },
    clear() {
      waiting = []
      flying = []
    },
  }
}

function without(calls: Call[], gone: Call[]): Call[] {
  return calls.filter((call) => !gone.some((other) => other.messageId === call.messageId))
}
