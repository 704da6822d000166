// The verbs of engagement: record what a lead did, list it, sum it up.
import { catalogue, eventLabel, eventType, isAct } from '../../events/contract.ts'
import { leadFamily } from '../../identity/index.ts'
import type { Door, InboxRow } from '../../ingest/index.ts'
import { findLead } from '../../leads/index.ts'
import { newId } from '../../lib/ids.ts'
import type { BodyOf, QueryOf, ReplyOf } from '../../lib/endpoint.ts'
import { Refusal } from '../../lib/refusal.ts'
import type { Caller } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import type * as contract from './contract.ts'
import { readEngagement, readEngagementSums, readTimeZone } from './store.ts'
import type { EngagementRow, EngagementShare, Stretch } from './store.ts'

/** The types that the product knows. */
export function engagementTypes(): ReplyOf<typeof contract.listEngagementTypes> {
  return {
    items: catalogue.map(({ name, label, category }) => ({
      name,
      label,
      category,
      isAct: isAct(name, category),
    })),
  }
}

/** Takes what a lead did into the inbox; the worker logs it. Refuses (404) a lead that is not there. */
export async function recordEngagement(
  { db, clock }: Services,
  door: Door,
  caller: Caller,
  id: string,
  told: BodyOf<typeof contract.recordEngagement>,
): Promise<ReplyOf<typeof contract.recordEngagement>> {
  const leadId = await findLead(db, caller.workspaceId, id)
  const now = clock()
  if (told.occurredAt !== undefined && Date.parse(told.occurredAt) > now.getTime() + CLOCKS_DIFFER_MS)
    throw new Refusal(
      'event_ahead',
      400,
      `${told.occurredAt} has not come yet. Record what a lead did once it did it.`,
    )
  const eventId = newId()
  const message = {
    type: 'track',
    messageId: eventId,
    event: told.eventName,
    timestamp: told.occurredAt ?? now.toISOString(),
    properties: propertiesOf(told),
    context: contextOf(told),
  }
  const text = JSON.stringify(message)
  if (Buffer.byteLength(text) > EVENT_LIMIT_BYTES)
    throw new Refusal('event_too_large', 400, 'An event may take 32 kB; leave out some of its metadata.')
  const row: InboxRow = {
    id: eventId,
    receivedAt: now,
    workspaceId: caller.workspaceId,
    lane: 'live',
    connection: 'engagement',
    source: told.source ?? (caller.userId === undefined ? 'api' : 'user'),
    messageId: eventId,
    sender: leadId,
    origin: {
      trusted: true,
      ...(told.location?.country ? { country: told.location.country, countrySource: 'named' } : {}),
      named: { leadId, channel: told.channel, device: told.device, actor: caller.actor },
    },
    text,
  }
  await door.accept([row])
  const { name, category } = eventType(told.eventName)
  return { eventId, leadId, eventName: name, category, isAct: isAct(name, category) }
}

const CLOCKS_DIFFER_MS = 5 * 60_000
const EVENT_LIMIT_BYTES = 32 * 1024

/** What a lead did, newest first. */
export async function engagementHistory(
  { db, clickhouse }: Services,
  workspaceId: string,
  id: string,
  query: QueryOf<typeof contract.engagementHistory>,
): Promise<ReplyOf<typeof contract.engagementHistory>> {
  const family = await leadFamily(db, workspaceId, await findLead(db, workspaceId, id))
  const found = await readEngagement(clickhouse, workspaceId, family, {
    ...stretchOf(query),
    eventName: query.eventName,
    channel: query.channel,
    after: query.cursor === undefined ? undefined : readCursor(query.cursor),
    limit: query.limit,
  })
  const shown = found.slice(0, query.limit)
  const last = shown.at(-1)
  return {
    items: shown.map(present),
    nextCursor: found.length > shown.length && last ? `${last.occurred_ms}_${last.event_id}` : null,
  }
}

