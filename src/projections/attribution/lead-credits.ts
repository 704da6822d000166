// The credit of one lead's conversions, touch by touch, as rows that add up exactly; a function of its history and the settings. Pure.
import { creditOf, refundOf } from './allocate.ts'
import type { ConversionCredit } from './allocate.ts'
import { UNATTRIBUTED, modelSettingsSchema, ruleModels } from './contract.ts'
import type { JourneySettings, ModelSettings, ModelUsed, RuleModel } from './contract.ts'
import { agesDays, journeysOf, lengthDays } from './journeys.ts'
import type { Journey } from './journeys.ts'
import { conversionsOf, milestonesOf, touchesOf } from './lead-journeys.ts'
import type {
  CreditedHistory,
  LeadConversion,
  LeadTouch,
  MoneyPlace,
  StageMoveFacts,
} from './lead-journeys.ts'
import { lastNonDirectOf, weigh } from './rules.ts'
import { goalKey } from './settings.ts'
import type { AttributionSettings } from './settings.ts'

/** By model what a touch earned: minor units, and millionths of a conversion. */
export type EarnedBy = Record<RuleModel, { minor: number; units: number }>

export interface CreditRow {
  goal: string
  conversionId: string
  convertedAt: number
  isFirst: boolean
  /** 1 of what a refund took back */
  part: 0 | 1
  /** place in the journey */
  touch: number
  touchId: string
  touchedAt: number | null
  channel: string
  source: string
  campaign: string
  currency: string
  modelUsed: ModelUsed | ''
  earned: EarnedBy
}

/** A journey as the models see it that learn from all. */
export interface PathRow {
  goal: string
  /** empty of a journey that has not converted */
  conversionId: string
  endedAt: number
  isFirst: boolean
  path: string[]
  days: number | null
  conversions: 0 | 1
  /** net of refunds */
  valueMinor: number
  currency: string
}

/** All rows of a lead, in an order of their own. */
export interface LeadCredits {
  rows: CreditRow[]
  paths: PathRow[]
}

/** @param moves the lead's way through the stages */
export function creditsOf(
  history: CreditedHistory,
  moves: readonly StageMoveFacts[],
  settings: AttributionSettings,
  place: MoneyPlace,
): LeadCredits {
  const touches = touchesOf(history.events, settings)
  const milestones = milestonesOf(history, moves)
  const credits: LeadCredits = { rows: [], paths: [] }
  for (const goal of settings.goals) {
    const key = goalKey(goal)
    const conversions = conversionsOf(goal, history, moves, place)
    const byId = new Map(conversions.map((conversion) => [conversion.id, conversion]))
    let isFirst = true
    const journeys = journeysOf({ touches, conversions, milestones }, journeySettings(settings))
    for (const found of journeys) {
      const journey = withoutDirect(found, settings)
      const conversion = journey.conversion && byId.get(journey.conversion.id)
      if (conversion) credits.rows.push(...rowsOf(key, journey, conversion, isFirst, settings))
      credits.paths.push(pathOf(key, journey, conversion ?? null, isFirst, place.currency))
      if (conversion) isFirst = false
    }
  }
  return credits
}

function journeySettings({
  lookbackDays,
  viewDays,
  repeat,
  sessionMinutes,
}: AttributionSettings): JourneySettings {
  return {
    lookbackMs: lookbackDays === null ? null : lookbackDays * 86_400_000,
    viewLookbackMs: viewDays === null ? null : viewDays * 86_400_000,
    repeat,
    sessionMs: sessionMinutes === null ? null : sessionMinutes * 60_000,
  }
}

function modelSettings(settings: AttributionSettings): ModelSettings {
  const { halfLifeDays, positionWeights, wWeights } = settings
  return modelSettingsSchema.parse({ halfLifeDays, positionWeights, wWeights })
}

/** The names under which a direct visit goes, groups of it among them. */
function directNames({ groups }: AttributionSettings): Set<string> {
  const grouped = groups.filter(({ channels }) => channels.every((name) => name.toLowerCase() === 'direct'))
  return new Set(['direct', ...grouped.map(({ name }) => name.toLowerCase())])
}

