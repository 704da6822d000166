// What came in through webhooks, in PostgreSQL: kept word for word before anything is read of it.
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { ParkReason } from '../nouns.ts'

export interface DeliveryRow {
  id: string
  workspaceId: string
  webhookId: string
  dedupe: string
  receivedAt: Date
  times: number
  status: 'parked' | 'taken'
  reason: ParkReason | null
  messages: string[]
  contentType: string
  body: string
}

/**
 * Keeps a call, parked until it was read to the end.
 * @returns the one that is kept: this, or the same that came before, counted once more
 */
export async function keepDelivery(
  db: Db,
  one: Pick<
    DeliveryRow,
    'id' | 'workspaceId' | 'webhookId' | 'dedupe' | 'receivedAt' | 'contentType' | 'body'
  >,
): Promise<DeliveryRow> {
  const kept = await firstRow<DeliveryRow>(
    db,
    sql`insert into inbound_deliveries (id, workspace_id, webhook_id, dedupe, received_at, status, reason, content_type, body)
        values (${one.id}, ${one.workspaceId}, ${one.webhookId}, ${one.dedupe}, ${one.receivedAt}, 'parked', 'interrupted',
          ${one.contentType}, ${one.body})
        on conflict (webhook_id, dedupe) do update set times = inbound_deliveries.times + 1
        returning ${columns}`,
  )
  if (!kept) throw new Error('the delivery was neither written nor found')
  return kept
}

export async function saveRead(
  db: Db,
  one: Pick<DeliveryRow, 'id' | 'workspaceId' | 'status' | 'reason' | 'messages'>,
  now: Date,
): Promise<void> {
  await run(
    db,
    sql`update inbound_deliveries set status = ${one.status}, reason = ${one.reason}, messages = ${one.messages}::text[],
          taken_at = case when ${one.status} = 'taken' then ${now}::timestamptz end
        where id = ${one.id} and workspace_id = ${one.workspaceId}`,
  )
}

export async function readDeliveries(
  db: Db,
  workspaceId: string,
  asked: {
    webhookId: string
    status?: DeliveryRow['status'] | undefined
    before?: string | undefined
    ids?: string[] | undefined
    limit: number
  },
): Promise<DeliveryRow[]> {
  return rows(
    db,
    sql`select ${columns} from inbound_deliveries
        where workspace_id = ${workspaceId} and webhook_id = ${asked.webhookId}
          ${asked.status ? sql`and status = ${asked.status}` : sql``}
          ${asked.before ? sql`and id < ${asked.before}` : sql``}
          ${asked.ids ? sql`and id = any(${asked.ids}::uuid[])` : sql``}
        order by id desc limit ${asked.limit}`,
  )
}

/** Bodies that name people who were erased are emptied. @param names addresses, numbers and ids */
export async function emptyBodies(tx: Db, workspaceId: string, names: string[]): Promise<void> {
  const patterns = names.map((name) => `%${name.replaceAll(/[\\%_]/g, '\\$&')}%`)
  await run(
    tx,
    sql`update inbound_deliveries set body = '', status = 'taken', reason = null
        where workspace_id = ${workspaceId} and body ilike any(${patterns}::text[])`,
  )
}

/** Empties one body at once: what it says is about somebody who asked to be forgotten. */
export async function emptyBody(db: Db, workspaceId: string, id: string): Promise<void> {
  await run(
    db,
    sql`update inbound_deliveries set body = '' where workspace_id = ${workspaceId} and id = ${id}`,
  )
}

/** Clears away what was taken, and what nobody looked after. */
export async function deleteOldDeliveries(
  db: Db,
  now: Date,
  days: { taken: number; parked: number },
): Promise<void> {
  await run(
    db,
    sql`delete from inbound_deliveries where received_at < ${now}::timestamptz - make_interval(days =>
          case status when 'taken' then ${days.taken}::int else ${days.parked}::int end)`,
  )
}

const columns = sql.raw(
  `id, workspace_id as "workspaceId", webhook_id as "webhookId", dedupe, received_at as "receivedAt", times, status, reason,
   messages, content_type as "contentType", body`,
)
