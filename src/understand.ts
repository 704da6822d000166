// The pass that understands leads: history in, state out; each projection is handed what those before it have made.
import { holdOffFeed } from './leads/index.ts'
import type { FactState, FeedLane, Understand } from './leads/index.ts'
import type { Services } from './platform/services.ts'
import { inTransaction } from './platform/postgres.ts'
import type { Tx } from './platform/postgres.ts'
import type {
  Folded,
  LeadHistory,
  LeadState,
  Prepared,
  Projection,
  Understood,
} from './projections/contract.ts'
import {
  forgetStates,
  loadHistories,
  readPlace,
  readStates,
  waitForLog,
  writeStates,
} from './projections/history/index.ts'
import { attribution } from './projections/attribution/index.ts'
import { journeyProjection } from './projections/journey/index.ts'
import { lifecycle, readMoves } from './projections/lifecycle/index.ts'
import { presence } from './projections/presence/index.ts'
import { engagementOf, scoreProjection } from './projections/score/index.ts'
import { prediction } from './projections/score/prediction/index.ts'
import { segmentMembership } from './segments/index.ts'
import { webhookNews } from './deliveries/webhooks/index.ts'

/** In this order. */
const projections: readonly Projection[] = [
  scoreProjection,
  lifecycle,
  journeyProjection(engagementOf),
  attribution,
  presence,
  prediction,
  segmentMembership,
  webhookNews,
]

/** What the feed of the copy has done before it sends leads. */
export function understanding(services: Services): Understand {
  return (tx, workspaceId, leadIds, lane) => understand(services, tx, workspaceId, leadIds, lane)
}

/**
 * Understands leads anew, in the transaction of whoever holds the feed. Of one that was merged, the lead that it is part of is.
 * @returns false where the log does not have every event yet
 */
export async function understand(
  { clickhouse, clock, log }: Services,
  tx: Tx,
  workspaceId: string,
  leadIds: string[],
  lane: FeedLane,
): Promise<boolean> {
  if (!(await waitForLog(tx, lane === 'bulk'))) return false
  const turn = { tx, clickhouse, workspaceId, now: clock(), lane, ...(await readPlace(tx, workspaceId)) }
  const prepared = await Promise.all(
    projections.map(async (projection) => ({ name: projection.name, ...(await projection.prepare(turn)) })),
  )
  for (let at = 0; at < leadIds.length; at += AT_ONCE) await understandSome(leadIds.slice(at, at + AT_ONCE))
  return true

  async function understandSome(some: string[]): Promise<void> {
    const needs = prepared.flatMap((projection) => projection.needs)
    const { histories, gone } = await loadHistories({ db: tx, clickhouse }, workspaceId, some, needs, (ids) =>
      readMoves(tx, workspaceId, ids),
    )
    const before = await readStates(
      tx,
      workspaceId,
      histories.map(({ leadId }) => leadId),
    )
    const understood = foldAll(prepared, histories, before, (leadId, error) =>
      log.error(
        { err: error, leadId },
        'a lead could not be understood: it stays as it was until it changes',
      ),
    )
    const states = new Map(understood.map(({ history, state }) => [history.leadId, state]))
    // Most of what projections keep goes to ClickHouse, which works while PostgreSQL does.
    await Promise.all([writeStates(tx, workspaceId, states, turn.now), saveAll(understood, gone)])
    await forgetStates(tx, gone)
  }

  async function saveAll(understood: Understood[], gone: string[]): Promise<void> {
    const saves = prepared.map(async ({ save, forget }) => {
      await save?.(understood)
      if (gone.length > 0) await forget?.(gone)
    })
    await Promise.all(saves)
  }
}

/**
 * Histories in memory at once. Of 10,000 the collector of garbage took a third of the time, since all of them outlived two
 * collections.
 */
const AT_ONCE = 2_000

/** A projection that is ready for a turn, by its name. */
type Ready = Pick<Prepared, 'fold' | 'foldSet'> & { name: string }

/**
 * Folds histories, each through all projections in their order.
 * @param onFailure told of a lead whose fold threw: it is left out, so that one that no rule was made for stops no other
 */
export function foldAll(
  prepared: readonly Ready[],
  histories: readonly LeadHistory[],
  before: ReadonlyMap<string, Understood['before']>,
  onFailure: (leadId: string, error: unknown) => void,
): Understood[] {
  let going = histories.map((history): Folding => ({ history, state: { facts: {}, details: {} } }))
  for (const [place, projection] of prepared.entries()) {
    const { name, fold } = projection
    const found = foldSetOf(projection, going)
    going = going.filter((one, nth) => {
      const { history, state } = one
      try {
        const { facts, details } =
          found?.[nth] ?? fold(history, state, (part) => factsOf(prepared.slice(0, place), part))
        Object.assign(state.facts, facts)
        if (details !== undefined) state.details[name] = details
        return true
      } catch (error) {
        onFailure(history.leadId, error)
        return false
      }
    })
  }
  return going.map(({ history, state }) => ({ history, state, before: before.get(history.leadId) }))
}

interface Folding {
  history: LeadHistory
  state: LeadState
}

// Of a set that throws each lead is folded by itself, so that the one that it is due to is found.
function foldSetOf({ foldSet }: Ready, going: readonly Folding[]): Folded[] | undefined {
  try {
    return foldSet?.(going)
  } catch {
    return undefined
  }
}

// What the first projections say of a history, or of a part of one.
function factsOf(prepared: readonly Pick<Prepared, 'fold'>[], history: LeadHistory): FactState {
  const state: LeadState = { facts: {}, details: {} }
  for (const [place, { fold }] of prepared.entries())
    Object.assign(state.facts, fold(history, state, (part) => factsOf(prepared.slice(0, place), part)).facts)
  return state.facts
}

/** What the projections before one say of histories, for whoever tries other rules of that one. */
export async function saidBefore(
  { db, clickhouse, clock }: Services,
  workspaceId: string,
  name: string,
): Promise<(part: LeadHistory) => FactState> {
  const turn = {
    tx: db,
    clickhouse,
    workspaceId,
    now: clock(),
    lane: 'live' as const,
    ...(await readPlace(db, workspaceId)),
  }
  const before = projections.slice(
    0,
    projections.findIndex((projection) => projection.name === name),
  )
  const prepared = await Promise.all(before.map((projection) => projection.prepare(turn)))
  return (part) => factsOf(prepared, part)
}

/** Understands leads at once, for whoever must answer with the new state; waits for the log and for the feed. */
export async function understandNow(
  services: Services,
  workspaceId: string,
  leadIds: string[],
): Promise<boolean> {
  return inTransaction(services.db, async (tx) => {
    await holdOffFeed(tx)
    return understand(services, tx, workspaceId, leadIds, 'live')
  })
}
