// Addresses that wait to be confirmed, in PostgreSQL.
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db, Tx } from '../../platform/postgres.ts'

export interface ConfirmationRow {
  id: string
  workspaceId: string
  formId: string
  formVersion: number
  submission: string
  email: string
  anonymousId: string
  consents: { purpose: string; wording: string }[]
  pageUrl: string
  origin: string
  ipHash: string
  submittedAt: Date
  /** held: no mail was sent, for the address had several that day */
  mailStatus: 'waiting' | 'sent' | 'failed' | 'held'
  mailAttempts: number
  mailWords: string | null
  confirmedAt: Date | null
}

export type NewConfirmation = Omit<ConfirmationRow, 'mailAttempts' | 'mailWords' | 'confirmedAt'>

/** @returns whether it is new: the same submission asks once */
export async function insertConfirmation(tx: Tx, one: NewConfirmation): Promise<boolean> {
  const written = await run(
    tx,
    sql`insert into form_confirmations (id, workspace_id, form_id, form_version, submission, email, anonymous_id, consents,
          page_url, origin, ip_hash, submitted_at, mail_status)
        values (${one.id}, ${one.workspaceId}, ${one.formId}, ${one.formVersion}, ${one.submission}, ${one.email},
          ${one.anonymousId}, ${JSON.stringify(one.consents)}::jsonb, ${one.pageUrl}, ${one.origin}, ${one.ipHash},
          ${one.submittedAt}, ${one.mailStatus})
        on conflict (form_id, submission) do nothing`,
  )
  return written > 0
}

export async function readConfirmation(db: Db, id: string): Promise<ConfirmationRow | undefined> {
  return firstRow(db, sql`select ${columns} from form_confirmations where id = ${id}`)
}

/** Notes what became of a try to send the mail. */
export async function saveMailTried(
  db: Db,
  id: string,
  tried: { status: ConfirmationRow['mailStatus']; words: string; triedAt: Date },
): Promise<void> {
  await run(
    db,
    sql`update form_confirmations set mail_status = ${tried.status}, mail_words = ${tried.words},
          tried_at = ${tried.triedAt}, mail_attempts = mail_attempts + 1 where id = ${id}`,
  )
}

/** @returns false where it was confirmed before */
export async function saveConfirmed(db: Db, id: string, now: Date): Promise<boolean> {
  const written = await run(
    db,
    sql`update form_confirmations set confirmed_at = ${now} where id = ${id} and confirmed_at is null`,
  )
  return written > 0
}

export interface ConfirmationCounts {
  waiting: number
  confirmed: number
  unsent: number
  words: string | null
}

export async function countConfirmations(
  db: Db,
  workspaceId: string,
  formId: string,
  since: Date,
): Promise<ConfirmationCounts> {
  const [found] = await rows<ConfirmationCounts>(
    db,
    sql`select count(*) filter (where confirmed_at is null and mail_status in ('waiting', 'sent'))::int as waiting,
          count(*) filter (where confirmed_at is not null)::int as confirmed,
          count(*) filter (where confirmed_at is null and mail_status in ('failed', 'held'))::int as unsent,
          (array_agg(mail_words order by tried_at desc) filter (where mail_words is not null and mail_status <> 'sent'))[1] as words
        from form_confirmations
        where workspace_id = ${workspaceId} and form_id = ${formId} and submitted_at >= ${since}`,
  )
  return found ?? { waiting: 0, confirmed: 0, unsent: 0, words: null }
}

/** Forgets addresses of people who were erased. @param names as they were known, in small letters too */
export async function deleteConfirmationsOf(tx: Db, workspaceId: string, names: string[]): Promise<void> {
  const small = names.map((one) => one.toLowerCase())
  await run(
    tx,
    sql`delete from form_confirmations where workspace_id = ${workspaceId}
          and (lower(email) = any(${small}::text[]) or anonymous_id = any(${names}::text[]))`,
  )
}

const columns = sql.raw(
  `id, workspace_id as "workspaceId", form_id as "formId", form_version as "formVersion", submission, email,
   anonymous_id as "anonymousId", consents, page_url as "pageUrl", origin, ip_hash as "ipHash", submitted_at as "submittedAt",
   mail_status as "mailStatus", mail_attempts as "mailAttempts", mail_words as "mailWords", confirmed_at as "confirmedAt"`,
)
