// What a connection keeps sealed: the secrets among its settings, and its tokens.
import { Refusal } from '../lib/refusal.ts'
import { seal, unseal } from '../platform/secrets.ts'
import type { Tokens } from './oauth.ts'
import type { ConnectionRow } from './store.ts'

export interface Kept {
  secrets: Record<string, string>
  tokens?: Tokens
}

/** Seals what a connection keeps, for its id alone. */
export function sealSecrets(key: Uint8Array, id: string, kept: Kept): string {
  return seal(key, JSON.stringify(kept), `connection:${id}`)
}

/** Opens it again; refuses (409) where another SECRET_KEY sealed it. */
export function openSecrets(
  key: Uint8Array,
  { id, name, sealed }: Pick<ConnectionRow, 'id' | 'name' | 'sealed'>,
): Kept {
  if (sealed === '') return { secrets: {} }
  const text = unseal(key, sealed, `connection:${id}`)
  if (text === null) {
    throw new Refusal(
      'secrets_unreadable',
      409,
      `The secrets of ${name} were sealed under another SECRET_KEY: enter them again, or start with the key of then.`,
    )
  }
  return JSON.parse(text) as Kept
}

/** Each of them, to be taken out of texts. */
export function secretsOf({ secrets, tokens }: Kept): string[] {
  return [...Object.values(secrets), tokens?.accessToken ?? '', tokens?.refreshToken ?? '']
}
