// People, their passwords and sessions, setup codes and sign-in attempts in PostgreSQL.
import { newId } from '../../lib/ids.ts'
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db, Tx } from '../../platform/postgres.ts'
import type { Role, User } from '../contract.ts'
import { endLinks } from './mails.ts'
import { deleteSessions } from './sessions.ts'

export async function hasUsers(db: Db): Promise<boolean> {
  const found = await firstRow<{ found: boolean }>(db, sql`select exists (select 1 from users) as found`)
  return found?.found ?? false
}

export async function readUser(db: Db, id: string): Promise<User | undefined> {
  return firstRow<User>(db, sql`select id, email, name from users where id = ${id}`)
}

/** Everybody with an account, by address, with the workspaces that each may open. */
export async function readUsers(
  db: Db,
): Promise<(User & { twoFactor: boolean; workspaces: { slug: string; role: Role }[] })[]> {
  return rows(
    db,
    sql`select u.id, u.email, u.name, u.two_factor_enabled as "twoFactor",
          coalesce((
            select jsonb_agg(jsonb_build_object('slug', w.slug, 'role', m.role) order by w.mode, w.slug)
            from members m join teams t on t.id = m.team_id join workspaces w on w.team_id = t.id
            where m.user_id = u.id and t.deleted_at is null
          ), '[]') as workspaces
        from users u order by u.email`,
  )
}

export async function readUserByEmail(db: Db, email: string): Promise<User | undefined> {
  return firstRow<User>(db, sql`select id, email, name from users where email = ${email}`)
}

/** Adds a person who signs in with a password; undefined where the address has an account already. */
export async function insertUser(
  tx: Tx,
  user: { email: string; name: string; passwordHash: string },
): Promise<User | undefined> {
  const inserted = await firstRow<User>(
    tx,
    sql`insert into users (id, email, name) values (${newId()}, ${user.email}, ${user.name})
        on conflict (email) do nothing returning id, email, name`,
  )
  if (!inserted) return undefined
  await run(
    tx,
    sql`insert into credentials (id, user_id, provider_id, account_id, password)
        values (${newId()}, ${inserted.id}, 'credential', ${inserted.id}, ${user.passwordHash})`,
  )
  return inserted
}

export async function readPasswordHash(db: Db, userId: string): Promise<string | undefined> {
  const found = await firstRow<{ password: string | null }>(
    db,
    sql`select password from credentials where user_id = ${userId} and provider_id = 'credential'`,
  )
  return found?.password ?? undefined
}

/** Writes a new password, ends every session of the person but one, and every link of the account. */
export async function savePassword(
  tx: Tx,
  userId: string,
  passwordHash: string,
  keptSessionId: string | undefined,
): Promise<void> {
  await run(
    tx,
    sql`update credentials set password = ${passwordHash}, updated_at = now()
        where user_id = ${userId} and provider_id = 'credential'`,
  )
  await deleteSessions(tx, userId, keptSessionId ?? null)
  await endLinks(tx, userId)
}

/** Writes another name or address; false where the address belongs to somebody else. */
export async function savePerson(
  tx: Tx,
  userId: string,
  person: { name: string; email: string },
): Promise<boolean> {
  return (
    (await run(
      tx,
      sql`update users set name = ${person.name}, email = ${person.email}, updated_at = now()
          where id = ${userId} and not exists (select 1 from users o where o.email = ${person.email} and o.id <> ${userId})`,
    )) === 1
  )
}

export async function insertSetupCode(db: Db, hash: Buffer, now: Date): Promise<void> {
  await run(db, sql`insert into setup_codes (hash, created_at) values (${hash}, ${now})`)
}

export async function isSetupCode(db: Db, hash: Buffer): Promise<boolean> {
  return (await firstRow(db, sql`select 1 from setup_codes where hash = ${hash}`)) !== undefined
}

export async function deleteSetupCodes(tx: Tx): Promise<void> {
  await run(tx, sql`delete from setup_codes`)
}

/** Counts one more try under a key. A window that began before `windowStart` is over, and a new one begins `now`. */
export async function countTry(
  db: Db,
  key: Buffer,
  now: Date,
  windowStart: Date,
): Promise<{ tries: number; windowStartedAt: Date }> {
  const counted = await firstRow<{ tries: number; windowStartedAt: Date }>(
    db,
    sql`insert into sign_in_attempts as a (key, tries, window_started_at) values (${key}, 1, ${now})
        on conflict (key) do update set
          tries = case when a.window_started_at <= ${windowStart} then 1 else a.tries + 1 end,
          window_started_at = case when a.window_started_at <= ${windowStart} then ${now} else a.window_started_at end
        returning tries, window_started_at as "windowStartedAt"`,
  )
  if (!counted) throw new Error('insert into sign_in_attempts returned no row')
  return counted
}

/** Takes back the try that succeeded under each key, and clears away windows that are long over. */
export async function forgiveTries(db: Db, keys: Buffer[], windowStart: Date): Promise<void> {
  await run(
    db,
    sql`update sign_in_attempts set tries = greatest(tries - 1, 0) where key = any(${keys}::bytea[])`,
  )
  await run(db, sql`delete from sign_in_attempts where window_started_at <= ${windowStart}`)
}

/** Opens again what was closed by failed tries, under each key. */
export async function forgetTries(db: Db, keys: Buffer[]): Promise<void> {
  await run(db, sql`delete from sign_in_attempts where key = any(${keys}::bytea[])`)
}
