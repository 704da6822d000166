// The segments that a lead is in, as a fact: whoever is in another segment can be asked for by its id.
import { checkCondition, chSql, conditionSql } from '../conditions/index.ts'
import type { Checked, Fact, Facts } from '../conditions/index.ts'
import type { Condition } from '../conditions/contract.ts'
import { Refusal } from '../lib/refusal.ts'
import type { FactParts } from './fact-row.ts'

export interface SegmentDefinition {
  id: string
  name: string
  condition: Condition
}

/**
 * In memory the members are known; in ClickHouse the segment's own condition is asked instead, so that an answer over many
 * leads is never older than they are. A segment whose condition cannot be asked any more has nobody in it.
 * @param factsNow all facts, this one included: segments may name segments, never in a circle
 */
export function segmentFact(
  label: string,
  segments: readonly SegmentDefinition[],
  factsNow: () => Facts<FactParts>,
): Fact<FactParts> {
  const byId = new Map(segments.map((segment) => [segment.id, segment]))
  const checked = new Map<string, Checked<FactParts> | null>()
  const checkedOf = (id: string) => {
    const known = checked.get(id)
    if (known !== undefined) return known
    const segment = byId.get(id)
    const made = segment ? checkedOrNull(segment.condition, factsNow()) : null
    checked.set(id, made)
    return made
  }
  return {
    name: 'segment',
    label,
    type: 'tags',
    read: ({ segments: ids }) => ids ?? null,
    column: {
      each: [...byId.keys()],
      has: (id, scope) => {
        const condition = checkedOf(id)
        return condition ? conditionSql(condition, scope) : chSql`0`
      },
    },
  }
}

function checkedOrNull(condition: Condition, facts: Facts<FactParts>): Checked<FactParts> | null {
  try {
    return checkCondition(condition, facts)
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}
