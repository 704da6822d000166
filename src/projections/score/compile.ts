// Makes rules ready to be asked of many histories: conditions checked once, events looked up by name. Pure.
import { checkCondition, predicateOf, propertyPredicate } from '../../conditions/index.ts'
import type { Checked, Facts, PropertyTest } from '../../conditions/index.ts'
import { factNames } from '../../conditions/contract.ts'
import type { Condition } from '../../conditions/contract.ts'
import { Refusal } from '../../lib/refusal.ts'
import type { LeadSubject } from '../../leads/index.ts'
import type { EventNeed, HistoryEvent } from '../contract.ts'
import { needsOf } from '../history/index.ts'
import { isDeed, ruleLists } from './rules.ts'
import type { DeedDimension, Dimension, ScoreRule, ScoreRules } from './rules.ts'

/** Points of a place of the rules that halve in the same time; `lead_facts` has a sum for each, in this order. */
export interface Slot {
  place: DeedDimension | 'deductions'
  /** null: the points stay */
  halfLifeMs: number | null
}

/** A rule for each time that something is done. */
export interface Deed {
  rule: ScoreRule
  slot: number
  event: string
  where: readonly PropertyTest[]
  /** slots whose sums it takes away */
  clears: readonly number[]
  only: Question | null
  fits: (event: HistoryEvent) => boolean
}

/** A rule that counts while its condition holds. */
export interface Standing {
  rule: ScoreRule
  place: Dimension | 'deductions'
  when: Question
  /** whether anything is known of what it asks for */
  known: Question
}

export interface Question {
  checked: Checked<LeadSubject>
  holds: (subject: LeadSubject, events: () => readonly HistoryEvent[]) => boolean
}

export interface CompiledRules {
  version: number
  rules: ScoreRules
  slots: readonly Slot[]
  deeds: ReadonlyMap<string, readonly Deed[]>
  standing: readonly Standing[]
  doNotContact: Question | null
  needs: readonly EventNeed[]
  /** rules that cannot be asked in this workspace, such as for a custom field that it does not have */
  asleep: readonly { id: string; why: string }[]
}

/** The slots of rules, whether they can all be asked or not. */
export function slotsOf(rules: Pick<ScoreRules, 'dimensions' | 'deductions'>): Slot[] {
  const slots: Slot[] = []
  for (const { rule, place } of slottedRules(rules)) {
    const slot = slotOf(rule, place)
    if (indexOfSlot(slots, slot) === -1) slots.push(slot)
  }
  return slots
}

/** Rules with their conditions checked against the facts of a workspace; those that ask for what it lacks sleep. */
export function compileRules(version: number, rules: ScoreRules, facts: Facts<LeadSubject>): CompiledRules {
  const slots = slotsOf(rules)
  const deeds = new Map<string, Deed[]>()
  const standing: Standing[] = []
  const asleep: { id: string; why: string }[] = []
  for (const { list, place } of ruleLists(rules)) {
    for (const rule of list) {
      if (!rule.isOn) continue
      try {
        if (rule.counts === 'each_time') {
          const deed = deedOf(rule, place as Slot['place'], slots, facts)
          deeds.set(deed.event, [...(deeds.get(deed.event) ?? []), deed])
        } else {
          standing.push({
            rule,
            place,
            when: questionOf(rule.when, facts),
            known: questionOf(knownOf(rule.when, facts), facts),
          })
        }
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        asleep.push({ id: rule.id, why: error.message })
      }
    }
  }
  const { doNotContact } = rules.temperature
  return {
    version,
    rules,
    slots,
    deeds,
    standing,
    doNotContact: doNotContact && questionOf(doNotContact, facts),
    needs: needsOf([
      ...ruleLists(rules).flatMap(({ list }) =>
        list.flatMap(({ when, only }) => (only ? [when, only] : [when])),
      ),
      ...(doNotContact ? [doNotContact] : []),
    ]),
    asleep,
  }
}

/** The place of a slot in a list; -1 where it is not there. */
export function indexOfSlot(slots: readonly Slot[], { place, halfLifeMs }: Slot): number {
  return slots.findIndex((slot) => slot.place === place && slot.halfLifeMs === halfLifeMs)
}

/** The slot in which a rule's points are summed. */
export function slotOf(rule: ScoreRule, place: Slot['place']): Slot {
  const days = rule.counts === 'each_time' ? rule.halfLifeDays : null
  return { place, halfLifeMs: days === null ? null : days * DAY_MS }
}

export const DAY_MS = 86_400_000

function slottedRules(rules: Pick<ScoreRules, 'dimensions' | 'deductions'>) {
  return ruleLists(rules).flatMap(({ list, place }) =>
    place === 'demographic' || place === 'firmographic'
      ? []
      : list.filter(({ isOn }) => isOn).map((rule) => ({ rule, place })),
  )
}

function deedOf(
  rule: ScoreRule,
  place: Slot['place'],
  slots: readonly Slot[],
  facts: Facts<LeadSubject>,
): Deed {
  const checked = checkCondition(rule.when, facts)
  if (checked.kind !== 'event' || !isDeed(rule.when)) throw new Error(`${rule.id} names no event`)
  const { event, where } = checked.asked
  const tests = where.map((test) => propertyPredicate(test, NEVER))
  return {
    rule,
    slot: indexOfSlot(slots, slotOf(rule, place)),
    event,
    where,
    clears: slots.flatMap((slot, at) => (rule.clears.some((cleared) => cleared === slot.place) ? [at] : [])),
    only: rule.only && questionOf(rule.only, facts),
    fits: (happened) => !happened.isBot && tests.every((test) => test(happened)),
  }
}

// Rules are refused that compare with the moment at which they are asked, so any moment gives the answer.
const NEVER = { now: new Date(0), timeZone: 'UTC' }

function questionOf(condition: Condition, facts: Facts<LeadSubject>): Question {
  const checked = checkCondition(condition, facts)
  let events: () => readonly HistoryEvent[] = () => []
  const predicate = predicateOf<LeadSubject>(checked, NEVER, () => events().map(asSubjectEvent))
  return {
    checked,
    holds: (subject, eventsOf) => {
      events = eventsOf
      return predicate(subject)
    },
  }
}

function asSubjectEvent(event: HistoryEvent) {
  return {
    pageUrl: '',
    pageTitle: '',
    referrer: '',
    properties: {},
    ...event,
    occurredAt: new Date(event.at).toISOString(),
  }
}

// Of several facts one that is known is enough to say that the condition does not hold.
function knownOf(condition: Condition, facts: Facts<LeadSubject>): Condition {
  const names = factNames(condition)
  if (names.length === 0) return ALWAYS
  return {
    or: names.flatMap((fact): Condition[] =>
      facts.byName.get(fact)?.type === 'consent'
        ? [{ not: { fact, op: 'unknown' } }]
        : [{ fact, op: 'is_set' }],
    ),
  }
}

const ALWAYS: Condition = {
  or: [
    { fact: 'isKnown', op: 'is_true' },
    { fact: 'isKnown', op: 'is_false' },
  ],
}
