// System mails and the links of accounts in PostgreSQL.
import { newId } from '../../lib/ids.ts'
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db, Tx } from '../../platform/postgres.ts'
import type { MailKind } from '../contract.ts'
import type { MailFacts } from '../mailing.ts'

export interface MailRow {
  id: string
  teamId: string | null
  userId: string | null
  kind: MailKind
  to: string
  facts: MailFacts
  status: 'waiting' | 'sent' | 'failed'
  attempts: number
  words: string | null
  createdAt: Date
  triedAt: Date | null
}

export type NewMail = Pick<MailRow, 'kind' | 'to' | 'facts'> & { teamId?: string; userId?: string }

const columns = sql`id, team_id as "teamId", user_id as "userId", kind, to_address as "to", facts, status, attempts, words,
  created_at as "createdAt", tried_at as "triedAt"`

export async function insertMail(tx: Db, mail: NewMail, now: Date): Promise<string> {
  const id = newId()
  await run(
    tx,
    sql`insert into system_mails (id, team_id, user_id, kind, to_address, facts, created_at)
        values (${id}, ${mail.teamId ?? null}, ${mail.userId ?? null}, ${mail.kind}, ${mail.to},
                ${JSON.stringify(mail.facts)}::jsonb, ${now})`,
  )
  return id
}

export async function readMail(db: Db, id: string): Promise<MailRow | undefined> {
  return firstRow<MailRow>(db, sql`select ${columns} from system_mails where id = ${id}`)
}

/** Mails of the team and of its members, newest first. */
export async function readMails(db: Db, teamId: string, limit: number): Promise<MailRow[]> {
  return rows<MailRow>(
    db,
    sql`select ${columns} from system_mails m
        where m.team_id = ${teamId}
          or (m.team_id is null and m.user_id in (select user_id from members where team_id = ${teamId}))
        order by m.id desc limit ${limit}`,
  )
}

export async function saveTried(
  db: Db,
  id: string,
  tried: { status: MailRow['status']; words: string; triedAt: Date },
): Promise<void> {
  await run(
    db,
    sql`update system_mails set status = ${tried.status}, words = ${tried.words}, tried_at = ${tried.triedAt},
          attempts = attempts + 1 where id = ${id}`,
  )
}

/** A link that sets a new password, or confirms a new address. */
export interface AccountLink {
  userId: string
  /** the new address, where it confirms one */
  email: string | null
  madeBy: string
}

export async function insertLink(
  tx: Db,
  tokenHash: Buffer,
  link: AccountLink & { createdAt: Date; expiresAt: Date },
): Promise<void> {
  const purpose = link.email === null ? 'password_reset' : 'email_change'
  await run(
    tx,
    sql`insert into account_links (token_hash, purpose, user_id, email, made_by, created_at, expires_at)
        values (${tokenHash}, ${purpose}, ${link.userId}, ${link.email}, ${link.madeBy}, ${link.createdAt},
                ${link.expiresAt})`,
  )
}

/** A link that works now; `lock` keeps others from using it until the end of the transaction. */
export async function readLink(
  db: Db,
  purpose: 'password_reset' | 'email_change',
  tokenHash: Buffer,
  now: Date,
  lock = false,
): Promise<AccountLink | undefined> {
  return firstRow<AccountLink>(
    db,
    sql`select user_id as "userId", email, made_by as "madeBy" from account_links
        where token_hash = ${tokenHash} and purpose = ${purpose} and expires_at > ${now}
        ${lock ? sql`for update` : sql``}`,
  )
}

/** Ends every link that a person has, and stops those whose mail still waits. */
export async function endLinks(tx: Tx, userId: string): Promise<void> {
  await run(tx, sql`delete from account_links where user_id = ${userId}`)
  await run(
    tx,
    sql`update system_mails set status = 'failed', words = 'Not sent: the account was changed meanwhile.'
        where user_id = ${userId} and status = 'waiting' and kind in ('password_reset', 'email_change')`,
  )
}

/** Clears away what is over: mails after `mailDays`, links, sessions and questions for a code once they do not work. */
export async function deleteStale(db: Db, now: Date, mailDays: number): Promise<void> {
  await run(
    db,
    sql`delete from system_mails where created_at < ${now}::timestamptz - make_interval(days => ${mailDays})`,
  )
  await run(db, sql`delete from account_links where expires_at <= ${now}`)
  await run(db, sql`delete from sessions where expires_at <= ${now}`)
  await run(db, sql`delete from verifications where expires_at <= ${now}`)
}
