// What a buyer is worth on a day: history, cadence, prediction with its intervals, and the fit behind it. Pure.
import { assess, modelOf } from '../fitted.ts'
import type { JourneyModel } from '../fitted.ts'
import type { JourneyState } from '../state.ts'
import { nextOrderBetween, ordersBetween80 } from '../value/ahead.ts'
import { standingOn } from '../value/buyers.ts'
import { cadenceOf } from '../value/cadence.ts'
import type { Worth } from './contract.ts'

/** More days with an order are summed, not listed. */
const LISTED_DAYS = 200
const DAY_MS = 86_400_000

/**
 * @param journey null where nothing of the person was read yet
 * @param learned null where nothing of the workspace was learned yet
 * @param today days since 1970 in the workspace's zone
 */
export function worthOf(
  journey: JourneyState | null,
  learned: { model: JourneyModel; fittedAt: Date } | null,
  today: number,
): Omit<Worth, 'leadId' | 'asOf' | 'currency'> {
  const days = (journey?.orderDays ?? []).filter(({ day }) => day <= today)
  const found = journey && assess(journey, learned?.model ?? null, today, null)
  const priced = days.flatMap(({ netMinor }) => netMinor ?? [])
  const value = learned?.model.value
  return {
    history: {
      valueMinor: found?.value?.historicMinor ?? null,
      days: days.slice(-LISTED_DAYS).map(({ day, netMinor }) => ({ on: dateOf(day), netMinor })),
      orderDays: days.length,
      foreignDays: days.filter(({ netMinor }) => netMinor === null).length,
      firstOrderOn: days[0] ? dateOf(days[0].day) : null,
      lastOrderOn: days.length > 0 ? dateOf(days.at(-1)!.day) : null,
      meanOrderMinor:
        priced.length > 0 ? Math.round(priced.reduce((sum, minor) => sum + minor, 0) / priced.length) : null,
    },
    cadence: cadenceOf(
      days.map(({ day }) => day),
      today,
    ),
    rfm: found?.rfm ?? null,
    prediction: found && learned ? predictionOf(found, learned.model, days, today) : null,
    churn: found?.churn ? { risk: found.churn.risk, horizonDays: found.churn.horizonDays } : null,
    fit: {
      sentence: found?.valueSentence ?? (value ? value.sentence : NOT_LEARNED),
      warnings: value?.warnings ?? [],
      learnedAt: learned?.fittedAt.toISOString() ?? null,
      model: value?.buying?.model.name ?? null,
      buyers: value?.shop.buyers ?? 0,
      historyDays: value?.shop.historyDays ?? 0,
    },
  }
}

const NOT_LEARNED =
  'Nothing was learned of this workspace’s buyers yet; that happens each night, and now in the background.'

function predictionOf(
  found: ReturnType<typeof assess>,
  { value }: JourneyModel,
  days: JourneyState['orderDays'],
  today: number,
): Worth['prediction'] {
  const predicted = found.value?.predicted
  const standing = standingOn(days, today)
  if (!predicted || !standing || !value.buying) return null
  const model = modelOf(value.buying.model)
  const { horizonDays } = value.settings
  const orders = ordersBetween80(model, standing, horizonDays / 7)
  // Each order ahead is worth the same: what is expected of one, at the margin and with the discount of the settings.
  const each = predicted.expectedOrders > 0 ? predicted.valueMinor / predicted.expectedOrders : 0
  const next = nextOrderBetween(model, standing, value.shop.historyDays)
  const dayIn = (inDays: number | null) => (inDays === null ? null : dateOf(today + inDays))
  return {
    horizonDays,
    valueMinor: predicted.valueMinor,
    valueBetween: orders && { low: Math.round(orders.low * each), high: Math.round(orders.high * each) },
    expectedOrders: predicted.expectedOrders,
    ordersBetween: orders,
    spendMinor: predicted.spendMinor,
    aliveChance: predicted.aliveChance,
    nextOrderOn: dayIn(predicted.nextOrderInDays),
    nextOrderBetween: { low: dayIn(next.low), high: dayIn(next.high) },
  }
}

function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}
