// Sessions of people and the codes of their authenticators in PostgreSQL; better-auth makes and prolongs the sessions.
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db, Tx } from '../../platform/postgres.ts'

export interface SessionRow {
  id: string
  userAgent: string | null
  address: string | null
  createdAt: Date
  lastUsedAt: Date
}

/** Notes that a session is in use and from where; at most one write a minute. */
export async function noteSessionUse(db: Db, id: string, address: string, now: Date): Promise<void> {
  await run(
    db,
    sql`update sessions set last_used_at = ${now}, ip_address = ${address}
        where id = ${id} and (last_used_at is null or last_used_at < ${now}::timestamptz - interval '1 minute')`,
  )
}

/** The sessions of a person that have not ended, the one used last first. */
export async function readSessions(db: Db, userId: string, now: Date): Promise<SessionRow[]> {
  return rows<SessionRow>(
    db,
    sql`select id, user_agent as "userAgent", nullif(ip_address, '') as address, created_at as "createdAt",
          coalesce(last_used_at, created_at) as "lastUsedAt"
        from sessions where user_id = ${userId} and expires_at > ${now} order by 5 desc, id`,
  )
}

/** Ends one session of a person; gives what it was, undefined where there is none. */
export async function deleteSession(
  tx: Tx,
  userId: string,
  id: string,
): Promise<{ userAgent: string | null } | undefined> {
  return firstRow(
    tx,
    sql<{ userAgent: string | null }>`delete from sessions where id = ${id} and user_id = ${userId}
        returning user_agent as "userAgent"`,
  )
}

/** Ends every session of a person but one. @returns how many ended */
export async function deleteSessions(tx: Tx, userId: string, keptSessionId: string | null): Promise<number> {
  return run(
    tx,
    sql`delete from sessions where user_id = ${userId} and id is distinct from ${keptSessionId}::uuid`,
  )
}

/** Notes that a code was entered; false where the same one was within the last minutes. */
export async function insertUsedCode(db: Db, userId: string, hash: Buffer, now: Date): Promise<boolean> {
  await run(db, sql`delete from used_codes where used_at < ${now}::timestamptz - interval '5 minutes'`)
  const inserted = await run(
    db,
    sql`insert into used_codes (user_id, code_hash, used_at) values (${userId}, ${hash}, ${now})
        on conflict do nothing`,
  )
  return inserted === 1
}

/** Takes a code that was wrong back out. */
export async function deleteUsedCode(db: Db, userId: string, hash: Buffer): Promise<void> {
  await run(db, sql`delete from used_codes where user_id = ${userId} and code_hash = ${hash}`)
}

/** Whether a person signs in with two-factor, and how many recovery codes are left. */
export async function readTwoFactor(db: Db, userId: string): Promise<{ isOn: boolean; codesLeft: number }> {
  const found = await firstRow<{ isOn: boolean; codesLeft: number }>(
    db,
    sql`select u.two_factor_enabled as "isOn",
          coalesce(jsonb_array_length(f.backup_codes::jsonb), 0) as "codesLeft"
        from users u left join two_factors f on f.user_id = u.id and f.verified where u.id = ${userId}`,
  )
  return found ?? { isOn: false, codesLeft: 0 }
}

/** Turns two-factor off; false where it was not on. */
export async function deleteTwoFactor(tx: Tx, userId: string): Promise<boolean> {
  await run(tx, sql`delete from two_factors where user_id = ${userId}`)
  return (
    (await run(
      tx,
      sql`update users set two_factor_enabled = false, updated_at = now() where id = ${userId} and two_factor_enabled`,
    )) === 1
  )
}

/** Puts other recovery codes in the place of those that were. @returns whether two-factor is on */
export async function saveRecoveryCodes(tx: Tx, userId: string, hashes: readonly string[]): Promise<boolean> {
  return (
    (await run(
      tx,
      sql`update two_factors set backup_codes = ${JSON.stringify(hashes)} where user_id = ${userId} and verified`,
    )) === 1
  )
}
