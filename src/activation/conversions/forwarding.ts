// Forwarding by itself: each event that a destination takes goes into its outbox, in the transaction that decides the event.
import { connectorOf } from '../../connectors/index.ts'
import { send } from '../../deliveries/index.ts'
import type { Outgoing } from '../../deliveries/index.ts'
import type { LoggedEvent } from '../../events/contract.ts'
import { isLogWhole } from '../../events/index.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Services } from '../../platform/services.ts'
import { outgoingOf } from './item.ts'
import { mappingFor, mappingsOf } from './mapping.ts'
import { readForwarding, readLogged } from './store.ts'
import type { DestinationRow } from './store.ts'

/** A decided event with the lead it belongs to. */
export interface Decided {
  workspaceId: string
  leadId: string
  event: LoggedEvent
  /** by which the browser knows it */
  messageId?: string
}

/** Puts events into the outboxes of the destinations that take them. Machines and imports convert nobody. */
export async function forwardConversions(tx: Db, decided: readonly Decided[], now: Date): Promise<void> {
  const candidates = decided.filter(({ event }) => !event.isBot && event.call !== 'import')
  if (candidates.length === 0) return
  const destinations = await readForwarding(tx, [...new Set(candidates.map((one) => one.workspaceId))])
  if (destinations.length === 0) return
  await send(
    tx,
    destinations.flatMap((destination) => taken(destination, candidates)),
    now,
  )
}

/** An order to send what happened before forwarding was switched on. */
export interface BackfillOrder {
  workspaceId: string
  connectionId: string
  /** ISO 8601; events before this are the backfill's, later ones were forwarded as they came */
  until: string
}

/** Events read from the log at once. */
const CHUNK = 2_000

/**
 * Puts the events into the outbox that happened before forwarding was switched on and that the vendor still takes.
 * @returns false while the log does not have every event yet: try again later
 */
export async function backfill(services: Services, order: BackfillOrder): Promise<boolean> {
  const { db, clickhouse, clock } = services
  const until = new Date(order.until)
  if (!(await isLogWhole(db, until))) return false
  const [destination] = (await readForwarding(db, [order.workspaceId])).filter(
    ({ connectionId }) => connectionId === order.connectionId,
  )
  const connector = destination && connectorOf(destination.connector)
  if (!destination?.forwardsFrom || !connector) return true
  const names = mappingsOf(connector, destination.mappings).flatMap(({ event, isOn }) =>
    isOn ? [event] : [],
  )
  let after: { at: number; id: string } | null = null
  for (;;) {
    const found = await readLogged(
      clickhouse,
      order.workspaceId,
      names,
      { from: destination.forwardsFrom, until },
      after,
      CHUNK,
    )
    const decided = found.map((one) => ({ ...one, workspaceId: order.workspaceId }))
    await inTransaction(db, (tx) => send(tx, taken(destination, decided), clock()))
    const last = found.at(-1)
    if (found.length < CHUNK || !last) return true
    after = { at: Date.parse(last.event.occurredAt), id: last.event.eventId }
  }
}

function taken(destination: DestinationRow, decided: readonly Decided[]): Outgoing[] {
  const connector = connectorOf(destination.connector)
  if (!connector?.conversions) return []
  const from = destination.forwardsFrom?.toISOString() ?? ''
  return decided.flatMap((one) =>
    one.workspaceId === destination.workspaceId &&
    one.event.occurredAt >= from &&
    mappingFor(connector, destination.mappings, one.event.name)
      ? [outgoingOf(one, destination.connectionId)]
      : [],
  )
}
