// The jobs of connected shops: making their acquaintance, having them write files, daily reading of changes, and what the law asks.
import {
  adoptShop,
  cancelSyncs,
  endRequest,
  forgetShop,
  forgetWebhooks,
  leadsOfCustomer,
  leadsOfShop,
  moveSync,
  noteSubscribed,
  queueSync,
  readDueSyncs,
  readInstalledShops,
  readRequest,
  readShop,
  readThrough,
  saveShop,
  shopDataOf,
} from './commerce/shop/index.ts'
import { shopResources } from './commerce/shop/contract.ts'
import type { SyncRow } from './commerce/shop/index.ts'
import type { ShopResource } from './commerce/shop/contract.ts'
import { connectorOf, openWire, readConnection, saveStanding } from './connectors/index.ts'
import type { Shop, Wire } from './connectors/index.ts'
import { describePeople, eraseLeads } from './leads/index.ts'
import { reactions } from './flow.ts'
import { enqueue } from './platform/jobs.ts'
import type { Task } from './platform/jobs.ts'
import { inTransaction } from './platform/postgres.ts'
import type { Db } from './platform/postgres.ts'
import type { Services } from './platform/services.ts'

/** What is read again before the instant that the last reading reached: the shop's list of changes trails behind a little. */
const OVERLAP_MS = 10 * 60_000
/** How long webhooks stay in the monitor. */
const WEBHOOK_DAYS = 30
/** Leads erased in one transaction. */
const ERASE_CHUNK = 200

interface Place {
  workspaceId: string
  connectionId: string
}

export function shopTasks(services: Services): Record<string, Task> {
  const { db, clock } = services
  return {
    'shop.connected': async (payload) => {
      const { baseUrl, ...place } = payload as unknown as Place & { baseUrl: string }
      await meetShop(services, place, baseUrl)
    },
    'shop.refresh': async (payload) => {
      const place = payload as unknown as Place
      const row = await readShop(db, place.workspaceId, place.connectionId)
      if (row) await meetShop(services, place, row.baseUrl ?? '')
    },
    'shop.look': async () => {
      const nextAt = await lookAtSyncs(services)
      if (nextAt) await enqueue(db, 'shop.look', {}, { key: 'shop.look:later', runAt: nextAt })
    },
    'shop.daily': async () => {
      await forgetWebhooks(db, new Date(clock().getTime() - WEBHOOK_DAYS * 86_400_000))
      for (const place of await readInstalledShops(db)) {
        const row = await readShop(db, place.workspaceId, place.connectionId)
        await meetShop(services, place, row?.baseUrl ?? '').catch((error: unknown) =>
          services.log.warn({ err: error, connection: place.connectionId }, 'a shop could not be asked'),
        )
      }
    },
    'shop.uninstalled': async (payload) => leaveShop(services, payload as unknown as Place),
    'shop.request': async (payload) => {
      const { workspaceId, id } = payload as { workspaceId: string; id: string }
      await answerRequest(services, workspaceId, id)
    },
  }
}

/** When: syncs that wait are looked at each minute, changes are read each night. */
export const shopCron = [
  { task: 'shop.look', match: '* * * * *' },
  { task: 'shop.daily', match: '37 3 * * *' },
]

/** Asks the shop who it is, has it tell us of changes, and reads what is not known yet. @param baseUrl of this installation */
async function meetShop(
  services: Services,
  { workspaceId, connectionId }: Place,
  baseUrl: string,
): Promise<void> {
  const { db, clock } = services
  const connection = await readConnection(db, workspaceId, connectionId)
  if (!connection || !connectorOf(connection.connector)?.shop || connection.status === 'connecting') return
  const wire = await openWire(services, workspaceId, connectionId)
  const shop = shopOf(wire)
  const card = await wire.run((link) => shop.card(link), 0)
  if (!card.ok) {
    await wire.flush()
    return giveUpOrRetry(services, wire, card.outcome)
  }
  const missing = shop.missingScopes(card.value.scopes)
  if (missing.length > 0)
    await saveStanding(db, connection, {
      status: 'failing',
      problem: `The shop has not given the rights ${missing.join(', ')}: what needs them does not work. Connect it again and agree to all of them.`,
    })
  await inTransaction(db, async (tx) => {
    await adoptShop(tx, workspaceId, card.value.domain, connectionId)
    await saveShop(tx, { workspaceId, connectionId, ...card.value, baseUrl }, clock())
  })
  // Before the first reading begins: what changes while it runs is told.
  const subscribed = baseUrl === '' ? null : await wire.run((link) => shop.subscribe(link, baseUrl), 0)
  await wire.flush()
  if (subscribed?.ok) await noteSubscribed(db, workspaceId, connectionId, clock())
  for (const resource of shopResources)
    await askForChanges(services, { workspaceId, connectionId }, resource, 'system')
  await enqueue(db, 'shop.look', {}, { key: 'shop.look' })
  if (subscribed && !subscribed.ok) await giveUpOrRetry(services, wire, subscribed.outcome)
}

