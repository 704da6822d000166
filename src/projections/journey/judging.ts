// Holds health against what came: buyers as they stood a horizon ago, by what was known then, and who ordered since.
import type { Services } from '../../platform/services.ts'
import type { LeadHistory } from '../contract.ts'
import { usualHorizonDays } from './churn/churn-risk.ts'
import { assess } from './fitted.ts'
import { learnFrom, readStudied } from './fit.ts'
import { judgeHealth } from './health.ts'
import { dayOf } from './orders.ts'
import { journeyOf } from './state.ts'
import { writeJudgedHealth } from './store.ts'
import type { JudgedHealth } from './store.ts'
import { ordersBetween, standingOn } from './value/buyers.ts'

/** A lead as it stood on the evening of a day: what had happened by then, and the engagement of its score. */
export interface PastStanding {
  history: LeadHistory
  engagement: number | null
}

/** Leads as they stood on the evening of a day since 1970; handed in, since scores and histories stand beside. */
export type PastStandings = (
  workspaceId: string,
  leadIds: string[],
  day: number,
) => AsyncIterable<PastStanding>

/** Buyers that are judged by: an AUC is right to two hundredths by them. */
const SAMPLE = 2_000
/** Fewer say nothing of their tenths. */
const FEWEST = 100

/** Judges health as of a horizon ago, and keeps what was found with the newest model. */
export async function judgeHealthOf(
  services: Services,
  workspaceId: string,
  pastStandings: PastStandings,
): Promise<JudgedHealth> {
  const judged = await judgeOf(services, workspaceId, pastStandings)
  await writeJudgedHealth(services.db, workspaceId, judged)
  return judged
}

async function judgeOf(
  services: Services,
  workspaceId: string,
  pastStandings: PastStandings,
): Promise<JudgedHealth> {
  const studied = await readStudied(services, workspaceId)
  const { buyers, timeZone, currency, settings } = studied
  const today = dayOf(services.clock().getTime(), timeZone)
  const horizonDays = settings.churnHorizonDays ?? usualHorizonDays(buyers, today)
  const asOfDay = today - horizonDays
  const model = learnFrom({ ...studied, settings: { ...settings, churnHorizonDays: horizonDays } }, asOfDay)
  if (!model.churn.used)
    return {
      reason: `How well health foretells orders is told once risks are ${horizonDays} days old; ${horizonDays} days ago there was too little to tell one by.`,
    }
  const leadIds = [...buyers].flatMap(([leadId, days]) => (standingOn(days, asOfDay) ? leadId : []))
  const people: { score: number; risk: number; ordered: boolean }[] = []
  const standings = pastStandings(workspaceId, leadIds.slice(0, SAMPLE), asOfDay)
  for await (const { history, engagement } of standings) {
    const { health, churn } = assess(journeyOf(history, { timeZone, currency }), model, asOfDay, engagement)
    if (health.score === null || !churn) continue
    const ordered = ordersBetween(buyers.get(history.leadId) ?? [], asOfDay, today) > 0
    people.push({ score: health.score, risk: churn.risk, ordered })
  }
  if (people.length < FEWEST)
    return {
      reason: `How well health foretells orders is told by ${FEWEST} buyers whose health was known ${horizonDays} days ago; there are ${people.length}.`,
    }
  return { asOfDay, horizonDays, verdict: judgeHealth(people) }
}
