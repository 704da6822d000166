// The job that finds what is owed to shops, and puts it into the outbox.
import { dropOwed, endOwed, takeOwed } from '../../commerce/shop/index.ts'
import type { OwedCustomer, OwedEnd } from '../../commerce/shop/index.ts'
import { connectorOf, readConnection } from '../../connectors/index.ts'
import type { ShopWrite } from '../../connectors/index.ts'
import { send } from '../../deliveries/index.ts'
import type { Outgoing } from '../../deliveries/index.ts'
import { enqueue } from '../../platform/jobs.ts'
import type { Task } from '../../platform/jobs.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Services } from '../../platform/services.ts'
import { differenceOf } from './difference.ts'
import type { WritingSettings } from './difference.ts'
import { SHOP_WRITE } from './shipping.ts'

/** Customers looked at in one transaction. */
const CHUNK = 500

export function shopWriteTasks(services: Services): Record<string, Task> {
  return {
    'shop.write_back': async () => {
      const looked = await inTransaction(services.db, (tx) => queueOwed(tx, services.clock()))
      if (looked === CHUNK) await askForWriting(services.db)
    },
  }
}

/** When. */
export const shopWriteCron = { task: 'shop.write_back', match: '* * * * *' }

/** Has what is owed to shops written now. */
export async function askForWriting(db: Db): Promise<void> {
  await enqueue(db, 'shop.write_back', {}, { key: 'shop.write_back' })
}

/** Puts one change into the outbox, in the transaction that causes it. */
export async function sendChange(
  tx: Db,
  to: { workspaceId: string; connectionId: string; leadId: string; key: string },
  write: ShopWrite,
  now: Date,
): Promise<void> {
  await send(tx, [outgoing(to, write, now)], now)
}

async function queueOwed(tx: Db, now: Date): Promise<number> {
  const owed = await takeOwed(tx, CHUNK)
  const settings = await settingsFor(tx, owed)
  const leaving: Outgoing[] = []
  const ends: OwedEnd[] = []
  for (const one of owed) {
    const by = settings.get(one.connectionId)
    const write = by ? differenceOf(one, by) : null
    const { tags: _tags, ...agreed } = one.agreed
    const notedThrough = one.notes.at(-1)?.at ?? agreed.notedThrough
    ends.push({
      ...one,
      agreed: { ...agreed, ...(notedThrough && { notedThrough }) },
      isWaiting: write !== null,
    })
    if (write)
      leaving.push(outgoing({ ...one, key: `${one.customerId}:${one.owedSince.toISOString()}` }, write, now))
  }
  await endOwed(tx, ends)
  await send(tx, leaving, now)
  if (owed.length === 0) await dropOwed(tx)
  return owed.length
}

async function settingsFor(tx: Db, owed: readonly OwedCustomer[]): Promise<Map<string, WritingSettings>> {
  const found = new Map<string, WritingSettings>()
  const places = new Map(owed.map(({ connectionId, workspaceId }) => [connectionId, workspaceId]))
  for (const [connectionId, workspaceId] of places) {
    const row = await readConnection(tx, workspaceId, connectionId)
    const connector = row && connectorOf(row.connector)
    if (!row || !connector?.shop) continue
    const { writesBack, fields } = row.settings
    found.set(connectionId, {
      writesBack: writesBack !== false,
      fields:
        typeof fields === 'string'
          ? fields
              .split(',')
              .map((key) => key.trim())
              .filter(Boolean)
          : [],
      connector: connector.id,
    })
  }
  return found
}

function outgoing(
  {
    workspaceId,
    connectionId,
    leadId,
    key,
  }: { workspaceId: string; connectionId: string; leadId: string; key: string },
  write: ShopWrite,
  now: Date,
): Outgoing {
  return {
    workspaceId,
    connectionId,
    kind: SHOP_WRITE,
    key: `${SHOP_WRITE}:${key}`,
    leadId,
    event: 'customer_updated',
    occurredAt: now.toISOString(),
    item: { ...write },
  }
}
