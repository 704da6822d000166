// The segments of a workspace, checked against the facts that its leads have: those that can be asked, in order, and why others cannot.
import { leavesOf } from '../conditions/contract.ts'
import type { Condition } from '../conditions/contract.ts'
import { checkCondition } from '../conditions/index.ts'
import type { Checked, Facts } from '../conditions/index.ts'
import { eventLabel, eventType } from '../events/contract.ts'
import { factsOfWorkspace } from '../leads/index.ts'
import type { LeadSubject } from '../leads/index.ts'
import { Refusal } from '../lib/refusal.ts'
import type { Db } from '../platform/postgres.ts'
import type { AskedSegment } from './decide.ts'
import { inOrder } from './definitions.ts'
import { readSegments } from './store/definitions.ts'
import type { SegmentRow } from './store/definitions.ts'

export interface KnownSegments {
  facts: Facts<LeadSubject>
  /** IANA */
  timeZone: string
  /** by name */
  all: SegmentRow[]
  /** those whose condition can be asked, each after those that it names */
  asked: (AskedSegment & Pick<SegmentRow, 'status'>)[]
  /** why the others cannot, by id */
  problems: Map<string, string>
  names: Map<string, string>
}

/** Reads and checks all segments of a workspace. */
export async function knownSegments(db: Db, workspaceId: string): Promise<KnownSegments> {
  const all = await readSegments(db, workspaceId)
  const { facts, timeZone } = await factsOfWorkspace(db, workspaceId)
  const problems = new Map<string, string>()
  const asked = inOrder(all).flatMap((segment) => {
    const { id, name, condition, version, status } = segment
    const checked = checkedOr(condition, facts)
    if (typeof checked === 'string') {
      problems.set(id, checked)
      return []
    }
    return [{ id, name, condition, version, status, checked }]
  })
  return { facts, timeZone, all, asked, problems, names: new Map(all.map(({ id, name }) => [id, name])) }
}

/** Throws a Refusal (400) for a condition that a segment cannot have. */
export function checkSegmentCondition(condition: Condition, facts: Facts<LeadSubject>): Checked<LeadSubject> {
  const checked = checkCondition(condition, facts)
  for (const { leaf } of leavesOf(condition)) {
    if ('event' in leaf && eventType(leaf.event).category === 'record') {
      throw new Refusal(
        'event_unfit',
        400,
        `“${eventLabel(leaf.event)}” is a change of the record, not something that a lead does. Ask for the field that changes instead.`,
      )
    }
  }
  return checked
}

function checkedOr(condition: Condition, facts: Facts<LeadSubject>): Checked<LeadSubject> | string {
  try {
    return checkSegmentCondition(condition, facts)
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}
