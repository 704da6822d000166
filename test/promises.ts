// The promises of the way to the log as questions to both stores: nothing lost, nothing twice, every lead there.
import { ask } from '../src/platform/clickhouse.ts'
import type { ClickHouse } from '../src/platform/clickhouse.ts'
import { isPostgresUnreachable, rows, sql } from '../src/platform/postgres.ts'
import type { Db } from '../src/platform/postgres.ts'

/** Settles when nothing waits in the inbox and every batch is in the log; throws where that takes too long. */
export async function drained(db: Db, timeoutMs = 60_000): Promise<void> {
  const until = Date.now() + timeoutMs
  for (;;) {
    const [left] = await rows<{ waiting: number; open: number }>(
      db,
      sql`select (select count(*)::int from inbox where status = 0) as waiting,
                 (select count(*)::int from batches where closed_at is null) as open`,
    ).catch((error: unknown) => {
      if (!isPostgresUnreachable(error)) throw error
      return []
    })
    if (left?.waiting === 0 && left.open === 0) return
    if (Date.now() > until) throw new Error(`${left?.waiting} messages and ${left?.open} batches still wait`)
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
}

/** What both stores hold of a workspace once everything is drained. */
export interface Holdings {
  /** message ids whose event is in the log more than once, or never */
  doubled: string[]
  lost: string[]
  /** events under a lead that PostgreSQL does not have */
  strays: number
  /** events of the log, and the sum of its roll-up */
  events: number
  rolledUp: number
}

/** Compares what was acknowledged with what stands in the log, in PostgreSQL and in the roll-up. */
export async function holdings(
  db: Db,
  clickhouse: ClickHouse,
  workspaceId: string,
  acknowledged: Iterable<string>,
): Promise<Holdings> {
  const kept = await rows<{ id: string; message_id: string }>(
    db,
    sql`select id, message_id from inbox where workspace_id = ${workspaceId}`,
  )
  const logged = await ask<{ event_id: string; times: number }>(
    clickhouse,
    'select event_id, count() as times from events where workspace_id = {w:UUID} group by event_id',
    { w: workspaceId },
  )
  const times = new Map(logged.map((row) => [row.event_id, Number(row.times)]))
  const timesByMessage = new Map<string, number>()
  for (const { id, message_id: messageId } of kept) {
    timesByMessage.set(messageId, (timesByMessage.get(messageId) ?? 0) + (times.get(id) ?? 0))
  }
  const wanted = [...new Set(acknowledged)]
  const inLog = await ask<{ lead_id: string; events: number }>(
    clickhouse,
    'select lead_id, count() as events from events where workspace_id = {w:UUID} group by lead_id',
    { w: workspaceId },
  )
  const known = new Set(
    (await rows<{ id: string }>(db, sql`select id from leads where workspace_id = ${workspaceId}`)).map(
      (row) => row.id,
    ),
  )
  const [quarters] = await ask<{ events: number }>(
    clickhouse,
    'select sum(events) as events from event_quarters where workspace_id = {w:UUID}',
    { w: workspaceId },
  )
  return {
    doubled: wanted.filter((id) => (timesByMessage.get(id) ?? 0) > 1),
    lost: wanted.filter((id) => !timesByMessage.get(id)),
    strays: inLog.filter((row) => !known.has(row.lead_id)).reduce((sum, row) => sum + Number(row.events), 0),
    events: inLog.reduce((sum, row) => sum + Number(row.events), 0),
    rolledUp: Number(quarters?.events ?? 0),
  }
}
