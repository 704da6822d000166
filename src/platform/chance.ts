// Random secrets for what is proved later: states and verifiers of OAuth, secrets of webhooks.
import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits, as a text that a URL takes as it is. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** SHA-256, under which the database knows a secret of that length. */
export function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
