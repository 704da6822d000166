// Credits added up by goal, model and channel, for comparing settings over many leads. Pure.
import { ruleModels } from './contract.ts'
import type { RuleModel } from './contract.ts'
import type { CreditRow } from './lead-credits.ts'

/** By `goal|currency|model|channel` what was earned. */
export type Tally = Record<string, { minor: number; units: number }>

/** Adds rows to a tally. */
export function tallyUp(tally: Tally, rows: readonly CreditRow[]): void {
  for (const { goal, currency, channel, earned } of rows)
    for (const model of ruleModels) {
      const { minor, units } = earned[model]
      if (minor === 0 && units === 0) continue
      const key = JSON.stringify([goal, currency, model, channel])
      const sum = tally[key] ?? { minor: 0, units: 0 }
      tally[key] = { minor: sum.minor + minor, units: sum.units + units }
    }
}

export interface TallyLine {
  goal: string
  currency: string
  model: RuleModel
  channel: string
  before: { minor: number; units: number }
  after: { minor: number; units: number }
}

/** Two tallies side by side, in the order of their names. */
export function compareTallies(before: Tally, after: Tally): TallyLine[] {
  const none = { minor: 0, units: 0 }
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().map((key) => {
    const [goal, currency, model, channel] = JSON.parse(key) as [string, string, RuleModel, string]
    return { goal, currency, model, channel, before: before[key] ?? none, after: after[key] ?? none }
  })
}
