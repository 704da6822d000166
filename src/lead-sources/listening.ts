// Has vendors tell us of leads: a connection that works is made to listen and caught up by itself, once the product knows its own address.
import { connectors, openWire, readConnectionsOf } from '../connectors/index.ts'
import type { ConnectionRow, Connector } from '../connectors/index.ts'
import { Refusal } from '../lib/refusal.ts'
import type { Services } from '../platform/services.ts'
import { idOf, sourceOf } from './source.ts'
import { readState, saveListening } from './store/states.ts'
import type { SourceId } from './store/states.ts'

/** The address that a vendor calls for a connection. @param origin of this installation: `https://app.example` */
export function webhookUrl(origin: string, connector: Connector, connectionId: string): string {
  const { path, hasOwnAddress } = sourceOf(connector.id).leads
  const common = `${origin}/api/lead-sources/${path}/webhook`
  return hasOwnAddress ? `${common}/${connectionId}` : common
}

/** Asks the vendor to tell of leads at our address. @returns what it will do; throws a Refusal (502) in its words where it will not */
export async function listen(services: Services, id: SourceId, origin: string): Promise<{ words: string }> {
  const wire = await openWire(services, id.workspaceId, id.connectionId)
  const { listen: ask } = sourceOf(wire.connector.id).leads
  const url = webhookUrl(origin, wire.connector, id.connectionId)
  if (!ask) {
    await saveListening(services.db, id, { webhookUrl: url, at: services.clock(), problem: null })
    return { words: 'Leads arrive once the address is entered at the vendor.' }
  }
  const asked = await wire.run((link) => ask(link, url), 0)
  await wire.flush()
  if (asked.kind !== 'answered') {
    const words = wire.hide(asked.words).slice(0, 500)
    const problem = `${wire.connector.name} would not tell of leads at ${url}: ${words}`
    await saveListening(services.db, id, { webhookUrl: url, at: null, problem })
    throw new Refusal('vendor_refused', 502, problem)
  }
  await saveListening(services.db, id, { webhookUrl: url, at: services.clock(), problem: null })
  return { words: asked.value }
}

/**
 * Makes connections listen that do not yet. @returns those that were never caught up
 * @param again also those whose vendor would not
 */
export async function settleIn(services: Services, { again = false } = {}): Promise<SourceId[]> {
  const fresh: SourceId[] = []
  const origin = services.settings.publicUrl
  for (const connection of await working(services, () => true)) {
    const id = idOf(connection)
    const state = await readState(services.db, id)
    const { leads } = sourceOf(connection.connector)
    if (leads.catchUp && !state?.caughtUpAt && !state?.catchingSince && !state?.problem) fresh.push(id)
    const isOver = state?.listeningAt !== undefined && state.listeningAt !== null
    if (origin === undefined || isOver || !leads.listen || (state?.problem && !again)) continue
    await listen(services, id, origin).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error
    })
  }
  return fresh
}

/** Connections whose vendor shows leads again. */
export async function catchable(services: Services): Promise<SourceId[]> {
  return (await working(services, (leads) => leads.catchUp !== undefined)).map(idOf)
}

async function working(
  { db }: Services,
  fits: (leads: NonNullable<Connector['leads']>) => boolean,
): Promise<ConnectionRow[]> {
  const found: ConnectionRow[] = []
  for (const { id, leads } of connectors) {
    if (!leads || !fits(leads)) continue
    found.push(...(await readConnectionsOf(db, id)).filter(({ status }) => status === 'connected'))
  }
  return found
}
