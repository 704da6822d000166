// The facts of journeys, by name and type: what filter builders offer. facts.ts says how each is read.
import type { FactType } from '../../conditions/contract.ts'

/** Risks are 0 to 100 in percent; amounts in the workspace's currency, in its major unit. All hold as of last night or later. */
export const journeyFactList = [
  { name: 'trend', label: 'Engagement trend', type: 'choice' },
  { name: 'health', label: 'Health', type: 'number' },
  { name: 'churnRisk', label: 'Churn risk (%)', type: 'number' },
  { name: 'disengagementRisk', label: 'Disengagement risk (%)', type: 'number' },
  { name: 'lifetimeValue', label: 'Lifetime value until now', type: 'number' },
  { name: 'predictedValue', label: 'Predicted lifetime value', type: 'number' },
  { name: 'rfmSegment', label: 'RFM segment', type: 'choice' },
  { name: 'nextOrderAt', label: 'Next order expected', type: 'date' },
] as const satisfies readonly { name: string; label: string; type: FactType }[]
