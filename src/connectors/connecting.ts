// Connecting vendors: what is given is read by the connector's schema, sealed, checked with one call, and presented without secrets.
import { z } from 'zod'
import { record, workspaceSettings } from '../accounts/index.ts'
import type { BodyOf, ReplyOf } from '../lib/endpoint.ts'
import { newId } from '../lib/ids.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import { Refusal, missing } from '../lib/refusal.ts'
import { urlProblem } from '../platform/public-address.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Tx } from '../platform/postgres.ts'
import type { Caller } from '../platform/server.ts'
import { beginConsent } from './authorising.ts'
import { capabilitiesOf } from './connector.ts'
import type { Connector } from './connector.ts'
import type * as contract from './contract.ts'
import type { Connection, ConnectorCard } from './contract.ts'
import { fieldsOf, secretNames } from './fields.ts'
import { revokeToken } from './oauth.ts'
import { connectorOf, connectors } from './registry.ts'
import { openSecrets, sealSecrets } from './secrets.ts'
import * as store from './store.ts'
import type { ConnectionRow } from './store.ts'
import { bareRun, openWire } from './wire.ts'
import type { WireServices } from './wire.ts'

/** What modules above do when a connection goes: in the transaction that takes it away. */
export type OnDisconnect = (tx: Tx, workspaceId: string, connectionId: string) => Promise<void>

/** The catalogue of vendors, and a workspace's connections. */
export async function listConnections(
  services: WireServices,
  workspaceId: WorkspaceId,
): Promise<ReplyOf<typeof contract.listConnections>> {
  const isTest = await isTestWorkspace(services, workspaceId)
  const found = await store.readConnections(services.db, workspaceId)
  return {
    catalogue: connectors.map(cardOf),
    items: found.filter((row) => connectorOf(row.connector)).map((row) => present(row, isTest)),
  }
}

export async function getConnection(
  services: WireServices,
  workspaceId: WorkspaceId,
  id: string,
): Promise<Connection> {
  const { row } = await find(services.db, workspaceId, id)
  return present(row, await isTestWorkspace(services, workspaceId))
}

/**
 * Connects a vendor. Settings that cannot be right are refused (400 `settings_invalid`); what the vendor does not accept is kept
 * as a connection that says so, so that it can be put right.
 * @param redirectUri where a vendor sends the browser back to
 * @param session what binds a consent to the browser that asked for it
 */
export async function connect(
  services: WireServices,
  caller: Caller,
  wanted: BodyOf<typeof contract.connect>,
  redirectUri: string,
  session: string,
): Promise<ReplyOf<typeof contract.connect>> {
  const connector = connectorOf(wanted.connector)
  if (!connector) {
    throw new Refusal(
      'connector_unknown',
      400,
      `There is no connector ${wanted.connector}. Known are ${connectors.map(({ id }) => id).join(', ')}.`,
    )
  }
  const { open, secrets } = split(connector, readGiven(services, connector, wanted.settings))
  const id = newId()
  const row = {
    id,
    workspaceId: caller.workspaceId,
    connector: connector.id,
    name: wanted.name ?? connector.name,
    status: 'connecting' as const,
    settings: open,
    sealed: sealSecrets(services.secretKey, id, { secrets }),
    secretNames: Object.keys(secrets),
    createdBy: caller.actor,
  }
  await inTransaction(services.db, async (tx) => {
    await store.insertConnection(tx, row, services.clock())
    await record(tx, {
      caller,
      action: 'connection_made',
      subject: `connection:${id}`,
      after: { connector: connector.id, name: row.name },
    })
  })
  return afterwards(services, caller, connector, id, redirectUri, session)
}

