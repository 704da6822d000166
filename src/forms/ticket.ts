// Tickets: what a shown form carries, so that what comes back can be told from what was never shown, and how soon it came. Pure.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** A ticket is good for as long as a tab stays open over a day. */
const TICKET_MS = 24 * 3_600_000
/** Leading zero bits of the hash: 65,000 tries on average, about a second in a phone's browser and 10 microseconds to check. */
export const WORK_BITS = 16

/** `shownAt.nonce.signature`: signed for one form of one installation. */
export function makeTicket(secretKey: Uint8Array, formId: string, nonce: string, shownAt: Date): string {
  const said = `${shownAt.getTime().toString(36)}.${nonce}`
  return `${said}.${signature(secretKey, formId, said)}`
}

export type ReadTicket = { nonce: string; shownAt: Date } | { refused: 'ticket_invalid' | 'ticket_expired' }

/** Reads a ticket of this form, or says why it does not count. */
export function readTicket(secretKey: Uint8Array, formId: string, ticket: string, now: Date): ReadTicket {
  const [at = '', nonce = '', given = ''] = ticket.split('.')
  const expected = Buffer.from(signature(secretKey, formId, `${at}.${nonce}`))
  const sent = Buffer.from(given)
  if (sent.length !== expected.length || !timingSafeEqual(sent, expected))
    return { refused: 'ticket_invalid' }
  const shownAt = new Date(parseInt(at, 36))
  return now.getTime() - shownAt.getTime() > TICKET_MS ? { refused: 'ticket_expired' } : { nonce, shownAt }
}

/** Whether `sha256(ticket:count)` begins with enough zero bits. */
export function isWorkDone(ticket: string, count: string, bits = WORK_BITS): boolean {
  if (!/^\d{1,12}$/.test(count)) return false
  const hash = createHash('sha256').update(`${ticket}:${count}`).digest()
  return hash.readUInt32BE(0) >>> (32 - bits) === 0
}

/** A name for what must not be kept as it is, such as an address: the same for the same value of one workspace. */
export function keyedHash(
  secretKey: Uint8Array,
  purpose: string,
  workspaceId: string,
  value: string,
): string {
  return createHmac('sha256', secretKey)
    .update(`forms.${purpose}\n${workspaceId}\n${value}`)
    .digest('hex')
    .slice(0, 32)
}

/** The part of a confirmation's link that only this installation can make. */
export function linkSignature(secretKey: Uint8Array, confirmationId: string): string {
  return createHmac('sha256', secretKey).update(`forms.confirm\n${confirmationId}`).digest('base64url')
}

/** Whether a link's signature is right, in constant time. */
export function isLinkSigned(secretKey: Uint8Array, confirmationId: string, given: string): boolean {
  const expected = Buffer.from(linkSignature(secretKey, confirmationId))
  const sent = Buffer.from(given)
  return sent.length === expected.length && timingSafeEqual(sent, expected)
}

function signature(secretKey: Uint8Array, formId: string, said: string): string {
  return createHmac('sha256', secretKey)
    .update(`forms.ticket\n${formId}\n${said}`)
    .digest('base64url')
    .slice(0, 32)
}
