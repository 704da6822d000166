// A checked condition beside its words: every comparison with what it says, asked alone. Pure.
import { conditionWords } from '../conditions/contract.ts'
import type { Condition } from '../conditions/contract.ts'
import { predicateOf } from '../conditions/index.ts'
import type { AsOf, Checked, Facts, SubjectEvent } from '../conditions/index.ts'
import type { LeadSubject } from '../leads/index.ts'

/** An event of a lead as segments look at it. */
export type SegmentEvent = SubjectEvent & {
  eventId: string
  /** when it came in, in ms since 1970; as it occurred where that is not known */
  receivedMs?: number
}

/** A lead to be held against segments: its facts, and what it did, in order of time. */
export interface SegmentLead {
  subject: LeadSubject
  events: readonly SegmentEvent[]
}

export type CheckedLeaf = Extract<Checked<LeadSubject>, { kind: 'fact' | 'event' }>

/** The condition as a sentence, with the names of the workspace for segments. */
export function wordsOf(
  condition: Condition,
  facts: Facts<LeadSubject>,
  segmentNames: ReadonlyMap<string, string>,
): string {
  return conditionWords(condition, {
    factOf: (name) => facts.byName.get(name),
    valueLabel: (fact, value) =>
      fact === 'segment'
        ? (segmentNames.get(value) ?? 'a removed segment')
        : fact === 'country'
          ? countryName(value)
          : value,
  })
}

const countries = new Intl.DisplayNames('en', { type: 'region' })

/** What is no code of a country is shown as it is. */
export function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code
}

/** Whether a comparison, or a whole condition, holds for a lead at a moment, over the events that are given. */
export function holdsFor(
  checked: Checked<LeadSubject>,
  { subject, events }: SegmentLead,
  asOf: AsOf,
): boolean {
  return predicateOf(checked, asOf, () => events)(subject)
}
