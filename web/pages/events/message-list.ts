// Joins what was listed with what the live stream told, as the filters want it. Pure.
import type { InboxItem } from '../../../src/events/contract.ts'
import type { EventsAddress } from './address.ts'

/**
 * The messages to show, newest first. Ids are in order of arrival (UUID version 7).
 * @param listed as the server answered for this address
 * @param live newer versions and new messages of any kind, by id
 */
export function joinMessages(
  listed: readonly InboxItem[],
  live: ReadonlyMap<string, InboxItem>,
  address: EventsAddress,
): InboxItem[] {
  const byId = new Map(listed.map((item) => [item.id, item]))
  for (const [id, item] of live) {
    if (byId.has(id) || fits(item, address)) byId.set(id, newest(byId.get(id), item))
  }
  return [...byId.values()]
    .filter((item) => address.status === undefined || item.status === address.status)
    .sort((a, b) => (a.id < b.id ? 1 : -1))
}

/** Whether the server would list it for this address. */
export function fits(item: InboxItem, { status, q, lead }: EventsAddress): boolean {
  if (status !== undefined && item.status !== status) return false
  if (lead !== undefined && item.leadId !== lead) return false
  return q === undefined || item.messageId === q || item.name.toLowerCase().includes(q.toLowerCase())
}

// A list that was asked for after the stream told of a change knows better; what is stored stays stored.
function newest(listed: InboxItem | undefined, live: InboxItem): InboxItem {
  if (listed === undefined || progress(live) >= progress(listed)) return live
  return listed
}

function progress({ status, stored }: InboxItem): number {
  return status === 'waiting' ? 0 : stored ? 2 : 1
}
