// The debugger's side of ingest: what came in, what became of each message and why, and sending it through again.
import { record } from '../accounts/index.ts'
import type { InboxItem, listEvents as listEndpoint } from '../events/contract.ts'
import { inboxStatuses, traceSchema } from '../events/contract.ts'
import { explainReason, retryRefusedEvents } from '../events/index.ts'
import type { QueryOf, ReplyOf } from '../lib/endpoint.ts'
import { idSchema } from '../lib/ids.ts'
import { Refusal } from '../lib/refusal.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Db } from '../platform/postgres.ts'
import type { Caller } from '../platform/server.ts'
import { calls } from './contract.ts'
import { readMessages, readSearchEnd, waitAgain } from './store/view.ts'
import type { ViewRow } from './store/view.ts'

/** A page of what came in, newest first. */
export async function listEvents(
  db: Db,
  workspaceId: string,
  asked: QueryOf<typeof listEndpoint>,
): Promise<ReplyOf<typeof listEndpoint>> {
  const before = asked.cursor === undefined ? undefined : idSchema.safeParse(asked.cursor)
  if (before?.success === false) {
    throw new Refusal(
      'cursor_invalid',
      400,
      'The cursor is none of this list. Start again without one, or pass `nextCursor`.',
    )
  }
  const search = asked.search?.trim()
  const question = {
    status: asked.status,
    leadId: asked.leadId,
    search: search ? { messageId: search, payload: namePattern(search) } : undefined,
    before: before?.data,
    limit: asked.limit + 1,
  }
  const found = await readMessages(db, workspaceId, question)
  const shown = found.slice(0, asked.limit)
  const items = shown.map(presentMessage)
  if (found.length > asked.limit) {
    return { items, nextCursor: shown.at(-1)?.id ?? null, searchedBackTo: null }
  }
  const isSearch = question.leadId !== undefined || question.search !== undefined
  const end = isSearch ? await readSearchEnd(db, workspaceId, question) : undefined
  return { items, nextCursor: end?.id ?? null, searchedBackTo: end?.receivedAt.toISOString() ?? null }
}

/** Lets parked and dropped messages of the caller's workspace go through the steps again. @returns how many */
export async function replayEvents(db: Db, caller: Caller, ids: string[]): Promise<number> {
  return inTransaction(db, async (tx) => {
    const replayed = await waitAgain(tx, caller.workspaceId, ids)
    if (replayed > 0) {
      await record(tx, {
        caller,
        action: 'events_replayed',
        subject: `workspace:${caller.workspaceId}`,
        after: { replayed },
      })
    }
    return replayed
  })
}

/** What higher modules do about what the debugger causes; handed in by whoever starts the program. */
export interface DebuggerReactions {
  /** events of these leads that the log had refused are on their way to it again */
  relogged(tx: Db, leadIds: string[], workspaceId: string): Promise<void>
}

/** Leads folded anew by one job, which holds their locks meanwhile. */
const REFOLD_LEADS = 100

/** Sends what the log refused in the caller's workspace once more. @returns how many events */
export async function retryRefused(db: Db, caller: Caller, reactions: DebuggerReactions): Promise<number> {
  return inTransaction(db, async (tx) => {
    const written = await retryRefusedEvents(tx, caller.workspaceId)
    if (written.length === 0) return 0
    const leadIds = [...new Set(written)]
    for (let at = 0; at < leadIds.length; at += REFOLD_LEADS)
      await reactions.relogged(tx, leadIds.slice(at, at + REFOLD_LEADS), caller.workspaceId)
    await record(tx, {
      caller,
      action: 'refused_events_retried',
      subject: `workspace:${caller.workspaceId}`,
      after: { retried: written.length },
    })
    return written.length
  })
}

/** A message as the debugger shows it. */
export function presentMessage(row: ViewRow): InboxItem {
  const payload = parsed(row.payload)
  const trace = row.trace === null ? null : (traceSchema.safeParse(parsed(row.trace)).data ?? null)
  return {
    id: row.id,
    receivedAt: row.receivedAt.toISOString(),
    status: inboxStatuses[row.status] ?? 'waiting',
    stored: row.stored,
    reason: row.reason,
    explanation: explainReason(row.reason, trace?.error),
    source: row.source,
    lane: row.lane === 0 ? 'live' : 'bulk',
    messageId: row.messageId,
    call: textAt(payload, 'type'),
    name: nameOf(payload),
    leadId: row.leadId,
    leadLabel: row.leadLabel,
    trace,
    payload,
  }
}

// Calls without a name of their own are called what the log calls them.
const CALL_NAMES: Record<string, string> = {
  page: 'page_viewed',
  screen: 'screen_viewed',
  identify: 'identified',
  group: 'grouped',
  alias: 'aliased',
}

function nameOf(payload: unknown): string {
  const call = textAt(payload, 'type')
  return textAt(payload, 'event') || (CALL_NAMES[call] ?? call)
}

// The payload is JSON text: a name stands in it as `"event":"..."`, with JSON's own escapes.
function namePattern(search: string): string {
  const inJson = JSON.stringify(search).slice(1, -1)
  const literal = inJson.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&')
  const callsNamed = calls.filter((call) => CALL_NAMES[call]?.includes(search.toLowerCase()))
  const byCall = callsNamed.length > 0 ? `|"type":"(?:${callsNamed.join('|')})"` : ''
  return String.raw`"event":"(?:[^"\\]|\\.)*${literal}${byCall}`
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function textAt(payload: unknown, key: string): string {
  if (payload === null || typeof payload !== 'object' || !(key in payload)) return ''
  const value = (payload as Record<string, unknown>)[key]
  return typeof value === 'string' ? value : ''
}