/** Changes a connection; a secret that is not named stays. */
export async function updateConnection(
  services: WireServices,
  caller: Caller,
  id: string,
  wanted: BodyOf<typeof contract.updateConnection>,
  redirectUri: string,
  session: string,
): Promise<ReplyOf<typeof contract.updateConnection>> {
  const { connector } = await inTransaction(services.db, async (tx) => {
    // Secrets and tokens are sealed as one: a pair that is renewed meanwhile would be lost.
    await store.holdTokens(tx, id)
    const { row, connector } = await find(tx, caller.workspaceId, id)
    const kept = openSecrets(services.secretKey, row)
    const whole = { ...row.settings, ...kept.secrets, ...dropEmptySecrets(connector, wanted.settings ?? {}) }
    const { open, secrets } = split(connector, readGiven(services, connector, whole))
    const changed = {
      ...row,
      name: wanted.name ?? row.name,
      settings: open,
      secretNames: Object.keys(secrets),
      sealed: sealSecrets(services.secretKey, id, { ...kept, secrets }),
    }
    await store.saveSettings(tx, changed, services.clock())
    await record(tx, {
      caller,
      action: 'connection_changed',
      subject: `connection:${id}`,
      before: { name: row.name, ...row.settings },
      after: { name: changed.name, ...open },
    })
    return { connector }
  })
  const row = await store.readConnection(services.db, caller.workspaceId, id)
  if (wanted.settings === undefined || (connector.oauth && row?.status === 'connected')) {
    return { connection: await getConnection(services, caller.workspaceId, id), authoriseUrl: null }
  }
  return afterwards(services, caller, connector, id, redirectUri, session)
}

/** Asks the vendor with one call, and writes down how the connection fares. */
export async function checkConnection(
  services: WireServices,
  workspaceId: WorkspaceId,
  id: string,
): Promise<Connection> {
  await find(services.db, workspaceId, id)
  const wire = await openWire(services, workspaceId, id)
  const found = await wire.run((link) => wire.connector.check(link), 0)
  await wire.flush()
  const now = services.clock()
  await store.saveStanding(
    services.db,
    wire.connection,
    found.ok
      ? { status: 'connected', problem: null, account: found.account, checkedAt: now }
      : {
          status: found.isAuthorisation ? 'reconnect' : 'failing',
          problem: wire.hide(found.problem),
          checkedAt: now,
        },
  )
  return getConnection(services, workspaceId, id)
}

/** The vendor's consent, begun again. */
export async function reconnect(
  services: WireServices,
  caller: Caller,
  id: string,
  redirectUri: string,
  session: string,
): Promise<{ authoriseUrl: string }> {
  const { connector } = await find(services.db, caller.workspaceId, id)
  if (!connector.oauth) {
    throw new Refusal(
      'consent_not_needed',
      409,
      `${connector.name} is connected by its settings alone: change those instead.`,
    )
  }
  return { authoriseUrl: await beginConsent(services, caller, connector, id, redirectUri, session) }
}

/** Forgets a connection; the vendor is told where it takes tokens back. */
export async function disconnect(
  services: WireServices,
  caller: Caller,
  id: string,
  onDisconnect: OnDisconnect,
): Promise<void> {
  const { row, connector } = await find(services.db, caller.workspaceId, id)
  await giveBack(services, connector, row)
  await inTransaction(services.db, async (tx) => {
    await onDisconnect(tx, caller.workspaceId, id)
    await store.deleteConnection(tx, caller.workspaceId, id)
    await record(tx, {
      caller,
      action: 'connection_removed',
      subject: `connection:${id}`,
      before: { connector: row.connector, name: row.name },
    })
  })
}

export async function listCalls(
  services: WireServices,
  workspaceId: WorkspaceId,
  id: string,
  limit: number,
): Promise<ReplyOf<typeof contract.listVendorCalls>> {
  await find(services.db, workspaceId, id)
  const found = await store.readCalls(services.db, workspaceId, id, limit)
  return { items: found.map((line) => ({ ...line, calledAt: line.calledAt.toISOString() })) }
}

async function afterwards(
  services: WireServices,
  caller: Caller,
  connector: Connector,
  id: string,
  redirectUri: string,
  session: string,
): Promise<ReplyOf<typeof contract.connect>> {
  if (connector.oauth) {
    const authoriseUrl = await beginConsent(services, caller, connector, id, redirectUri, session)
    return { connection: await getConnection(services, caller.workspaceId, id), authoriseUrl }
  }
  return { connection: await checkConnection(services, caller.workspaceId, id), authoriseUrl: null }
}

