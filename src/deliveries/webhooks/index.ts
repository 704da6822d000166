// The verbs of outgoing webhooks: make, change, rotate, test and delete them, and tell them what happened.
import { record } from '../../accounts/index.ts'
import {
  deleteConnection,
  insertConnection,
  openSecrets,
  openWire,
  ownServer,
  postEvent,
  readConnection,
  readConnections,
  saveSettings,
  saveStanding,
  sealSecrets,
  showRequests,
} from '../../connectors/index.ts'
import type { ConnectionRow } from '../../connectors/index.ts'
import type { BodyOf, ReplyOf } from '../../lib/endpoint.ts'
import { newId } from '../../lib/ids.ts'
import { Refusal, missing } from '../../lib/refusal.ts'
import { webhookSecret } from '../../lib/webhook-signature.ts'
import { newSecret } from '../../platform/chance.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Db, Tx } from '../../platform/postgres.ts'
import { urlProblem } from '../../platform/public-address.ts'
import type { Caller } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import { queueSending } from '../jobs.ts'
import { withholdWaiting } from '../store.ts'
import type * as contract from './contract.ts'
import type { Webhook, WebhookType } from './contract.ts'
import { bodyOf, exampleOf, headersOf } from './message.ts'
import { WEBHOOK_KIND, secretsOf, webhookShipper } from './shipping.ts'
import { insertNews } from './store.ts'

export { tellWebhooks } from './telling.ts'
export { webhookNews } from './understood.ts'
export { insertNews as addWebhookNews, readListening as readListeningWorkspaces } from './store.ts'
export type { News as WebhookNews } from './store.ts'

/** How events leave to webhooks. */
export function webhookShippers({ clock }: Pick<Services, 'clock'>) {
  return { [WEBHOOK_KIND]: webhookShipper(clock) }
}

/** Webhooks of a workspace at most. */
const MOST = 20

/** What a webhook's row keeps in the open. */
type Kept = Pick<Webhook, 'url' | 'types' | 'segmentIds' | 'scoreFrom'> & { previousUntil?: string }

type World = Pick<Services, 'db' | 'clock' | 'settings' | 'secretKey' | 'log'>

export async function listWebhooks(db: Db, workspaceId: string): Promise<{ items: Webhook[] }> {
  const found = await readConnections(db, workspaceId)
  return { items: found.filter(isWebhook).map(present) }
}

export async function getWebhook(db: Db, workspaceId: string, id: string): Promise<Webhook> {
  return present(await find(db, workspaceId, id))
}

/** Makes a webhook. Refuses (400 `address_refused`) an address that must not be called, and (409 `webhooks_full`) one too many. */
export async function createWebhook(
  { db, clock, settings, secretKey }: World,
  caller: Caller,
  { name, ...wanted }: BodyOf<typeof contract.createWebhook>,
): Promise<ReplyOf<typeof contract.createWebhook>> {
  const { workspaceId, actor } = caller
  checkAddress(wanted.url, settings.privateHosts)
  const { items } = await listWebhooks(db, workspaceId)
  if (items.length >= MOST)
    throw new Refusal(
      'webhooks_full',
      409,
      `A workspace has ${MOST} webhooks at most: delete one that is not needed, or let one take more types.`,
    )
  const id = newId()
  const secret = freshSecret()
  const row = {
    id,
    workspaceId,
    connector: ownServer.id,
    name: name ?? new URL(wanted.url).host.slice(0, 80),
    status: 'connected' as const,
    settings: wanted,
    sealed: sealSecrets(secretKey, id, { secrets: { secret } }),
    secretNames: ['secret'],
    createdBy: actor,
  }
  await inTransaction(db, async (tx) => {
    await insertConnection(tx, row, clock())
    await note(tx, caller, 'webhook_made', id, { name: row.name, ...wanted })
  })
  return { webhook: await getWebhook(db, workspaceId, id), secret }
}

/** Changes a webhook; switched on again, it sends what waited. */
export async function updateWebhook(
  { db, clock, settings }: World,
  caller: Caller,
  id: string,
  { name, isOn, ...wanted }: BodyOf<typeof contract.updateWebhook>,
): Promise<Webhook> {
  if (wanted.url !== undefined) checkAddress(wanted.url, settings.privateHosts)
  await inTransaction(db, async (tx) => {
    const row = await find(tx, caller.workspaceId, id, { lock: true })
    const changed = { ...row, name: name ?? row.name, settings: { ...row.settings, ...wanted } }
    await saveSettings(tx, changed, clock())
    if (isOn !== undefined) {
      await saveStanding(tx, row, { status: isOn ? 'connected' : 'connecting', problem: null })
      if (isOn) await queueSending(tx, caller.workspaceId, id)
    }
    await note(tx, caller, 'webhook_changed', id, { name: changed.name, ...wanted, isOn })
  })
  return getWebhook(db, caller.workspaceId, id)
}

