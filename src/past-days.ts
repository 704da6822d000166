// Leads as they stood at moments of the past: each history cut there, and folded by the rules and models of today.
import { zoneOffsetMs } from './lib/instant.ts'
import type { Services } from './platform/services.ts'
import type { LeadHistory, LeadState, Prepared } from './projections/contract.ts'
import { loadHistories, readPlace } from './projections/history/index.ts'
import { journeyProjection } from './projections/journey/index.ts'
import type { PastStandings } from './projections/journey/index.ts'
import { engagementOf, readReadings, readScore, scoreProjection } from './projections/score/index.ts'
import type { PastLead, WorkOut } from './snapshots/index.ts'

/** Leads whose histories are held at once. */
const CHUNK = 200

/**
 * What was understood of a lead by then, but for the record, its consents and orders counted whole: those are as they are today.
 * @param breathe lets others have their turn
 */
export function workingOut(services: Services, breathe: () => Promise<void>): WorkOut {
  const { db, clickhouse } = services
  return async function* (workspaceId, leadIds, moments) {
    const [reading] = await readReadings(db, workspaceId)
    const place = await readPlace(db, workspaceId)
    if (!reading || leadIds.length === 0) return
    const turn = { tx: db, clickhouse, workspaceId, lane: 'bulk' as const, ...place }
    const score = await scoreProjection.prepare({ ...turn, now: new Date(moments[0] ?? 0) })
    const journeys: Prepared[] = []
    for (const at of moments)
      journeys.push(await journeyProjection(engagementOf).prepare({ ...turn, now: new Date(at) }))
    const needs = [...score.needs, ...(journeys[0]?.needs ?? [])]
    for (let from = 0; from < leadIds.length; from += CHUNK) {
      const { histories } = await loadHistories(
        { db, clickhouse },
        workspaceId,
        leadIds.slice(from, from + CHUNK),
        needs,
      )
      for (const history of histories) {
        yield { leadId: history.leadId, source: history.subject.record.source, states: statesOf(history) }
        await breathe()
      }
    }

    function statesOf(history: LeadHistory): PastLead['states'] {
      // Who was seen before the record was made was there from then on.
      const since = Math.min(history.createdAt, history.events[0]?.at ?? Infinity)
      return moments.map((at, place) => {
        if (since > at) return null
        const part = partUntil(history, at)
        const state: LeadState = { facts: {}, details: {} }
        for (const { fold } of [score, journeys[place]!])
          Object.assign(state.facts, fold(part, state, () => state.facts).facts)
        return { score: readScore(state.facts, reading!, at), facts: state.facts }
      })
    }
  }
}

/** Leads as they stood on the evening of a day, with the engagement of their score by the rules of today. */
export function standingOnDays(services: Services, breathe: () => Promise<void>): PastStandings {
  const { db, clickhouse } = services
  return async function* (workspaceId, leadIds, day) {
    const place = await readPlace(db, workspaceId)
    // The zone's offset of the day's noon is that of its evening, but for a night on which clocks change.
    const at = (day + 1) * DAY_MS - zoneOffsetMs((day + 0.5) * DAY_MS, place.timeZone) - 1
    const turn = { tx: db, clickhouse, workspaceId, lane: 'bulk' as const, ...place, now: new Date(at) }
    const [score, journey, engagement] = await Promise.all([
      scoreProjection.prepare(turn),
      journeyProjection(engagementOf).prepare(turn),
      engagementOf(db, workspaceId),
    ])
    const needs = [...score.needs, ...journey.needs]
    for (let from = 0; from < leadIds.length; from += CHUNK) {
      const some = leadIds.slice(from, from + CHUNK)
      const { histories } = await loadHistories({ db, clickhouse }, workspaceId, some, needs)
      for (const whole of histories) {
        const history = partUntil(whole, at)
        const { facts } = score.fold(history, { facts: {}, details: {} }, () => ({}))
        yield { history, engagement: engagement(facts, at) }
        await breathe()
      }
    }
  }
}

const DAY_MS = 86_400_000

function partUntil(history: LeadHistory, at: number): LeadHistory {
  return {
    ...history,
    events: history.events.filter((event) => event.at <= at),
    orders: history.orders.flatMap((order) =>
      order.placedAt > at
        ? []
        : [
            {
              ...order,
              cancelledAt: order.cancelledAt !== null && order.cancelledAt <= at ? order.cancelledAt : null,
            },
          ],
    ),
  }
}
