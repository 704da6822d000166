// What a conversion is called on screen.
import { eventLabel } from '../../src/events/contract.ts'

const names: Record<string, string> = {
  order: 'Orders',
  lead: 'New leads',
  opportunity: 'Opportunities',
  customer: 'Customers',
}

/** @param goal as rows of credit name it: a kind, or `event:` and the event’s name */
export function goalName(goal: string): string {
  return names[goal] ?? eventLabel(goal.replace(/^event:/, ''))
}