/** Gives a webhook a new secret; the one before signs along until the overlap ends. */
export async function rotateSecret(
  { db, clock, secretKey }: World,
  caller: Caller,
  id: string,
  overlapHours: number,
): Promise<ReplyOf<typeof contract.rotateWebhookSecret>> {
  const secret = freshSecret()
  await inTransaction(db, async (tx) => {
    const row = await find(tx, caller.workspaceId, id, { lock: true })
    const now = clock()
    const previousUntil = new Date(now.getTime() + overlapHours * 3_600_000).toISOString()
    const previousSecret = openSecrets(secretKey, row).secrets.secret ?? ''
    const changed = {
      ...row,
      settings: { ...row.settings, previousUntil },
      sealed: sealSecrets(secretKey, id, { secrets: { secret, previousSecret } }),
      secretNames: ['secret', 'previousSecret'],
    }
    await saveSettings(tx, changed, now)
    await note(tx, caller, 'webhook_secret_rotated', id, { previousUntil })
  })
  return { webhook: await getWebhook(db, caller.workspaceId, id), secret }
}

export async function deleteWebhook({ db }: World, caller: Caller, id: string): Promise<void> {
  await inTransaction(db, async (tx) => {
    const row = await find(tx, caller.workspaceId, id, { lock: true })
    await withholdWaiting(tx, caller.workspaceId, id, 'The webhook was deleted before it could leave.')
    await deleteConnection(tx, caller.workspaceId, id)
    await note(tx, caller, 'webhook_deleted', id, { name: row.name, url: keptOf(row).url })
  })
}

/** Sends an example at once, signed as everything is, and tells what the receiver said. */
export async function testWebhook(
  services: World,
  workspaceId: string,
  id: string,
  type: WebhookType,
): Promise<ReplyOf<typeof contract.testWebhook>> {
  await find(services.db, workspaceId, id)
  const wire = await openWire(services, workspaceId, id)
  const at = services.clock()
  const message = exampleOf(type, `msg_${newId()}`, at)
  const make = () => postEvent(bodyOf(message), headersOf(message, secretsOf(wire, at), at))
  const { kind, words } = await wire.run(make)
  await wire.flush()
  const where = { isTest: wire.isTest, installation: services.settings }
  const settings = wire.link.settings as Record<string, unknown>
  const [request] = showRequests(wire.connector, settings, make, where)
  return { isAccepted: kind === 'sent', words: wire.hide(words), request: request! }
}

/** Tells webhooks that people were erased: whoever keeps a copy has to forget them, too. */
export async function tellErased(
  tx: Db,
  workspaceId: string,
  leadIds: readonly string[],
  now: Date,
): Promise<void> {
  await insertNews(
    tx,
    leadIds.map((leadId) => ({
      workspaceId,
      type: 'lead.erased',
      key: `lead.erased:${leadId}`,
      leadId: null,
      happenedAt: now,
      details: { leadId },
    })),
  )
}

async function find(
  db: Db,
  workspaceId: string,
  id: string,
  options: { lock?: boolean } = {},
): Promise<ConnectionRow> {
  const row = await readConnection(db, workspaceId, id, options)
  if (!row || !isWebhook(row)) throw missing('webhook', id)
  return row
}

function isWebhook({ connector }: ConnectionRow): boolean {
  return connector === ownServer.id
}

function checkAddress(url: string, privateHosts: readonly string[]): void {
  const problem = urlProblem(url, privateHosts)
  if (problem) throw new Refusal('address_refused', 400, problem)
}

function freshSecret(): string {
  return webhookSecret(Buffer.from(newSecret(), 'base64url'))
}

async function note(
  tx: Tx,
  caller: Caller,
  action: string,
  id: string,
  after: Record<string, unknown>,
): Promise<void> {
  await record(tx, { caller, action, subject: `webhook:${id}`, after })
}

function keptOf({ settings }: ConnectionRow): Kept {
  return settings as Kept
}

const STATUS = { connected: 'on', failing: 'on', connecting: 'off', reconnect: 'stopped' } as const

// Lists its fields, so that nothing leaks by accident.
function present(row: ConnectionRow): Webhook {
  const { url, types, segmentIds, scoreFrom, previousUntil } = keptOf(row)
  return {
    id: row.id,
    name: row.name,
    url,
    types,
    segmentIds,
    scoreFrom,
    status: STATUS[row.status],
    problem: row.problem,
    previousSecretUntil: previousUntil ?? null,
    lastSentAt: row.lastEventAt?.toISOString() ?? null,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }
}
