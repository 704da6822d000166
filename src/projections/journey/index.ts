// The verbs of journeys: a lead's journey and what is read of it as of now, and what was learned of a workspace.
import type { Fact } from '../../conditions/index.ts'
import { record } from '../../accounts/index.ts'
import { findLead } from '../../leads/index.ts'
import type { FactState, LeadSubject } from '../../leads/index.ts'
import type { ReplyOf } from '../../lib/endpoint.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import { adoptRules, readPlace, readStates } from '../history/index.ts'
import type * as contract from './contract.ts'
import type { JourneySettings, JourneyStatistics } from './contract.ts'
import { journeyFacts } from './facts.ts'
import { assess } from './fitted.ts'
import type { Assessment } from './fitted.ts'
import { healthWeights } from './health.ts'
import type { HealthComponent } from './health.ts'
import { journeySettings } from './fit.ts'
import { queueFit } from './jobs.ts'
import { dayOf } from './orders.ts'
import type { EngagementOf } from './projection.ts'
import type { JourneyState } from './state.ts'
import { readModel } from './store.ts'
import type { StoredModel } from './store.ts'
import type { SpendModel } from './value/spend.ts'

export { journeyProjection } from './projection.ts'
export type { EngagementOf } from './projection.ts'
export { journeyCron, journeyTasks, queueJudging } from './jobs.ts'
export { fitJourneys } from './fit.ts'
export { judgeHealthOf } from './judging.ts'
export type { PastStanding, PastStandings } from './judging.ts'
export { readJudgedHealth } from './store.ts'
export type { JudgedHealth } from './store.ts'
export { pipelineVelocity } from './velocity.ts'
export { orderDaysOf } from './value/buyers.ts'
export type { OrderDays, PlacedOrder } from './value/buyers.ts'
export { defaultStudySettings, studyOrders, studySteps } from './value/study.ts'
export type { Study, StudySettings } from './value/study.ts'
export type { Judged } from './churn/judge.ts'

/** Has leads understood at once; false where that has to wait for the log. */
export type UnderstandNow = (workspaceId: string, leadIds: string[]) => Promise<boolean>

/** What reading a journey needs of those above. */
export interface JourneyDoors {
  understandNow: UnderstandNow
  engagementOf: EngagementOf
}

/** Journeys as facts of a workspace's leads. */
export async function readJourneyFacts(db: Db, workspaceId: string): Promise<Fact<LeadSubject>[]> {
  return journeyFacts((await readPlace(db, workspaceId)).currency)
}

/** Trend, risk, health and value of a lead as of now. Where nothing was learned yet, that is begun. */
export async function journeyStatistics(
  services: Services,
  doors: JourneyDoors,
  workspaceId: string,
  id: string,
): Promise<JourneyStatistics> {
  return (await readJourney(services, doors, workspaceId, id)).statistics
}

/** The journey of a lead. */
export async function getJourney(
  services: Services,
  doors: JourneyDoors,
  workspaceId: string,
  id: string,
): Promise<ReplyOf<typeof contract.getJourney>> {
  const { leadId, journey, facts, statistics } = await readJourney(services, doors, workspaceId, id)
  const days = [...journey.activeDays, ...journey.orderDays.map(({ day }) => day)]
  return {
    leadId,
    startedOn: days.length > 0 ? dateOf(Math.min(...days)) : null,
    stage: facts.stage ?? 'new',
    milestones: journey.milestones.map(({ at, ...milestone }) => ({
      ...milestone,
      at: new Date(at).toISOString(),
    })),
    weeks: weeksOf(journey),
    activeDays: journey.activeDays.length,
    statistics,
  }
}

/** What was learned of a workspace. */
export async function journeyModel(
  db: Db,
  workspaceId: string,
): Promise<ReplyOf<typeof contract.getJourneyModel>> {
  const [stored, settings] = await Promise.all([readModel(db, workspaceId), journeySettings(db, workspaceId)])
  if (!stored) return { settings, model: null }
  const { value, churn, disengagement, rfm, currency } = stored.model
  const judged = churn.used && churn.judged?.by[churn.used.method]
  return {
    settings,
    model: {
      learnedAt: stored.fittedAt.toISOString(),
      currency,
      value: {
        verdict: value.verdict,
        sentence: value.sentence,
        warnings: value.warnings,
        buyers: value.shop.buyers,
        historyDays: value.shop.historyDays,
        meanOrderMinor: value.shop.meanOrderMinor,
        meanBuyerMinor: value.shop.meanBuyerMinor,
        name: value.buying?.model.name ?? null,
        parameters: value.buying?.model.parameters ?? null,
        spend: value.buying && spendOf(value.buying.spend),
        horizonDays: value.settings.horizonDays,
        yearlyDiscount: value.settings.yearlyDiscount,
        margin: value.settings.margin,
      },
      churn: {
        horizonDays: churn.horizonDays,
        sentence: churn.sentence,
        method: churn.used?.method ?? null,
        auc: judged?.auc ?? null,
        brier: judged?.brier ?? null,
      },
      disengagement: {
        sentence: disengagement.sentence,
        auc: disengagement.judged?.auc ?? null,
        brier: disengagement.judged?.brier ?? null,
      },
      rfmBuyers: rfm.buyers,
    },
  }
}

function spendOf(spend: SpendModel) {
  return spend.name === 'gamma_gamma'
    ? { name: spend.name, parameters: { ...spend.parameters } }
    : { name: spend.name, parameters: null }
}

