// Asks a vendor for the leads that were left since it was last asked, page by page, and keeps those that nothing had told of.
import { openWire, saveStanding } from '../connectors/index.ts'
import { Refusal } from '../lib/refusal.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import { idOf, sourceOf, toldOf } from './source.ts'
import { insertCaught } from './store/caught.ts'
import { beginCatching, dropCatching, endCatching, readState, saveCatching } from './store/states.ts'
import type { SourceId } from './store/states.ts'

/** Pages in one job. */
const TURN = 20
const DAY_MS = 86_400_000
/** Vendors show leads with some delay, so that each catch-up goes back behind the last. */
const OVERLAP_MS = DAY_MS
const PAUSE_MS = 60_000

/**
 * Goes on with a catch-up, or begins one: from the last, or from as far back as the vendor shows. It can be cut anywhere: what was kept is
 * known, and the rest is asked for again.
 * @returns when to go on, null where it has come to its end; and how many leads it found
 */
export async function catchUp(
  services: Services,
  id: SourceId,
): Promise<{ nextAt: Date | null; found: number }> {
  const { db, clock } = services
  const wire = await openWire(services, id.workspaceId, id.connectionId).catch((error: unknown) => {
    if (error instanceof Refusal) return null
    throw error
  })
  const leads = wire && sourceOf(wire.connector.id).leads
  if (!wire || !leads?.catchUp) return { nextAt: null, found: 0 }
  const { catchUp: ask } = leads
  const before = await readState(db, id)
  const now = clock()
  const oldest = new Date(now.getTime() - leads.lookBackDays * DAY_MS)
  const known = before?.caughtUpTo ? new Date(before.caughtUpTo.getTime() - OVERLAP_MS) : oldest
  await beginCatching(db, id, known > oldest ? known : oldest, now)
  const state = await readState(db, id)
  const since = state?.catchingSince ?? oldest
  let cursor = state?.catchingCursor ?? null
  let found = 0
  for (let page = 0; page < TURN; page++) {
    const place = cursor
    const asked = await wire.run((link) => ask(since, place, link))
    await wire.flush()
    if (asked.kind !== 'answered') {
      const words = wire.hide(asked.words).slice(0, 500)
      if (asked.kind === 'later' || asked.kind === 'unknown') {
        const afterMs = Math.max(PAUSE_MS, asked.kind === 'later' ? (asked.afterMs ?? 0) : 0)
        return { nextAt: new Date(clock().getTime() + afterMs), found }
      }
      await dropCatching(db, id, `${wire.connector.name} showed no leads: ${words}`)
      if (asked.kind === 'reauthorise')
        await saveStanding(db, wire.connection, {
          status: 'reconnect',
          problem: `${wire.connector.name} no longer accepts this connection: connect again. It said: ${words.slice(0, 300)}`,
        })
      return { nextAt: null, found }
    }
    const { leads: left, cursor: next } = asked.value
    const told = left.map((lead) =>
      toldOf(
        wire.connection,
        { leadId: lead.leadId, formId: lead.formId, act: 'left', at: lead.submittedAt, lead },
        'catch_up',
      ),
    )
    await inTransaction(db, async (tx) => {
      const missed = await insertCaught(tx, told, clock())
      await saveCatching(tx, idOf(wire.connection), next, missed)
      found += missed
    })
    cursor = next
    if (next === null) {
      await endCatching(db, id, clock())
      return { nextAt: null, found }
    }
  }
  return { nextAt: clock(), found }
}
