// The fold of the score: of a lead's history and the rules, what the score at any moment is computed from. Pure.
import { isAct } from '../../events/contract.ts'
import type { FactState } from '../../leads/index.ts'
import type { HistoryEvent, LeadHistory } from '../contract.ts'
import { DAY_MS, indexOfSlot } from './compile.ts'
import type { CompiledRules, Deed, Standing } from './compile.ts'
import { fitDimensions } from './rules.ts'

/** Points that somebody earned by doing something, once caps and clearings are taken off. */
export interface Earned {
  deed: Deed
  event: HistoryEvent
}

/** A part of how well somebody fits: the best rule of a criterion, if any holds. */
export interface Fit {
  /** the rules of the criterion, the best first */
  rules: readonly Standing[]
  best: Standing | null
  isKnown: boolean
}

/** All that is found of a lead, as explanations need it; `facts` is what is stored. */
export interface Folded {
  facts: FactState
  earned: readonly Earned[]
  /** standing rules outside of fit that hold */
  standing: readonly Standing[]
  fits: Readonly<Record<(typeof fitDimensions)[number], readonly Fit[]>>
}

/**
 * Folds a history. Everything that time changes is left to the reading: the sums hold for the moment `score_at`, the last
 * event that earned points.
 */
export function foldScore(history: LeadHistory, compiled: CompiledRules): Folded {
  const earned = earnedBy(history, compiled)
  const events = () => history.events
  const holding = compiled.standing.filter(({ when }) => when.holds(history.subject, events))
  const held = new Set(holding)
  const standing = holding.filter(({ place }) => !isFit(place))
  const fits = {
    demographic: fitsOf('demographic', compiled, history, held),
    firmographic: fitsOf('firmographic', compiled, history, held),
  }
  const scoreAt = earned.reduce((latest, { event }) => Math.max(latest, event.at), 0)
  const sums = compiled.slots.map(() => 0)
  for (const { deed, event } of earned) {
    const { halfLifeMs } = compiled.slots[deed.slot]!
    sums[deed.slot]! += deed.rule.points * left(scoreAt - event.at, halfLifeMs)
  }
  for (const { rule, place } of standing) {
    if (isFit(place)) continue
    sums[indexOfSlot(compiled.slots, { place, halfLifeMs: null })]! += rule.points
  }
  const lastHumanAt = latest(history.events, isHuman)
  const lastIntentAt = earned.reduce(
    (last, { deed, event }) => (deed.rule.isHighIntent ? Math.max(last, event.at) : last),
    -Infinity,
  )
  const isSeen = history.events.some((event) => !event.isBot && isAct(event.name, event.category))
  return {
    facts: {
      score_version: compiled.version,
      score_at: new Date(scoreAt).toISOString(),
      score_sums: sums,
      score_demographic: fitValue(fits.demographic),
      score_firmographic: fitValue(fits.firmographic),
      known_demographic: knownShare(fits.demographic),
      known_firmographic: knownShare(fits.firmographic),
      is_seen: isSeen || standing.some(({ rule }) => rule.points > 0),
      do_not_contact: compiled.doNotContact?.holds(history.subject, events) ?? false,
      last_human_at: instant(lastHumanAt),
      last_intent_at: instant(lastIntentAt),
    },
    earned,
    standing,
    fits,
  }
}

/** What is left of points after a time; of those that stay, all. */
export function left(ageMs: number, halfLifeMs: number | null): number {
  return halfLifeMs === null ? 1 : 2 ** (-ageMs / halfLifeMs)
}

/** Whether an event says that a person was there. An opened e-mail alone does not: machines open them too. */
export function isHuman(event: Pick<HistoryEvent, 'name' | 'category' | 'isBot'>): boolean {
  return !event.isBot && event.name !== 'email_opened' && isAct(event.name, event.category)
}

