// The facts of the score, by name and type: what filter builders offer. facts.ts says how each is read.
import type { FactType } from '../../conditions/contract.ts'

export const scoreFactList = [
  { name: 'score', label: 'Score', type: 'number' },
  { name: 'grade', label: 'Grade', type: 'choice' },
  { name: 'temperature', label: 'Temperature', type: 'choice' },
  { name: 'scoreConfidence', label: 'Confidence of the score', type: 'number' },
  { name: 'scoreDemographic', label: 'Score: person', type: 'number' },
  { name: 'scoreFirmographic', label: 'Score: company', type: 'number' },
  { name: 'scoreBehavioural', label: 'Score: behaviour', type: 'number' },
  { name: 'scoreEngagement', label: 'Score: engagement', type: 'number' },
  { name: 'scoreIntent', label: 'Score: intent', type: 'number' },
] as const satisfies readonly { name: string; label: string; type: FactType }[]
