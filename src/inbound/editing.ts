// Making and changing inbound webhooks, and what they look like to people.
import { createHmac } from 'node:crypto'
import { record } from '../accounts/index.ts'
import type { BodyOf } from '../lib/endpoint.ts'
import { newId } from '../lib/ids.ts'
import { Refusal, missing } from '../lib/refusal.ts'
import { webhookSecret } from '../lib/webhook-signature.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Caller } from '../platform/server.ts'
import { seal, unseal } from '../platform/secrets.ts'
import type { Services } from '../platform/services.ts'
import type * as contract from './contract.ts'
import type { InboundWebhook } from './contract.ts'
import { reasonSentences } from './nouns.ts'
import {
  countDeliveries,
  lockWebhook,
  readTurnedAway,
  readWebhook,
  readWebhooks,
  saveWebhook,
} from './store/webhooks.ts'
import type { WebhookRow } from './store/webhooks.ts'

export type World = Pick<Services, 'db' | 'clock' | 'secretKey'>

const DAY_MS = 86_400_000

export async function listWebhooks(world: World, caller: Caller, origin: string): Promise<InboundWebhook[]> {
  const found = await readWebhooks(world.db, caller.workspaceId)
  return present(world, caller.workspaceId, found, origin)
}

export async function getWebhook(
  world: World,
  caller: Caller,
  id: string,
  origin: string,
): Promise<InboundWebhook> {
  const found = await readWebhook(world.db, caller.workspaceId, id)
  if (!found) throw missing('webhook', id)
  const [shown] = await present(world, caller.workspaceId, [found], origin)
  return shown!
}

export async function createWebhook(
  world: World,
  caller: Caller,
  body: BodyOf<typeof contract.createInboundWebhook>,
  origin: string,
): Promise<InboundWebhook & { secret: string | null }> {
  const now = world.clock()
  const id = newId()
  const secret = body.signature.scheme === 'none' ? null : (body.secret ?? madeSecret(world.secretKey))
  const webhook: WebhookRow = {
    id,
    workspaceId: caller.workspaceId,
    name: body.name,
    key: madeKey(world.secretKey),
    signature: body.signature,
    sealed: secret === null ? '' : seal(world.secretKey, secret, boundTo(id)),
    mapping: null,
    createdBy: caller.actor,
    createdAt: now,
    updatedAt: now,
    archivedAt: null,
  }
  await inTransaction(world.db, async (tx) => {
    await saveWebhook(tx, webhook)
    await record(tx, {
      caller,
      action: 'inbound_webhook_made',
      subject: `inbound_webhook:${id}`,
      after: { name: body.name, scheme: body.signature.scheme },
    })
  })
  // One that the sender made is known already.
  return {
    ...(await getWebhook(world, caller, id, origin)),
    secret: body.secret === undefined ? secret : null,
  }
}

export async function updateWebhook(
  world: World,
  caller: Caller,
  id: string,
  body: BodyOf<typeof contract.updateInboundWebhook>,
  origin: string,
): Promise<InboundWebhook> {
  const now = world.clock()
  await inTransaction(world.db, async (tx) => {
    const before = await lockWebhook(tx, caller.workspaceId, id)
    if (!before) throw missing('webhook', id)
    const signature = body.signature ?? before.signature
    const sealed = body.secret ? seal(world.secretKey, body.secret, boundTo(id)) : before.sealed
    if (signature.scheme !== 'none' && sealed === '') {
      throw new Refusal(
        'secret_missing',
        400,
        'To verify calls, enter the secret that the sender signs or sends them with.',
      )
    }
    const archivedAt =
      body.isArchived === undefined ? before.archivedAt : body.isArchived ? (before.archivedAt ?? now) : null
    await saveWebhook(tx, {
      ...before,
      name: body.name ?? before.name,
      signature,
      sealed: signature.scheme === 'none' ? '' : sealed,
      mapping: body.mapping ?? before.mapping,
      archivedAt,
      updatedAt: now,
    })
    await record(tx, {
      caller,
      action: 'inbound_webhook_changed',
      subject: `inbound_webhook:${id}`,
      after: { changed: Object.keys(body), scheme: signature.scheme },
    })
  })
  return getWebhook(world, caller, id, origin)
}

/** Puts another key in the URL. */
export async function renewUrl(
  world: World,
  caller: Caller,
  id: string,
  origin: string,
): Promise<InboundWebhook> {
  await inTransaction(world.db, async (tx) => {
    const before = await lockWebhook(tx, caller.workspaceId, id)
    if (!before) throw missing('webhook', id)
    await saveWebhook(tx, { ...before, key: madeKey(world.secretKey), updatedAt: world.clock() })
    await record(tx, { caller, action: 'inbound_webhook_url_renewed', subject: `inbound_webhook:${id}` })
  })
  return getWebhook(world, caller, id, origin)
}

/** The secret of a webhook; refuses (409) where another SECRET_KEY sealed it. */
export function secretOf(
  secretKey: Uint8Array,
  { id, name, sealed }: Pick<WebhookRow, 'id' | 'name' | 'sealed'>,
): string {
  if (sealed === '') return ''
  const secret = unseal(secretKey, sealed, boundTo(id))
  if (secret !== null) return secret
  throw new Refusal(
    'secrets_unreadable',
    409,
    `The secret of ${name} was sealed under another SECRET_KEY: enter it again, or start with the key of then.`,
  )
}

function boundTo(id: string): string {
  return `inbound_webhook:${id}`
}

// Hashes of fresh ids under the installation's key: 192 bits that nobody else can make.
function madeKey(secretKey: Uint8Array): string {
  return createHmac('sha256', secretKey).update(`inbound.key ${newId()}`).digest('base64url').slice(0, 32)
}

function madeSecret(secretKey: Uint8Array): string {
  return webhookSecret(createHmac('sha256', secretKey).update(`inbound.secret ${newId()}`).digest())
}

async function present(
  { db, clock }: World,
  workspaceId: string,
  webhooks: WebhookRow[],
  origin: string,
): Promise<InboundWebhook[]> {
  const since = new Date(clock().getTime() - 29 * DAY_MS)
  const [counts, turnedAway] = await Promise.all([
    countDeliveries(db, workspaceId),
    readTurnedAway(db, workspaceId, since),
  ])
  return webhooks.map((one) => {
    const counted = counts.find(({ webhookId }) => webhookId === one.id)
    return {
      id: one.id,
      name: one.name,
      url: `${origin}/api/lead-sources/webhook?key=${one.key}`,
      signature: one.signature,
      hasSecret: one.sealed !== '',
      mapping: one.mapping,
      archivedAt: one.archivedAt?.toISOString() ?? null,
      createdAt: one.createdAt.toISOString(),
      updatedAt: one.updatedAt.toISOString(),
      lastAt: counted?.lastAt?.toISOString() ?? null,
      taken: counted?.taken ?? 0,
      parked: counted?.parked ?? 0,
      turnedAway: turnedAway
        .filter(({ webhookId }) => webhookId === one.id)
        .map(({ reason, count, lastAt }) => ({
          reason,
          count,
          lastAt: lastAt.toISOString(),
          explanation: reasonSentences[reason],
        })),
    }
  })
}
