// Jobs of accounts: system mails, each sent until the mail server takes it or enough tries have failed.
import { inTransaction } from '../platform/postgres.ts'
import type { Db } from '../platform/postgres.ts'
import { enqueue } from '../platform/jobs.ts'
import type { Task } from '../platform/jobs.ts'
import { mailServer, postLetter } from '../platform/mail.ts'
import type { Services } from '../platform/services.ts'
import { REMEMBERED_MS } from './cache.ts'
import { linkOf } from './links.ts'
import { composeMail } from './mailing.ts'
import { readUserByEmail } from './store/people.ts'
import { insertMail, readMail, saveTried } from './store/mails.ts'
import type { NewMail } from './store/mails.ts'

/** The queue waits e, e², e³ ... seconds between tries: the last one comes about 80 minutes after the first. */
export const MAIL_ATTEMPTS = 9

/** Puts a mail on the queue, in the transaction that causes it. @returns its id */
export async function queueMail(tx: Db, now: Date, mail: NewMail): Promise<string> {
  const id = await insertMail(tx, mail, now)
  await enqueue(tx, 'accounts.send_mail', { id }, { maxAttempts: MAIL_ATTEMPTS })
  return id
}

/**
 * Notes that somebody signed out asks for a new password. Whether the address has an account is looked up by the job, so
 * that asking takes the same time and leaves the same trace for every address.
 */
export async function queueResetRequest(db: Db, email: string, origin: string): Promise<void> {
  await enqueue(db, 'accounts.answer_reset_request', { email, origin }, { maxAttempts: 5 })
}

/** Has a deleted team's workspaces emptied, once no process takes anything for them that it remembers the keys of. */
export async function queuePurge(tx: Db, teamId: string, now: Date): Promise<void> {
  const runAt = new Date(now.getTime() + 2 * REMEMBERED_MS)
  await enqueue(tx, 'accounts.purge_team', { teamId }, { key: `purge ${teamId}`, runAt })
}

/** What the jobs do; `accounts.purge_team` reaches into every module and stands in src/tasks.ts. */
export function accountTasks(services: Pick<Services, 'db' | 'clock' | 'settings'>): Record<string, Task> {
  return {
    'accounts.send_mail': (payload) => sendMail(services, String(payload.id)),
    'accounts.answer_reset_request': async ({ email, origin }) => {
      const user = await readUserByEmail(services.db, String(email))
      if (!user) return
      await inTransaction(services.db, (tx) =>
        queueMail(tx, services.clock(), {
          kind: 'password_reset',
          userId: user.id,
          to: user.email,
          facts: { origin: String(origin) },
        }),
      )
    },
  }
}

async function sendMail({ db, clock, settings }: Pick<Services, 'db' | 'clock' | 'settings'>, id: string) {
  const mail = await readMail(db, id)
  if (mail?.status !== 'waiting') return
  const tell = (status: 'waiting' | 'sent' | 'failed', words: string) =>
    saveTried(db, id, { status, words, triedAt: clock() })
  const server = mailServer(settings)
  if (!server) return tell('failed', 'SMTP_URL and MAIL_FROM are no longer set.')
  const link = await linkOf(db, mail, clock())
  if (link === 'void') return tell('failed', 'Not sent: it was taken back or is over.')
  const posted = await postLetter(settings, {
    to: mail.to,
    ...composeMail(mail.kind, mail.facts, link),
    messageId: `<${id}@${domainOf(server.from)}>`,
  })
  if (posted.isSent) return tell('sent', posted.words)
  const isLast = posted.isFinal || mail.attempts + 1 >= MAIL_ATTEMPTS
  await tell(isLast ? 'failed' : 'waiting', posted.words)
  // The server's words may name a person, so they stay out of the log.
  if (!isLast) throw new Error(`mail ${id} was not taken by the mail server`)
}

function domainOf(from: string): string {
  return /@([^\s@<>]+)>?$/.exec(from.trim())?.[1] ?? 'localhost'
}
