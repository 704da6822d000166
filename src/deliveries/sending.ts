// Sends what is due over a connection: claimed, asked at the door, written down as leaving, sent in groups, and settled.
import { openWire, savePause, saveStanding } from '../connectors/index.ts'
import type { Outcome, Wire } from '../connectors/index.ts'
import { Refusal } from '../lib/refusal.ts'
import type { Services } from '../platform/services.ts'
import { REST_MS, afterAbandonment, afterAttempt } from './decide.ts'
import type { Leaving, Shipper, Shippers } from './shipper.ts'
import { claim, markLeaving, nextDue, readAbandoned, settle } from './store.ts'
import type { Settled } from './store.ts'

/** Who claims items gives them up after this time; a group of calls ends long before. */
export const CLAIM_MS = 120_000
/** A job sends for about this long, then lets others have their turn. */
const TURN_MS = 5_000

export interface Progress {
  sent: number
  /** when there is something to do again: at once where much is left, later where items wait; null where nothing is */
  nextAt: Date | null
}

/** Sends what is due over one connection, for a few seconds. A connection that waits for a person is left alone. */
export async function sendDue(
  services: Services,
  shippers: Shippers,
  workspaceId: string,
  connectionId: string,
): Promise<Progress> {
  const nothing = { sent: 0, nextAt: null }
  let wire: Wire
  try {
    wire = await openWire(services, workspaceId, connectionId)
  } catch (error) {
    // It is gone, or its secrets cannot be read: the page says so.
    if (error instanceof Refusal) return nothing
    throw error
  }
  const { status, pausedUntil } = wire.connection
  if (status === 'reconnect' || status === 'connecting') return nothing
  const startedAt = services.clock()
  if (pausedUntil && pausedUntil > startedAt) return { sent: 0, nextAt: pausedUntil }
  let sent = 0
  for (;;) {
    const turns = await Promise.all(
      Object.entries(shippers).map(([kind, shipper]) => sendTurn(services, wire, kind, shipper)),
    )
    sent += turns.reduce((sum, turn) => sum + turn.sent, 0)
    if (turns.some((turn) => turn.isStopped)) return { sent, nextAt: null }
    if (turns.every((turn) => turn.taken === 0)) break
    const now = services.clock()
    if (turns.some((turn) => turn.isSlowed) || now.getTime() - startedAt.getTime() > TURN_MS) break
  }
  return { sent, nextAt: await nextDue(services.db, wire.connection) }
}

/** Settles what was claimed by a process that died. @returns how many */
export async function settleAbandoned(services: Services, shippers: Shippers): Promise<number> {
  const now = services.clock()
  const found = await readAbandoned(services.db, now, 5_000)
  const settled = found.map((item) =>
    afterAbandonment(
      item,
      honours(shippers[item.kind], item.connector, item, now),
      now,
      shippers[item.kind]?.triesAtMs,
    ),
  )
  await settle(services.db, settled, 'ended', now)
  return settled.length
}

interface Turn {
  taken: number
  sent: number
  /** the connection waits for a person */
  isStopped: boolean
  /** the vendor asked for a pause */
  isSlowed: boolean
}

interface Going {
  item: Leaving
  payload: Record<string, unknown>
}

const TOO_LATE =
  'Its answer was lost and it may have arrived; by now the vendor would count another one anew, so that it is not sent again by itself.'

