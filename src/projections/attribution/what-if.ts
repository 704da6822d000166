// Tries other settings on every lead, part by part in the background, beside those in force.
import { newId } from '../../lib/ids.ts'
import { Refusal } from '../../lib/refusal.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import type { ManualMove } from '../contract.ts'
import { loadHistories, readPlace, readStates } from '../history/index.ts'
import type { WhatIf } from './endpoints.ts'
import { queueWhatIf } from './jobs.ts'
import { creditsOf } from './lead-credits.ts'
import { moneyPlace, movesOf, settingsInForce } from './projection.ts'
import type { AttributionSettings } from './settings.ts'
import {
  countLeads,
  insertWhatIf,
  noteWhatIf,
  readLeadsAfter,
  readWhatIf,
  readWhatIfs,
} from './store/runs.ts'
import type { StoredWhatIf } from './store/runs.ts'
import { compareTallies, tallyUp } from './tally.ts'

/** The stages that people set, by the ids of families. */
export type ReadMoves = (ids: string[], workspaceId: string) => Promise<Map<string, ManualMove[]>>

const KEPT_MS = 86_400_000
/** Leads in one step: some tenths of a second. */
const PART = 500

/** Begins to try settings. */
export async function beginWhatIf(
  { db, clock }: Services,
  { workspaceId, actor }: Caller,
  settings: AttributionSettings,
): Promise<WhatIf> {
  const now = clock()
  const [{ version }, total] = await Promise.all([
    settingsInForce(db, workspaceId),
    countLeads(db, workspaceId),
  ])
  const begun: StoredWhatIf = {
    id: newId(),
    workspaceId,
    settings,
    basedOn: version,
    status: 'running',
    total,
    done: 0,
    afterId: null,
    result: { before: {}, after: {} },
    createdBy: actor,
    createdAt: now,
    finishedAt: null,
  }
  await inTransaction(db, async (tx) => {
    await insertWhatIf(tx, begun)
    await queueWhatIf(tx, workspaceId, begun.id)
  })
  return presentWhatIf(begun)
}

/** Tries the next leads. @returns false where there are no more */
export async function workWhatIf(
  { db, clickhouse, clock }: Services,
  readMoves: ReadMoves,
  workspaceId: string,
  id: string,
): Promise<boolean> {
  const found = await readWhatIf(db, workspaceId, id)
  if (!found || found.status !== 'running') return false
  const leadIds = await readLeadsAfter(db, workspaceId, found.afterId, PART)
  const last = leadIds.at(-1)
  if (last === undefined) {
    await noteWhatIf(db, { ...found, status: 'done', finishedAt: clock() })
    return false
  }
  const [{ settings }, place] = await Promise.all([
    settingsInForce(db, workspaceId),
    readPlace(db, workspaceId),
  ])
  const money = await moneyPlace(db, workspaceId, place)
  const [{ histories }, states] = await Promise.all([
    loadHistories({ db, clickhouse }, workspaceId, leadIds, [], (ids) => readMoves(ids, workspaceId)),
    readStates(db, workspaceId, leadIds),
  ])
  for (const history of histories) {
    const state = states.get(history.leadId)
    const moves = state ? movesOf(state) : []
    tallyUp(found.result.before, creditsOf(history, moves, settings, money).rows)
    tallyUp(found.result.after, creditsOf(history, moves, found.settings, money).rows)
  }
  await noteWhatIf(db, { ...found, done: found.done + leadIds.length, afterId: last })
  return true
}

/** What was tried since yesterday. */
export async function listWhatIfs(
  { db, clock }: Services,
  workspaceId: string,
): Promise<Omit<WhatIf, 'lines'>[]> {
  const found = await readWhatIfs(db, workspaceId, new Date(clock().getTime() - KEPT_MS))
  return found.map(presentPlainly)
}

/** Refuses (404) one that is not there, or no more. */
export async function findWhatIf(
  { db, clock }: Services,
  workspaceId: string,
  id: string,
): Promise<StoredWhatIf> {
  const found = await readWhatIf(db, workspaceId, id)
  if (!found || found.createdAt.getTime() < clock().getTime() - KEPT_MS)
    throw new Refusal(
      'what_if_missing',
      404,
      'There is no such try, or it is more than a day old. Try the settings again.',
    )
  return found
}

export function presentWhatIf(found: StoredWhatIf): WhatIf {
  return { ...presentPlainly(found), lines: compareTallies(found.result.before, found.result.after) }
}

function presentPlainly(found: StoredWhatIf): Omit<WhatIf, 'lines'> {
  const { id, status, total, done, settings, basedOn, createdAt, createdBy, finishedAt } = found
  return {
    id,
    status,
    total: Math.max(total, done),
    done,
    settings,
    basedOn,
    createdBy,
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  }
}
