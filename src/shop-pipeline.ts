// Decides what shops told: webhooks of the inbox and records of their files, each batch in one transaction with its checkpoint.
import { hearShop, markShopSaid, moveSyncCheckpoint, settleWebhooks } from './commerce/shop/index.ts'
import type { SyncRow, WebhookEnd } from './commerce/shop/index.ts'
import type { ShopWord } from './connectors/index.ts'
import { reactions, shopped } from './flow.ts'
import { TakenTwice, settleMessages } from './ingest/index.ts'
import type { Settled } from './ingest/index.ts'
import type { Arrival } from './ingest/contract.ts'
import { markBulk } from './leads/index.ts'
import { newId } from './lib/ids.ts'
import { Refusal } from './lib/refusal.ts'
import { runLine } from './lib/steps.ts'
import type { Outcome } from './lib/steps.ts'
import { enqueue } from './platform/jobs.ts'
import { inTransaction, isPostgresUnreachable } from './platform/postgres.ts'
import type { Tx } from './platform/postgres.ts'
import type { Services } from './platform/services.ts'
import { isRace, readingSettings, wordsOf } from './pipeline.ts'
import type { ShopContext, ShopItem, ShopSubject } from './shop-items.ts'
import { connectedShop } from './shop-voices.ts'
import type { ConnectedShop } from './shop-voices.ts'

/** By which messages of shops are told from those of trackers in the inbox. */
export const SHOP_SOURCE = 'shop'

/** What the door puts into the context of a webhook's message. */
export interface WebhookPlace {
  connectionId: string
  topic: string
  deliveryId: string
  triggeredAt: string
}

interface Heard {
  arrival: Arrival
  place: WebhookPlace
  shop: ConnectedShop | null
  words: ShopWord[]
  subject: string | null
  problem: string | null
}

/**
 * Runs webhooks through the line and settles each in the inbox and in the monitor.
 * @throws TakenTwice where another worker settled some of them meanwhile
 */
export async function decideWebhooks(services: Services, arrivals: readonly Arrival[]): Promise<void> {
  if (arrivals.length === 0) return
  const heard = await readAll(services, arrivals)
  await decideHeard(services, heard)
}

async function readAll(services: Services, arrivals: readonly Arrival[]): Promise<Heard[]> {
  const shops = new Map<string, ConnectedShop | null>()
  const heard: Heard[] = []
  for (const arrival of arrivals) {
    const place = placeOf(arrival)
    let shop = shops.get(place.connectionId)
    if (shop === undefined) {
      shop = await connectedShop(services.db, arrival.workspaceId, place.connectionId)
      shops.set(place.connectionId, shop)
    }
    const read = shop?.shop.read(place, arrival.message.properties, shop.voice.currency)
    heard.push({
      arrival,
      place,
      shop,
      words: read && 'words' in read ? read.words : [],
      subject: read && 'words' in read ? read.subject : null,
      problem: !read ? 'The shop was disconnected.' : 'refused' in read ? read.refused : null,
    })
  }
  return heard
}

async function decideHeard(services: Services, heard: readonly Heard[]): Promise<void> {
  const settings = await readingSettings(
    services.db,
    heard.map(({ arrival }) => arrival.workspaceId),
  )
  for (let attempt = 1; ; attempt++) {
    const now = services.clock()
    try {
      await inTransaction(services.db, async (tx) => {
        await markShopSaid(tx)
        const context: ShopContext = { tx, now, batchId: newId(), settings, made: 0, changed: 0 }
        const items = heard.map((one): ShopItem => ({
          workspaceId: one.arrival.workspaceId,
          voice: one.shop?.voice ?? NOBODY,
          words: one.words,
          from: 'news',
        }))
        const outcomes = await runLine(shopped, items, context)
        if (context.people && context.people.merged.length > 0) await reactions.aliased(tx)
        await actOnShops(tx, heard, now)
        await settle(tx, heard, outcomes, context.batchId, now)
      })
      return
    } catch (error) {
      if (isPostgresUnreachable(error) || error instanceof TakenTwice) throw error
      if (isRace(error) && attempt < 20) continue
      if (heard.length === 1) return parkOne(services, heard[0]!, error)
      const half = Math.ceil(heard.length / 2)
      await decideHeard(services, heard.slice(0, half))
      await decideHeard(services, heard.slice(half))
      return
    }
  }
}

// What is about the shop itself, or asked by law, is done by jobs: it talks to the shop, or takes long.
async function actOnShops(tx: Tx, heard: readonly Heard[], now: Date): Promise<void> {
  for (const { shop, words, place, arrival } of heard) {
    if (!shop) continue
    const at = { workspaceId: arrival.workspaceId, connectionId: place.connectionId }
    for (const word of words) {
      if (word.kind === 'request') {
        const id = await hearShop(tx, at, word, now)
        if (id) await enqueue(tx, 'shop.request', { ...at, id })
      } else if (word.kind === 'shop') {
        await hearShop(tx, at, word, now)
        if (word.act === 'uninstalled') await enqueue(tx, 'shop.uninstalled', at)
        else if (word.act === 'file_ready') await enqueue(tx, 'shop.look', {}, { key: 'shop.look' })
        else await enqueue(tx, 'shop.refresh', at, { key: `shop.refresh:${place.connectionId}` })
      }
    }
  }
}

