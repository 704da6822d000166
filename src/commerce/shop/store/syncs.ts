// Syncs in PostgreSQL: asked for, prepared by the shop, read batch by batch with a checkpoint, ended.
import { newId } from '../../../lib/ids.ts'
import { firstRow, rows, run, sql } from '../../../platform/postgres.ts'
import type { Db } from '../../../platform/postgres.ts'
import type { ShopResource, ShopSync } from '../contract.ts'

export interface SyncRow {
  id: string
  workspaceId: string
  connectionId: string
  resource: ShopResource
  mode: 'full' | 'changes'
  since: Date | null
  status: ShopSync['status']
  operationId: string | null
  fileUrl: string | null
  preparedAt: Date | null
  bytesRead: number
  bytesTotal: number | null
  recordsTotal: number | null
  recordsRead: number
  madeCount: number
  changedCount: number
  problem: string | null
  attempts: number
  nextAt: Date
  requestedAt: Date
  startedAt: Date | null
  finishedAt: Date | null
}

const columns = sql`id, workspace_id as "workspaceId", connection_id as "connectionId", resource, mode, since, status,
  operation_id as "operationId", file_url as "fileUrl", prepared_at as "preparedAt", bytes_read as "bytesRead",
  bytes_total as "bytesTotal", records_total as "recordsTotal", records_read as "recordsRead", made_count as "madeCount",
  changed_count as "changedCount", problem, attempts, next_at as "nextAt", requested_at as "requestedAt",
  started_at as "startedAt", finished_at as "finishedAt"`

/** Asks for a sync; one that is at work goes on instead. @returns the one that is at work now */
export async function queueSync(
  db: Db,
  asked: Pick<SyncRow, 'workspaceId' | 'connectionId' | 'resource' | 'mode' | 'since'> & {
    requestedBy: string
  },
  now: Date,
): Promise<SyncRow | undefined> {
  await run(
    db,
    sql`insert into shop_syncs (id, workspace_id, connection_id, resource, mode, since, status, next_at, requested_by, requested_at)
        values (${newId()}, ${asked.workspaceId}, ${asked.connectionId}, ${asked.resource}, ${asked.mode}, ${asked.since}, 'queued',
          ${now}, ${asked.requestedBy}, ${now})
        on conflict (connection_id, resource) where status in ('queued', 'preparing', 'reading') do nothing`,
  )
  return firstRow(
    db,
    sql`select ${columns} from shop_syncs where workspace_id = ${asked.workspaceId} and connection_id = ${asked.connectionId}
          and resource = ${asked.resource} and status in ('queued', 'preparing', 'reading')`,
  )
}

export async function readSync(db: Db, workspaceId: string, id: string): Promise<SyncRow | undefined> {
  return firstRow(
    db,
    sql`select ${columns} from shop_syncs where workspace_id = ${workspaceId} and id = ${id}`,
  )
}

/** The newest syncs first. */
export async function readSyncs(
  db: Db,
  workspaceId: string,
  asked: { connectionId?: string; resource?: ShopResource; limit: number },
): Promise<SyncRow[]> {
  return rows(
    db,
    sql`select ${columns} from shop_syncs where workspace_id = ${workspaceId}
          ${asked.connectionId ? sql`and connection_id = ${asked.connectionId}` : sql``}
          ${asked.resource ? sql`and resource = ${asked.resource}` : sql``}
        order by requested_at desc, id desc limit ${asked.limit}`,
  )
}

/** Of each shop and resource the sync at work and the newest that ended. */
export async function readNewestSyncs(db: Db, workspaceId: string): Promise<SyncRow[]> {
  return rows(
    db,
    sql`select distinct on (connection_id, resource, is_running) ${columns} from (
          select *, status in ('queued', 'preparing', 'reading') as is_running from shop_syncs where workspace_id = ${workspaceId}
        ) s order by connection_id, resource, is_running, requested_at desc, id desc`,
  )
}

/** When the shop wrote the newest file that was read whole: what changed since then is unknown. */
export async function readThrough(
  db: Db,
  workspaceId: string,
  connectionId: string,
  resource: ShopResource,
): Promise<Date | null> {
  const found = await firstRow<{ at: Date | null }>(
    db,
    sql`select max(prepared_at) as at from shop_syncs where workspace_id = ${workspaceId} and connection_id = ${connectionId}
          and resource = ${resource} and status = 'done'`,
  )
  return found?.at ?? null
}

