// How far an import is, kept beside the data it writes, so that one that was broken off goes on and writes nothing twice.
import type { Pool, PoolClient } from 'pg'
import { sqlState } from '../../platform/postgres.ts'

// A schema of its own: what is in it belongs to no version of the product, and goes whole.
export const IMPORT_SCHEMA = 'throughline_import'

/** The import that was begun on these stores and has not ended; null where none was. */
export async function readUnfinished(
  client: PoolClient,
): Promise<{ archiveId: string; exportedAt: string; done: Set<string> } | null> {
  const { rows: found } = await client.query<{ exists: boolean }>(
    `select to_regclass('${IMPORT_SCHEMA}.archive') is not null as exists`,
  )
  if (!found[0]?.exists) return null
  const { rows } = await client.query<{ archiveId: string; exportedAt: string }>(
    `select id as "archiveId", exported_at as "exportedAt" from ${IMPORT_SCHEMA}.archive`,
  )
  const done = await client.query<{ piece: string }>(`select piece from ${IMPORT_SCHEMA}.done`)
  return rows[0] ? { ...rows[0], done: new Set(done.rows.map((row) => row.piece)) } : null
}

/** Notes that an import begins, in the transaction that `client` is in. */
export async function beginImport(client: PoolClient, archiveId: string, exportedAt: string): Promise<void> {
  await client.query(`create schema ${IMPORT_SCHEMA}`)
  await client.query(`create table ${IMPORT_SCHEMA}.archive (id text not null, exported_at text not null)`)
  await client.query(`create table ${IMPORT_SCHEMA}.done (piece text primary key)`)
  await client.query(`insert into ${IMPORT_SCHEMA}.archive (id, exported_at) values ($1, $2)`, [
    archiveId,
    exportedAt,
  ])
}

/** Notes that a table or a part is in; in the transaction that brought it in, where there is one. */
export async function noteDone(client: PoolClient | Pool, piece: string): Promise<void> {
  await client.query(`insert into ${IMPORT_SCHEMA}.done (piece) values ($1) on conflict do nothing`, [piece])
}

/** Notes that the import has ended. */
export async function endImport(client: PoolClient): Promise<void> {
  await client.query(`drop schema ${IMPORT_SCHEMA} cascade`)
}

/** Takes the one place of an importer, until the connection ends. @returns false where another one has it */
export async function takeImportPlace(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock(7310) as taken')
  return rows[0]?.taken === true
}

/** Ends what importers left at work in PostgreSQL that were killed: a server sees only at its next word that nobody listens. */
export async function endOthers(client: PoolClient): Promise<void> {
  await client.query(
    `select pg_terminate_backend(pid, 10000) from pg_stat_activity
     where datname = current_database() and application_name = current_setting('application_name') and pid <> pg_backend_pid()`,
  )
}

/** Takes the one place of an exporter into a folder, until the connection ends. @returns false where another one has it */
export async function takeExportPlace(client: PoolClient, folder: string): Promise<boolean> {
  // The connection of an exporter that was killed ends a moment after it.
  await client.query("set lock_timeout = '5s'")
  try {
    await client.query('select pg_advisory_lock(7311, hashtext($1))', [folder])
    return true
  } catch (error) {
    if (sqlState(error) === LOCK_NOT_AVAILABLE) return false
    throw error
  }
}

/** How many connections of servers and workers the database has now. */
export async function serversAtWork(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity
     where datname = current_database() and application_name in ('throughline-api', 'throughline-worker', 'throughline-shards')`,
  )
  return rows[0]?.count ?? 0
}

const LOCK_NOT_AVAILABLE = '55P03'
