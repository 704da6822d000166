// What every model of repeat buying is asked, and the histories it is fitted to.

/** What is known of a buyer: days with an order beyond the first (x), weeks from first to last (t_x) and from first to now (T). */
export interface BuyingHistory {
  repeats: number
  recencyWeeks: number
  ageWeeks: number
}

export type ModelName = 'mbg_nbd' | 'bg_nbd' | 'pareto_nbd' | 'nbd'

/** A model with its parameters: what it says about one buyer. Weeks may be any fraction; chances are 0 to 1. */
export interface BuyingModel {
  name: ModelName
  parameters: Readonly<Record<string, number>>
  /** that the person is still a customer */
  aliveChance(of: BuyingHistory): number
  /** days with an order in the next weeks */
  expectedOrders(of: BuyingHistory, weeks: number): number
  /** that no order comes in the next weeks */
  noOrderChance(of: BuyingHistory, weeks: number): number
  /** repeat days of a person in the first weeks after the first order */
  expectedOfNew(weeks: number): number
}

export interface Fitted {
  model: BuyingModel
  logLikelihood: number
  /** of each start the log-likelihood it led to */
  reached: number[]
}

/** Histories with how many buyers share each, sorted by the number of repeats. */
export interface Tally {
  repeats: number[]
  recencyWeeks: number[]
  ageWeeks: number[]
  buyers: number[]
  /** all buyers */
  total: number
}

/** Counts equal histories once: 23,570 customers of one quarter have some 6,500 different ones. */
export function tallyOf(histories: Iterable<BuyingHistory>): Tally {
  const counted = new Map<string, { history: BuyingHistory; buyers: number }>()
  let total = 0
  for (const history of histories) {
    total++
    const key = `${history.repeats} ${history.recencyWeeks} ${history.ageWeeks}`
    const known = counted.get(key)
    if (known) known.buyers++
    else counted.set(key, { history, buyers: 1 })
  }
  const rows = [...counted.values()].sort(
    (a, b) =>
      a.history.repeats - b.history.repeats ||
      a.history.recencyWeeks - b.history.recencyWeeks ||
      a.history.ageWeeks - b.history.ageWeeks,
  )
  return {
    repeats: rows.map(({ history }) => history.repeats),
    recencyWeeks: rows.map(({ history }) => history.recencyWeeks),
    ageWeeks: rows.map(({ history }) => history.ageWeeks),
    buyers: rows.map(({ buyers }) => buyers),
    total,
  }
}

/** Repeat days per week of all buyers together: where a search for parameters begins. */
export function rateOf({ repeats, ageWeeks, buyers }: Tally): number {
  let orders = 0
  let weeks = 0
  for (let i = 0; i < buyers.length; i++) {
    orders += (repeats[i] as number) * (buyers[i] as number)
    weeks += (ageWeeks[i] as number) * (buyers[i] as number)
  }
  return Math.max(orders, 0.5) / Math.max(weeks, 1)
}

/** The search works on logarithms; beyond e^16 either way nothing can be told apart. */
export function isInReach(logs: readonly number[]): boolean {
  return logs.every((log) => Math.abs(log) <= 16)
}
