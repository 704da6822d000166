// A lead's way as the API tells it: moves, stays, sums per stage and speed, as of a moment. Pure.
import type { ReplyOf } from '../../lib/endpoint.ts'
import type { ManualMove } from '../contract.ts'
import type { CurrentStage, StageMove } from './contract.ts'
import type * as contract from './contract.ts'
import type { StageStay } from './fold.ts'
import type { LifecycleDetails } from './projection.ts'
import type { LifecycleRule } from './rules.ts'
import { stages } from './stages.ts'

/** Where a lead is now. */
export function presentCurrent(
  leadId: string,
  way: LifecycleDetails,
  rules: readonly LifecycleRule[],
  now: number,
): CurrentStage {
  const stay = way.stays.at(-1)!
  return {
    leadId,
    stage: way.stage,
    since: instant(way.since),
    days: daysOf(stay, now),
    touches: stay.touches,
    lastMove: presentMoves(way, rules).at(-1) ?? null,
    ruleVersion: way.ruleVersion,
  }
}

/**
 * The whole way.
 * @param decisions what people decided, for the words of those that moved nothing
 */
export function presentHistory(
  leadId: string,
  way: LifecycleDetails,
  {
    rules,
    decisions,
    now,
  }: { rules: readonly LifecycleRule[]; decisions: readonly ManualMove[]; now: number },
): ReplyOf<typeof contract.stageHistory> {
  const startedAt = way.stays[0]!.since
  const first = (stage: string) => {
    const entry = way.moves.find(({ to }) => to === stage)
    return entry ? daysBetween(startedAt, entry.at) : null
  }
  const completed = way.stays
    .filter(({ until }) => until !== null)
    .map((stay) => daysOf(stay, now))
    .sort((a, b) => a - b)
  return {
    current: presentCurrent(leadId, way, rules, now),
    startedAt: instant(startedAt),
    moves: presentMoves(way, rules),
    stays: way.stays.map((stay) => ({
      stage: stay.stage,
      since: instant(stay.since),
      until: stay.until === null ? null : instant(stay.until),
      days: daysOf(stay, now),
      touches: stay.touches,
    })),
    stages: stages.flatMap((stage) => {
      const stays = way.stays.filter((stay) => stay.stage === stage)
      if (stays.length === 0) return []
      return {
        stage,
        stays: stays.length,
        days: stays.reduce((sum, stay) => sum + daysOf(stay, now), 0),
        touches: stays.reduce((sum, { touches }) => sum + touches, 0),
        firstAt: instant(stays[0]!.since),
      }
    }),
    velocity: {
      days: daysBetween(startedAt, now),
      toOpportunityDays: first('opportunity'),
      toCustomerDays: first('customer'),
      forwardMoves: way.moves.filter(({ isBackward }) => !isBackward).length,
      backwardMoves: way.moves.filter(({ isBackward }) => isBackward).length,
      medianStayDays: median(completed),
    },
    confirmations: way.confirmations.flatMap(({ moveId, at, stage }) => {
      const said = decisions.find((decision) => decision.moveId === moveId)
      if (!said) return []
      const { actor, reason, amountMinor, currency } = said
      return { at: instant(at), stage, actor, reason, amountMinor, currency }
    }),
  }
}

function presentMoves(way: LifecycleDetails, rules: readonly LifecycleRule[]): StageMove[] {
  return way.moves.map((move, place) => ({
    at: instant(move.at),
    from: move.from,
    to: move.to,
    kind: move.rule === null ? 'manual' : 'automatic',
    isBackward: move.isBackward,
    skipped: move.skipped,
    cause: move.cause,
    rule:
      move.rule === null
        ? null
        : {
            id: move.rule,
            name: rules.find(({ id }) => id === move.rule)?.name ?? move.rule,
            version: way.ruleVersion,
          },
    actor: move.actor,
    reason: move.reason,
    amountMinor: move.amountMinor,
    currency: move.currency,
    afterDays: daysBetween(way.stays[place]!.since, move.at),
  }))
}

// The one in the middle, or the mean of the two.
function median(ordered: readonly number[]): number | null {
  if (ordered.length === 0) return null
  const middle = (ordered.length - 1) / 2
  return (ordered[Math.floor(middle)]! + ordered[Math.ceil(middle)]!) / 2
}

function daysOf({ since, until }: StageStay, now: number): number {
  return daysBetween(since, until ?? Math.max(now, since))
}

function daysBetween(from: number, to: number): number {
  return Math.max(0, to - from) / 86_400_000
}

function instant(at: number): string {
  return new Date(at).toISOString()
}
