// The chance to convert as a fact: what filters, segments and lists may ask of it.
import { chSql, identifier } from '../../../conditions/index.ts'
import type { Fact } from '../../../conditions/index.ts'
import type { LeadSubject } from '../../../leads/index.ts'
import { predictionFactList } from './fact-list.ts'

const [{ name, label, type }] = predictionFactList

export const predictionFacts: readonly Fact<LeadSubject>[] = [
  {
    name,
    label,
    type,
    read: ({ state }) => {
      const chance = state?.predicted_score ?? null
      return chance === null ? null : chance * 100
    },
    column: { sql: chSql`(${identifier('predicted_score')} * 100)` },
  },
]
