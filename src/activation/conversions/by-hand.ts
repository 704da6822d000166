// Events that a person or a program sends to one vendor: rehearsed, or put into the outbox, or sent as the vendor's own test.
import { openWire, readConnections, sampleSettings, settingsOf } from '../../connectors/index.ts'
import type { Connector, ConnectionRow, SendDoor } from '../../connectors/index.ts'
import { findDelivery, send } from '../../deliveries/index.ts'
import { KIND, erasedAmong } from '../../identity/index.ts'
import type { Claims } from '../../identity/index.ts'
import { normaliseEmail } from '../../lib/email.ts'
import { newId } from '../../lib/ids.ts'
import { parseMoney } from '../../lib/money.ts'
import { normalisePhone } from '../../lib/phone.ts'
import { Refusal } from '../../lib/refusal.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import type { Rehearsal, SendReply, SentEvent } from './contract.ts'
import { KINDS } from './item.ts'
import type { ConversionItem } from './item.ts'
import { rehearse } from './rehearsing.ts'
import { findLeadBy, findLeadsBy, readMappings, readPeople } from './store.ts'

export interface SendOptions {
  dryRun: boolean
  /** which connection, where there are several of the vendor */
  connectionId?: string
}

/**
 * Sends events to a vendor, or says exactly how they would leave. A dry run works with no connection, on the examples of the
 * settings; else 409 `connection_missing`. One event that cannot go holds no other up.
 */
export async function sendByHand(
  services: Services,
  caller: Caller,
  connector: Connector,
  door: Pick<SendDoor, 'name' | 'takes'>,
  events: readonly SentEvent[],
  { dryRun, connectionId }: SendOptions,
): Promise<SendReply> {
  const connection = await choose(services.db, caller.workspaceId, connector, connectionId)
  if (!connection && !dryRun) {
    throw new Refusal(
      'connection_missing',
      409,
      `No connection to ${connector.name} works: connect it under Integrations, or ask with dryRun=true.`,
    )
  }
  const settings = connection ? settingsOf(services, connection) : sampleSettings(connector)
  const mappings = connection ? await readMappings(services.db, caller.workspaceId, connection.id) : []
  // All are read before the first leaves: a refusal means that none did, so that the whole call can be made again.
  const read: Awaited<ReturnType<typeof itemOf>>[] = []
  for (const event of events) read.push(await itemOf(services, caller.workspaceId, connector, door, event))
  const items: SendReply['items'] = []
  for (const { item, leadId } of read) {
    const { rehearsal, payload } = await rehearse(services, caller.workspaceId, {
      connector,
      settings,
      mappings,
      item,
      leadId,
    })
    const left =
      dryRun || !connection
        ? NOTHING
        : await leave(services, caller, connection, door, { item, leadId, rehearsal, payload })
    items.push({ ...rehearsal, ...left })
  }
  return { isDryRun: dryRun, connectionId: connection?.id ?? null, items }
}

const NOTHING = { deliveryId: null, outcome: null }

interface Rehearsed {
  item: ConversionItem
  leadId: string | null
  rehearsal: Rehearsal
  payload: Record<string, unknown> | null
}

async function leave(
  services: Services,
  caller: Caller,
  connection: ConnectionRow,
  door: Pick<SendDoor, 'takes'>,
  { item, leadId, rehearsal, payload }: Rehearsed,
): Promise<Pick<SendReply['items'][number], 'deliveryId' | 'outcome'>> {
  if (door.takes === 'test') {
    if (!rehearsal.wouldLeave || !payload) {
      const words = rehearsal.consent.isAllowed ? rehearsal.problems.join(' ') : rehearsal.consent.because
      return { deliveryId: null, outcome: { kind: 'withheld', words } }
    }
    return { deliveryId: null, outcome: await sendTest(services, connection, payload) }
  }
  const key = `by-hand:${item.mapped?.name}:${item.event.eventId}`
  await inTransaction(services.db, async (tx) => {
    const outgoing = {
      workspaceId: caller.workspaceId,
      connectionId: connection.id,
      kind: KINDS.byHand,
      key,
      leadId,
      event: item.event.name,
      occurredAt: item.event.occurredAt,
      item: { ...item },
    }
    await send(tx, [outgoing], services.clock())
  })
  return { deliveryId: await findDelivery(services.db, connection, key), outcome: null }
}

async function sendTest(
  services: Services,
  connection: ConnectionRow,
  payload: Record<string, unknown>,
): Promise<{ kind: string; words: string }> {
  const wire = await openWire(services, connection.workspaceId, connection.id)
  const { conversions } = wire.connector
  if (!conversions?.sendTest) return { kind: 'refused', words: 'This vendor has no tests.' }
  const { kind, words } = await wire.run((link) => conversions.sendTest!(payload, link))
  await wire.flush()
  return { kind, words: wire.hide(words) }
}

