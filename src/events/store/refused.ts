// Events that ClickHouse refused: kept with its words, listed, and sent again as a batch of their own.
import { gzipSync } from 'node:zlib'
import { newId } from '../../lib/ids.ts'
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import { logColumns } from '../contract.ts'
import type { RefusedEvent } from '../contract.ts'

/** Sent again at once, and listed at most. */
const LIMIT = 1000

/** Keeps a row that ClickHouse refused. */
export async function keepRefused(
  tx: Db,
  refused: { batchId: string; place: number; line: string; words: string },
): Promise<void> {
  const cells = JSON.parse(refused.line) as unknown[]
  const cell = (name: (typeof logColumns)[number]) => String(cells[logColumns.indexOf(name)])
  await run(
    tx,
    sql`insert into refused_events (id, workspace_id, lead_id, event_id, batch_id, place, name, occurred_at, line, words)
        values (${newId()}, ${cell('workspace_id')}, ${cell('lead_id')}, ${cell('event_id')}, ${refused.batchId},
                ${refused.place}, ${cell('name')}, ${cell('occurred_at')}, ${refused.line}, ${refused.words})`,
  )
}

/** The events of a workspace that ClickHouse refused, newest first, at most 1,000 of them, and how many there are. */
export async function listRefusedEvents(
  db: Db,
  workspaceId: string,
): Promise<{ items: RefusedEvent[]; total: number }> {
  const [items, counted] = await Promise.all([
    rows<Omit<RefusedEvent, 'refusedAt'> & { refusedAt: Date }>(
      db,
      sql`select id, lead_id as "leadId", name, occurred_at as "occurredAt", batch_id as "batchId", place, words,
                 refused_at as "refusedAt"
          from refused_events where workspace_id = ${workspaceId} order by id desc limit ${LIMIT}`,
    ),
    firstRow<{ total: number }>(
      db,
      sql`select count(*)::int as total from refused_events where workspace_id = ${workspaceId}`,
    ),
  ])
  return {
    items: items.map((one) => ({ ...one, refusedAt: one.refusedAt.toISOString() })),
    total: counted?.total ?? 0,
  }
}

/** Refused events of all workspaces. */
export async function countRefusedEvents(db: Db): Promise<number> {
  const counted = await firstRow<{ total: number }>(
    db,
    sql`select count(*)::int as total from refused_events`,
  )
  return counted?.total ?? 0
}

/**
 * Makes a new batch of refused events, the oldest 1,000 first; the worker sends it after the commit.
 * @returns an id for each event: the lead it is written under
 */
export async function retryRefusedEvents(tx: Db, workspaceId: string): Promise<string[]> {
  const taken = await rows<{ id: string; line: string; lead_id: string }>(
    tx,
    sql`delete from refused_events where id = any(array(
          select id from refused_events where workspace_id = ${workspaceId} order by id limit ${LIMIT} for update skip locked))
        returning id, line, lead_id`,
  )
  if (taken.length === 0) return []
  taken.sort((a, b) => (a.id < b.id ? -1 : 1))
  const batchId = newId()
  const lines = taken.map(({ line }) => {
    const cells = JSON.parse(line) as unknown[]
    cells[logColumns.indexOf('batch_id')] = batchId
    return JSON.stringify(cells)
  })
  const bytes = gzipSync(lines.join('\n'), { level: 1 })
  await run(
    tx,
    sql`insert into batches (id, row_count, rows) values (${batchId}::uuid, ${lines.length}, ${bytes})`,
  )
  return taken.map((one) => one.lead_id)
}
