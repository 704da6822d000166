// Which tables name a lead, and what they say of some, in PostgreSQL.
import { rows, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'

/**
 * What is no fact about the person: fingerprints for finding look-alikes, what is on its way to somewhere, and messages as they came
 * in, which are kept for days and say nothing that the events do not.
 */
const LEFT_OUT: readonly string[] = ['duplicate_keys', 'duplicate_looked', 'webhook_news', 'inbox']

/** Tables that name a lead, whichever module has them, so that none can be forgotten here. */
export async function personTables(db: Db): Promise<string[]> {
  const found = await rows<{ name: string }>(
    db,
    sql`select c.relname as name from pg_class c
        join pg_attribute l on l.attrelid = c.oid and l.attname = 'lead_id' and l.atttypid = 'uuid'::regtype and not l.attisdropped
        join pg_attribute w on w.attrelid = c.oid and w.attname = 'workspace_id' and not w.attisdropped
        where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
          and c.relname <> all(${[...LEFT_OUT]}::text[])
        order by c.relname`,
  )
  return found.map(({ name }) => name)
}

/** Rows of a table about some leads, a page at a time. */
export async function readPersonRows(
  db: Db,
  table: string,
  asked: { workspaceId: string; leadIds: readonly string[]; skip: number; limit: number },
): Promise<Record<string, unknown>[]> {
  const found = await rows<{ row: Record<string, unknown> }>(
    db,
    sql`select to_jsonb(t) - 'workspace_id' as row from ${sql.table(table)} t
        where workspace_id = ${asked.workspaceId} and lead_id = any(${[...asked.leadIds]}::uuid[])
        order by t::text offset ${asked.skip} limit ${asked.limit}`,
  )
  return found.map(({ row }) => row)
}
