// The six stages of a lead, in order, and what lies between two of them. Pure.

import { stages } from '../contract.ts'
import type { Stage } from '../contract.ts'

export { stages } from '../contract.ts'
export type { Stage } from '../contract.ts'

export const stageLabels: Record<Stage, string> = {
  new: 'New',
  contacted: 'Contacted',
  qualified: 'Qualified',
  engaged: 'Engaged',
  opportunity: 'Opportunity',
  customer: 'Customer',
}

/** The place of a stage in the order, from 0. */
export function rankOf(stage: Stage): number {
  return stages.indexOf(stage)
}

export function isBackward(from: Stage, to: Stage): boolean {
  return rankOf(to) < rankOf(from)
}

/** The stages that a move forward passes over; a move backward skips none. */
export function skippedBetween(from: Stage, to: Stage): Stage[] {
  return stages.slice(rankOf(from) + 1, Math.max(rankOf(from) + 1, rankOf(to)))
}