async function sendTurn(services: Services, wire: Wire, kind: string, shipper: Shipper): Promise<Turn> {
  const { db } = services
  const now = services.clock()
  const until = new Date(now.getTime() + CLAIM_MS)
  const items = await claim(db, wire.connection, kind, shipper.turn(wire), now, until)
  if (items.length === 0) return { taken: 0, sent: 0, isStopped: false, isSlowed: false }
  const verdicts = await shipper.door(db, wire, items, now)
  const kept: Settled[] = []
  const passed: Going[] = []
  items.forEach((item, place) => {
    const verdict = verdicts[place]!
    if (
      verdict.kind === 'goes' &&
      item.mayHaveArrived &&
      !mayRepeat(shipper, wire, item, verdict.payload, now)
    )
      kept.push({ id: item.id, status: 'unknown', reason: null, words: TOO_LATE, nextAt: now, attempt: null })
    else if (verdict.kind === 'goes') passed.push({ item, payload: verdict.payload })
    else
      kept.push({
        id: item.id,
        status: verdict.kind,
        reason: verdict.reason,
        words: verdict.words,
        nextAt: now,
        attempt: null,
      })
  })
  await settle(db, kept, until, now)
  const held = await markLeaving(
    db,
    passed.map(({ item, payload }) => ({ id: item.id, payload })),
    until,
    now,
  )
  // Meanwhile somebody may have been erased, or the claim have ended and the item be another's.
  const going = passed.filter(({ item }) => held.has(item.id))
  const outcomes = await sendGroups(wire, shipper, going)
  const after = services.clock()
  await settle(
    db,
    going.map(({ item, payload }, place) =>
      afterAttempt(
        item,
        outcomes[place]!,
        honours(shipper, wire.connector.id, { ...item, payload }, after),
        after,
        shipper.triesAtMs,
      ),
    ),
    until,
    after,
  )
  await wire.flush()
  const turn = await noteStanding(services, wire, shipper, outcomes, after)
  return { taken: items.length, sent: outcomes.filter(({ kind: one }) => one === 'sent').length, ...turn }
}

async function sendGroups(
  wire: Wire,
  shipper: Shipper,
  going: readonly { payload: Record<string, unknown> }[],
): Promise<Outcome[]> {
  if (going.length === 0) return []
  const payloads = going.map(({ payload }) => payload)
  const outcomes = new Array<Outcome>(going.length)
  // The wire lets as many through at once as the vendor may be asked.
  await Promise.all(
    shipper.group(wire, payloads).map(async (places) => {
      const found = await shipper.send(
        wire,
        places.map((place) => payloads[place]!),
      )
      // Vendors repeat in their answers what they were given, tokens included.
      places.forEach(
        (place, nth) => (outcomes[place] = { ...found[nth]!, words: wire.hide(found[nth]!.words) }),
      )
    }),
  )
  return outcomes
}

// Rights that are gone stop the connection until a person comes; what the vendor asked for slows it; what works again is told.
async function noteStanding(
  { db }: Services,
  wire: Wire,
  shipper: Shipper,
  outcomes: readonly Outcome[],
  now: Date,
): Promise<Pick<Turn, 'isStopped' | 'isSlowed'>> {
  const gone = outcomes.find(({ kind }) => kind === 'reauthorise')
  if (gone) {
    await saveStanding(db, wire.connection, {
      status: 'reconnect',
      problem:
        shipper.problemOf?.(gone.words) ??
        `${wire.connector.name} no longer accepts this connection: put its settings right or connect again. It said: ${gone.words.slice(0, 300)}`,
    })
    return { isStopped: true, isSlowed: false }
  }
  const afterMs = restMs(outcomes)
  if (afterMs > 0) await savePause(db, wire.connection, new Date(now.getTime() + afterMs))
  const isWorking = outcomes.some(({ kind }) => kind === 'sent')
  if (isWorking && wire.connection.status === 'failing')
    await saveStanding(db, wire.connection, { status: 'connected', problem: null })
  return { isStopped: false, isSlowed: afterMs > 0 }
}

// What left before, and is built anew by other settings, is another event to the vendor.
function mayRepeat(
  shipper: Shipper,
  { connector }: Wire,
  item: Leaving,
  payload: Record<string, unknown>,
  now: Date,
): boolean {
  if (!honours(shipper, connector.id, item, now)) return false
  return !item.payload || (shipper.isRepeat?.(connector.id, item.payload, payload) ?? true)
}

// As long as the vendor asks; and a while where nothing of a turn arrived, whose rest would only meet the same answer.
function restMs(outcomes: readonly Outcome[]): number {
  const later = outcomes.flatMap((one) => (one.kind === 'later' ? (one.afterMs ?? 0) : []))
  const isAway = later.length > 0 && !outcomes.some(({ kind }) => kind === 'sent')
  return Math.max(isAway ? REST_MS : 0, ...later)
}

function honours(
  shipper: Shipper | undefined,
  connector: string | null,
  item: Pick<Leaving, 'payload' | 'leftAt'>,
  now: Date,
): boolean {
  if (!shipper || !connector || !item.payload) return false
  const ageMs = item.leftAt === null ? 0 : now.getTime() - item.leftAt.getTime()
  return shipper.honoursRepeat(connector, item.payload, ageMs)
}
