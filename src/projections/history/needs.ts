// What of events conditions ask for beyond the columns that every history has. Pure.
import { leavesOf } from '../../conditions/contract.ts'
import type { Condition } from '../../conditions/contract.ts'
import type { EventNeed } from '../contract.ts'

const DETAILS: Record<string, EventNeed> = { $url: 'pageUrl', $title: 'pageTitle', $referrer: 'referrer' }

/** What a history must have so that conditions can be asked of it. */
export function needsOf(conditions: readonly Condition[]): EventNeed[] {
  return conditions.flatMap((condition) =>
    leavesOf(condition).flatMap(({ leaf }): EventNeed[] => {
      if (!('event' in leaf)) return []
      const named = [...(leaf.where ?? []).map(({ property }) => property), ...(leaf.of ? [leaf.of] : [])]
      return named.flatMap((property) =>
        property.startsWith('$') ? (DETAILS[property] ?? []) : [{ propertiesOf: leaf.event }],
      )
    }),
  )
}
