// Connections in PostgreSQL: their rows, the consent under way, and the calls that were made.
import { newId } from '../lib/ids.ts'
import { firstRow, rows, run, sql } from '../platform/postgres.ts'
import type { Db, Tx } from '../platform/postgres.ts'
import type { Connection, VendorCall } from './contract.ts'

export interface ConnectionRow {
  id: string
  workspaceId: string
  connector: string
  name: string
  status: Connection['status']
  problem: string | null
  account: string | null
  settings: Record<string, unknown>
  sealed: string
  secretNames: string[]
  scopes: string[]
  tokenExpiresAt: Date | null
  pausedUntil: Date | null
  checkedAt: Date | null
  lastEventAt: Date | null
  createdBy: string
  createdAt: Date
  updatedAt: Date
}

const columns = sql`id, workspace_id as "workspaceId", connector, name, status, problem, account, settings, sealed,
  secret_names as "secretNames", scopes, token_expires_at as "tokenExpiresAt", paused_until as "pausedUntil",
  checked_at as "checkedAt", last_event_at as "lastEventAt", created_by as "createdBy", created_at as "createdAt",
  updated_at as "updatedAt"`

/** All connections of a workspace, the oldest first. */
export async function readConnections(db: Db, workspaceId: string): Promise<ConnectionRow[]> {
  return rows(
    db,
    sql`select ${columns} from connections where workspace_id = ${workspaceId} order by created_at, id`,
  )
}

export async function readConnection(
  db: Db,
  workspaceId: string,
  id: string,
  options: { lock?: boolean } = {},
): Promise<ConnectionRow | undefined> {
  return firstRow(
    db,
    sql`select ${columns} from connections where workspace_id = ${workspaceId} and id = ${id}
        ${options.lock ? sql`for update` : sql``}`,
  )
}

/** Connections of a connector in every workspace, for webhooks that name an account and no workspace. */
export async function readConnectionsTo(
  db: Db,
  connector: string,
  account: string,
): Promise<ConnectionRow[]> {
  return rows(
    db,
    sql`select ${columns} from connections where connector = ${connector} and account = ${account} order by created_at, id`,
  )
}

/** Connections of a connector in every workspace, for webhooks that name nothing before they are read. */
export async function readConnectionsOf(db: Db, connector: string): Promise<ConnectionRow[]> {
  return rows(
    db,
    sql`select ${columns} from connections where connector = ${connector} order by created_at, id limit 2000`,
  )
}

/** Connections whose tokens end before `before` and can be refreshed by the app. */
export async function readExpiring(
  db: Db,
  before: Date,
): Promise<Pick<ConnectionRow, 'id' | 'workspaceId'>[]> {
  return rows(
    db,
    sql`select id, workspace_id as "workspaceId" from connections
        where token_expires_at < ${before} and status in ('connected', 'failing') order by token_expires_at limit 500`,
  )
}

export async function insertConnection(
  tx: Tx,
  row: Pick<
    ConnectionRow,
    | 'id'
    | 'workspaceId'
    | 'connector'
    | 'name'
    | 'status'
    | 'settings'
    | 'sealed'
    | 'secretNames'
    | 'createdBy'
  >,
  now: Date,
): Promise<void> {
  await run(
    tx,
    sql`insert into connections (id, workspace_id, connector, name, status, settings, sealed, secret_names, created_by,
          created_at, updated_at)
        values (${row.id}, ${row.workspaceId}, ${row.connector}, ${row.name}, ${row.status},
          ${JSON.stringify(row.settings)}::jsonb, ${row.sealed}, ${row.secretNames}::text[], ${row.createdBy}, ${now}, ${now})`,
  )
}

/** What a person changed. */
export async function saveSettings(
  tx: Tx,
  row: Pick<ConnectionRow, 'id' | 'workspaceId' | 'name' | 'settings' | 'sealed' | 'secretNames'>,
  now: Date,
): Promise<void> {
  await run(
    tx,
    sql`update connections set name = ${row.name}, settings = ${JSON.stringify(row.settings)}::jsonb, sealed = ${row.sealed},
          secret_names = ${row.secretNames}::text[], updated_at = ${now}
        where id = ${row.id} and workspace_id = ${row.workspaceId}`,
  )
}

/** Tokens that were handed out: sealed and dated in one statement, so that no half of a pair is ever kept. */
export async function saveTokens(
  db: Db,
  row: Pick<ConnectionRow, 'id' | 'workspaceId' | 'sealed' | 'scopes' | 'tokenExpiresAt'>,
  now: Date,
): Promise<void> {
  await run(
    db,
    sql`update connections set sealed = ${row.sealed}, scopes = ${row.scopes}::text[], token_expires_at = ${row.tokenExpiresAt},
          updated_at = ${now}
        where id = ${row.id} and workspace_id = ${row.workspaceId}`,
  )
}

