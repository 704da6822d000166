// Decides which segments a lead enters and leaves, and says why: by which condition, and by which event, by time or by a change. Pure.
import type { Condition } from '../conditions/contract.ts'
import type { AsOf, Checked, Facts } from '../conditions/index.ts'
import type { LeadSubject } from '../leads/index.ts'
import type { MoveReason } from './contract.ts'
import type { Defined } from './definitions.ts'
import { askingOf, decidingLeaves } from './asking.ts'
import type { Asking, AskingLeaf } from './asking.ts'
import { wordsOf } from './tree.ts'
import type { SegmentEvent, SegmentLead } from './tree.ts'

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
  const names = new Map(segments.map(({ id, name }) => [id, name]))
  const wordsFor = (condition: Condition) => wordsOf(condition, facts, names)
  const asked = segments.map((segment) => ({
    segment,
    asking: askingOf(segment.condition, segment.checked, asOf, facts, wordsFor),
  }))
  return (lead) => {
    const { before } = lead
    const inside = new Set(before)
    const decisions: Decision[] = []
    let subject = { ...lead.subject, segments: [...inside] }
    for (const { segment, asking } of asked) {
      const holds = asking.fits(subject, lead.events)
      if (holds === before.has(segment.id)) continue
      decisions.push({
        segmentId: segment.id,
        kind: holds ? 'entered' : 'left',
        version: segment.version,
        reason: reasonOf(asking, { ...lead, subject }, holds, asOf),
      })
      if (holds) inside.add(segment.id)
      else inside.delete(segment.id)
      subject = { ...lead.subject, segments: [...inside] }
    }
    return decisions
  }
}

/**
 * Why it came true or false: a condition that something new changed, else one that time changed, else what is known of the
 * lead. A condition is asked anew as of the last look, over what had come in by then.
 */
function reasonOf(asking: Asking, lead: JudgedLead, isIn: boolean, asOf: AsOf): MoveReason {
  const { subject, events, sinceMs } = lead
  const isNew = (event: SegmentEvent) =>
    sinceMs === undefined || (event.receivedMs ?? Date.parse(event.occurredAt)) > sinceMs
  const known = events.filter((event) => !isNew(event))
  const fresh = events.filter(isNew)
  const then = sinceMs === undefined ? undefined : { ...asOf, now: new Date(sinceMs) }
  const leaves = decidingLeaves(asking, subject, events, isIn)
  const told = (
    kind: MoveReason['kind'],
    leaf: AskingLeaf | undefined,
    event?: SegmentEvent,
  ): MoveReason => ({
    kind,
    words: leaf ? leaf.words() : null,
    holds: leaf ? leaf.fits(subject, events) : isIn,
    event: event ? { id: event.eventId, name: event.name, occurredAt: event.occurredAt } : null,
  })
  const turned = leaves.filter((leaf) => leaf.fitted(subject, known, then) !== leaf.fits(subject, events))
  for (const leaf of turned) {
    const event = fresh.findLast(leaf.counts)
    if (event) return told('event', leaf, event)
  }
  const [byTime] = turned
  if (byTime && byTime.fits(subject, known) === byTime.fits(subject, events)) return told('time', byTime)
  const changed = leaves.find(({ isFact }) => isFact)
  const last = fresh.findLast((event) => !event.isBot)
  return told(last ? 'event' : 'change', byTime ?? changed ?? leaves[0], last)
}
