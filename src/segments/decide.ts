// Decides which segments a lead enters and leaves, and says why: by which condition, and by which event, by time or by a change. Pure.
import { eventCounts } from '../conditions/index.ts'
import type { AsOf, Checked, Facts } from '../conditions/index.ts'
import { predicateOf } from '../conditions/index.ts'
import type { LeadSubject } from '../leads/index.ts'
import type { MoveReason } from './contract.ts'
import type { Defined } from './definitions.ts'
import { decidingLeaves, holdsFor, wordsOf } from './tree.ts'
import type { Comparing, SegmentEvent, SegmentLead } from './tree.ts'

/** A segment whose condition can be asked. */
export interface AskedSegment extends Defined {
  version: number
  checked: Checked<LeadSubject>
}

/** A lead, and what was known when its segments were decided last. */
export interface JudgedLead extends SegmentLead {
  /** the ids of the segments that it is in */
  before: ReadonlySet<string>
  /** when it was looked at last, in ms since 1970; undefined for a lead that is new */
  sinceMs?: number | undefined
}

export interface Decision {
  segmentId: string
  kind: 'entered' | 'left'
  version: number
  reason: MoveReason
}

export interface Judging {
  /** each after those that it names */
  segments: readonly AskedSegment[]
  facts: Facts<LeadSubject>
  asOf: AsOf
}

/**
 * The question to be put to many leads: what changes in a lead's membership. What it is in already and stays in, and what it
 * is not in and does not enter, is no decision. Segments that name segments are decided by what was decided of those.
 */
export function decideMembership({ segments, facts, asOf }: Judging): (lead: JudgedLead) => Decision[] {
  const eventsOf = new WeakMap<LeadSubject, readonly SegmentEvent[]>()
  const asked = segments.map((segment) => ({
    segment,
    fits: predicateOf(segment.checked, asOf, (subject) => eventsOf.get(subject) ?? []),
  }))
  const names = new Map(segments.map(({ id, name }) => [id, name]))
  return (lead) => {
    const { before } = lead
    const inside = new Set(before)
    const decisions: Decision[] = []
    for (const { segment, fits } of asked) {
      const subject = { ...lead.subject, segments: [...inside] }
      eventsOf.set(subject, lead.events)
      const holds = fits(subject)
      if (holds) inside.add(segment.id)
      else inside.delete(segment.id)
      if (holds === before.has(segment.id)) continue
      decisions.push({
        segmentId: segment.id,
        kind: holds ? 'entered' : 'left',
        version: segment.version,
        reason: reasonOf(segment, { ...lead, subject }, holds, { facts, asOf, names }),
      })
    }
    return decisions
  }
}

interface Told {
  facts: Facts<LeadSubject>
  asOf: AsOf
  names: ReadonlyMap<string, string>
}

/**
 * Why it came true or false: a condition that something new changed, else one that time changed, else what is known of the
 * lead. A condition is asked anew as of the last look, over what had come in by then.
 */
function reasonOf(
  segment: AskedSegment,
  lead: JudgedLead,
  isIn: boolean,
  { facts, asOf, names }: Told,
): MoveReason {
  const isNew = (event: SegmentEvent) =>
    lead.sinceMs === undefined || Date.parse(event.receivedAt ?? event.occurredAt) > lead.sinceMs
  const known = { subject: lead.subject, events: lead.events.filter((event) => !isNew(event)) }
  const fresh = lead.events.filter(isNew)
  const then: AsOf = lead.sinceMs === undefined ? asOf : { ...asOf, now: new Date(lead.sinceMs) }
  const leaves = decidingLeaves(
    segment.condition,
    segment.checked,
    (part) => holdsFor(part, lead, asOf),
    isIn,
  )
  const told = (kind: MoveReason['kind'], leaf: Comparing | undefined, event?: SegmentEvent): MoveReason => ({
    kind,
    words: leaf ? wordsOf(leaf.condition, facts, names) : null,
    holds: leaf ? holdsFor(leaf.checked, lead, asOf) : isIn,
    event: event ? { id: event.eventId, name: event.name, occurredAt: event.occurredAt } : null,
  })
  const turned = leaves.filter(
    ({ checked }) => holdsFor(checked, known, then) !== holdsFor(checked, lead, asOf),
  )
  for (const leaf of turned) {
    const event = newest(fresh, leaf, asOf)
    if (event) return told('event', leaf, event)
  }
  const [byTime] = turned
  if (byTime && holdsFor(byTime.checked, known, asOf) === holdsFor(byTime.checked, lead, asOf)) {
    return told('time', byTime)
  }
  const [changed] = leaves.filter(({ checked }) => checked.kind === 'fact')
  const last = fresh.findLast((event) => !event.isBot)
  return told(last ? 'event' : 'change', byTime ?? changed ?? leaves[0], last)
}

// The newest event that a comparison of events counts; of a fact, the newest that anybody did.
function newest(
  events: readonly SegmentEvent[],
  { checked }: Comparing,
  asOf: AsOf,
): SegmentEvent | undefined {
  if (checked.kind === 'fact') return events.findLast((event) => !event.isBot)
  return events.findLast(eventCounts(checked.asked, asOf))
}
