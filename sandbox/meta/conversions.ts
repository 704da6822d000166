// Meta's Conversions API: one invalid event refuses its whole batch; what passes goes into the books.
import { fieldsOf, json, parseJson, textOf } from '../frame/call.ts'
import type { Answer, Call, Json } from '../frame/call.ts'
import type { World } from '../frame/world.ts'
import { admit, tokenIn } from './accounts.ts'
import type { Accounts } from './accounts.ts'
import type { EventBooks } from './books.ts'
import { graphError, invalidParameter } from './errors.ts'
import { breachOf } from './event-rules.ts'

const MAX_EVENTS = 1000

/** Answers `POST /{version}/{dataset}/events`. */
export function takeEvents(
  world: World,
  accounts: Accounts,
  books: EventBooks,
  dataset: string,
  call: Call,
  traceId: string,
): Answer {
  const fields = fieldsOf(call)
  const token = admit(world, accounts, tokenIn(call, fields), 'ads_management', traceId)
  if ('status' in token) return token
  if (!accounts.datasets.has(dataset)) return unknownObject(dataset, traceId)

  const events = typeof fields.data === 'string' ? parseJson(fields.data) : fields.data
  if (!Array.isArray(events))
    return graphError(400, { message: '(#100) The parameter data is required', code: 100 }, traceId)
  if (events.length === 0 || events.length > MAX_EVENTS)
    return invalidParameter(
      traceId,
      'Invalid number of events',
      `A request takes 1 to ${MAX_EVENTS} events; this one has ${events.length}.`,
    )
  const now = world.now()
  for (const [place, event] of events.entries()) {
    const breach = breachOf(event, now / 1000)
    if (breach)
      return invalidParameter(traceId, breach.title, breach.message, {
        subcode: breach.subcode,
        note: `event ${place} of ${events.length}: ${breach.message}`,
      })
  }
  return accept(events, dataset, textOf(fields.test_event_code), now, books, traceId)
}

/** What the Graph says of an object that is not there, or not for this token. */
export function unknownObject(id: string, traceId: string): Answer {
  return graphError(
    400,
    {
      type: 'GraphMethodException',
      message: `Unsupported request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation.`,
      code: 100,
      error_subcode: 33,
    },
    traceId,
  )
}

function accept(
  events: Json[],
  dataset: string,
  testCode: string,
  now: number,
  books: EventBooks,
  traceId: string,
): Answer {
  let future = 0
  for (const event of events as { event_name: string; event_id?: Json; event_time: number | string }[]) {
    books.take(dataset, event.event_name, textOf(event.event_id), testCode !== '', now)
    if (Number(event.event_time) * 1000 > now) future++
  }
  const answer = json(200, { events_received: events.length, messages: [], fbtrace_id: traceId })
  const notes = [
    events.length === 1 ? '1 event' : `${events.length} events`,
    ...(testCode === '' ? [] : [`shown to testers as ${testCode}`]),
    ...(future === 0 ? [] : [`${future} of them lie in the future`]),
  ]
  return { ...answer, note: notes.join(', ') }
}