// Caps count in the order of the history, so that what counts does not depend on the order in which events came in.
function earnedBy(history: LeadHistory, compiled: CompiledRules): Earned[] {
  let earned: Earned[] = []
  const counters = new Map<Deed, Counter>()
  const lasting = new Map<Deed, boolean>()
  for (const event of history.events) {
    for (const deed of compiled.deeds.get(event.name) ?? []) {
      if (!deed.fits(event)) continue
      if (deed.only) {
        const holds = lasting.get(deed) ?? deed.only.holds(history.subject, () => history.events)
        lasting.set(deed, holds)
        if (!holds) continue
      }
      const counter = counters.get(deed) ?? new Counter(deed)
      counters.set(deed, counter)
      if (!counter.counts(event)) continue
      if (deed.clears.length > 0) earned = earned.filter((one) => !deed.clears.includes(one.deed.slot))
      earned.push({ deed, event })
    }
  }
  return earned
}

/** Holds one rule's events against its caps: so many per thing and day, then per day, then within a time, then ever. */
class Counter {
  private readonly deed: Deed
  private day = NaN
  private onDay = 0
  private byAsset = new Map<string, number>()
  private total = 0
  private recent: number[] = []

  constructor(deed: Deed) {
    this.deed = deed
  }

  counts({ day, asset, at }: HistoryEvent): boolean {
    const { perDay, perAssetAndDay, repeats, atMost } = this.deed.rule
    if (day !== this.day) {
      this.day = day
      this.onDay = 0
      this.byAsset = new Map()
    }
    if (perAssetAndDay !== null) {
      const before = this.byAsset.get(asset) ?? 0
      if (before >= perAssetAndDay) return false
      this.byAsset.set(asset, before + 1)
    }
    if (perDay !== null && this.onDay >= perDay) return false
    this.onDay++
    if (repeats !== null) {
      this.recent = this.recent.filter((earlier) => at - earlier <= repeats.withinDays * DAY_MS)
      this.recent.push(at)
      if (this.recent.length < repeats.times) return false
      this.recent = []
    }
    if (atMost !== null && this.total >= atMost) return false
    this.total++
    return true
  }
}

function fitsOf(
  dimension: (typeof fitDimensions)[number],
  compiled: CompiledRules,
  history: LeadHistory,
  held: ReadonlySet<Standing>,
): Fit[] {
  const byCriterion = new Map<string, Standing[]>()
  for (const one of compiled.standing) {
    if (one.place !== dimension) continue
    const criterion = one.rule.criterion === '' ? one.rule.id : `criterion ${one.rule.criterion}`
    byCriterion.set(criterion, [...(byCriterion.get(criterion) ?? []), one])
  }
  return [...byCriterion.values()].map((list) => {
    const rules = [...list].sort((a, b) => b.rule.points - a.rule.points)
    const best = rules.find((one) => held.has(one)) ?? null
    const isKnown =
      best !== null || rules.some(({ known }) => known.holds(history.subject, () => history.events))
    return { rules, best, isKnown }
  })
}

function fitValue(fits: readonly Fit[]): number | null {
  const known = fits.filter(({ isKnown }) => isKnown)
  if (known.length === 0) return null
  return (100 * sumOf(known, ({ best }) => best?.rule.points ?? 0)) / sumOf(known, attainable)
}

function knownShare(fits: readonly Fit[]): number {
  if (fits.length === 0) return 0
  const known = fits.filter(({ isKnown }) => isKnown)
  return sumOf(known, attainable) / sumOf(fits, attainable)
}

function attainable({ rules }: Fit): number {
  return rules[0]!.rule.points
}

function sumOf<T>(list: readonly T[], of: (one: T) => number): number {
  return list.reduce((sum, one) => sum + of(one), 0)
}

function isFit(place: string): place is (typeof fitDimensions)[number] {
  return fitDimensions.some((dimension) => dimension === place)
}

function latest(events: readonly HistoryEvent[], counts: (event: HistoryEvent) => boolean): number {
  for (let at = events.length - 1; at >= 0; at--) if (counts(events[at]!)) return events[at]!.at
  return -Infinity
}

function instant(ms: number): string | null {
  return ms === -Infinity ? null : new Date(ms).toISOString()
}
