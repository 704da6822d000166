// Explains why a lead is in a segment or not: the condition line by line, with what is known of the lead beside each. Pure.
import type { Condition } from '../conditions/contract.ts'
import { eventCounts, sumOf } from '../conditions/index.ts'
import type { AsOf, Checked, Facts } from '../conditions/index.ts'
import type { LeadSubject } from '../leads/index.ts'
import type { ExplainedLine } from './contract.ts'
import { countryName, holdsFor, wordsOf } from './tree.ts'
import type { CheckedLeaf, SegmentLead } from './tree.ts'

export interface Explaining {
  facts: Facts<LeadSubject>
  asOf: AsOf
  /** by their ids */
  segmentNames: ReadonlyMap<string, string>
}

/** The condition as lines from the top, groups before what is in them. */
export function explain(
  condition: Condition,
  checked: Checked<LeadSubject>,
  lead: SegmentLead,
  told: Explaining,
  depth = 0,
): ExplainedLine[] {
  const holds = holdsFor(checked, lead, told.asOf)
  if (checked.kind === 'not') {
    const inner = 'not' in condition ? condition.not : condition
    return [groupLine(depth, 'not', holds), ...explain(inner, checked.part, lead, told, depth + 1)]
  }
  if ('parts' in checked) {
    const parts = 'and' in condition ? condition.and : 'or' in condition ? condition.or : []
    const [only] = parts
    if (only && parts.length === 1) return explain(only, checked.parts[0]!, lead, told, depth)
    return [
      groupLine(depth, checked.kind === 'and' ? 'all' : 'any', holds),
      ...checked.parts.flatMap((part, at) => explain(parts[at]!, part, lead, told, depth + 1)),
    ]
  }
  const words = wordsOf(condition, told.facts, told.segmentNames)
  return [{ depth, group: null, holds, words, ...foundOf(checked, lead, told) }]
}

function groupLine(depth: number, group: ExplainedLine['group'], holds: boolean): ExplainedLine {
  return { depth, group, holds, words: '', found: UNKNOWN, event: null }
}

const UNKNOWN: ExplainedLine['found'] = { kind: 'unknown', value: null }

function foundOf(
  leaf: CheckedLeaf,
  { subject, events }: SegmentLead,
  { asOf, segmentNames }: Explaining,
): Pick<ExplainedLine, 'found' | 'event'> {
  if (leaf.kind === 'fact') return { found: factFound(leaf.asked, subject, asOf, segmentNames), event: null }
  const { measure } = leaf.asked
  const counted = events.filter(eventCounts(leaf.asked, asOf))
  const shown = measure.op === 'first' ? counted.at(0) : counted.at(-1)
  const event = shown ? { id: shown.eventId, name: shown.name, occurredAt: shown.occurredAt } : null
  if (measure.op === 'count') return { found: { kind: 'times', value: counted.length }, event }
  if (measure.op === 'sum')
    return { found: { kind: 'number', value: Number(sumOf(counted, measure.of)) / 1e6 }, event }
  return { found: shown ? { kind: 'instant', value: shown.occurredAt } : UNKNOWN, event }
}

function factFound(
  { type, fact }: Extract<CheckedLeaf, { kind: 'fact' }>['asked'],
  subject: LeadSubject,
  asOf: AsOf,
  segmentNames: ReadonlyMap<string, string>,
): ExplainedLine['found'] {
  if (type === 'consent') {
    const { stated, isAllowed } = fact.read(subject, asOf)
    return text(`${stated ?? 'never stated'}, ${isAllowed ? 'in effect' : 'not in effect'}`)
  }
  const value = fact.read(subject, asOf)
  if (value === null || value === '') return UNKNOWN
  if (typeof value === 'number') return { kind: 'number', value }
  if (typeof value === 'boolean') return text(value ? 'yes' : 'no')
  if (fact.name === 'country' && typeof value === 'string') return text(countryName(value))
  if (typeof value === 'string')
    return type === 'date' && value.includes('T') ? { kind: 'instant', value } : text(value)
  const listed = value.map((tag) => (fact.name === 'segment' ? (segmentNames.get(tag) ?? tag) : tag))
  return listed.length === 0 ? UNKNOWN : text(listed.join(', '))
}

function text(value: string): ExplainedLine['found'] {
  return { kind: 'text', value }
}