async function settle(
  tx: Tx,
  heard: readonly Heard[],
  outcomes: readonly Outcome<ShopSubject>[],
  batchId: string,
  now: Date,
): Promise<void> {
  const settled = heard.map(({ arrival, problem }, i): Settled => {
    const outcome = outcomes[i]!
    const place = { id: arrival.id, receivedOn: arrival.receivedOn, batchId: null, leadId: null, trace: null }
    if (problem !== null)
      return {
        ...place,
        status: 'dropped',
        reason: 'payload_unreadable',
        trace: JSON.stringify({ error: problem }),
      }
    if ('ended' in outcome) return { ...place, status: outcome.ended.outcome, reason: outcome.ended.reason }
    const leadId = outcome.item.identified?.leadId ?? outcome.item.events[0]?.leadId ?? null
    return { ...place, status: 'logged', reason: null, leadId, batchId }
  })
  await settleMessages(tx, settled)
  await settleWebhooks(
    tx,
    heard.map(({ arrival, place, subject, problem, words }, i): WebhookEnd => {
      const outcome = outcomes[i]!
      const isEnded = 'ended' in outcome
      const isAbout = words.some(({ kind }) => kind === 'shop' || kind === 'request')
      const isNews = isAbout || (!isEnded && outcome.item.isNews)
      return {
        workspaceId: arrival.workspaceId,
        connectionId: place.connectionId,
        deliveryId: place.deliveryId,
        topic: place.topic,
        subject,
        status:
          problem !== null
            ? 'failed'
            : isEnded || words.length === 0
              ? 'ignored'
              : isNews
                ? 'applied'
                : 'stale',
        problem: problem ?? (isEnded ? (ENDED[outcome.ended.reason] ?? outcome.ended.reason) : null),
        receivedAt: arrival.receivedAt,
      }
    }),
    now,
  )
}

const ENDED: Record<string, string> = {
  lead_erased: 'The person was erased; nothing about them is taken in any more.',
  nobody_named: 'It names no customer, so that it belongs to no lead.',
}

async function parkOne(services: Services, one: Heard, error: unknown): Promise<void> {
  services.log.warn({ err: error, topic: one.place.topic }, 'a webhook failed and is parked')
  const { arrival, place, subject } = one
  const problem = wordsOf(error)
  await inTransaction(services.db, async (tx) => {
    await settleMessages(tx, [
      {
        id: arrival.id,
        receivedOn: arrival.receivedOn,
        status: 'parked',
        reason: 'step_failed',
        leadId: null,
        batchId: null,
        trace: JSON.stringify({ error: problem }),
      },
    ])
    const end = {
      workspaceId: arrival.workspaceId,
      ...place,
      subject,
      problem,
      receivedAt: arrival.receivedAt,
    }
    await settleWebhooks(tx, [{ ...end, status: 'failed' }], services.clock())
  })
}

/** Records of a file with the bytes that they stand in. */
export interface FileBatch {
  records: { word: ShopWord | null; from: number; to: number }[]
  from: number
  to: number
  isLast: boolean
}

/**
 * Writes the records of a batch and moves the checkpoint with them. A record that fails is left out alone.
 * @throws Refusal `sync_moved` where another worker was faster or the sync was cancelled
 */
export async function decideFileBatch(
  services: Services,
  shop: ConnectedShop,
  sync: SyncRow,
  batch: FileBatch,
): Promise<void> {
  const settings = await readingSettings(services.db, [sync.workspaceId])
  for (let attempt = 1; ; attempt++) {
    const now = services.clock()
    try {
      await inTransaction(services.db, async (tx) => {
        await markBulk(tx)
        await markShopSaid(tx)
        const context: ShopContext = {
          tx,
          now,
          batchId: newId(),
          isBulk: true,
          settings,
          made: 0,
          changed: 0,
        }
        const items = batch.records.flatMap(({ word }): ShopItem[] =>
          word === null
            ? []
            : [
                {
                  workspaceId: sync.workspaceId,
                  voice: shop.voice,
                  words: [word],
                  from: sync.mode === 'full' ? 'history' : 'news',
                },
              ],
        )
        await runLine(shopped, items, context)
        if (context.people && context.people.merged.length > 0) await reactions.aliased(tx)
        const counts = { records: batch.records.length, made: context.made, changed: context.changed }
        if (!(await moveSyncCheckpoint(tx, sync, { ...batch, ...counts }, now))) throw moved()
      })
      return
    } catch (error) {
      if (isPostgresUnreachable(error) || error instanceof Refusal) throw error
      if (isRace(error) && attempt < 20) continue
      if (batch.records.length > 1) {
        for (const half of halves(batch)) await decideFileBatch(services, shop, sync, half)
        return
      }
      services.log.warn(
        { err: error, sync: sync.id, from: batch.from },
        'a record of a shop failed and is left out',
      )
      const skipped = { ...batch, records: 1, made: 0, changed: 0 }
      if (!(await moveSyncCheckpoint(services.db, sync, skipped, now))) throw moved()
      return
    }
  }
}

function halves(batch: FileBatch): FileBatch[] {
  const half = Math.ceil(batch.records.length / 2)
  const [first, second] = [batch.records.slice(0, half), batch.records.slice(half)]
  const cut = second[0]!.from
  return [
    { records: first, from: batch.from, to: cut, isLast: false },
    { records: second, from: cut, to: batch.to, isLast: batch.isLast },
  ]
}

function moved(): Refusal {
  return new Refusal('sync_moved', 409, 'The sync has moved on, was cancelled or has ended.')
}

function placeOf({ message }: Arrival): WebhookPlace {
  const given = (message.context?.shop ?? {}) as Record<string, unknown>
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return {
    connectionId: text(given.connectionId),
    topic: text(given.topic),
    deliveryId: text(given.deliveryId),
    triggeredAt: text(given.triggeredAt),
  }
}

const NOBODY = {
  workspaceId: '',
  connectionId: '',
  connector: '',
  source: '',
  domain: '',
  name: '',
  currency: 'USD',
}
