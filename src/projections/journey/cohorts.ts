// Cohorts: of those who started in one month, how many came back in each month after, and what they brought.

/** A person with days as `YYYY-MM-DD` in the workspace's zone. */
export interface CohortPerson {
  /** the first order, or the day the lead was created */
  startOn: string
  /** what counts as coming back: days with an order or an event, the start among them or not, in any order */
  events: readonly { on: string; valueMinor?: number }[]
}

/**
 * `complete`: the month is over, for everybody in the cohort. `partial`: it has begun and is not over: shown as such,
 * and part of no average.
 */
export interface CohortCell {
  /** calendar months after the cohort's, 0 being its own */
  month: number
  people: number
  share: number
  valueMinor: number
  state: 'complete' | 'partial'
}

export interface Cohort {
  /** `YYYY-MM` */
  month: string
  size: number
  cells: CohortCell[]
}

export interface CohortTable {
  /** oldest first; months in which nobody started are absent */
  cohorts: Cohort[]
  /** by month after the start: people who came back over people of all cohorts for whom that month is over */
  averages: { month: number; share: number; people: number; of: number }[]
}

/**
 * Classic retention by calendar month: the share of a cohort with an event in exactly that month; in month 0 everybody.
 * @param today the day it is, `YYYY-MM-DD` in the workspace's zone; a month is over once today lies behind it
 */
export function countCohorts(people: Iterable<CohortPerson>, today: string): CohortTable {
  const thisMonth = monthOf(today)
  const sizes = new Map<number, number>()
  const back = new Map<number, Map<number, { people: number; valueMinor: number }>>()
  for (const { startOn, events } of people) {
    const start = monthOf(startOn)
    if (startOn > today) continue
    sizes.set(start, (sizes.get(start) ?? 0) + 1)
    const months = new Map<number, number>([[0, 0]])
    for (const { on, valueMinor = 0 } of events) {
      const month = monthOf(on) - start
      if (on > today || on < startOn) continue
      months.set(month, (months.get(month) ?? 0) + valueMinor)
    }
    let row = back.get(start)
    if (!row) back.set(start, (row = new Map()))
    for (const [month, valueMinor] of months) {
      const sum = row.get(month) ?? { people: 0, valueMinor: 0 }
      row.set(month, { people: sum.people + 1, valueMinor: sum.valueMinor + valueMinor })
    }
  }
  const cohorts = [...sizes]
    .sort((a, b) => a[0] - b[0])
    .map(([start, size]) => ({
      month: nameOf(start),
      size,
      cells: Array.from({ length: thisMonth - start + 1 }, (_, month): CohortCell => {
        const { people: came, valueMinor } = back.get(start)?.get(month) ?? { people: 0, valueMinor: 0 }
        return {
          month,
          people: came,
          share: came / size,
          valueMinor,
          state: start + month < thisMonth ? 'complete' : 'partial',
        }
      }),
    }))
  return { cohorts, averages: averagesOf(cohorts) }
}

/**
 * Retention by exact age: of people who are at least so many days old, the share with an event in the 30 days that end
 * at that age. `people` and `of` are counts.
 */
export function retentionAtAge(
  people: Iterable<CohortPerson>,
  ageDays: number,
  today: string,
): { people: number; of: number; share: number | null } {
  const now = dayOf(today)
  let old = 0
  let came = 0
  for (const { startOn, events } of people) {
    const start = dayOf(startOn)
    if (now - start < ageDays) continue
    old++
    const isBack = events.some(({ on }) => {
      const age = dayOf(on) - start
      return age > Math.max(0, ageDays - 30) && age <= ageDays
    })
    if (isBack) came++
  }
  return { people: came, of: old, share: old > 0 ? came / old : null }
}

function averagesOf(cohorts: readonly Cohort[]): CohortTable['averages'] {
  const sums = new Map<number, { people: number; of: number }>()
  for (const { size, cells } of cohorts) {
    for (const { month, people, state } of cells) {
      if (state === 'partial') continue
      const sum = sums.get(month) ?? { people: 0, of: 0 }
      sums.set(month, { people: sum.people + people, of: sum.of + size })
    }
  }
  return [...sums]
    .sort((a, b) => a[0] - b[0])
    .map(([month, sum]) => ({ month, share: sum.people / sum.of, ...sum }))
}

// Months since the year 0.
function monthOf(on: string): number {
  return Number(on.slice(0, 4)) * 12 + Number(on.slice(5, 7)) - 1
}

function nameOf(month: number): string {
  return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`
}

function dayOf(on: string): number {
  return Date.parse(`${on}T00:00:00Z`) / 86_400_000
}
