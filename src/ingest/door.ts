// The door of the inbox: requests that come while a statement runs share the next one, and its commit.
import { Refusal } from '../lib/refusal.ts'
import { inboxAccepted } from '../platform/metrics.ts'
import { isPostgresUnreachable } from '../platform/postgres.ts'
import type { Db } from '../platform/postgres.ts'
import { insertMessages } from './store.ts'
import type { InboxRow } from './store.ts'

/** At most this many messages wait in memory; above it callers are told to come back (429). */
const WAITING_LIMIT = 20_000
/** Messages in one statement. */
const STATEMENT_LIMIT = 2_000

interface Request {
  messages: InboxRow[]
  done: () => void
  failed: (error: unknown) => void
}

export interface Door {
  /** Resolves after the commit that keeps the messages; throws where nothing was kept. */
  accept(messages: InboxRow[]): Promise<void>
  /** Resolves when nothing is in work any more. */
  idle(): Promise<void>
}

/** Opens the door on a database. */
export function openDoor(db: Db): Door {
  let waiting: Request[] = []
  let waitingMessages = 0
  let working: Promise<void> | undefined

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      const requests = nextRequests()
      await keep(requests)
      for (const request of requests) waitingMessages -= request.messages.length
    }
    working = undefined
  }

  // What fails together is tried apart: no request fails for what another one carries.
  async function keep(requests: Request[]): Promise<void> {
    const messages = requests.flatMap((request) => request.messages)
    try {
      const fresh = await insertMessages(db, messages)
      inboxAccepted.labels('new').inc(fresh)
      inboxAccepted.labels('duplicate').inc(messages.length - fresh)
      for (const request of requests) request.done()
    } catch (error) {
      if (isPostgresUnreachable(error)) {
        // Those behind would only wait for the same answer, one statement after the other.
        for (const request of [...requests, ...waiting]) request.failed(error)
        for (const request of waiting) waitingMessages -= request.messages.length
        waiting = []
      } else if (requests.length === 1) requests[0]!.failed(error)
      else for (const request of requests) await keep([request])
    }
  }

  function nextRequests(): Request[] {
    let size = 0
    let count = 0
    while (
      count < waiting.length &&
      (count === 0 || size + waiting[count]!.messages.length <= STATEMENT_LIMIT)
    ) {
      size += waiting[count]!.messages.length
      count++
    }
    const requests = waiting.slice(0, count)
    waiting = waiting.slice(count)
    return requests
  }

  return {
    accept(messages) {
      if (messages.length === 0) return Promise.resolve()
      if (waitingMessages + messages.length > WAITING_LIMIT) {
        throw new Refusal(
          'inbox_full',
          429,
          'More is coming in than can be written right now. Nothing of this request was kept; send it again shortly.',
          { retryAfterSeconds: 2 },
        )
      }
      waitingMessages += messages.length
      return new Promise((done, failed) => {
        waiting.push({ messages, done, failed })
        working ??= work()
      })
    },
    async idle() {
      while (working) await working
    },
  }
}