function withoutDirect(journey: Journey<LeadTouch>, settings: AttributionSettings): Journey<LeadTouch> {
  if (settings.direct === 'keep') return journey
  const direct = directNames(settings)
  const kept = journey.touches.filter(({ channel }) => !direct.has(channel.toLowerCase()))
  if (kept.length === 0 || kept.length === journey.touches.length) return journey
  // A milestone's touch is the last that is left at or before it.
  const placed = (index: number | null) => {
    if (index === null) return null
    const before = journey.touches.slice(0, index + 1).filter((touch) => kept.includes(touch))
    return before.length === 0 ? null : before.length - 1
  }
  return {
    ...journey,
    touches: kept,
    leadIndex: placed(journey.leadIndex),
    opportunityIndex: placed(journey.opportunityIndex),
  }
}

function rowsOf(
  goal: string,
  journey: Journey<LeadTouch>,
  conversion: LeadConversion,
  isFirst: boolean,
  settings: AttributionSettings,
): CreditRow[] {
  const { touches } = journey
  const head = {
    goal,
    conversionId: conversion.id,
    convertedAt: conversion.at,
    isFirst,
    currency: conversion.currency,
  }
  const shares = new Float64Array(Math.max(1, touches.length)).fill(1)
  const direct = directNames(settings)
  const weighable = {
    channels: touches.map(({ channel }) => channel),
    lastNonDirect: lastNonDirectOf(
      touches.map((_, i) => i),
      (i) => direct.has(touches[i]?.channel.toLowerCase() ?? ''),
    ),
    agesDays: agesDays(journey),
    leadIndex: journey.leadIndex,
    opportunityIndex: journey.opportunityIndex,
  }
  const told = modelSettings(settings)
  let modelUsed: ModelUsed | '' = ''
  const given = new Map<RuleModel, ConversionCredit>()
  const taken = new Map<RuleModel, ConversionCredit>()
  for (const model of ruleModels) {
    if (touches.length > 0) {
      const used = weigh(model, weighable, told, shares)
      if (model === 'w_shaped') modelUsed = used
    }
    const credit = creditOf(conversion, shares)
    given.set(model, credit)
    if (conversion.refundedMinor > 0) taken.set(model, refundOf(credit, conversion.refundedMinor))
  }
  const at = (part: 0 | 1, credits: ReadonlyMap<RuleModel, ConversionCredit>) =>
    Array.from(shares, (_, i): CreditRow => {
      const touch = touches[i]
      return {
        ...head,
        part,
        touch: i,
        touchId: touch?.id ?? '',
        touchedAt: touch?.at ?? null,
        channel: touch?.channel ?? UNATTRIBUTED,
        source: touch?.source ?? UNATTRIBUTED,
        campaign: touch?.campaign ?? UNATTRIBUTED,
        modelUsed,
        earned: Object.fromEntries(
          ruleModels.map((model) => {
            const credit = credits.get(model)
            return [model, { minor: credit?.valueMinor[i] ?? 0, units: credit?.countUnits[i] ?? 0 }]
          }),
        ) as EarnedBy,
      }
    })
  return [...at(0, given), ...(taken.size > 0 ? at(1, taken) : [])]
}

function pathOf(
  goal: string,
  journey: Journey<LeadTouch>,
  conversion: LeadConversion | null,
  isFirst: boolean,
  currency: string,
): PathRow {
  const isStanding = conversion !== null && !isTakenBack(conversion)
  return {
    goal,
    conversionId: conversion?.id ?? '',
    endedAt: conversion?.at ?? journey.touches.at(-1)?.at ?? 0,
    isFirst: conversion !== null && isFirst,
    path: journey.touches.map(({ channel }) => channel),
    days: lengthDays(journey),
    conversions: isStanding ? 1 : 0,
    valueMinor: conversion ? conversion.valueMinor - conversion.refundedMinor : 0,
    currency: conversion?.currency ?? currency,
  }
}

function isTakenBack({ valueMinor, refundedMinor }: LeadConversion): boolean {
  return valueMinor > 0 && refundedMinor >= valueMinor
}
