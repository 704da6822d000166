// The consent of a vendor: the browser is sent there with a state that works once, and comes back with a code for tokens.
import { workspaceSettings } from '../accounts/index.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import { Refusal, missing } from '../lib/refusal.ts'
import { digestOf, newSecret } from '../platform/chance.ts'
import { inTransaction } from '../platform/postgres.ts'
import { seal, unseal } from '../platform/secrets.ts'
import type { Caller } from '../platform/server.ts'
import { baseAddress, hiding } from './address.ts'
import type { Connector } from './connector.ts'
import { authoriseUrl, tradeCode } from './oauth.ts'
import { connectorOf } from './registry.ts'
import { openSecrets, secretsOf } from './secrets.ts'
import { holdTokens, insertState, readConnection, saveStanding, takeState } from './store.ts'
import type { ConnectionRow } from './store.ts'
import { keepTokens } from './tokens.ts'
import { bareRun } from './wire.ts'
import type { WireServices } from './wire.ts'

/** For how long a person may look at the vendor's page. */
const CONSENT_MS = 10 * 60_000

/** Begins a consent. @returns where the browser has to go */
export async function beginConsent(
  services: WireServices,
  caller: Pick<Caller, 'actor' | 'workspaceId'>,
  connector: Connector,
  connectionId: string,
  redirectUri: string,
  session: string,
): Promise<string> {
  const { oauth } = connector
  const row = await readConnection(services.db, caller.workspaceId, connectionId)
  if (!row || !oauth) throw missing('connection', connectionId)
  const { secrets } = openSecrets(services.secretKey, row)
  const given = { ...row.settings, ...secrets }
  const state = newSecret()
  const verifier = newSecret()
  await insertState(services.db, {
    stateHash: digestOf(state + session),
    workspaceId: caller.workspaceId,
    connectionId,
    actor: caller.actor,
    sealed: seal(services.secretKey, verifier, `consent:${connectionId}`),
    redirectUri,
    expiresAt: new Date(services.clock().getTime() + CONSENT_MS),
  })
  const base = await addressOfBase(services, connector, row, oauth.authoriseBase ?? 'api', given)
  return authoriseUrl(oauth, { base, clientId: oauth.client(given).id, redirectUri, state, verifier })
}

/**
 * Ends a consent: the state must be open and of this browser, and what came back the vendor's. Throws a Refusal that says what to
 * do where it is not; a vendor that hands out no tokens leaves its words on the connection.
 * @returns the connection, for the page to show
 */
export async function endConsent(
  services: WireServices,
  query: Readonly<Record<string, string>>,
  session: string,
): Promise<{ workspaceId: WorkspaceId; connectionId: string; problem: string | null }> {
  const now = services.clock()
  const state = await takeState(services.db, digestOf((query.state ?? '') + session), now)
  if (!state) {
    throw new Refusal(
      'consent_expired',
      400,
      'This consent was begun in another browser, over ten minutes ago, or was used already. Begin again from the page of the connection.',
    )
  }
  const { workspaceId, connectionId } = state
  const row = await readConnection(services.db, workspaceId, connectionId)
  const connector = row && connectorOf(row.connector)
  if (!row || !connector?.oauth) throw missing('connection', connectionId)
  const problem = await trade(services, connector, row, query, state)
  return { workspaceId: workspaceId as WorkspaceId, connectionId, problem }
}

async function trade(
  services: WireServices,
  connector: Connector,
  row: ConnectionRow,
  query: Readonly<Record<string, string>>,
  state: { sealed: string; redirectUri: string; actor: string },
): Promise<string | null> {
  const { oauth } = connector
  if (!oauth) return null
  const kept = openSecrets(services.secretKey, row)
  const given = { ...row.settings, ...kept.secrets }
  const refuse = async (problem: string) => {
    await saveStanding(services.db, row, { status: 'reconnect', problem })
    return problem
  }
  if (oauth.admits && !oauth.admits(query, given, services.clock()))
    return refuse(`What came back was not signed by ${connector.name}. Connect again.`)
  if (!query.code) {
    const words = query.error_description ?? query.error ?? 'no code'
    return refuse(`${connector.name} gave no consent: ${words.slice(0, 300)}. Connect again.`)
  }
  const verifier = unseal(services.secretKey, state.sealed, `consent:${row.id}`) ?? ''
  const { mode } = await workspaceSettings(services.db, row.workspaceId as WorkspaceId)
  const run = bareRun(services, connector, row.id, mode === 'test')
  const asked = { code: query.code, redirectUri: state.redirectUri, verifier }
  const granted = await run(given, tradeCode(oauth, oauth.client(given), asked, services.clock()))
  if (granted.kind !== 'granted')
    return refuse(
      `${connector.name} handed out no token: ${hiding(secretsOf(kept))(granted.words).slice(0, 300)}. Connect again.`,
    )
  await inTransaction(services.db, async (tx) => {
    await holdTokens(tx, row.id)
    // As they are by now: somebody may have changed the settings while the vendor was asked.
    const newest = await readConnection(tx, row.workspaceId, row.id)
    if (!newest) throw missing('connection', row.id)
    const renewed = { ...openSecrets(services.secretKey, newest), tokens: granted.tokens }
    await keepTokens(services, tx, newest, renewed, granted.tokens)
    await saveStanding(tx, row, { status: 'connected', problem: null })
  })
  return null
}

async function addressOfBase(
  { db, settings }: WireServices,
  connector: Connector,
  row: ConnectionRow,
  name: string,
  given: Record<string, unknown>,
): Promise<string> {
  const { mode } = await workspaceSettings(db, row.workspaceId as WorkspaceId)
  return baseAddress(connector, name, given, mode === 'test', settings).url
}
