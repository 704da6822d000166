// Health of a lead, 0 to 100: how likely it stays, how engaged it is, where that goes, what it is worth, and whether something is broken.
import { judge } from './churn/judge.ts'
import type { Trend } from './trend.ts'

/** What is known of a lead; null is not known, and counts neither for nor against. */
export interface HealthFacts {
  /** churn risk of a buyer, disengagement risk of anybody else */
  risk: number | null
  /** the engagement component of the score, 0 to 100 */
  engagement: number | null
  trend: Trend | null
  /** share of buyers who spent less, 0 to 1 */
  valuePercentile: number | null
  relationship: RelationshipFacts | null
}

export interface RelationshipFacts {
  hasBounced: boolean
  hasComplained: boolean
  hasUnsubscribed: boolean
  /** what came back of what was ordered, 0 to 1 */
  refundedShare: number
  hasSevereTicket: boolean
}

export const healthWeights = {
  retention: 0.4,
  engagement: 0.25,
  trend: 0.15,
  value: 0.1,
  relationship: 0.1,
} as const
export type HealthComponent = keyof typeof healthWeights

export type HealthBand = 'healthy' | 'watch' | 'at_risk'

export interface Health {
  /** whole number 0 to 100; null where less than half of the weight is known */
  score: number | null
  band: HealthBand | null
  /** weight that is known, 0 to 1 */
  coverage: number
  /** each 0 to 1, best 1; null where not known */
  components: Record<HealthComponent, number | null>
}

/** The score: the known components by their weights. */
export function healthOf(facts: HealthFacts): Health {
  const components: Record<HealthComponent, number | null> = {
    retention: facts.risk === null ? null : 1 - facts.risk,
    engagement: facts.engagement === null ? null : facts.engagement / 100,
    trend: facts.trend === null ? null : trendValues[facts.trend],
    value: facts.valuePercentile,
    relationship: facts.relationship === null ? null : relationshipValue(facts.relationship),
  }
  let known = 0
  let sum = 0
  for (const component of names) {
    const value = components[component]
    if (value === null) continue
    known += healthWeights[component]
    sum += healthWeights[component] * Math.min(1, Math.max(0, value))
  }
  // The weights are hundredths; a sum of doubles just below a half is a half.
  const coverage = Math.round(known * 100) / 100
  const score = coverage < 0.5 ? null : Math.round((100 * sum) / known)
  return { score, band: score === null ? null : bandOf(score), coverage, components }
}

/** What a health score has to show against later orders to be shown at all. */
export interface HealthVerdict {
  people: number
  /** share that ordered */
  ordered: number
  /** of the people, least healthy first; those of one score stay together, so that there may be fewer */
  tenths: HealthTenth[]
  /** rank correlation of tenth and share */
  spearman: number
  auc: number | null
  /** of 1 - churn risk, for the same people */
  riskAuc: number | null
  earnsItsPlace: boolean
}

export interface HealthTenth {
  people: number
  /** the lowest and the highest health */
  from: number
  to: number
  /** share that ordered */
  ordered: number
}

/**
 * Holds health against what came: `ordered` within the horizon after the score was taken. It earns its place where the
 * tenths rise together with the orders (Spearman at least 0.95) and it ranks hardly worse than churn risk alone (0.02).
 * Throws for nobody.
 */
export function judgeHealth(
  people: readonly { score: number; risk: number; ordered: boolean }[],
): HealthVerdict {
  const outcomes = people.map(({ ordered }) => (ordered ? 1 : 0))
  const { auc } = judge(
    people.map(({ score }) => score),
    outcomes,
  )
  const { auc: riskAuc } = judge(
    people.map(({ risk }) => 1 - risk),
    outcomes,
  )
  const tenths = tenthsOf(people)
  const spearman = correlationOf(
    tenths.map((_, at) => at),
    ranksOf(tenths.map(({ ordered }) => ordered)),
  )
  return {
    people: people.length,
    ordered: people.filter(({ ordered }) => ordered).length / people.length,
    tenths,
    spearman,
    auc,
    riskAuc,
    earnsItsPlace: spearman >= 0.95 && auc !== null && riskAuc !== null && auc >= riskAuc - 0.02,
  }
}

const names: readonly HealthComponent[] = ['retention', 'engagement', 'trend', 'value', 'relationship']

const trendValues: Record<Trend, number | null> = {
  declining: 0,
  stable: 0.6,
  increasing: 1,
  insufficient: null,
}

// One thing broken halves it, two leave nothing.
function relationshipValue(facts: RelationshipFacts): number {
  const broken = [
    facts.hasBounced,
    facts.hasComplained,
    facts.hasUnsubscribed,
    facts.refundedShare > 0.3,
    facts.hasSevereTicket,
  ].filter(Boolean).length
  return Math.max(0, 1 - broken / 2)
}

function bandOf(score: number): HealthBand {
  if (score >= 70) return 'healthy'
  return score >= 40 ? 'watch' : 'at_risk'
}

// Equal scores go to one tenth, that of their middle; a tenth that stays empty is left out.
function tenthsOf(people: readonly { score: number; ordered: boolean }[]): HealthTenth[] {
  const sorted = [...people].sort((a, b) => a.score - b.score)
  const places: { score: number; ordered: boolean }[][] = Array.from({ length: 10 }, () => [])
  for (let at = 0; at < sorted.length;) {
    const { score } = sorted[at] as { score: number }
    let end = at
    while (end < sorted.length && sorted[end]?.score === score) end++
    places[Math.min(9, Math.floor((5 * (at + end)) / sorted.length))]?.push(...sorted.slice(at, end))
    at = end
  }
  return places.flatMap((tenth) => {
    const [first, last] = [tenth[0], tenth.at(-1)]
    if (!first || !last) return []
    const ordered = tenth.filter((person) => person.ordered).length / tenth.length
    return { people: tenth.length, from: first.score, to: last.score, ordered }
  })
}

function ranksOf(values: readonly number[]): number[] {
  return values.map(
    (value) =>
      values.filter((other) => other < value).length + values.filter((other) => other === value).length / 2,
  )
}

function correlationOf(one: readonly number[], other: readonly number[]): number {
  const middle = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [a, b] = [middle(one), middle(other)]
  let both = 0
  let left = 0
  let right = 0
  for (let at = 0; at < one.length; at++) {
    const [x, y] = [(one[at] as number) - a, (other[at] as number) - b]
    both += x * y
    left += x * x
    right += y * y
  }
  return left > 0 && right > 0 ? both / Math.sqrt(left * right) : 0
}
