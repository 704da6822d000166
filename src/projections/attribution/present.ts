// Shows the credit of a lead: conversions with what each touch earned, the data-driven models among them. Pure.
import { COUNT_UNITS, allocate } from './allocate.ts'
import type { CreditedConversion, Earned } from './endpoints.ts'
import { ruleModels } from './contract.ts'
import { primaryAndSecondary } from './journeys.ts'
import type { CreditRow } from './lead-credits.ts'
import { weighByLearned } from './learned.ts'
import type { Found, LearnedModel } from './learned.ts'

const DAY_MS = 86_400_000

export interface Presenting {
  /** the workspace's own */
  currency: string
  /** by goal what the data-driven models learned */
  learned: ReadonlyMap<string, Found>
  settingsVersion: number
}

/** Conversions in the order of their rows. */
export function presentConversions(rows: readonly CreditRow[], told: Presenting): CreditedConversion[] {
  const groups = new Map<string, CreditRow[]>()
  for (const row of rows) {
    const key = JSON.stringify([row.goal, row.conversionId])
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return [...groups.values()].map((group) => presentConversion(group, told))
}

function presentConversion(
  rows: readonly CreditRow[],
  { currency, learned, settingsVersion }: Presenting,
): CreditedConversion {
  const given = rows.filter(({ part }) => part === 0)
  const [first] = given
  if (!first) throw new Error('a refund without its conversion')
  const net = given.map(({ touch }) =>
    Object.fromEntries(ruleModels.map((model) => [model, earnedAt(rows, touch, model)])),
  )
  const sumOf = (list: readonly CreditRow[]) => list.reduce((sum, row) => sum + row.earned.linear.minor, 0)
  const refundedMinor = -sumOf(rows.filter(({ part }) => part === 1)) || 0
  const valueMinor = sumOf(rows)
  const units = rows.reduce((sum, row) => sum + row.earned.linear.units, 0)
  const isTouched = first.touchedAt !== null
  const found = learned.get(first.goal)
  if (found)
    for (const model of ['markov_1', 'shapley'] as const)
      addLearned(model, found, { given, net, valueMinor, units, isTouched })
  const ends = Object.keys(net[0] ?? {}).map((model) => {
    const weights = net.map((earned) => earned[model]?.units ?? 0)
    return [model, primaryAndSecondary(weights)] as const
  })
  return {
    goal: first.goal,
    conversionId: first.conversionId,
    convertedAt: new Date(first.convertedAt).toISOString(),
    valueMinor,
    refundedMinor,
    currency: first.currency,
    isWithoutRate: first.currency !== currency,
    lengthDays: first.touchedAt === null ? null : (first.convertedAt - first.touchedAt) / DAY_MS,
    wShapedAs: first.modelUsed,
    settingsVersion,
    primary: Object.fromEntries(ends.map(([model, { primary }]) => [model, isTouched ? primary : null])),
    secondary: Object.fromEntries(
      ends.map(([model, { secondary }]) => [model, isTouched ? secondary : null]),
    ),
    touches: given.map((row, i) => ({
      eventId: row.touchId,
      at: row.touchedAt === null ? null : new Date(row.touchedAt).toISOString(),
      ageDays: row.touchedAt === null ? null : (row.convertedAt - row.touchedAt) / DAY_MS,
      channel: row.channel,
      source: row.source,
      campaign: row.campaign,
      earned: net[i] ?? {},
    })),
  }
}

function earnedAt(rows: readonly CreditRow[], touch: number, model: (typeof ruleModels)[number]): Earned {
  const sum = { minor: 0, units: 0 }
  for (const row of rows)
    if (row.touch === touch) {
      sum.minor += row.earned[model].minor
      sum.units += row.earned[model].units
    }
  return sum
}

// Net amounts are split anew, so that they add up to the minor unit as those of the other models do.
function addLearned(
  model: LearnedModel,
  found: Found,
  {
    given,
    net,
    valueMinor,
    units,
    isTouched,
  }: {
    given: readonly CreditRow[]
    net: Record<string, Earned>[]
    valueMinor: number
    units: number
    isTouched: boolean
  },
): void {
  if ('reason' in found[model]) return
  const weights = isTouched
    ? weighByLearned(
        model,
        found,
        given.map(({ channel }) => channel),
      )
    : Float64Array.of(1)
  if (!weights) return
  const minor = new Float64Array(given.length)
  const counted = new Float64Array(given.length)
  allocate(valueMinor, weights, minor)
  allocate(Math.round(units / COUNT_UNITS) * COUNT_UNITS, weights, counted)
  net.forEach((earned, i) => (earned[model] = { minor: minor[i] ?? 0, units: counted[i] ?? 0 }))
}
