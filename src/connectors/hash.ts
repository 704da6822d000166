// SHA-256 of normalised words about a person, as ad networks want them; what is hashed already stays as it is. Pure.
import { createHash } from 'node:crypto'

/** Lower-case hexadecimal SHA-256. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Whether a word is a hash already: 64 hexadecimal digits, or the 32 of MD5. */
export function isHashed(text: string): boolean {
  return /^(?:[a-f0-9]{64}|[a-f0-9]{32})$/i.test(text)
}
