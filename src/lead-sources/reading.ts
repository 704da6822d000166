// Reads leads that vendors told of, maps them, and puts them into the inbox: once each, however often this is begun anew.
import { openWire, saveStanding } from '../connectors/index.ts'
import type { Asked, FormLead, Wire } from '../connectors/index.ts'
import { openDoor } from '../ingest/index.ts'
import type { Door, InboxRow } from '../ingest/index.ts'
import { newId } from '../lib/ids.ts'
import { Refusal } from '../lib/refusal.ts'
import type { Services } from '../platform/services.ts'
import { mapLead } from './mapping.ts'
import { messageOf } from './message.ts'
import type { LeadMessage } from './message.ts'
import { sourceOf } from './source.ts'
import { postponeCaught, readDue, readNextDue, settleCaught } from './store/caught.ts'
import type { CaughtRow } from './store/caught.ts'
import { mappingOf, readMappings } from './store/mappings.ts'
import type { StoredMapping } from './store/mappings.ts'
import type { SourceId } from './store/states.ts'

/** Leads read in one job. */
const TURN = 200
const LONGEST_PAUSE_MS = 3_600_000
/** While a person has to connect again. */
const RECONNECT_PAUSE_MS = 15 * 60_000

/** Reads what is due of a connection. @returns when to come again; null where nothing waits */
export async function readLeads(
  services: Services,
  { workspaceId, connectionId }: SourceId,
): Promise<{ nextAt: Date | null }> {
  const due = await readDue(services.db, connectionId, services.clock(), TURN)
  if (due.length > 0) {
    const wire = await wireOrNone(services, workspaceId, connectionId)
    if (wire) await readAll(services, wire, due)
  }
  return { nextAt: await readNextDue(services.db, connectionId) }
}

async function readAll(services: Services, wire: Wire, due: readonly CaughtRow[]): Promise<void> {
  const { connection } = wire
  const mappings = await readMappings(services.db, connection.workspaceId, connection.id)
  const door = openDoor(services.db)
  const waiting = [...due]
  let isOver = false
  const work = async () => {
    for (let one = waiting.shift(); one && !isOver; one = waiting.shift()) {
      const asked = await askFor(wire, one)
      if (asked.kind === 'answered') await takeIn(services, door, mappings, wire, one, asked.value)
      else isOver = (await putOff(services, wire, one, asked)) || isOver
    }
  }
  // As many at once as the vendor likes; the executor keeps the pace.
  await Promise.all(Array.from({ length: wire.connector.limits.concurrency }, work))
  await wire.flush()
}

// What the webhook carried needs no asking.
async function askFor(wire: Wire, { told, vendorLeadId, formId }: CaughtRow): Promise<Asked<FormLead>> {
  if (told) return { kind: 'answered', value: told }
  const { retrieve } = sourceOf(wire.connector.id).leads
  if (!retrieve) return { kind: 'refused', words: 'This source hands leads over only as they are left.' }
  return wire.run((link) => retrieve({ leadId: vendorLeadId, formId }, link))
}

async function takeIn(
  services: Services,
  door: Door,
  mappings: readonly StoredMapping[],
  { connector }: Wire,
  row: CaughtRow,
  lead: FormLead,
): Promise<void> {
  const now = services.clock()
  const mapped = mapLead(sourceOf(connector.id).leads, lead, mappingOf(mappings, lead.formId))
  // First the inbox, then that it is there: what dies in between comes again, and the inbox knows it.
  if (!lead.isTest) {
    const message = messageOf({ ...row, sourceName: connector.name }, lead, mapped)
    await door.accept([inboxRow(row, message, now)])
  }
  const submittedAt = new Date(lead.submittedAt)
  await settleCaught(
    services.db,
    {
      id: row.id,
      workspaceId: row.workspaceId,
      status: lead.isTest ? 'test' : 'caught',
      problem: null,
      lead: { ...lead, submittedAt: Number.isNaN(submittedAt.getTime()) ? null : submittedAt },
      quality: mapped,
    },
    now,
  )
}

/** A message of a caught lead as the inbox takes it. */
export function inboxRow(
  row: Pick<CaughtRow, 'workspaceId' | 'connectionId' | 'source' | 'toldBy'>,
  message: LeadMessage,
  now: Date,
): InboxRow {
  return {
    id: newId(),
    receivedAt: now,
    workspaceId: row.workspaceId,
    lane: row.toldBy === 'webhook' ? 'live' : 'bulk',
    connection: row.connectionId,
    source: row.source,
    messageId: message.messageId,
    sender: message.anonymousId,
    origin: message.origin,
    text: message.text,
  }
}

// @returns whether the others would fare the same
async function putOff(
  { db, clock }: Services,
  wire: Wire,
  row: CaughtRow,
  asked: Exclude<Asked<FormLead>, { kind: 'answered' }>,
): Promise<boolean> {
  const now = clock()
  const words = wire.hide(asked.words).slice(0, 1_000)
  const later = (ms: number) => postponeCaught(db, row, new Date(now.getTime() + ms), words)
  switch (asked.kind) {
    case 'refused':
      await settleCaught(
        db,
        { id: row.id, workspaceId: row.workspaceId, status: 'failed', problem: words },
        now,
      )
      return false
    case 'reauthorise':
      await later(RECONNECT_PAUSE_MS)
      await saveStanding(db, wire.connection, {
        status: 'reconnect',
        problem: `${wire.connector.name} no longer accepts this connection: connect again. It said: ${words.slice(0, 300)}`,
      })
      return true
    case 'later':
      await later(Math.max(asked.afterMs ?? 0, pauseMs(row.attempts)))
      return asked.afterMs !== undefined
    case 'unknown':
      await later(pauseMs(row.attempts))
      return false
  }
}

/** 5 s, 10 s, 20 s, ... up to an hour. */
function pauseMs(attempts: number): number {
  return Math.min(LONGEST_PAUSE_MS, 5_000 * 2 ** Math.min(attempts, 12))
}

// A connection that is gone, or whose secrets cannot be opened, says so where connections are shown.
async function wireOrNone(
  services: Services,
  workspaceId: string,
  connectionId: string,
): Promise<Wire | null> {
  try {
    return await openWire(services, workspaceId, connectionId)
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}
