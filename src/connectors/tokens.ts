// Tokens of OAuth kept fresh: refreshed by one at a time, the new pair stored at once, and a lost right told to a person.
import { inTransaction } from '../platform/postgres.ts'
import { hiding } from './address.ts'
import type { Connector } from './connector.ts'
import { refreshTokens } from './oauth.ts'
import type { Tokens } from './oauth.ts'
import { openSecrets, sealSecrets, secretsOf } from './secrets.ts'
import type { Kept } from './secrets.ts'
import { holdTokens, readConnection, saveStanding, saveTokens } from './store.ts'
import type { ConnectionRow } from './store.ts'
import type { BareRun, WireServices } from './wire.ts'

/** A token that ends within this time is refreshed before it is used. */
const EARLY_MS = 60_000

/** What a connection keeps, with a token that lives on for a minute at least where it can be had. */
export async function freshKept(
  services: WireServices,
  connector: Connector,
  connection: ConnectionRow,
  run: BareRun,
): Promise<Kept> {
  const kept = openSecrets(services.secretKey, connection)
  const endsAt = kept.tokens?.expiresAt
  const isEnding = endsAt && Date.parse(endsAt) - services.clock().getTime() < EARLY_MS
  if (!isEnding || !kept.tokens?.refreshToken) return kept
  return (await refreshed(services, connector, connection, run, kept)) ?? kept
}

/**
 * Refreshes the tokens of a connection, unless somebody else has meanwhile.
 * @returns what it keeps then; null where the vendor gave none. Rights that are gone are written down for a person.
 */
export async function refreshed(
  services: WireServices,
  connector: Connector,
  connection: ConnectionRow,
  run: BareRun,
  before: Kept,
): Promise<Kept | null> {
  const { oauth } = connector
  if (!oauth) return null
  return inTransaction(services.db, async (tx) => {
    await holdTokens(tx, connection.id)
    const row = await readConnection(tx, connection.workspaceId, connection.id)
    if (!row) return null
    const kept = openSecrets(services.secretKey, row)
    if (!kept.tokens?.refreshToken) return null
    if (kept.tokens.accessToken !== before.tokens?.accessToken) return kept
    const given = { ...row.settings, ...kept.secrets }
    const now = services.clock()
    const granted = await run(given, refreshTokens(oauth, oauth.client(given), kept.tokens, now))
    if (granted.kind === 'granted') {
      const renewed = { ...kept, tokens: granted.tokens }
      await keepTokens(services, tx, row, renewed, granted.tokens)
      return renewed
    }
    if (granted.kind === 'gone') {
      const hide = hiding(secretsOf(kept))
      await saveStanding(tx, row, {
        status: 'reconnect',
        problem: `${connector.name} no longer accepts this connection: connect again. It said: ${hide(granted.words).slice(0, 300)}`,
      })
    }
    return null
  })
}

/** Seals and dates tokens. */
export async function keepTokens(
  services: Pick<WireServices, 'secretKey' | 'clock'>,
  db: Parameters<typeof saveTokens>[0],
  row: ConnectionRow,
  kept: Kept,
  tokens: Tokens,
): Promise<void> {
  await saveTokens(
    db,
    {
      id: row.id,
      workspaceId: row.workspaceId,
      sealed: sealSecrets(services.secretKey, row.id, kept),
      scopes: tokens.scopes,
      tokenExpiresAt: tokens.expiresAt === null ? null : new Date(tokens.expiresAt),
    },
    services.clock(),
  )
}
