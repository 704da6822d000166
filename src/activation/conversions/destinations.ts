// Destinations of conversions as the pages set them: mappings, forwarding, and an event shown as it would leave.
import { record, workspaceSettings } from '../../accounts/index.ts'
import {
  connectorOf,
  readConnection,
  readConnections,
  sampleConversion,
  sampleProducts,
  settingsOf,
  showRequests,
} from '../../connectors/index.ts'
import type { ConnectionRow, Connector, EventMapping } from '../../connectors/index.ts'
import type { ReplyOf } from '../../lib/endpoint.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import { Refusal, missing } from '../../lib/refusal.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import type * as contract from './contract.ts'
import type { Destination } from './contract.ts'
import { outgoingOf } from './item.ts'
import { queueBackfill } from './jobs.ts'
import { changesOf, checkMappings, mappingsOf } from './mapping.ts'
import { rehearse } from './rehearsing.ts'
import * as store from './store.ts'
import type { DestinationRow } from './store.ts'

export async function listDestinations(db: Db, workspaceId: string): Promise<{ items: Destination[] }> {
  const [connections, destinations] = await Promise.all([
    readConnections(db, workspaceId),
    store.readDestinations(db, workspaceId),
  ])
  const byId = new Map(destinations.map((row) => [row.connectionId, row]))
  return {
    items: connections.flatMap((connection) => {
      const connector = connectorOf(connection.connector)
      const row = byId.get(connection.id)
      return connector?.conversions && row ? [present(connection, connector, row)] : []
    }),
  }
}

/** Sets the mappings of a destination; the defaults that it leaves alone go on to follow the product's. */
export async function setMappings(
  { db, clock }: Services,
  caller: Caller,
  connectionId: string,
  mappings: readonly EventMapping[],
): Promise<Destination> {
  const { connector } = await find(db, caller.workspaceId, connectionId)
  checkMappings(connector, mappings)
  const changes = changesOf(connector, mappings)
  await inTransaction(db, async (tx) => {
    const where = { workspaceId: caller.workspaceId, connectionId }
    await store.saveMappings(tx, where, changes, caller.actor, clock())
    await record(tx, {
      caller,
      action: 'conversion_mappings_changed',
      subject: `connection:${connectionId}`,
      after: { changed: changes.map(({ event, name, isOn }) => `${event}: ${isOn ? name : 'off'}`) },
    })
  })
  return getDestination(db, caller.workspaceId, connectionId)
}

/** Switches forwarding on or off. The first time it has to be said from when (400 `start_missing`). */
export async function setForwarding(
  { db, clock }: Services,
  caller: Caller,
  connectionId: string,
  { isOn, from }: { isOn: boolean; from?: 'now' | 'limit' },
): Promise<Destination> {
  const { connector, row } = await find(db, caller.workspaceId, connectionId)
  const isFirst = isOn && row.forwardsFrom === null
  if (isFirst && from === undefined) {
    throw new Refusal(
      'start_missing',
      400,
      `Say from when: now, or back to the limit of ${connector.name}, ${maxAgeHours(connector)} hours ago.`,
    )
  }
  const now = clock()
  const startsAt = from === 'limit' ? new Date(now.getTime() - maxAgeHours(connector) * 3_600_000) : now
  await inTransaction(db, async (tx) => {
    const where = { workspaceId: caller.workspaceId, connectionId }
    await store.saveForwarding(tx, where, isOn, isFirst ? startsAt : null, caller.actor, now)
    if (isFirst && from === 'limit') await queueBackfill(tx, { ...where, until: now.toISOString() })
    await record(tx, {
      caller,
      action: isOn ? 'forwarding_switched_on' : 'forwarding_switched_off',
      subject: `connection:${connectionId}`,
      after: isFirst ? { from: startsAt.toISOString() } : undefined,
    })
  })
  return getDestination(db, caller.workspaceId, connectionId)
}

