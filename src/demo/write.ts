// Writes a demo of any size as the rows that its calls come to, chunk after chunk, each in both stores once.
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import { workspaceSettings } from '../accounts/index.ts'
import { insertCarts, insertOrders } from '../commerce/index.ts'
import { logColumns } from '../events/contract.ts'
import { reactions } from '../flow.ts'
import type { FlowContext } from '../flow-steps.ts'
import { IdentityRace, insertIdentity } from '../identity/index.ts'
import { clearOwnOwed, insertPeople, oweLeads, readSettledFields, tellFacts } from '../leads/index.ts'
import type { SettledField } from '../leads/index.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import { Refusal } from '../lib/refusal.ts'
import { isClickHouseUnreachable } from '../platform/clickhouse.ts'
import { inTransaction, sqlState } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import { insertStates } from '../projections/activity/index.ts'
import { decideHousehold, noRows } from './decide.ts'
import type { DecidedRows } from './decide.ts'
import { householdCalls, householdEnd } from './households.ts'
import { runIds } from './ids.ts'
import { Lines } from '../lib/lines.ts'
import { movePlace, sendEvents } from './store.ts'
import type { Place, Run, Seeded } from './store.ts'
import { worldFor } from './stream.ts'
import type { World } from './world.ts'

/** Calls of a chunk at most, about: 20 MB of lines, a part in ClickHouse. */
const CHUNK = 20_000
/** Chunks of a demo at least, so that its progress shows. */
const CHUNKS = 20
/** Others get their turn after so many calls, some two milliseconds of work: each lets a piece of the last chunk go out. */
const TURN_AFTER = 40
/** Aliases of merged leads are fed so often while chunks are written. */
const ALIASES_EVERY_MS = 30_000
/** ClickHouse may be away for so long: five minutes. */
const ATTEMPTS = 300

/**
 * Writes what is missing of a begun seed. The next chunk is decided while one is being written; of each, ClickHouse gets the
 * events under a token of its own, then PostgreSQL commits the rows with the place that the run has come to, so that a chunk
 * written again after a crash is the same and counts once.
 * @param tell called after each chunk; false where the run is to stop
 */
export async function writeDemo(
  services: Services,
  twinId: string,
  seeded: Seeded,
  currency: string,
  work: Run,
  tell: () => Promise<boolean>,
): Promise<void> {
  const settings = await workspaceSettings(services.db, twinId as WorkspaceId)
  const reading = new Map([[twinId, { ownDomains: settings.ownDomains, currency: settings.currency }]])
  const world = worldFor({ ...seeded, currency })
  let place = work.place ?? { actor: 0, calls: 0, ids: 0 }
  let aliasesAt = 0
  let written: Promise<boolean> = Promise.resolve(true)
  // While the lines of one chunk are sent, those of the next are gathered.
  let [lines, sent] = [new Lines(), new Lines()]
  while (place.actor < world.people + world.bots) {
    const now = services.clock()
    lines.clear()
    const chunk = await decideChunk(services, world, twinId, seeded, work.runId, place, lines, now, reading)
    if (!(await written)) return
    const isLast = chunk.to.actor === world.people + world.bots
    const feedsAliases = isLast || now.getTime() - aliasesAt > ALIASES_EVERY_MS
    if (feedsAliases) aliasesAt = now.getTime()
    written = writeChunk(services, twinId, work, chunk, feedsAliases).then((isOurs) => {
      work.done = chunk.to.calls
      work.place = chunk.to
      return isOurs && tell()
    })
    // Its failure is met where it is awaited.
    written.catch(() => undefined)
    place = chunk.to
    ;[lines, sent] = [sent, lines]
  }
  await written
}

interface Chunk {
  rows: DecidedRows
  /** the custom fields that it was decided by */
  fields: SettledField[]
  from: Place
  to: Place
  batchId: string
  now: Date
}

async function decideChunk(
  { db }: Services,
  world: World,
  twinId: string,
  { seededAt, events }: Seeded,
  runId: string,
  from: Place,
  lines: Lines,
  now: Date,
  settings: FlowContext['settings'],
): Promise<Chunk> {
  const rows = noRows(lines)
  const ids = runIds(runId, Date.parse(seededAt), from.ids)
  const batchId = ids.next()
  const size = Math.min(CHUNK, events / CHUNKS)
  const fields = await readSettledFields(db, [twinId])
  const context: FlowContext = { tx: db, now, batchId, settings }
  let { actor } = from
  let calls = 0
  let turnedAt = 0
  while (actor < world.people + world.bots && calls < size) {
    const end = householdEnd(world, actor)
    const told = householdCalls(world, actor, end, seededAt)
    decideHousehold(rows, told, twinId, context, fields, ids)
    calls += told.length
    actor = end
    if (calls - turnedAt < TURN_AFTER) continue
    await turn()
    turnedAt = calls
  }
  return { rows, fields, from, to: { actor, calls: from.calls + calls, ids: ids.count }, batchId, now }
}

async function writeChunk(
  services: Services,
  twinId: string,
  work: Run,
  { rows, fields, from, to, batchId, now }: Chunk,
  feedsAliases: boolean,
): Promise<boolean> {
  const { db, clickhouse } = services
  await whileAway(async () => {
    // The same chunk has the same token whoever writes it: what a crash left in the log is not logged again.
    await sendEvents(clickhouse, logColumns, rows.events.bytes(), batchId)
    await tellFacts(services, twinId, rows.facts, rows.gone)
  })
  try {
    await inTransaction(db, async (tx) => {
      if (!(await movePlace(tx, twinId, work, from, to))) throw new Replaced()
      const kept = await readSettledFields(tx, [twinId])
      if (JSON.stringify(kept) !== JSON.stringify(fields)) throw fieldsChanged()
      await insertPeople(tx, rows.people)
      await insertIdentity(tx, rows.identity, now)
      await insertOrders(tx, rows.orders)
      await insertCarts(tx, rows.carts, now)
      await insertStates(tx, rows.states)
      // Their rows stand in the copy already; that they are understood is owed.
      await clearOwnOwed(tx)
      await oweLeads(
        tx,
        twinId,
        rows.facts.map(({ record }) => record.id),
      )
      if (feedsAliases) await reactions.aliased(tx)
    })
    return true
  } catch (error) {
    if (error instanceof Replaced) return false
    if (!(error instanceof IdentityRace) && sqlState(error) !== '23505') throw error
    throw new Refusal(
      'twin_not_empty',
      409,
      'Somebody in the test twin has the same address, device or order as a person of the demo. Empty the test twin, then load the demo.',
    )
  }
}

function fieldsChanged(): Refusal {
  return new Refusal(
    'fields_changed',
    409,
    'The custom fields of the test twin were changed meanwhile. Ask for the same demo again, and it goes on by them.',
  )
}

/** Another run has taken this one's place, or it was stopped. */
class Replaced extends Error {}

async function whileAway(act: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act()
    } catch (error) {
      if (!isClickHouseUnreachable(error) || attempt === ATTEMPTS) throw error
      await pause(1_000)
    }
  }
}
