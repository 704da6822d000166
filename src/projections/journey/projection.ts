// Journeys as a projection: what they are read from, and how they stand as of the day of the pass.
import type { FactState } from '../../leads/index.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Projection } from '../contract.ts'
import { assess } from './fitted.ts'
import { dayOf } from './orders.ts'
import { journeyOf } from './state.ts'
import { readModel } from './store.ts'

/** Reads the engagement of a score (0 to 100) at a moment from what the projections before have made; the score stands beside. */
export type EngagementOf = (
  db: Db,
  workspaceId: string,
) => Promise<(facts: Readonly<FactState>, now: number) => number | null>

export function journeyProjection(engagementOf: EngagementOf): Projection {
  return {
    name: 'journey',
    async prepare({ tx, workspaceId, timeZone, currency, now }) {
      const [stored, engagement] = await Promise.all([
        readModel(tx, workspaceId),
        engagementOf(tx, workspaceId),
      ])
      const ms = now.getTime()
      const day = dayOf(ms, timeZone)
      // The same all day, so that a lead of whom nothing is new is not written.
      const askedFor = Math.floor(ms / DAY_MS) * DAY_MS
      return {
        needs: [{ propertiesOf: 'ticket_opened' }],
        fold(history, state) {
          const journey = journeyOf(history, { timeZone, currency })
          const found = assess(journey, stored?.model ?? null, day, engagement(state.facts, ms))
          return {
            details: journey,
            facts: {
              active_days: journey.activeDays.slice(-112).filter((active) => active >= 0 && active <= 65_535),
              churn_risk: found.churn?.risk ?? null,
              disengagement_risk: found.disengagement?.risk ?? null,
              churn_asked_for: new Date(askedFor).toISOString(),
              ltv_minor: found.value?.historicMinor ?? null,
              predicted_ltv_minor: found.value?.predicted?.valueMinor ?? null,
              health_value: found.health.components.value,
              health_relationship: found.health.components.relationship,
              rfm_segment: found.rfm?.segment ?? '',
              next_order_at: nextOrderAt(found.value?.predicted?.nextOrderInDays ?? null, askedFor),
              trend: found.trend.trend,
              health: found.health.score,
            },
          }
        },
      }
    },
  }
}

function nextOrderAt(inDays: number | null, now: number): string | null {
  return inDays === null ? null : new Date(now + inDays * DAY_MS).toISOString()
}

const DAY_MS = 86_400_000