/** Reads what the shop changed since the last reading; everything, where there was none. @returns the sync at work */
export async function askForChanges(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  { workspaceId, connectionId }: Place,
  resource: ShopResource,
  requestedBy: string,
  mode: 'changes' | 'full' = 'changes',
): Promise<SyncRow | undefined> {
  const through = mode === 'full' ? null : await readThrough(db, workspaceId, connectionId, resource)
  return queueSync(
    db,
    {
      workspaceId,
      connectionId,
      resource,
      mode: through === null ? 'full' : 'changes',
      since: through && new Date(through.getTime() - OVERLAP_MS),
      requestedBy,
    },
    clock(),
  )
}

/** Moves every sync that waits for its shop a step on. @returns when the next is due */
async function lookAtSyncs(services: Services): Promise<Date | null> {
  const { db, clock, log } = services
  for (const sync of await readDueSyncs(db, clock())) {
    await stepSync(services, sync).catch(async (error: unknown) => {
      log.warn({ err: error, sync: sync.id }, 'a sync could not be moved on')
      await later(services, sync, error instanceof Error ? error.message : String(error))
    })
  }
  return nextDue(db, clock())
}

async function nextDue(db: Db, now: Date): Promise<Date | null> {
  const waiting = await readDueSyncs(db, new Date(now.getTime() + 60_000))
  const next = Math.min(...waiting.map(({ nextAt }) => nextAt.getTime()))
  return Number.isFinite(next) ? new Date(Math.max(next, now.getTime() + 200)) : null
}

async function stepSync(services: Services, sync: SyncRow): Promise<void> {
  const { db, clock } = services
  const connection = await readConnection(db, sync.workspaceId, sync.connectionId)
  if (!connection)
    return cancelSyncs(db, sync.workspaceId, sync.connectionId, 'The shop was disconnected.', clock())
  const wire = await openWire(services, sync.workspaceId, sync.connectionId)
  const shop = shopOf(wire)
  const now = clock()
  if (sync.status === 'queued') {
    const since = sync.since?.toISOString() ?? null
    const started = await wire.run((link) => shop.startFile(link, sync.resource, since), 0)
    await wire.flush()
    if (!started.ok) return afterTrouble(services, sync, started.outcome)
    return moveSync(db, sync, {
      status: 'preparing',
      operationId: started.value,
      startedAt: sync.startedAt ?? now,
      attempts: 0,
      problem: null,
      nextAt: new Date(now.getTime() + POLL_MS),
    })
  }
  const asked = await wire.run((link) => shop.fileState(link, sync.operationId ?? ''), 0)
  await wire.flush()
  if (!asked.ok) return afterTrouble(services, sync, asked.outcome)
  const file = asked.value
  if (file.state === 'writing') {
    // A large shop takes hours, and tells of the end by a webhook, too.
    const waitMs = Math.min(30_000, POLL_MS * 1.3 ** Math.min(sync.attempts, 20))
    return moveSync(db, sync, {
      recordsTotal: file.records,
      attempts: sync.attempts + 1,
      nextAt: new Date(now.getTime() + waitMs),
    })
  }
  if (file.state === 'failed')
    return moveSync(db, sync, { status: 'failed', problem: file.words, finishedAt: now, nextAt: now })
  if (file.state === 'lost') {
    await moveSync(db, sync, { status: 'queued', operationId: null, nextAt: now })
    return later(services, sync, file.words)
  }
  return moveSync(db, sync, {
    status: file.url === null ? 'done' : 'reading',
    ...(file.url === null ? { finishedAt: now } : { fileUrl: file.url, bytesTotal: file.bytes || undefined }),
    preparedAt: new Date(file.at || now),
    recordsTotal: file.records,
    attempts: 0,
    problem: null,
    nextAt: now,
  })
}

