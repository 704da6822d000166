// What a shop's buyers will be worth: which model is to be believed, and each buyer's value by it.
import { standingOn } from './buyers.ts'
import type { OrderDays, Standing } from './buyers.ts'
import { fitBetaGeometric } from './beta-geometric.ts'
import { tallyOf } from './model.ts'
import type { BuyingModel, Fitted, ModelName, Tally } from './model.ts'
import { fitNbd } from './nbd.ts'
import { fitPareto } from './pareto.ts'
import { learnSpend, spendOf } from './spend.ts'
import type { SpendModel } from './spend.ts'

export interface OutlookSettings {
  /** how far ahead value is counted */
  horizonDays: number
  /** 0.1: what comes in a year is worth a tenth less */
  yearlyDiscount: number
  /** what is left of a unit of revenue; 1 makes value mean revenue */
  margin: number
  model: Exclude<ModelName, 'nbd'>
}

export const defaultOutlookSettings: OutlookSettings = {
  horizonDays: 365,
  yearlyDiscount: 0.1,
  margin: 1,
  model: 'mbg_nbd',
}

/** Below these a model says more about chance than about the shop. */
export const fewestBuyers = 500
export const fewestDays = 180

export interface ShopAverages {
  buyers: number
  /** buyers whose orders were worth something: who counts towards the fewest */
  payingBuyers: number
  orderDays: number
  spentMinor: number
  /** net value of a day with an order, and of a buyer until now; null without any */
  meanOrderMinor: number | null
  meanBuyerMinor: number | null
  /** days from the first order of all to now */
  historyDays: number
}

/**
 * `fits`: the model chosen in the settings. `no_dropout_detectable`: it came out degenerate, so NBD, which knows no
 * leaving, is used and the horizon is no longer than the history. `too_little_data`: value is history and averages only.
 */
export type Verdict = 'fits' | 'no_dropout_detectable' | 'too_little_data'

export interface Outlook {
  verdict: Verdict
  sentence: string
  warnings: string[]
  shop: ShopAverages
  asOfDay: number
  /** null where the verdict is too little data */
  buying: { used: Fitted; rejected: Fitted | null; spend: SpendModel } | null
  /** as used: shorter than the settings' where the verdict says so */
  settings: OutlookSettings
}

export interface BuyerValue {
  historicMinor: number
  /** null where there is no model */
  predicted: {
    aliveChance: number
    expectedOrders: number
    spendMinor: number
    valueMinor: number
    /** days from now until an order is as likely as not to have come; null where that is never or beyond the history */
    nextOrderInDays: number | null
  } | null
}

/** Learns from everything ordered up to the evening of a day. */
export function learnOutlook(
  buyers: OrderDays,
  asOfDay: number,
  settings: OutlookSettings = defaultOutlookSettings,
): Outlook {
  const standings = [...buyers.values()].flatMap((days) => standingOn(days, asOfDay) ?? [])
  const shop = averagesOf(standings, asOfDay)
  const warnings = warningsOf(buyers, asOfDay, shop)
  const lacking = lackOf(shop, standings)
  if (lacking !== null) {
    return {
      verdict: 'too_little_data',
      sentence: lacking,
      warnings,
      shop,
      asOfDay,
      buying: null,
      settings,
    }
  }
  const tally = tallyOf(standings)
  const spend = learnSpend(standings)
  if (spend.correlation !== null && Math.abs(spend.correlation) >= 0.3) {
    warnings.push(
      `How often people order and how much they spend go together (correlation ${spend.correlation.toFixed(2)}); expected spending takes them for independent, so values of frequent buyers are off.`,
    )
  }
  const fitted = fitModel(settings.model, tally)
  if (!isDegenerate(fitted.model)) {
    return {
      verdict: 'fits',
      sentence: `${titles[settings.model]} fits ${inWords(shop.buyers)} buyers with ${inWords(shop.historyDays)} days of history.`,
      warnings,
      shop,
      asOfDay,
      buying: { used: fitted, rejected: null, spend },
      settings,
    }
  }
  return {
    verdict: 'no_dropout_detectable',
    sentence: `No dropout is detectable in these orders (${titles[settings.model]} degenerates), so buyers are taken to go on at their own rate, and nothing is foretold further ahead than the ${inWords(shop.historyDays)} days of history.`,
    warnings,
    shop,
    asOfDay,
    buying: { used: fitNbd(tally), rejected: fitted, spend },
    settings: { ...settings, horizonDays: Math.min(settings.horizonDays, shop.historyDays) },
  }
}

/** One buyer's value; `standing` is of the outlook's day. */
export function valueOf(outlook: Outlook, standing: Standing): BuyerValue {
  const historicMinor = Math.round(standing.spentMinor)
  if (!outlook.buying) return { historicMinor, predicted: null }
  const { model } = outlook.buying.used
  const spendMinor = spendOf(outlook.buying.spend, standing)
  return {
    historicMinor,
    predicted: {
      aliveChance: model.aliveChance(standing),
      expectedOrders: model.expectedOrders(standing, outlook.settings.horizonDays / 7),
      spendMinor: Math.round(spendMinor),
      valueMinor: Math.round(
        outlook.settings.margin * spendMinor * discountedOrders(model, standing, outlook.settings),
      ),
      nextOrderInDays: nextOrderInDays(model, standing, outlook.shop.historyDays),
    },
  }
}

