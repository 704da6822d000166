// Taking a call: verified, kept word for word, read under the mapping, and what it says put into the inbox, once.
import { erasedAmong } from '../identity/index.ts'
import type { Door } from '../ingest/index.ts'
import type { BodyOf, QueryOf, ReplyOf } from '../lib/endpoint.ts'
import { normaliseEmail } from '../lib/email.ts'
import { newId } from '../lib/ids.ts'
import { Refusal, missing } from '../lib/refusal.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Caller } from '../platform/server.ts'
import type * as contract from './contract.ts'
import type { InboundDelivery } from './contract.ts'
import { secretOf } from './editing.ts'
import type { World } from './editing.ts'
import { entryRow } from './message.ts'
import { reasonSentences } from './nouns.ts'
import type { Mapping } from './nouns.ts'
import { offerPaths } from './path.ts'
import { dedupeOf, readBody, readPayload } from './reading.ts'
import type { Entry } from './reading.ts'
import { emptyBody, keepDelivery, readDeliveries, saveRead } from './store/deliveries.ts'
import type { DeliveryRow } from './store/deliveries.ts'
import { countTurnedAway, findByKey, readWebhook } from './store/webhooks.ts'
import type { WebhookRow } from './store/webhooks.ts'
import { whyTurnedAway } from './verify.ts'
import type { Called } from './verify.ts'

export interface TakenCall {
  id: string
  status: DeliveryRow['status']
  /** it came before, and nothing was done again */
  isRepeat: boolean
}

/**
 * Takes a call. It resolves after the commit that keeps it; what cannot be read yet is kept as well, parked.
 * Refuses a key that is none (404) and a call that does not prove whom it is from (401), which is counted.
 */
export async function takeCall(
  world: World,
  door: Door,
  key: string,
  called: Omit<Called, 'now'> & { contentType: string },
): Promise<TakenCall> {
  const webhook = /^[\w-]{32}$/.test(key) ? await findByKey(world.db, key) : undefined
  if (!webhook) {
    throw new Refusal(
      'webhook_missing',
      404,
      'No webhook has this key. Copy the whole URL from the page of the webhook.',
    )
  }
  const now = world.clock()
  const why = whyTurnedAway(webhook.signature, secretOf(world.secretKey, webhook), { ...called, now })
  if (why) {
    await countTurnedAway(world.db, webhook, why, now)
    throw new Refusal(why, 401, reasonSentences[why])
  }
  const body = called.raw.toString('utf8').replaceAll('\0', '')
  const payload = readBody(body, called.contentType)
  const delivery = await keepDelivery(world.db, {
    id: newId(),
    workspaceId: webhook.workspaceId,
    webhookId: webhook.id,
    dedupe: dedupeOf(webhook.mapping, payload, body),
    receivedAt: now,
    contentType: called.contentType.slice(0, 200),
    body,
  })
  const isRepeat = delivery.times > 1
  if (delivery.status === 'taken') return { id: delivery.id, status: 'taken', isRepeat }
  return { id: delivery.id, status: await readToTheEnd(world, door, webhook, delivery), isRepeat }
}

/** Reads what is parked once more, under the mapping of now. */
export async function replayParked(
  world: World,
  door: Door,
  caller: Caller,
  id: string,
  body: BodyOf<typeof contract.replayInbound>,
): Promise<ReplyOf<typeof contract.replayInbound>> {
  const webhook = await readWebhook(world.db, caller.workspaceId, id)
  if (!webhook) throw missing('webhook', id)
  const parked = await readDeliveries(world.db, caller.workspaceId, {
    webhookId: id,
    status: 'parked',
    ids: body.ids,
    limit: 1000,
  })
  const counts = { taken: 0, parked: 0 }
  // In the order in which they came.
  for (const delivery of parked.reverse()) counts[await readToTheEnd(world, door, webhook, delivery)]++
  return counts
}