/** How a connection fares; `account` null leaves what is known. */
export async function saveStanding(
  db: Db,
  { workspaceId, id }: Pick<ConnectionRow, 'id' | 'workspaceId'>,
  standing: {
    status: ConnectionRow['status']
    problem: string | null
    account?: string | null
    checkedAt?: Date
  },
): Promise<void> {
  await run(
    db,
    sql`update connections set status = ${standing.status}, problem = ${standing.problem},
          account = coalesce(${standing.account ?? null}, account), checked_at = coalesce(${standing.checkedAt ?? null}, checked_at)
        where id = ${id} and workspace_id = ${workspaceId}`,
  )
}

/** That something came in or went out. */
export async function noteEvent(
  db: Db,
  { workspaceId, id }: Pick<ConnectionRow, 'id' | 'workspaceId'>,
  at: Date,
): Promise<void> {
  await run(
    db,
    sql`update connections set last_event_at = ${at}
        where id = ${id} and workspace_id = ${workspaceId} and (last_event_at is null or last_event_at < ${at})`,
  )
}

export async function savePause(
  db: Db,
  { workspaceId, id }: Pick<ConnectionRow, 'id' | 'workspaceId'>,
  until: Date,
): Promise<void> {
  await run(
    db,
    sql`update connections set paused_until = ${until} where id = ${id} and workspace_id = ${workspaceId}`,
  )
}

export async function deleteConnection(tx: Tx, workspaceId: string, id: string): Promise<void> {
  await run(tx, sql`delete from oauth_states where connection_id = ${id} and workspace_id = ${workspaceId}`)
  await run(tx, sql`delete from vendor_calls where connection_id = ${id} and workspace_id = ${workspaceId}`)
  await run(tx, sql`delete from connections where id = ${id} and workspace_id = ${workspaceId}`)
}

export interface ConsentState {
  stateHash: Buffer
  workspaceId: string
  connectionId: string
  actor: string
  sealed: string
  redirectUri: string
  expiresAt: Date
}

export async function insertState(db: Db, state: ConsentState): Promise<void> {
  await run(
    db,
    sql`insert into oauth_states (state_hash, workspace_id, connection_id, actor, sealed, redirect_uri, expires_at)
        values (${state.stateHash}, ${state.workspaceId}, ${state.connectionId}, ${state.actor}, ${state.sealed},
          ${state.redirectUri}, ${state.expiresAt})`,
  )
}

/** Takes a consent that is still open; whoever comes second finds nothing. */
export async function takeState(db: Db, stateHash: Buffer, now: Date): Promise<ConsentState | undefined> {
  return firstRow(
    db,
    sql`delete from oauth_states where state_hash = ${stateHash} and expires_at > ${now}
        returning state_hash as "stateHash", workspace_id as "workspaceId", connection_id as "connectionId", actor, sealed,
          redirect_uri as "redirectUri", expires_at as "expiresAt"`,
  )
}

/** Holds others off a connection's tokens until the end of the transaction. */
export async function holdTokens(tx: Tx, id: string): Promise<void> {
  await run(tx, sql`select pg_advisory_xact_lock(7340, hashtext(${id}))`)
}

export type CallLine = Omit<VendorCall, 'id' | 'calledAt'> & { calledAt: Date }

export async function insertCalls(
  db: Db,
  { workspaceId, id }: Pick<ConnectionRow, 'id' | 'workspaceId'>,
  lines: readonly CallLine[],
): Promise<void> {
  if (lines.length === 0) return
  const list = lines.map((line) => ({
    id: newId(),
    workspace_id: workspaceId,
    connection_id: id,
    called_at: line.calledAt,
    method: line.method,
    url: line.url,
    status: line.status,
    items: line.items,
    answer: line.answer,
    took_ms: line.tookMs,
  }))
  await run(
    db,
    sql`insert into vendor_calls select * from json_populate_recordset(null::vendor_calls, ${JSON.stringify(list)}::json)`,
  )
}

export async function readCalls(
  db: Db,
  workspaceId: string,
  connectionId: string,
  limit: number,
): Promise<(CallLine & { id: string })[]> {
  return rows(
    db,
    sql`select id, called_at as "calledAt", method, url, status, items, answer, took_ms as "tookMs" from vendor_calls
        where workspace_id = ${workspaceId} and connection_id = ${connectionId} order by id desc limit ${limit}`,
  )
}

/** Forgets calls and open consents past keeping. */
export async function forgetCalls(db: Db, before: Date, now: Date): Promise<void> {
  await run(db, sql`delete from vendor_calls where called_at < ${before}`)
  await run(db, sql`delete from oauth_states where expires_at < ${now}`)
}
