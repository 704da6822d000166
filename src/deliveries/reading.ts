// What the pages show of deliveries: lists, counts, one with its request, and sending again.
import { record, workspaceSettings } from '../accounts/index.ts'
import { destinationOf, readConnection, settingsOf } from '../connectors/index.ts'
import { presentLeads } from '../leads/index.ts'
import type { BodyOf, QueryOf, ReplyOf } from '../lib/endpoint.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import { Refusal, missing } from '../lib/refusal.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Caller } from '../platform/server.ts'
import type { Services } from '../platform/services.ts'
import { deliveryStatuses } from './contract.ts'
import type * as contract from './contract.ts'
import type { Delivery, DeliveryDetail, DeliveryStatus, ShownRequest } from './contract.ts'
import { queueSending } from './jobs.ts'
import type { Shippers } from './shipper.ts'
import * as store from './store.ts'
import type { DeliveryRow } from './store.ts'

export async function listDeliveries(
  { db }: Pick<Services, 'db'>,
  workspaceId: WorkspaceId,
  { cursor, limit, ...filter }: QueryOf<typeof contract.listDeliveries>,
): Promise<ReplyOf<typeof contract.listDeliveries>> {
  const after = cursor === undefined ? null : readCursor(cursor)
  const [found, counted] = await Promise.all([
    store.readDeliveries(db, workspaceId, filter, { after, limit: limit + 1 }),
    store.countDeliveries(db, workspaceId, filter),
  ])
  const page = found.slice(0, limit)
  const counts = Object.fromEntries(deliveryStatuses.map((status) => [status, 0])) as Record<
    DeliveryStatus,
    number
  >
  for (const { status, count } of counted) counts[status] = count
  return {
    items: await present(db, workspaceId, page),
    nextCursor: found.length > limit ? (page.at(-1)?.id ?? null) : null,
    counts,
  }
}

export async function getDelivery(
  services: Services,
  shippers: Shippers,
  workspaceId: WorkspaceId,
  id: string,
): Promise<DeliveryDetail> {
  const row = await store.readDelivery(services.db, workspaceId, id)
  if (!row) throw missing('delivery', id)
  const [shown] = await present(services.db, workspaceId, [row])
  return {
    ...shown!,
    item: row.item,
    answers: row.answers,
    request: await requestOf(services, shippers, workspaceId, row),
  }
}

/** Lets items wait to be sent once more. What was sent is never sent again; what is unknown only where it is asked for. */
export async function replayDeliveries(
  { db, clock }: Services,
  caller: Caller,
  { ids, filter, includesUnknown }: BodyOf<typeof contract.replayDeliveries>,
): Promise<{ replayed: number }> {
  const statuses: DeliveryStatus[] = [
    'withheld',
    'refused',
    ...(includesUnknown ? (['unknown'] as const) : []),
  ]
  return inTransaction(db, async (tx) => {
    const again = await store.replay(tx, caller.workspaceId, { ids, filter }, statuses, clock())
    for (const { connectionId } of again) await queueSending(tx, caller.workspaceId, connectionId)
    const replayed = again.reduce((sum, { count }) => sum + count, 0)
    if (ids !== undefined && replayed === 0) await refuseReplay(tx, caller.workspaceId, ids)
    if (replayed > 0) {
      await record(tx, {
        caller,
        action: 'deliveries_replayed',
        subject: `workspace:${caller.workspaceId}`,
        after: { replayed, includesUnknown, ...filter },
      })
    }
    return { replayed }
  })
}

async function refuseReplay(db: Services['db'], workspaceId: string, ids: readonly string[]): Promise<void> {
  const row = await store.readDelivery(db, workspaceId, ids[0] ?? '')
  if (!row) throw missing('delivery', ids[0] ?? '')
  throw new Refusal(
    'delivery_settled',
    409,
    row.status === 'unknown'
      ? 'Nobody knows whether it arrived, and a repeat may be counted twice. Ask for it with includesUnknown if that is acceptable.'
      : row.connectionName === null
        ? 'Its connection is gone: connect the vendor again first.'
        : `It is ${row.status}, so that there is nothing to send again.`,
  )
}

async function requestOf(
  services: Services,
  shippers: Shippers,
  workspaceId: WorkspaceId,
  row: DeliveryRow & { payload: Record<string, unknown> | null },
): Promise<ShownRequest | null> {
  const connection = await readConnection(services.db, workspaceId, row.connectionId)
  const connector = connection && destinationOf(connection.connector)
  const shipper = shippers[row.kind]
  if (!connection || !connector || !shipper || row.payload === null) return null
  const { mode } = await workspaceSettings(services.db, workspaceId)
  return shipper.show(connector, settingsOf(services, connection), row.payload, {
    isTest: mode === 'test',
    installation: services.settings,
  })
}

async function present(
  db: Services['db'],
  workspaceId: WorkspaceId,
  found: readonly DeliveryRow[],
): Promise<Delivery[]> {
  const ids = [...new Set(found.flatMap(({ leadId }) => leadId ?? []))]
  const labels = new Map((await presentLeads(db, workspaceId, ids)).map((lead) => [lead.id, lead.label]))
  return found.map((row) => ({
    id: row.id,
    connectionId: row.connectionId,
    connectionName: row.connectionName ?? 'A connection that was given up',
    connector: row.connector ?? '',
    kind: row.kind,
    leadId: row.leadId,
    leadLabel: row.leadId === null ? null : (labels.get(row.leadId) ?? null),
    event: row.event,
    occurredAt: row.occurredAt.toISOString(),
    status: row.status,
    reason: row.reason,
    words: row.words,
    attempts: row.attempts,
    nextAt: row.status === 'waiting' ? row.nextAt.toISOString() : null,
    settledAt: row.settledAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  }))
}

function readCursor(cursor: string): string {
  if (/^[0-9a-f-]{36}$/.test(cursor)) return cursor
  throw new Refusal(
    'cursor_unknown',
    400,
    'The cursor is none of ours: take it from nextCursor of the page before.',
  )
}
