// Links of accounts: to set a new password, to confirm an address, to join. Each is made where it is sent or shown.
import type { Db } from '../platform/postgres.ts'
import { hashSecret, newToken } from './secrets.ts'
import { insertLink } from './store/mails.ts'
import type { AccountLink, MailRow } from './store/mails.ts'
import { saveMailedToken } from './store/team.ts'

const HOUR_MS = 3_600_000

/** For how long a link works. */
export const LINK_HOURS = { mailedReset: 1, shownReset: 24, emailChange: 24 } as const

/** Pages that links lead to. Behind the # a token stays out of logs and referrers. */
export const linkTo = {
  reset: (origin: string, token: string) => `${origin}/reset-password#${token}`,
  email: (origin: string, token: string) => `${origin}/confirm-email#${token}`,
  invitation: (origin: string, token: string) => `${origin}/invitation#${token}`,
}

/** Makes a token for a link, known to the database by its hash alone. */
export async function makeLink(db: Db, link: AccountLink, now: Date, hours: number): Promise<string> {
  const token = newToken()
  const expiresAt = new Date(now.getTime() + hours * HOUR_MS)
  await insertLink(db, hashSecret(token), { ...link, createdAt: now, expiresAt })
  return token
}

/** The link that a mail carries, made as it is sent; `void` where there is nothing left to open. */
export async function linkOf(db: Db, mail: MailRow, now: Date): Promise<string | 'void' | undefined> {
  const { kind, userId, facts } = mail
  if (kind === 'password_reset' || kind === 'email_change') {
    if (userId === null) return 'void'
    const email = kind === 'email_change' ? mail.to : null
    const hours = email === null ? LINK_HOURS.mailedReset : LINK_HOURS.emailChange
    const token = await makeLink(db, { userId, email, madeBy: `user:${userId}` }, now, hours)
    return email === null ? linkTo.reset(facts.origin, token) : linkTo.email(facts.origin, token)
  }
  if (kind !== 'invitation') return undefined
  const token = newToken()
  const isOpen = await saveMailedToken(db, facts.invitationId ?? '', hashSecret(token), now)
  return isOpen ? linkTo.invitation(facts.origin, token) : 'void'
}