/** Sums over what a lead did. */
export async function engagementStatistics(
  { db, clickhouse }: Services,
  workspaceId: string,
  id: string,
  query: QueryOf<typeof contract.engagementStatistics>,
): Promise<ReplyOf<typeof contract.engagementStatistics>> {
  const family = await leadFamily(db, workspaceId, await findLead(db, workspaceId, id))
  const timeZone = await readTimeZone(db, workspaceId)
  const { whole, shares } = await readEngagementSums(
    clickhouse,
    workspaceId,
    family,
    timeZone,
    stretchOf(query),
  )
  const instant = (ms: number) => (whole.events > 0 ? new Date(ms).toISOString() : null)
  const by = (dimension: EngagementShare['dimension']) =>
    summed(shares.filter((share) => share.dimension === dimension))
  return {
    events: whole.events,
    activeDays: whole.active_days,
    sessions: whole.sessions,
    firstAt: instant(whole.first_ms),
    lastAt: instant(whole.last_ms),
    value: by('all')[0]?.value ?? [],
    byType: by('type').map((share) => ({ ...share, label: eventLabel(share.name) })),
    byChannel: by('channel').map(plain),
    bySource: by('source').map(plain),
    byDevice: by('device').map(plain),
    byCountry: by('country').map(plain),
    byCity: by('city').map(plain),
    byMachines: whole.machines,
  }
}

function propertiesOf(told: BodyOf<typeof contract.recordEngagement>): Record<string, unknown> {
  const { metadata = {}, value, revenue, currency, location, page } = told
  return {
    ...metadata,
    ...(value === undefined ? {} : { value }),
    ...(revenue === undefined ? {} : { revenue }),
    ...(currency === undefined ? {} : { currency }),
    ...(location?.region === undefined ? {} : { region: location.region }),
    ...(location?.city === undefined ? {} : { city: location.city }),
    ...(page?.url === undefined ? {} : { url: page.url }),
    ...(page?.title === undefined ? {} : { title: page.title }),
  }
}

function contextOf({
  campaign,
  page,
}: BodyOf<typeof contract.recordEngagement>): Record<string, unknown> | undefined {
  if (!campaign && !page?.url) return undefined
  return { ...(campaign ? { campaign } : {}), ...(page ? { page } : {}) }
}

function stretchOf({ from, to }: { from?: string | undefined; to?: string | undefined }): Stretch {
  return {
    ...(from === undefined ? {} : { from: Date.parse(from) }),
    ...(to === undefined ? {} : { to: Date.parse(to) }),
  }
}

function readCursor(cursor: string): { at: number; eventId: string } {
  const [, at = '', eventId = ''] = /^(-?\d{1,15})_([0-9a-f-]{36})$/.exec(cursor) ?? []
  if (eventId === '')
    throw new Refusal('cursor_invalid', 400, 'This cursor is none of ours; begin again without one.')
  return { at: Number(at), eventId }
}

function present(row: EngagementRow): ReplyOf<typeof contract.engagementHistory>['items'][number] {
  const metadata = JSON.parse(row.properties) as Record<string, unknown>
  return {
    eventId: row.event_id,
    occurredAt: new Date(row.occurred_ms).toISOString(),
    eventName: row.name,
    label: eventLabel(row.name),
    category: row.category,
    channel: row.channel,
    source: row.source,
    campaign: row.utm_campaign,
    device: row.device,
    country: row.country,
    pageUrl: row.page_url,
    valueMinor: row.currency === '' ? null : row.value_minor,
    currency: row.currency,
    actor: row.actor,
    metadata: Object.fromEntries(Object.entries(metadata).filter(([key]) => !key.startsWith('$'))),
  }
}

type Share = ReplyOf<typeof contract.engagementStatistics>['byType'][number]

// One row of the store is of one currency; what has no worth has none.
function summed(shares: readonly EngagementShare[]): Omit<Share, 'label'>[] {
  const byName = new Map<string, Omit<Share, 'label'>>()
  for (const { name, category, currency, events, value_minor, last_ms } of shares) {
    const lastAt = new Date(last_ms).toISOString()
    const known = byName.get(name) ?? { name, category, events: 0, value: [], lastAt }
    known.events += events
    if (lastAt > known.lastAt) known.lastAt = lastAt
    if (currency !== '') known.value.push({ currency, minor: value_minor })
    byName.set(name, known)
  }
  return [...byName.values()].sort((a, b) => b.events - a.events || (a.name < b.name ? -1 : 1))
}

function plain({ name, events, value, lastAt }: Omit<Share, 'label'>): Omit<Share, 'label' | 'category'> {
  return { name, events, value, lastAt }
}
