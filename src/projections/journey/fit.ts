// Learns a workspace's journeys: reads who ordered and who was there, learns, keeps the model, and has every lead read by it.
import { oweWorkspace } from '../../leads/index.ts'
import { currencyExponent } from '../../lib/money.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Services } from '../../platform/services.ts'
import { readPlace, readRulesInForce } from '../history/index.ts'
import type { Visitor } from './churn/disengagement.ts'
import { learnJourney } from './fitted.ts'
import type { JourneyModel } from './fitted.ts'
import { dayOf, placedOrder } from './orders.ts'
import { defaultJourneySettings, journeySettingsSchema } from './settings.ts'
import type { JourneySettings } from './settings.ts'
import { insertModel, readFirstOrders, readSampledDays, readSampledOrders } from './store.ts'
import { orderDaysOf } from './value/buyers.ts'
import type { OrderDays } from './value/buyers.ts'

/**
 * Of each kind at most so many, about: three parameters of a shop are as certain from 5,000 buyers as anybody needs, and
 * the fits of now and of two past horizons take some seconds.
 */
const SAMPLE = 5_000

/** What is learned from: some buyers and some visitors, by chance that is the same every time. */
export interface Studied {
  buyers: OrderDays
  visitors: Visitor[]
  clickDays: ReadonlyMap<string, readonly number[]>
  timeZone: string
  currency: string
  settings: JourneySettings
}

/** Learns from everything up to now. */
export async function fitJourneys(services: Services, workspaceId: string): Promise<JourneyModel> {
  const { db, clock } = services
  const fittedAt = clock()
  const studied = await readStudied(services, workspaceId)
  const model = learnFrom(studied, dayOf(fittedAt.getTime(), studied.timeZone))
  await inTransaction(db, async (tx) => {
    await insertModel(tx, workspaceId, { model, fittedAt })
    await oweWorkspace(tx, workspaceId)
  })
  return model
}

/** What was known on the evening of a day says of a workspace; later days are not looked at. */
export function learnFrom(
  { buyers, visitors, clickDays, currency, settings }: Studied,
  asOfDay: number,
): JourneyModel {
  const moneyUnit = 10 ** (currencyExponent(currency) ?? 2)
  return learnJourney(buyers, visitors, { asOfDay, currency, moneyUnit, settings, clickDays })
}

export async function readStudied(
  { db, clickhouse }: Pick<Services, 'db' | 'clickhouse'>,
  workspaceId: string,
): Promise<Studied> {
  const [{ timeZone, currency }, settings] = await Promise.all([
    readPlace(db, workspaceId),
    journeySettings(db, workspaceId),
  ])
  const [orders, visited] = await Promise.all([
    readSampledOrders(db, workspaceId, SAMPLE),
    readSampledDays(clickhouse, workspaceId, timeZone, { limit: SAMPLE }),
  ])
  const buyers = orderDaysOf(
    orders.flatMap((order) => placedOrder(order, order.leadId, timeZone) ?? []),
    currency,
  )
  const [firstOrders, clicked] = await Promise.all([
    readFirstOrders(
      db,
      workspaceId,
      visited.map(({ leadId }) => leadId),
    ),
    readSampledDays(clickhouse, workspaceId, timeZone, { limit: SAMPLE, only: [...buyers.keys()] }),
  ])
  return {
    buyers,
    visitors: visited.map(({ leadId, activeDays }) => {
      const first = firstOrders.get(leadId)
      return { activeDays, firstOrderDay: first === undefined ? null : dayOf(first, timeZone) }
    }),
    clickDays: new Map(clicked.map(({ leadId, clickDays }) => [leadId, clickDays])),
    timeZone,
    currency,
    settings,
  }
}

/** What a workspace says of risk and value; what every workspace begins with, where it said nothing. */
export async function journeySettings(db: Db, workspaceId: string): Promise<JourneySettings> {
  const stored = await readRulesInForce(db, workspaceId, 'journey')
  return stored ? journeySettingsSchema.parse(stored.rules) : defaultJourneySettings
}
