// Signatures of the Standard Webhooks specification, symmetric form: https://github.com/standard-webhooks/standard-webhooks
import { createHmac, timingSafeEqual } from 'node:crypto'

/** What stands before a secret that is written out. */
const PREFIX = 'whsec_'

/** A secret as it is written out, of 24 to 64 random bytes. */
export function webhookSecret(bytes: Uint8Array): string {
  return PREFIX + Buffer.from(bytes).toString('base64')
}

/**
 * The signature of a body under one secret: `v1,` and base64 of HMAC-SHA256.
 * @param timestamp seconds since 1970, of the attempt
 */
export function webhookSignature(secret: string, id: string, timestamp: number, body: string): string {
  const key = Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64')
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}

/** Whether one of the signatures of a header, with spaces between, is that of the body; in constant time. */
export function isSignedWith(
  secret: string,
  header: string,
  { id, timestamp, body }: { id: string; timestamp: number; body: string },
): boolean {
  const wanted = Buffer.from(webhookSignature(secret, id, timestamp, body))
  return header.split(' ').some((given) => {
    const bytes = Buffer.from(given)
    return bytes.length === wanted.length && timingSafeEqual(bytes, wanted)
  })
}