/** Fits one of the models that know leaving. */
export function fitModel(name: OutlookSettings['model'], tally: Tally): Fitted {
  return name === 'pareto_nbd' ? fitPareto(tally) : fitBetaGeometric(name, tally)
}

/** True where a fit ran away: hardly anybody ever leaves, or a parameter is so large that only ratios mean anything. */
export function isDegenerate({ parameters }: BuyingModel): boolean {
  const { a, b } = parameters
  if (a !== undefined && b !== undefined && a / (a + b) < 1e-3) return true
  return Object.values(parameters).some((value) => !Number.isFinite(value) || value > 1e4)
}

/**
 * Orders within the horizon, each worth less the later it comes: the horizon in equal parts of a month at most, every
 * part's orders discounted as of its end.
 */
export function discountedOrders(
  model: BuyingModel,
  standing: Standing,
  { horizonDays, yearlyDiscount }: Pick<OutlookSettings, 'horizonDays' | 'yearlyDiscount'>,
): number {
  const parts = Math.max(1, Math.ceil((horizonDays * 12) / 365))
  let before = 0
  let sum = 0
  for (let part = 1; part <= parts; part++) {
    const days = (horizonDays * part) / parts
    const until = model.expectedOrders(standing, days / 7)
    sum += (until - before) / (1 + yearlyDiscount) ** (days / 365)
    before = until
  }
  return sum
}

/** Days until the chance of an order reaches one half, rounded up; null where it does not within `mostDays`. */
export function nextOrderInDays(model: BuyingModel, standing: Standing, mostDays: number): number | null {
  const isDue = (days: number): boolean => model.noOrderChance(standing, days / 7) <= 0.5
  if (!isDue(mostDays)) return null
  let early = 0
  let late = Math.ceil(mostDays)
  while (late - early > 1) {
    const between = Math.floor((early + late) / 2)
    if (isDue(between)) late = between
    else early = between
  }
  return late
}

const titles: Record<OutlookSettings['model'], string> = {
  mbg_nbd: 'MBG/NBD',
  bg_nbd: 'BG/NBD',
  pareto_nbd: 'Pareto/NBD',
}

function averagesOf(standings: readonly Standing[], asOfDay: number): ShopAverages {
  let orderDays = 0
  let spentMinor = 0
  let payingBuyers = 0
  let firstDay = asOfDay
  for (const standing of standings) {
    orderDays += standing.repeats + 1
    spentMinor += standing.spentMinor
    if (standing.spentMinor > 0) payingBuyers++
    firstDay = Math.min(firstDay, standing.firstDay)
  }
  return {
    buyers: standings.length,
    payingBuyers,
    orderDays,
    spentMinor,
    meanOrderMinor: orderDays > 0 ? Math.round(spentMinor / orderDays) : null,
    meanBuyerMinor: standings.length > 0 ? Math.round(spentMinor / standings.length) : null,
    historyDays: asOfDay - firstDay,
  }
}

function lackOf(shop: ShopAverages, standings: readonly Standing[]): string | null {
  const rest = 'until then value is what was bought, and the shop’s averages.'
  if (shop.payingBuyers < fewestBuyers) {
    const bought = shop.buyers === 1 ? 'One person has bought' : `${inWords(shop.buyers)} people have bought`
    const paying =
      shop.payingBuyers === shop.buyers
        ? ''
        : `, ${inWords(shop.payingBuyers)} of them for an amount in the workspace’s own currency`
    return `${bought}${paying}; lifetime value and churn risk are told from ${fewestBuyers} ${paying === '' ? '' : 'such '}buyers on: ${rest}`
  }
  if (shop.historyDays < fewestDays) {
    return `The orders reach back ${inWords(shop.historyDays)} days; lifetime value and churn risk are told from ${fewestDays} days on: ${rest}`
  }
  if (standings.every(({ repeats }) => repeats === 0)) {
    return `Nobody has ordered on a second day yet, so nothing says how people come back: ${rest}`
  }
  return null
}

function warningsOf(buyers: OrderDays, asOfDay: number, shop: ShopAverages): string[] {
  const warnings: string[] = []
  if (shop.historyDays < 2 * 365) {
    warnings.push(
      `The orders span ${inWords(shop.historyDays)} days, less than two years: a season cannot be told from a trend, and values over a year ahead are guesses.`,
    )
  }
  const byMonth = new Map<number, number>()
  let foreign = 0
  let all = 0
  for (const days of buyers.values()) {
    for (const { day, netMinor } of days) {
      if (day > asOfDay) break
      all++
      if (netMinor === null) foreign++
      const month = Math.floor((asOfDay - day) / (365 / 12))
      byMonth.set(month, (byMonth.get(month) ?? 0) + 1)
    }
  }
  const busiest = Math.max(0, ...byMonth.values())
  const months = shop.historyDays / (365 / 12)
  if (months >= 6 && busiest > (3 * all) / months) {
    warnings.push(
      `The busiest month has ${(busiest / (all / months)).toFixed(1)} times the orders of an average one: the models know no season, so what follows such a month is overrated.`,
    )
  }
  if (foreign > 0) {
    warnings.push(
      `${inWords(foreign)} of ${inWords(all)} days with an order have amounts in other currencies only: they count as orders, their amounts are added to nothing.`,
    )
  }
  return warnings
}

function inWords(number: number): string {
  return number.toLocaleString('en-US')
}