/** The newest event that a mapping takes as it would leave; a made-up one where none came in. */
export async function previewConversion(
  services: Services,
  workspaceId: WorkspaceId,
  connectionId: string,
  mapping: EventMapping,
): Promise<ReplyOf<typeof contract.previewConversion>> {
  const { db, clickhouse } = services
  const { connection, connector } = await find(db, workspaceId, connectionId)
  checkMappings(connector, [mapping])
  const newest = await store.readNewest(clickhouse, workspaceId, mapping.event)
  const now = services.clock()
  if (!newest) return { ...(await madeUp(services, connection, connector, mapping, now)), isReal: false }
  const { item } = outgoingOf({ ...newest, workspaceId }, connectionId)
  const { rehearsal } = await rehearse(services, workspaceId, {
    connector,
    settings: settingsOf(services, connection),
    mappings: [{ ...mapping, isOn: true }],
    item,
    leadId: newest.leadId,
  })
  return { ...rehearsal, isReal: true, occurredAt: newest.event.occurredAt }
}

export async function getDestination(
  db: Db,
  workspaceId: string,
  connectionId: string,
): Promise<Destination> {
  const { connection, connector, row } = await find(db, workspaceId, connectionId)
  return present(connection, connector, row)
}

/** A connection that takes conversions; 404 where there is none. */
export async function find(
  db: Db,
  workspaceId: string,
  connectionId: string,
): Promise<{ connection: ConnectionRow; connector: Connector; row: DestinationRow }> {
  const connection = await readConnection(db, workspaceId, connectionId)
  const connector = connection && connectorOf(connection.connector)
  const row = (await store.readDestinations(db, workspaceId)).find((one) => one.connectionId === connectionId)
  if (!connection || !connector?.conversions || !row) throw missing('destination', connectionId)
  return { connection, connector, row }
}

async function madeUp(
  services: Services,
  connection: ConnectionRow,
  connector: Connector,
  { name, parameters }: EventMapping,
  now: Date,
) {
  const conversions = connector.conversions!
  const settings = settingsOf(services, connection)
  const { mode } = await workspaceSettings(services.db, connection.workspaceId as WorkspaceId)
  const sample = sampleConversion(now.toISOString())
  const values = new Map<string, unknown>([
    ['value', 31],
    ['currency', 'EUR'],
    ['order_id', '1001'],
    ['products', sampleProducts],
    ['product_count', 3],
    ['page_url', sample.pageUrl],
  ])
  const mapped = {
    name,
    parameters: Object.fromEntries(
      parameters.flatMap(({ parameter, from }) => {
        const value = from.startsWith('text:') ? from.slice('text:'.length) : values.get(from)
        return value === undefined ? [] : [[parameter, value]]
      }),
    ),
  }
  const { payload, problems } = conversions.build(sample, mapped, settings)
  const where = { isTest: mode === 'test', installation: services.settings }
  return {
    eventId: sample.eventId,
    wouldLeave: problems.length === 0,
    consent: { isAllowed: true, purpose: conversions.purpose, because: 'The person is made up.' },
    problems,
    requests: showRequests(connector, settings, (link) => conversions.send([payload], link), where),
    quality: conversions.quality?.(payload) ?? null,
    leadId: null,
    occurredAt: sample.occurredAt,
  }
}

function maxAgeHours(connector: Connector): number {
  return Math.floor(connector.conversions!.maxAgeMs({ name: '', parameters: {} }) / 3_600_000)
}

function present(connection: ConnectionRow, connector: Connector, row: DestinationRow): Destination {
  const conversions = connector.conversions!
  return {
    connectionId: connection.id,
    connector: connector.id,
    name: connection.name,
    isWorking: connection.status === 'connected' || connection.status === 'failing',
    forwards: row.forwards,
    forwardsFrom: row.forwardsFrom?.toISOString() ?? null,
    maxAgeHours: maxAgeHours(connector),
    purpose: conversions.purpose,
    mappings: mappingsOf(connector, row.mappings),
    names: [...conversions.names],
    takesOtherNames: conversions.customName !== null,
    userProperty: conversions.userProperty ?? null,
    hasSessions: conversions.sessionOf !== undefined,
  }
}