/** Syncs of every workspace that wait for the shop and are to be looked at, the oldest first. */
export async function readDueSyncs(db: Db, now: Date): Promise<SyncRow[]> {
  return rows(
    db,
    sql`select ${columns} from shop_syncs where status in ('queued', 'preparing') and next_at <= ${now} order by requested_at, id limit 100`,
  )
}

/** Syncs of every workspace whose file is being read, the one that waits longest first. */
export async function readReadingSyncs(db: Db, now: Date): Promise<SyncRow[]> {
  return rows(
    db,
    sql`select ${columns} from shop_syncs where status = 'reading' and next_at <= ${now} order by requested_at, id limit 100`,
  )
}

/** Whether another resource of the shop is read before this one: people before what they bought. */
export async function isSyncAhead(
  db: Db,
  { workspaceId, connectionId }: SyncRow,
  resource: ShopResource,
): Promise<boolean> {
  const found = await firstRow(
    db,
    sql`select 1 from shop_syncs where workspace_id = ${workspaceId} and connection_id = ${connectionId} and resource = ${resource}
          and status in ('queued', 'preparing', 'reading')`,
  )
  return found !== undefined
}

/** Moves a sync that waits for the shop on; one that was ended meanwhile stays ended. */
export async function moveSync(
  db: Db,
  sync: Pick<SyncRow, 'id' | 'workspaceId'>,
  to: Partial<
    Pick<
      SyncRow,
      | 'status'
      | 'operationId'
      | 'fileUrl'
      | 'preparedAt'
      | 'bytesRead'
      | 'bytesTotal'
      | 'recordsTotal'
      | 'problem'
      | 'attempts'
      | 'startedAt'
      | 'finishedAt'
    >
  > & { nextAt: Date },
): Promise<void> {
  const names = {
    status: 'status',
    operationId: 'operation_id',
    fileUrl: 'file_url',
    preparedAt: 'prepared_at',
    bytesRead: 'bytes_read',
    bytesTotal: 'bytes_total',
    recordsTotal: 'records_total',
    problem: 'problem',
    attempts: 'attempts',
    startedAt: 'started_at',
    finishedAt: 'finished_at',
    nextAt: 'next_at',
  } as const
  const given = (Object.keys(names) as (keyof typeof names)[]).filter((name) => to[name] !== undefined)
  const assignments = given.map((name) => sql`${sql.ref(names[name])} = ${to[name]}`)
  await run(
    db,
    sql`update shop_syncs set ${sql.join(assignments)}
        where workspace_id = ${sync.workspaceId} and id = ${sync.id} and status in ('queued', 'preparing', 'reading')`,
  )
}

/**
 * Moves the checkpoint in the transaction that wrote the records up to it.
 * @returns false where another worker was faster or the sync was ended: the transaction must then be rolled back
 */
export async function moveSyncCheckpoint(
  tx: Db,
  sync: Pick<SyncRow, 'id' | 'workspaceId'>,
  batch: { from: number; to: number; records: number; made: number; changed: number; isLast: boolean },
  now: Date,
): Promise<boolean> {
  const moved = await run(
    tx,
    sql`update shop_syncs set bytes_read = ${batch.to}, records_read = records_read + ${batch.records},
          made_count = made_count + ${batch.made}, changed_count = changed_count + ${batch.changed}, attempts = 0, problem = null,
          status = case when ${batch.isLast}::boolean then 'done' else status end,
          finished_at = case when ${batch.isLast}::boolean then ${now}::timestamptz end,
          file_url = case when ${batch.isLast}::boolean then null else file_url end
        where workspace_id = ${sync.workspaceId} and id = ${sync.id} and status = 'reading' and bytes_read = ${batch.from}`,
  )
  return moved === 1
}

/** Ends what is at work for a shop. */
export async function cancelSyncs(
  db: Db,
  workspaceId: string,
  connectionId: string,
  problem: string | null,
  now: Date,
  id?: string,
): Promise<void> {
  await run(
    db,
    sql`update shop_syncs set status = 'cancelled', problem = ${problem}, finished_at = ${now}, file_url = null
        where workspace_id = ${workspaceId} and connection_id = ${connectionId} and status in ('queued', 'preparing', 'reading')
          ${id ? sql`and id = ${id}` : sql``}`,
  )
}

/** A file is ready: its sync is looked at now. @returns whose it was */
export async function wakeSync(
  db: Db,
  workspaceId: string,
  connectionId: string,
  operationId: string,
  now: Date,
): Promise<void> {
  await run(
    db,
    sql`update shop_syncs set next_at = ${now} where workspace_id = ${workspaceId} and connection_id = ${connectionId}
          and operation_id = ${operationId} and status = 'preparing'`,
  )
}
