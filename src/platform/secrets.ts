// Seals what must not be read in the database or in an archive: AES-256-GCM under the installation's key.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/**
 * Seals a text under the installation's 32-byte key.
 * @param bound what the text belongs to, such as the id of its row: it opens there and nowhere else
 * @returns `v1.` and base64 of nonce (12 bytes), tag (16) and ciphertext
 */
export function seal(key: Uint8Array, text: string, bound: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(bound))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return `v1.${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')}`
}

/** The text that was sealed; null where another key sealed it, for another row, or it was changed since. */
export function unseal(key: Uint8Array, sealed: string, bound: string): string | null {
  if (!sealed.startsWith('v1.')) return null
  const bytes = Buffer.from(sealed.slice(3), 'base64')
  if (bytes.length < 28) return null
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
    .setAAD(Buffer.from(bound))
    .setAuthTag(bytes.subarray(12, 28))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}