/** Keeps settings of risk and value, and has the workspace learn by them. */
export async function setJourneySettings(
  { db, clock }: Services,
  caller: Caller,
  settings: JourneySettings,
): Promise<{ settings: JourneySettings }> {
  const { workspaceId, actor } = caller
  await inTransaction(db, async (tx) => {
    const before = await journeySettings(tx, workspaceId)
    await adoptRules(tx, { workspaceId, kind: 'journey', rules: settings, actor, note: '', now: clock() })
    await record(tx, { caller, action: 'journey_settings_set', subject: 'journey', before, after: settings })
    await queueFit(tx, workspaceId)
  })
  return { settings }
}

/** Lets a workspace learn now. */
export async function learnNow(db: Db, workspaceId: string): Promise<{ queued: true }> {
  await queueFit(db, workspaceId)
  return { queued: true }
}

interface ReadJourney {
  leadId: string
  journey: JourneyState
  facts: FactState
  statistics: JourneyStatistics
}

async function readJourney(
  { db, clock }: Services,
  { understandNow, engagementOf }: JourneyDoors,
  workspaceId: string,
  id: string,
): Promise<ReadJourney> {
  const leadId = await findLead(db, workspaceId, id)
  const [stored, engagement, { timeZone, currency }] = await Promise.all([
    readModel(db, workspaceId),
    engagementOf(db, workspaceId),
    readPlace(db, workspaceId),
  ])
  if (!stored) await queueFit(db, workspaceId)
  const read = async () => (await readStates(db, workspaceId, [leadId])).get(leadId)
  const state = (await read()) ?? ((await understandNow(workspaceId, [leadId])) ? await read() : undefined)
  const now = clock()
  const day = dayOf(now.getTime(), timeZone)
  const journey = (state?.details.journey as JourneyState | undefined) ?? unknownJourney(day)
  const facts = state?.facts ?? {}
  const found = assess(journey, stored?.model ?? null, day, engagement(facts, now.getTime()))
  return {
    leadId,
    journey,
    facts,
    statistics: present(leadId, { journey, found, stored, currency, now }),
  }
}

// Of whom the log has not been read yet.
function unknownJourney(day: number): JourneyState {
  return {
    createdDay: day,
    orderDays: [],
    activeDays: [],
    clickDays: [],
    relationship: {
      hasBounced: false,
      hasComplained: false,
      hasUnsubscribed: false,
      refundedShare: 0,
      hasSevereTicket: false,
    },
    milestones: [],
  }
}

function present(
  leadId: string,
  {
    journey,
    found,
    stored,
    currency,
    now,
  }: {
    journey: JourneyState
    found: Assessment
    stored: StoredModel | undefined
    currency: string
    now: Date
  },
): JourneyStatistics {
  const { health, value } = found
  const [first, last] = [journey.orderDays[0], journey.orderDays.at(-1)]
  const predicted = value?.predicted
  return {
    leadId,
    asOf: now.toISOString(),
    learnedAt: stored?.fittedAt.toISOString() ?? null,
    currency,
    trend: { ...found.trend, sentence: trendSentence(found.trend) },
    churn: found.churn,
    disengagement: found.disengagement,
    riskSentence: found.riskSentence,
    health: {
      score: health.score,
      band: health.band,
      coverage: health.coverage,
      components: Object.entries(healthWeights).map(([name, weight]) => ({
        name: name as HealthComponent,
        weight,
        value: health.components[name as HealthComponent],
      })),
    },
    value: {
      historicMinor: value?.historicMinor ?? null,
      orders: journey.orderDays.length,
      firstOrderOn: first ? dateOf(first.day) : null,
      lastOrderOn: last ? dateOf(last.day) : null,
      predicted: predicted
        ? {
            valueMinor: predicted.valueMinor,
            horizonDays: stored!.model.value.settings.horizonDays,
            expectedOrders: predicted.expectedOrders,
            spendMinor: predicted.spendMinor,
            aliveChance: predicted.aliveChance,
            nextOrderOn:
              predicted.nextOrderInDays === null ? null : dateOf(found.asOfDay + predicted.nextOrderInDays),
          }
        : null,
      sentence: found.valueSentence,
      warnings: stored?.model.value.warnings ?? [],
    },
    rfm: found.rfm,
  }
}

function trendSentence({ trend, recentDays, earlierDays, earlierWindowDays }: Assessment['trend']): string {
  const counts = `${recentDays} active days in the last 28, ${earlierDays} in the ${earlierWindowDays} before`
  switch (trend) {
    case 'increasing':
      return `More active than before: ${counts}.`
    case 'declining':
      return `Less active than before: ${counts}.`
    case 'stable':
      return `No change that is more than chance: ${counts}.`
    case 'insufficient':
      return `Too little is known to tell a trend: it takes 56 days and three active ones (${counts}).`
  }
}

const WEEKS = 104

function weeksOf({ activeDays, orderDays }: JourneyState): ReplyOf<typeof contract.getJourney>['weeks'] {
  const ordered = orderDays.map(({ day }) => day)
  const all = [...activeDays, ...ordered]
  if (all.length === 0) return []
  const last = weekOf(Math.max(...all))
  const first = Math.max(weekOf(Math.min(...all)), last - WEEKS + 1)
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const week = first + i
    return {
      startsOn: dateOf(week * 7 - 3),
      activeDays: activeDays.filter((day) => weekOf(day) === week).length,
      orderDays: ordered.filter((day) => weekOf(day) === week).length,
    }
  })
}

// The first of January 1970 was a Thursday: three days after a Monday.
function weekOf(day: number): number {
  return Math.floor((day + 3) / 7)
}

function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10)
}
