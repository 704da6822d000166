// The user's own server: events are posted to an address of theirs, signed by Standard Webhooks. It is no vendor of the catalogue.
import { z } from 'zod'
import { connector } from './connector.ts'
import { outcomeOf, retryAfterMs, wordsOf } from './exchange.ts'
import type { Exchange, Outcome } from './exchange.ts'

export const ownServer = connector({
  id: 'webhook',
  name: 'Webhook',
  summary: 'Sends events to a server of your own.',
  initials: 'WH',
  bases: { api: { setting: 'url', isOwn: true } },
  limits: { concurrency: 4 },
  sendsPlainAddresses: true,
  settings: z.object({ url: z.url().meta({ label: 'Address' }) }),
  // No call is harmless to a server that nobody knows: a test event is sent where somebody asks for it.
  *check() {
    yield* []
    return { ok: true, account: '' }
  },
})

/** A receiver has this long, as the specification advises: 15 to 30 s. */
const TIMEOUT_MS = 20_000

/**
 * Posts one event. Everything but 2xx is tried again later, 410 excepted: the receiver wants no more of them
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 */
export function* postEvent(body: string, headers: Record<string, string>): Exchange<Outcome> {
  const answer = yield {
    method: 'POST',
    path: '',
    headers,
    body: { text: body, type: 'application/json' },
    timeoutMs: TIMEOUT_MS,
  }
  const outcome = outcomeOf(answer)
  if (answer.kind !== 'answered' || outcome.kind === 'sent') return outcome
  const words = wordsOf(answer)
  if (answer.status === 410) return { kind: 'reauthorise', words }
  return { kind: 'later', words, afterMs: retryAfterMs(answer) }
}
