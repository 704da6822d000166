// The door to PostgreSQL: a pool, Kysely's `sql` on top of it, and transactions that retry where PostgreSQL asks for it.
import { Kysely, PostgresDialect, sql } from 'kysely'
import type {
  PostgresCursor,
  PostgresPool,
  PostgresPoolClient,
  PostgresQueryResult,
  RawBuilder,
  Transaction,
} from 'kysely'
import pg from 'pg'
import { Refusal } from '../lib/refusal.ts'
import { copyOf } from './copy.ts'

// bigint fits a double up to 2^53: counts and minor units do. numeric is never used. date stays 'YYYY-MM-DD'.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)

export { sql }
/** The database, or a transaction on it; rows are typed at each query. */
export type Db = Kysely<unknown>
export type Tx = Transaction<unknown>

export interface Postgres {
  db: Db
  pool: pg.Pool
  close(): Promise<void>
}

/**
 * Opens a pool. A lost connection is no event of its own: the next query gets a fresh one or fails as `store_unreachable`.
 * @param max connections at most
 * @param idleTimeoutMs after which an unused connection is closed; 0 keeps it, and with it the locks of its session
 */
export function openPostgres(
  url: string,
  options: { max?: number; name?: string; idleTimeoutMs?: number } = {},
): Postgres {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.name ?? 'throughline',
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: options.idleTimeoutMs ?? 10_000,
    keepAlive: true,
  })
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: copying(pool) }) })
  return {
    db,
    pool,
    async close() {
      await db.destroy()
      // Kysely ends no pool that it was never asked to use.
      if (!pool.ending) await pool.end()
    },
  }
}

// Kysely knows queries alone: a COPY comes to its connection as one, with the rows as the parameter.
function copying(pool: pg.Pool): PostgresPool {
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    async connect() {
      const client = await pool.connect()
      const wrapped = known.get(client) ?? copyingClient(client)
      known.set(client, wrapped)
      return wrapped
    },
    end: () => pool.end(),
  }
}

function copyingClient(client: pg.PoolClient): PostgresPoolClient {
  function query<R>(statement: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>
  function query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>
  function query(statement: unknown, parameters: readonly unknown[] = []): unknown {
    if (typeof statement !== 'string') throw new Error('rows are read whole here, not by a cursor')
    return copyOf(client, statement, parameters) ?? client.query(statement, [...parameters])
  }
  return { query, release: () => client.release() }
}

/** The rows of a query. */
export async function rows<T>(db: Db, query: RawBuilder<T>): Promise<T[]> {
  return (await query.execute(db)).rows
}

/** The first row of a query, or undefined. */
export async function firstRow<T>(db: Db, query: RawBuilder<T>): Promise<T | undefined> {
  return (await query.execute(db)).rows[0]
}

/** Runs a statement and tells how many rows it touched. */
export async function run(db: Db, query: RawBuilder<unknown>): Promise<number> {
  return Number((await query.execute(db)).numAffectedRows ?? 0)
}

const RETRYABLE = new Set(['40001', '40P01'])

/** A transaction; a deadlock or serialisation failure is tried again, three times. `work` must be repeatable. */
export async function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(work)
    } catch (error) {
      if (attempt >= 4 || !RETRYABLE.has(sqlState(error) ?? '')) throw error
    }
  }
}

/** The SQLSTATE of a PostgreSQL error, or the network code of a lost connection. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/**
 * True where the error says that PostgreSQL cannot be reached now, or not written: down, starting, too many clients, out of
 * disk or memory, or a standby that only reads.
 */
export function isPostgresUnreachable(error: unknown): boolean {
  const code = sqlState(error) ?? ''
  // Whole SQLSTATEs: ClickHouse numbers its errors, and 53 is one of types there.
  if (/^((08|53|58)\w{3}|57P0\w|25006|ECONN.*|EPIPE|ENOENT|ETIMEDOUT)$/.test(code)) return true
  return (
    error instanceof Error &&
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
      error.message,
    )
  )
}

/** The refusal that callers see while PostgreSQL is away, or has no room to write. */
export function storeUnreachable(error: unknown): Refusal {
  if (sqlState(error) === '53100') {
    return new Refusal(
      'disk_full',
      503,
      'The disk of the database is full. Nothing was changed: whoever runs the installation makes room, and it goes on by itself.',
      { retryAfterSeconds: 30 },
    )
  }
  return new Refusal(
    'store_unreachable',
    503,
    'The database cannot be reached right now. Nothing was changed; try again in a few seconds.',
    { retryAfterSeconds: 5 },
  )
}
