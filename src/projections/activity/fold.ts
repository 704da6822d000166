// The fold of `activity`: commutative and associative, so that late events, merges and rebuilds all give the same state.
import type { LoggedEvent } from '../../events/contract.ts'
import type { ActivityState, BrowserContext, Touch } from './contract.ts'

/** What the fold reads of an event. */
export type ActivityEvent = Pick<
  LoggedEvent,
  | 'eventId'
  | 'occurredAt'
  | 'category'
  | 'call'
  | 'sessionStart'
  | 'isBot'
  | 'channel'
  | 'utmSource'
  | 'utmMedium'
  | 'utmCampaign'
  | 'pageUrl'
  | 'referrer'
  | 'properties'
>

/** The state of one event alone; null for what is no act of the person (an edit, an import, a merge). */
export function activityOf(event: ActivityEvent): ActivityState | null {
  if (event.category === 'record' || event.call === 'system') return null
  const touch = touchOf(event)
  return {
    firstSeenAt: event.occurredAt,
    lastSeenAt: event.occurredAt,
    eventCount: 1,
    sessionCount: event.sessionStart ? 1 : 0,
    pageCount: event.category === 'page' ? 1 : 0,
    machineCount: event.isBot ? 1 : 0,
    firstTouch: touch,
    lastTouch: touch,
    context: contextOf(event),
    clickIds: clickIdsOf(event),
  }
}

/** Two states as one: of two leads merged, or of events before and after. */
export function combine(a: ActivityState | null, b: ActivityState | null): ActivityState | null {
  if (!a || !b) return a ?? b
  return {
    firstSeenAt: a.firstSeenAt <= b.firstSeenAt ? a.firstSeenAt : b.firstSeenAt,
    lastSeenAt: a.lastSeenAt >= b.lastSeenAt ? a.lastSeenAt : b.lastSeenAt,
    eventCount: a.eventCount + b.eventCount,
    sessionCount: a.sessionCount + b.sessionCount,
    pageCount: a.pageCount + b.pageCount,
    machineCount: a.machineCount + b.machineCount,
    firstTouch: pick(a.firstTouch, b.firstTouch, (x, y) => isBefore(x, y)),
    lastTouch: pick(a.lastTouch, b.lastTouch, (x, y) => isBefore(y, x)),
    context: pick(
      a.context,
      b.context,
      (x, y) => x.at > y.at || (x.at === y.at && contextKey(x) >= contextKey(y)),
    ),
    clickIds: latestClickIds(a.clickIds, b.clickIds),
  }
}

/** The fold itself. */
export function foldActivity(
  state: ActivityState | null,
  events: Iterable<ActivityEvent>,
): ActivityState | null {
  let folded = state
  for (const event of events) folded = combine(folded, activityOf(event))
  return folded
}

// A touch is the start of a visit, or any human event that a campaign or referrer brought.
function touchOf(event: ActivityEvent): Touch | null {
  if (event.isBot || event.channel === '' || (!event.sessionStart && event.channel === 'Direct')) return null
  return {
    at: event.occurredAt,
    eventId: event.eventId,
    channel: event.channel,
    source: event.utmSource,
    medium: event.utmMedium,
    campaign: event.utmCampaign,
    pageUrl: event.pageUrl,
    referrer: event.referrer,
  }
}

function contextOf(event: ActivityEvent): BrowserContext | null {
  const context = event.properties.$context
  if (event.isBot || context === null || typeof context !== 'object') return null
  return { ...(context as Omit<BrowserContext, 'at'>), at: event.occurredAt }
}

function clickIdsOf(event: ActivityEvent): ActivityState['clickIds'] {
  const ids = event.properties.$clickIds
  return ids !== null && typeof ids === 'object' ? (ids as ActivityState['clickIds']) : {}
}

function latestClickIds(
  a: ActivityState['clickIds'],
  b: ActivityState['clickIds'],
): ActivityState['clickIds'] {
  if (isEmpty(b)) return a
  if (isEmpty(a)) return b
  const latest = { ...a }
  for (const [name, click] of Object.entries(b)) {
    const other = latest[name]
    if (!other || click.at > other.at || (click.at === other.at && click.value > other.value))
      latest[name] = click
  }
  return Object.fromEntries(Object.entries(latest).sort(([x], [y]) => (x < y ? -1 : 1)))
}

function isEmpty(clicks: ActivityState['clickIds']): boolean {
  for (const _ in clicks) return false
  return true
}

function pick<T>(a: T | null, b: T | null, prefersFirst: (a: T, b: T) => boolean): T | null {
  if (!a || !b) return a ?? b
  return prefersFirst(a, b) ? a : b
}

function isBefore(a: Touch, b: Touch): boolean {
  return a.at !== b.at ? a.at < b.at : a.eventId <= b.eventId
}

function contextKey(context: BrowserContext): string {
  return JSON.stringify(Object.entries(context).sort(([x], [y]) => (x < y ? -1 : 1)))
}
