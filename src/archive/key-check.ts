// Tells whether a key is the one under which an archive's values were sealed, without giving it away.
import { createHmac } from 'node:crypto'

/** 128 bits of an HMAC under the key, in hexadecimal digits. */
export function keyCheckOf(secretKey: Buffer): string {
  return createHmac('sha256', secretKey).update('archive.key_check').digest('hex').slice(0, 32)
}