async function find(
  db: WireServices['db'],
  workspaceId: string,
  id: string,
): Promise<{ row: ConnectionRow; connector: Connector }> {
  const row = await store.readConnection(db, workspaceId, id)
  const connector = row && connectorOf(row.connector)
  if (!row || !connector) throw missing('connection', id)
  return { row, connector }
}

function cardOf(connector: Connector): ConnectorCard {
  return {
    id: connector.id,
    name: connector.name,
    summary: connector.summary,
    initials: connector.initials,
    capabilities: capabilitiesOf(connector),
    usesOAuth: connector.oauth !== undefined,
    fields: fieldsOf(connector.settings),
  }
}

// What the schema says in words, field by field, and that the user's own addresses may be called.
function readGiven(
  { settings }: Pick<WireServices, 'settings'>,
  connector: Connector,
  given: Record<string, unknown>,
): Record<string, unknown> {
  const filled = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''))
  const read = connector.settings.safeParse(filled)
  if (!read.success) {
    const labels = new Map(fieldsOf(connector.settings).map(({ key, label }) => [key, label]))
    const problems = read.error.issues.map((issue) => ({
      field: String(issue.path[0] ?? ''),
      problem: issue.message,
    }))
    const first = problems[0]
    throw new Refusal(
      'settings_invalid',
      400,
      `${labels.get(first?.field ?? '') ?? 'A setting'}: ${first?.problem ?? 'is not valid'}.`,
      { details: { problems } },
    )
  }
  for (const base of Object.values(connector.bases)) {
    const address = base.setting === undefined ? undefined : read.data[base.setting]
    const problem = typeof address === 'string' ? urlProblem(address, settings.privateHosts) : null
    if (problem) throw new Refusal('address_refused', 400, problem)
  }
  return z.record(z.string(), z.unknown()).parse(read.data)
}

function split(
  connector: Connector,
  whole: Record<string, unknown>,
): { open: Record<string, unknown>; secrets: Record<string, string> } {
  const names = new Set(secretNames(connector.settings))
  const open: Record<string, unknown> = {}
  const secrets: Record<string, string> = {}
  for (const [name, value] of Object.entries(whole)) {
    if (!names.has(name)) open[name] = value
    else if (typeof value === 'string' && value !== '') secrets[name] = value
  }
  return { open, secrets }
}

// A form sends a secret that was left alone as an empty text.
function dropEmptySecrets(connector: Connector, given: Record<string, unknown>): Record<string, unknown> {
  const names = new Set(secretNames(connector.settings))
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => !(names.has(name) && value === '')),
  )
}

async function giveBack(services: WireServices, connector: Connector, row: ConnectionRow): Promise<void> {
  const { oauth } = connector
  if (!oauth) return
  const { secrets, tokens } = openSecrets(services.secretKey, row)
  if (!tokens) return
  const given = { ...row.settings, ...secrets }
  const isTest = await isTestWorkspace(services, row.workspaceId as WorkspaceId)
  const run = bareRun(services, connector, row.id, isTest)
  await run(given, revokeToken(oauth, oauth.client(given), tokens.refreshToken ?? tokens.accessToken))
}

async function isTestWorkspace({ db }: Pick<WireServices, 'db'>, workspaceId: WorkspaceId): Promise<boolean> {
  return (await workspaceSettings(db, workspaceId)).mode === 'test'
}

// Lists its fields, so that nothing leaks by accident.
function present(row: ConnectionRow, isSandbox: boolean): Connection {
  return {
    id: row.id,
    connector: row.connector,
    name: row.name,
    status: row.status,
    problem: row.problem,
    account: row.account,
    settings: row.settings,
    secrets: row.secretNames,
    scopes: row.scopes,
    isSandbox,
    checkedAt: row.checkedAt?.toISOString() ?? null,
    lastEventAt: row.lastEventAt?.toISOString() ?? null,
    tokenExpiresAt: row.tokenExpiresAt?.toISOString() ?? null,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }
}