export async function listDeliveries(
  { db }: World,
  caller: Caller,
  id: string,
  query: QueryOf<typeof contract.listInboundDeliveries>,
): Promise<ReplyOf<typeof contract.listInboundDeliveries>> {
  if (!(await readWebhook(db, caller.workspaceId, id))) throw missing('webhook', id)
  const found = await readDeliveries(db, caller.workspaceId, {
    webhookId: id,
    status: query.status,
    before: query.cursor,
    limit: query.limit + 1,
  })
  const shown = found.slice(0, query.limit)
  const nextCursor = found.length > query.limit ? (shown.at(-1)?.id ?? null) : null
  return { items: shown.map(presentDelivery), nextCursor }
}

/** What a body would become; keeps nothing. */
export async function preview(
  { db }: World,
  caller: Caller,
  id: string,
  asked: BodyOf<typeof contract.previewInbound>,
): Promise<ReplyOf<typeof contract.previewInbound>> {
  const webhook = await readWebhook(db, caller.workspaceId, id)
  if (!webhook) throw missing('webhook', id)
  const mapping: Mapping | null = asked.mapping === undefined ? webhook.mapping : asked.mapping
  const payload = readBody(asked.body, asked.contentType)
  const paths = payload === undefined ? [] : offerPaths(payload, mapping?.each ?? null)
  const read = readPayload(mapping, payload, 'preview')
  if ('parked' in read) {
    const parked = { reason: read.parked, explanation: reasonSentences[read.parked] }
    return { paths, parked, unnamed: 0, entries: [] }
  }
  return { paths, parked: null, unnamed: read.unnamed, entries: read.entries.slice(0, 20) }
}

// Until this has ended the delivery is parked as interrupted: a crash leaves it there, and a repeat goes through it again.
async function readToTheEnd(
  world: World,
  door: Door,
  webhook: WebhookRow,
  delivery: DeliveryRow,
): Promise<DeliveryRow['status']> {
  const now = world.clock()
  const read = readPayload(webhook.mapping, readBody(delivery.body, delivery.contentType), delivery.dedupe)
  if ('parked' in read) {
    await saveRead(world.db, { ...delivery, status: 'parked', reason: read.parked }, now)
    return 'parked'
  }
  const { id, workspaceId, name, signature } = webhook
  const through = { id, workspaceId, name, isSigned: signature.scheme !== 'none' }
  const messages = read.entries.map((entry) => entryRow(through, entry, delivery.id, now))
  await door.accept(messages)
  const status = read.unnamed === 0 ? 'taken' : 'parked'
  await saveRead(
    world.db,
    {
      ...delivery,
      status,
      reason: status === 'taken' ? null : 'entries_unnamed',
      messages: messages.map(({ messageId }) => messageId),
    },
    now,
  )
  if (await speaksOfErased(world, workspaceId, read.entries, now))
    await emptyBody(world.db, workspaceId, delivery.id)
  return status
}

// The inbox drops what is about them; neither may the body stay here.
async function speaksOfErased(
  world: World,
  workspaceId: string,
  entries: Entry[],
  at: Date,
): Promise<boolean> {
  const claims = entries.map(({ userId, anonymousId, traits }) => {
    const read = normaliseEmail(String(traits.email ?? ''))
    return {
      workspaceId,
      ...(userId ? { userId } : {}),
      ...(anonymousId ? { anonymousId } : {}),
      ...('matchKey' in read ? { email: read.matchKey } : {}),
      mayMerge: false,
      at,
      source: 'webhook',
    }
  })
  const erased = await inTransaction(world.db, (tx) => erasedAmong(tx, claims))
  return erased.includes(true)
}

function presentDelivery(row: DeliveryRow): InboundDelivery {
  return {
    id: row.id,
    receivedAt: row.receivedAt.toISOString(),
    times: row.times,
    status: row.status,
    reason: row.reason,
    explanation: row.reason && reasonSentences[row.reason],
    messages: row.messages.length,
    contentType: row.contentType,
    body: row.body,
  }
}