const POLL_MS = 500

type Trouble = { kind: string; words: string; afterMs?: number }

async function afterTrouble(services: Services, sync: SyncRow, outcome: Trouble): Promise<void> {
  if (outcome.kind !== 'refused') return later(services, sync, outcome.words, outcome.afterMs)
  const now = services.clock()
  return moveSync(services.db, sync, {
    status: 'failed',
    problem: `The shop refused: ${outcome.words.slice(0, 300)}`,
    finishedAt: now,
    nextAt: now,
  })
}

function later(services: Services, sync: SyncRow, words: string, afterMs?: number): Promise<void> {
  const waitMs = afterMs ?? Math.min(300_000, 500 * 2 ** Math.min(sync.attempts, 10))
  return moveSync(services.db, sync, {
    attempts: sync.attempts + 1,
    problem: `${words.slice(0, 300)} It is tried again by itself.`,
    nextAt: new Date(services.clock().getTime() + waitMs),
  })
}

async function giveUpOrRetry(services: Services, wire: Wire, outcome: Trouble): Promise<void> {
  if (outcome.kind === 'refused' || outcome.kind === 'reauthorise')
    return saveStanding(services.db, wire.connection, {
      status: outcome.kind === 'refused' ? 'failing' : 'reconnect',
      problem: wire.hide(outcome.words).slice(0, 500),
    })
  throw new Error(`the shop could not be asked: ${wire.hide(outcome.words).slice(0, 300)}`)
}

function shopOf(wire: Wire): Shop {
  if (!wire.connector.shop) throw new Error(`${wire.connector.id} runs no shops`)
  return wire.connector.shop
}

/** The shop's owner took the app out: its tokens are dead. What it told stays until the law has it forgotten. */
async function leaveShop(services: Services, { workspaceId, connectionId }: Place): Promise<void> {
  const { db, clock } = services
  await cancelSyncs(db, workspaceId, connectionId, 'The app was uninstalled from the shop.', clock())
  await saveStanding(
    db,
    { workspaceId, id: connectionId },
    {
      status: 'reconnect',
      problem: 'The owner of the shop uninstalled the app. Connect it again to go on, or disconnect it here.',
    },
  )
}

/** Exports a person, or erases a person or everybody that the shop told of. May be repeated after a crash. */
async function answerRequest(services: Services, workspaceId: string, id: string): Promise<void> {
  const { db, clock } = services
  const request = await readRequest(db, workspaceId, id)
  if (!request || request.status === 'done') return
  const { connectionId, customerId } = request
  const done = { leadCount: 0, orderCount: 0 }
  if (request.kind === 'shop_redact') {
    for (;;) {
      const leads = await leadsOfShop(db, workspaceId, connectionId, ERASE_CHUNK)
      if (leads.length === 0) break
      done.leadCount += await eraseLeads(services, reactions, { workspaceId, leadIds: leads, actor: 'shop' })
    }
    await inTransaction(db, (tx) => forgetShop(tx, workspaceId, connectionId))
    await endRequest(db, request, { ...done, at: clock() })
    return
  }
  const leads = customerId ? await leadsOfCustomer(db, workspaceId, connectionId, customerId) : []
  if (request.kind === 'data_request') {
    const told = await shopDataOf(db, workspaceId, leads)
    const known = await describePeople(db, workspaceId, leads)
    await endRequest(db, request, {
      leadCount: leads.length,
      orderCount: told.orders.length,
      at: clock(),
      export: { leadIds: leads, leads: known, ...told },
    })
    return
  }
  done.orderCount = (await shopDataOf(db, workspaceId, leads)).orders.length
  done.leadCount = await eraseLeads(services, reactions, { workspaceId, leadIds: leads, actor: 'shop' })
  await endRequest(db, request, { ...done, at: clock() })
}
