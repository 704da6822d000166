// The calls of the Measurement Protocol: one person a request, up to 25 events, and the debug endpoint that says what is wrong. Pure.
import type { CheckResult, Linked } from '../connector.ts'
import { asObject, objectOf, outcomeOf, wordsOf } from '../exchange.ts'
import type { Exchange, Outcome } from '../exchange.ts'
import { EVENTS_OF_A_REQUEST, REQUEST_BYTES } from './payload.ts'

export interface Stream {
  measurementId: string
  apiSecret: string
}

/** The places of payloads that may share a request: those that differ in nothing but their time and events, as far as its length allows. */
export function groupByPerson(payloads: readonly Record<string, unknown>[]): number[][] {
  const groups: { places: number[]; bytes: number }[] = []
  const open = new Map<string, (typeof groups)[number]>()
  payloads.forEach((payload, place) => {
    const { events: _events, timestamp_micros: _at, ...person } = payload
    const key = JSON.stringify(person)
    const bytes = Buffer.byteLength(JSON.stringify(payload)) + TIME_BYTES
    const group = open.get(key)
    if (group && group.places.length < EVENTS_OF_A_REQUEST && group.bytes + bytes <= REQUEST_BYTES) {
      group.places.push(place)
      group.bytes += bytes
      return
    }
    const fresh = { places: [place], bytes }
    groups.push(fresh)
    open.set(key, fresh)
  })
  return groups.map(({ places }) => places)
}

/** What an event's own time adds to it. */
const TIME_BYTES = 40

/** The payloads of one person as one request; each event keeps its own time. */
export function requestOf(payloads: readonly Record<string, unknown>[]): Record<string, unknown> {
  const [first = {}] = payloads
  if (payloads.length === 1) return first
  const { timestamp_micros: _at, ...person } = first
  return {
    ...person,
    events: payloads.flatMap(({ timestamp_micros: at, events }) =>
      (events as Record<string, unknown>[]).map((event) => ({ ...event, timestamp_micros: at })),
    ),
  }
}

/** Sends one person's events. The endpoint says 204 to anything that it reads. */
export function* collect(
  payloads: readonly Record<string, unknown>[],
  { settings }: Linked<Stream>,
  path = '/mp/collect',
): Exchange<Outcome[]> {
  const answer = yield {
    method: 'POST',
    path,
    query: { measurement_id: settings.measurementId, api_secret: settings.apiSecret },
    body: { json: requestOf(payloads) },
  }
  const outcome = outcomeOf(answer, { isUnknownAfter5xx: true })
  return payloads.map(() => outcome)
}

/** Has the debug endpoint look at a request; it records nothing, and does not look at the secret. */
export function* validate(payload: Record<string, unknown>, { settings }: Linked<Stream>): Exchange<Outcome> {
  const answer = yield {
    method: 'POST',
    path: '/debug/mp/collect',
    query: { measurement_id: settings.measurementId, api_secret: settings.apiSecret },
    body: { json: { ...payload, validation_behavior: 'ENFORCE_RECOMMENDATIONS' } },
    isRepeatable: true,
  }
  const outcome = outcomeOf(answer)
  if (outcome.kind !== 'sent') return outcome
  const messages = objectOf(answer)?.validationMessages
  if (!Array.isArray(messages)) return { kind: 'unknown', words: wordsOf(answer) }
  if (messages.length === 0) return { kind: 'sent', words: 'GA4’s validation finds nothing to complain of.' }
  const words = messages.map((message: unknown) => {
    const { fieldPath, description } = asObject(message) ?? {}
    return [fieldPath, description].filter((text) => typeof text === 'string' && text !== '').join(': ')
  })
  return { kind: 'refused', words: words.join(' ') }
}

/** Whether the endpoint answers; neither it nor the debug endpoint ever says whether the secret is right. */
export function* checkStream(linked: Linked<Stream>): Exchange<CheckResult> {
  const outcome = yield* validate(
    { client_id: '1.1', events: [{ name: 'page_view', params: { engagement_time_msec: 1 } }] },
    linked,
  )
  if (outcome.kind === 'sent') return { ok: true, account: linked.settings.measurementId }
  return { ok: false, problem: `GA4 did not answer as it should: ${outcome.words}` }
}