async function choose(
  db: Db,
  workspaceId: string,
  connector: Connector,
  connectionId: string | undefined,
): Promise<ConnectionRow | undefined> {
  const found = (await readConnections(db, workspaceId)).filter((one) => one.connector === connector.id)
  if (connectionId !== undefined) {
    const named = found.find(({ id }) => id === connectionId)
    if (!named)
      throw new Refusal(
        'connection_missing',
        404,
        `There is no connection ${connectionId} to ${connector.name}.`,
      )
    return named
  }
  return (
    found.find(({ status }) => status === 'connected') ?? found.find(({ status }) => status === 'failing')
  )
}

async function itemOf(
  { db, clock }: Services,
  workspaceId: string,
  connector: Connector,
  door: Pick<SendDoor, 'name'>,
  event: SentEvent,
): Promise<{ item: ConversionItem; leadId: string | null }> {
  const name = event.name ?? door.name
  if (name === undefined)
    throw new Refusal(
      'event_unnamed',
      400,
      'The event needs a name: send it as `name`, as the vendor calls it.',
    )
  const { leadId, sharedBy } = await leadOf(db, workspaceId, event, clock())
  const currency = event.currency ?? ''
  const read = event.value === undefined ? null : parseMoney(event.value, currency)
  const parameters = withoutEmpty({
    value: event.value,
    currency: event.currency,
    ...underItsNames(connector, 'order_id', event.orderId),
    ...underItsNames(connector, 'products', event.products),
    ...event.parameters,
    ...userProperties(connector, event.userProperties),
  })
  return {
    leadId,
    item: {
      event: {
        eventId: event.eventId ?? event.orderId ?? newId(),
        name,
        occurredAt: event.occurredAt ? new Date(event.occurredAt).toISOString() : clock().toISOString(),
        pageUrl: event.pageUrl ?? '',
        pageTitle: '',
        referrer: event.referrer ?? '',
        sessionId: '',
        valueMinor: read && 'minor' in read ? read.minor : 0,
        currency,
        properties: {},
      },
      mapped: { name, parameters },
      person: event.person,
      browser: event.browser,
      ...(sharedBy.length > 0 && { sharedBy }),
    },
  }
}

// A lead that is named must be one; else whom the words find, by what stands for one person alone.
async function leadOf(
  db: Db,
  workspaceId: string,
  { leadId, person }: SentEvent,
  at: Date,
): Promise<{ leadId: string | null; sharedBy: string[] }> {
  if (leadId !== undefined) {
    const known = (await readPeople(db, workspaceId, [leadId])).get(leadId)
    if (!known) throw new Refusal('lead_missing', 404, `There is no lead ${leadId} in this workspace.`)
    return { leadId: known.leadId, sharedBy: [] }
  }
  const email = person?.email === undefined ? null : normaliseEmail(person.email)
  const phone = person?.phone === undefined ? null : normalisePhone(person.phone, person.country)
  const claims = {
    ...(person?.userId ? { userId: person.userId } : {}),
    ...(email && 'matchKey' in email ? { email: email.matchKey } : {}),
    ...(phone && 'phone' in phone ? { phone: phone.phone } : {}),
  }
  const wanted = [
    ...(claims.userId ? [{ kind: KIND.user_id, value: claims.userId }] : []),
    ...(claims.email ? [{ kind: KIND.email, value: claims.email }] : []),
    ...(claims.phone ? [{ kind: KIND.phone, value: claims.phone }] : []),
  ]
  const found = await findLeadBy(db, workspaceId, wanted)
  if (found !== null) return { leadId: found, sharedBy: [] }
  await refuseErased(db, { workspaceId, ...claims, mayMerge: false, at, source: 'manual' })
  return { leadId: null, sharedBy: await findLeadsBy(db, workspaceId, wanted) }
}

async function refuseErased(db: Db, claims: Claims): Promise<void> {
  const [isErased] = await erasedAmong(db, [claims])
  if (!isErased) return
  throw new Refusal(
    'lead_erased',
    409,
    'This person was erased on request: nothing of them leaves. Leave the event out, or lift the erasure of their address first where they want to come back (POST /api/leads/erasures/lift).',
  )
}

// Where the vendor's default mappings put what comes from such a source: GA4 drops an event with a list under any other name.
function underItsNames({ conversions }: Connector, source: string, value: unknown): Record<string, unknown> {
  const parameters = conversions?.defaults.flatMap((mapping) => mapping.parameters) ?? []
  return Object.fromEntries(
    parameters.filter(({ from }) => from === source).map(({ parameter }) => [parameter, value]),
  )
}

function userProperties(
  { name, conversions }: Connector,
  given: SentEvent['userProperties'] = {},
): Record<string, unknown> {
  const properties = Object.entries(given)
  const prefix = conversions?.userProperty
  if (properties.length > 0 && prefix === undefined)
    throw new Refusal(
      'user_properties_unknown',
      400,
      `${name} takes no user properties: leave userProperties out.`,
    )
  return Object.fromEntries(
    properties.map(([key, value]) => [`${prefix}${key}`, typeof value === 'boolean' ? String(value) : value]),
  )
}

function withoutEmpty(given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}
