// Random secrets with a readable beginning, and the hashes under which the database knows them.
import { createHash, randomBytes, randomInt } from 'node:crypto'
import type { WorkspaceMode } from './contract.ts'

/** A fresh API key, 256 bits: `tl_live_...` or `tl_test_...`. */
export function newApiKey(mode: WorkspaceMode): { key: string; prefix: string } {
  const key = `tl_${mode}_${randomBytes(32).toString('base64url')}`
  return { key, prefix: key.slice(0, 12) }
}

/** A fresh write key, 96 bits: `wk_live_...`; no colon, for it travels as the name in basic authentication. */
export function newWriteKey(mode: WorkspaceMode): string {
  return `wk_${mode}_${randomBytes(12).toString('hex')}`
}

/** A fresh token for a link, 256 bits. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** A code that a person types off a terminal or a sheet of paper, 49 bits: `K7QM3-XWD9F`, without letters that look like digits. */
export function newTypedCode(): string {
  const signs = Array.from({ length: 10 }, () => CODE_SIGNS[randomInt(CODE_SIGNS.length)])
  return `${signs.slice(0, 5).join('')}-${signs.slice(5).join('')}`
}

/** SHA-256: enough for secrets of this length, and quick enough for every call. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

/** A typed code as it was made: case, spaces and the dash do not matter. */
export function readTypedCode(typed: string): string {
  const signs = typed.toUpperCase().replaceAll(/[^0-9A-Z]/g, '')
  return `${signs.slice(0, 5)}-${signs.slice(5)}`
}

const CODE_SIGNS = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
