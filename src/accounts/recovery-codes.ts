// Recovery codes: made ten at a time, typed by hand once each, and kept as hashes under the installation's key.
import { createHmac } from 'node:crypto'
import { newTypedCode, readTypedCode } from './secrets.ts'

const HASHED = 'hmac:'

/** Ten fresh codes of 49 bits, as they are shown. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: 10 }, newTypedCode)
}

/** A typed code as it is kept; case, spaces and the dash do not matter. */
export function hashRecoveryCode(key: Buffer, typed: string): string {
  return HASHED + createHmac('sha256', key).update(readTypedCode(typed)).digest('base64url')
}

/**
 * How better-auth writes and reads its list of codes. It takes a used code out and writes the rest again, so what is hashed
 * already stays as it is; nobody can type a hash, for what is typed is hashed before it is compared.
 */
export function keepRecoveryCodes(key: Buffer) {
  return {
    encrypt: (list: string) =>
      Promise.resolve(
        JSON.stringify(
          (JSON.parse(list) as string[]).map((code) =>
            code.startsWith(HASHED) ? code : hashRecoveryCode(key, code),
          ),
        ),
      ),
    decrypt: (kept: string) => Promise.resolve(kept),
  }
}
