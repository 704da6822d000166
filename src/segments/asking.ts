// A condition made ready to be asked of thousands of leads at one moment, whole and comparison by comparison. Pure.
import type { Condition } from '../conditions/contract.ts'
import { eventCounts, movesWithTime, predicateOf } from '../conditions/index.ts'
import type { AsOf, Checked, Facts, SubjectEvent } from '../conditions/index.ts'
import type { LeadSubject } from '../leads/index.ts'
import type { SegmentEvent } from './tree.ts'

type Fits = (subject: LeadSubject, events: readonly SubjectEvent[]) => boolean

/** A part of a condition; groups have parts, comparisons have none. */
export type Asking =
  { kind: 'and' | 'or'; fits: Fits; parts: Asking[] } | { kind: 'not'; fits: Fits; part: Asking } | AskingLeaf

/** A comparison. */
export interface AskingLeaf {
  kind: 'leaf'
  fits: Fits
  /** the same as of another moment; as of this one where none is given */
  fitted(subject: LeadSubject, events: readonly SubjectEvent[], then: AsOf | undefined): boolean
  /** whether an event is one that it is about; of a fact, whatever a person did */
  counts(event: SegmentEvent): boolean
  isFact: boolean
  /** as a sentence, made once */
  words(): string
}

/** @param wordsFor gives a comparison as a sentence */
export function askingOf(
  condition: Condition,
  checked: Checked<LeadSubject>,
  asOf: AsOf,
  facts: Facts<LeadSubject>,
  wordsFor: (condition: Condition) => string,
): Asking {
  switch (checked.kind) {
    case 'and':
    case 'or': {
      const said = 'and' in condition ? condition.and : 'or' in condition ? condition.or : []
      const parts = checked.parts.map((part, at) => askingOf(said[at]!, part, asOf, facts, wordsFor))
      const fits: Fits =
        checked.kind === 'and'
          ? (subject, events) => parts.every((part) => part.fits(subject, events))
          : (subject, events) => parts.some((part) => part.fits(subject, events))
      return { kind: checked.kind, fits, parts }
    }
    case 'not': {
      const inner = 'not' in condition ? condition.not : condition
      const part = askingOf(inner, checked.part, asOf, facts, wordsFor)
      return { kind: 'not', fits: (subject, events) => !part.fits(subject, events), part }
    }
    default: {
      const fits = fitsAsOf(checked, asOf)
      const isMoving = movesWithTime(condition, facts)
      let words: string | undefined
      return {
        kind: 'leaf',
        fits,
        fitted: (subject, events, then) =>
          then && isMoving ? fitsAsOf(checked, then)(subject, events) : fits(subject, events),
        counts: checked.kind === 'event' ? eventCounts(checked.asked, asOf) : (event) => !event.isBot,
        isFact: checked.kind === 'fact',
        words: () => (words ??= wordsFor(condition)),
      }
    }
  }
}

/** The comparisons that make a condition true, or false, for a lead: the others could be otherwise. */
export function decidingLeaves(
  asking: Asking,
  subject: LeadSubject,
  events: readonly SubjectEvent[],
  wanted: boolean,
): AskingLeaf[] {
  switch (asking.kind) {
    case 'and':
    case 'or':
      return asking.parts.flatMap((part) =>
        part.fits(subject, events) === wanted ? decidingLeaves(part, subject, events, wanted) : [],
      )
    case 'not':
      return decidingLeaves(asking.part, subject, events, !wanted)
    case 'leaf':
      return [asking]
  }
}

function fitsAsOf(checked: Checked<LeadSubject>, asOf: AsOf): Fits {
  let given: readonly SubjectEvent[] = []
  const test = predicateOf(checked, asOf, () => given)
  return (subject, events) => {
    given = events
    return test(subject)
  }
}
