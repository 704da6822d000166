// The fact of a prediction, by name and type: what filter builders offer. facts.ts says how it is read.
import type { FactType } from '../../../conditions/contract.ts'

/** In percent; as of last night or of the lead's last event. */
export const predictionFactList = [
  { name: 'predictedScore', label: 'Chance to convert (%)', type: 'number' },
] as const satisfies readonly { name: string; label: string; type: FactType }[]
