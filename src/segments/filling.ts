// Holds every lead against a segment's definition: who fits it now comes in, who does not goes.
import {
  catchUp,
  changedSince,
  countPacked,
  holdOffFeed,
  oweLeads,
  packFitting,
  packedDifference,
  unpacked,
  versionNow,
} from '../leads/index.ts'
import { newId } from '../lib/ids.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import type { MoveReason } from './contract.ts'
import { knownSegments } from './known.ts'
import { writeBroken, writeLive, writeProgress } from './store/definitions.ts'
import { departMany, enterMany, hasVersion, packMembers } from './store/filling.ts'
import type { Filling } from './store/filling.ts'

export interface FillOrder {
  workspaceId: string
  segmentId: string
  version: number
}

/** Leads that enter or leave in one transaction: 50,000 take half a second. */
const CHUNK = 50_000
/** Leads that changed while a segment was filled and are looked at again, at most; beyond it a later look finds them. */
const LOOKED_AGAIN = 200_000

const MADE: MoveReason = { kind: 'definition', words: null, holds: true, event: null }

/**
 * Fills a segment, and may be repeated after a crash; nothing where it has another version by now. Leads that change meanwhile
 * are decided as they change; since they may have been read before, they are looked at once more when it is done.
 */
export async function fillSegment(services: Services, order: FillOrder): Promise<void> {
  const { db, clickhouse, clock } = services
  const { workspaceId, segmentId, version } = order
  if (!(await hasVersion(db, segmentId, version))) return
  const { asked, problems } = await knownSegments(db, workspaceId)
  const segment = asked.find(({ id }) => id === segmentId)
  if (!segment) {
    const problem = problems.get(segmentId)
    if (problem !== undefined) await inTransaction(db, (tx) => writeBroken(tx, segmentId, problem))
    return
  }
  await catchUp({ db, clickhouse }, workspaceId)
  const since = await versionNow(db)
  const now = clock()
  const fitting = await packFitting({ db, clickhouse }, workspaceId, segment.condition, now)
  const members = await packMembers(db, segmentId)
  const entering = packedDifference(fitting, members)
  const departing = packedDifference(members, fitting)
  const filling: Filling = {
    workspaceId,
    segmentId,
    version,
    reason: MADE,
    now,
    keepsMoves: version > 1 || members.length > 0,
  }
  const toFill = countPacked(entering) + countPacked(departing)
  let filled = 0
  const work = async (ids: string[], move: typeof enterMany) => {
    if (!(await hasVersion(db, segmentId, version))) return false
    await inTransaction(db, (tx) => move(tx, ids, filling, newId))
    filled += ids.length
    await writeProgress(db, segmentId, filled, toFill)
    return true
  }
  await writeProgress(db, segmentId, 0, toFill)
  for (const ids of unpacked(entering, CHUNK)) if (!(await work(ids, enterMany))) return
  filling.reason = { ...MADE, holds: false }
  for (const ids of unpacked(departing, CHUNK)) if (!(await work(ids, departMany))) return
  await inTransaction(db, async (tx) => {
    // Nobody enters or leaves while they are counted.
    await holdOffFeed(tx)
    await writeLive(tx, segmentId, version, clock())
  })
  await oweLeads(db, workspaceId, await changedSince(clickhouse, workspaceId, since, LOOKED_AGAIN))
}
