// Jobs of forms: the mail that asks to confirm an address, tried until the mail server takes it, and clearing away what is old.
import { enqueue } from '../platform/jobs.ts'
import type { Task } from '../platform/jobs.ts'
import { mailServer, postLetter } from '../platform/mail.ts'
import type { Tx } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import { confirmationLink } from './confirming.ts'
import { confirmationLetter } from './letter.ts'
import { insertConfirmation, readConfirmation, saveMailTried } from './store/confirmations.ts'
import type { NewConfirmation } from './store/confirmations.ts'
import { deleteOld, readForm, readVersion } from './store/forms.ts'

/** The queue waits e, e², e³ ... seconds between tries: the last one comes about 80 minutes after the first. */
const MAIL_ATTEMPTS = 9
/** Addresses that wait to be confirmed, or were, are kept this long; the consent itself stays with the lead. */
const KEEP_DAYS = 30

/**
 * Notes an address to be confirmed and has the mail sent, in the transaction that causes it.
 * @param asked.hasRoom whether the mailbox may get one more mail today; asked for a new one only
 */
export async function queueConfirmation(
  tx: Tx,
  { hasRoom, ...asked }: Omit<NewConfirmation, 'mailStatus'> & { hasRoom: () => Promise<boolean> },
): Promise<void> {
  if (!(await insertConfirmation(tx, { ...asked, mailStatus: 'waiting' }))) return
  if (await hasRoom()) {
    await enqueue(tx, 'forms.send_confirmation', { id: asked.id }, { maxAttempts: MAIL_ATTEMPTS })
    return
  }
  const words = 'Not sent: this address had three mails of this form within a day.'
  await saveMailTried(tx, asked.id, { status: 'held', words, triedAt: asked.submittedAt })
}

export function formTasks(
  services: Pick<Services, 'db' | 'clock' | 'settings' | 'secretKey'>,
): Record<string, Task> {
  return {
    'forms.send_confirmation': (payload) => sendConfirmation(services, String(payload.id)),
    'forms.tidy': () => deleteOld(services.db, services.clock(), KEEP_DAYS),
  }
}

/** When. */
export const formCron = { task: 'forms.tidy', match: '17 * * * *' }

async function sendConfirmation(
  { db, clock, settings, secretKey }: Pick<Services, 'db' | 'clock' | 'settings' | 'secretKey'>,
  id: string,
): Promise<void> {
  const confirmation = await readConfirmation(db, id)
  if (confirmation?.mailStatus !== 'waiting' || confirmation.confirmedAt !== null) return
  const { workspaceId, formId, formVersion } = confirmation
  const form = await readForm(db, workspaceId, formId)
  const definition = await readVersion(db, { workspaceId, formId, version: formVersion })
  if (!form || !definition) return
  const tell = (status: 'waiting' | 'sent' | 'failed', words: string) =>
    saveMailTried(db, id, { status, words, triedAt: clock() })
  const server = mailServer(settings)
  if (!server) return tell('failed', 'SMTP_URL and MAIL_FROM are no longer set.')
  const link = confirmationLink(secretKey, confirmation)
  const posted = await postLetter(settings, {
    to: confirmation.email,
    ...confirmationLetter(definition, link),
    messageId: `<${id}@${/@([^\s@<>]+)>?$/.exec(server.from.trim())?.[1] ?? 'localhost'}>`,
  })
  if (posted.isSent) return tell('sent', posted.words)
  const isLast = posted.isFinal || confirmation.mailAttempts + 1 >= MAIL_ATTEMPTS
  await tell(isLast ? 'failed' : 'waiting', posted.words)
  // The server's words may name a person, so they stay out of the log.
  if (!isLast) throw new Error(`the confirmation ${id} was not taken by the mail server`)
}
