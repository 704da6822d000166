// Inbound webhooks in PostgreSQL.
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db, Tx } from '../../platform/postgres.ts'
import type { Mapping, Signature, TurnedAwayReason } from '../nouns.ts'

export interface WebhookRow {
  id: string
  workspaceId: string
  name: string
  key: string
  signature: Signature
  sealed: string
  mapping: Mapping | null
  createdBy: string
  createdAt: Date
  updatedAt: Date
  archivedAt: Date | null
}

export interface WebhookCounts {
  webhookId: string
  lastAt: Date | null
  taken: number
  parked: number
}

export async function readWebhooks(db: Db, workspaceId: string): Promise<WebhookRow[]> {
  return rows(
    db,
    sql`select ${columns} from inbound_webhooks where workspace_id = ${workspaceId}
        order by archived_at is not null, id desc limit 500`,
  )
}

export async function readWebhook(db: Db, workspaceId: string, id: string): Promise<WebhookRow | undefined> {
  return firstRow(
    db,
    sql`select ${columns} from inbound_webhooks where workspace_id = ${workspaceId} and id = ${id}`,
  )
}

export async function lockWebhook(tx: Tx, workspaceId: string, id: string): Promise<WebhookRow | undefined> {
  return firstRow(
    tx,
    sql`select ${columns} from inbound_webhooks where workspace_id = ${workspaceId} and id = ${id} for update`,
  )
}

/** The one that a URL's key belongs to; none that is archived, or whose team is being deleted. */
export async function findByKey(db: Db, key: string): Promise<WebhookRow | undefined> {
  return firstRow(
    db,
    sql`select ${columns} from inbound_webhooks where key = ${key} and archived_at is null and exists (
          select 1 from workspaces w join teams t on t.id = w.team_id
          where w.id = inbound_webhooks.workspace_id and t.deleted_at is null)`,
  )
}

export async function saveWebhook(tx: Tx, one: WebhookRow): Promise<void> {
  const mapping = one.mapping === null ? null : JSON.stringify(one.mapping)
  await run(
    tx,
    sql`insert into inbound_webhooks (id, workspace_id, name, key, signature, sealed, mapping, created_by, created_at,
          updated_at, archived_at)
        values (${one.id}, ${one.workspaceId}, ${one.name}, ${one.key}, ${JSON.stringify(one.signature)}::jsonb, ${one.sealed},
          ${mapping}::jsonb, ${one.createdBy}, ${one.createdAt}, ${one.updatedAt}, ${one.archivedAt})
        on conflict (id) do update set name = excluded.name, key = excluded.key, signature = excluded.signature,
          sealed = excluded.sealed, mapping = excluded.mapping, updated_at = excluded.updated_at,
          archived_at = excluded.archived_at`,
  )
}

export async function countDeliveries(db: Db, workspaceId: string): Promise<WebhookCounts[]> {
  return rows(
    db,
    sql`select webhook_id as "webhookId", max(received_at) as "lastAt",
          count(*) filter (where status = 'taken')::int as taken, count(*) filter (where status = 'parked')::int as parked
        from inbound_deliveries where workspace_id = ${workspaceId} group by webhook_id`,
  )
}

/** Counts a call that was turned away. */
export async function countTurnedAway(
  db: Db,
  webhook: Pick<WebhookRow, 'id' | 'workspaceId'>,
  reason: TurnedAwayReason,
  now: Date,
): Promise<void> {
  await run(
    db,
    sql`insert into inbound_refusals (webhook_id, counted_on, reason, workspace_id, count, last_at)
        values (${webhook.id}, ${now.toISOString().slice(0, 10)}::date, ${reason}, ${webhook.workspaceId}, 1, ${now})
        on conflict (webhook_id, counted_on, reason) do update set count = inbound_refusals.count + 1, last_at = excluded.last_at`,
  )
}

export async function readTurnedAway(
  db: Db,
  workspaceId: string,
  since: Date,
): Promise<{ webhookId: string; reason: TurnedAwayReason; count: number; lastAt: Date }[]> {
  return rows(
    db,
    sql`select webhook_id as "webhookId", reason, sum(count)::int as count, max(last_at) as "lastAt" from inbound_refusals
        where workspace_id = ${workspaceId} and counted_on >= ${since.toISOString().slice(0, 10)}::date
        group by webhook_id, reason order by sum(count) desc`,
  )
}

const columns = sql.raw(
  `id, workspace_id as "workspaceId", name, key, signature, sealed, mapping, created_by as "createdBy",
   created_at as "createdAt", updated_at as "updatedAt", archived_at as "archivedAt"`,
)
