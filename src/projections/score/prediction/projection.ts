// The prediction in the pass: the chance of each lead that is known and has not converted; without a model it costs one question.
import { factsOfWorkspace } from '../../../leads/index.ts'
import type { FactState } from '../../../leads/index.ts'
import type { Prepared, Projection } from '../../contract.ts'
import { convertedAtOf, leadFactsOf } from './lead.ts'
import { chancesOf, momentOf } from './predict.ts'
import { readModelInForce, readStartedAt } from './store.ts'

/** Goes after presence, whose stays in stages tell who is an opportunity. */
export const prediction: Projection = {
  name: 'prediction',
  async prepare({ tx, workspaceId, now }): Promise<Prepared> {
    const trained = await readModelInForce(tx, workspaceId)
    if (!trained) return { needs: [], fold: () => ({ facts: NONE }) }
    const [{ facts }, startedAt] = await Promise.all([
      factsOfWorkspace(tx, workspaceId),
      readStartedAt(tx, workspaceId),
    ])
    const at = momentOf(now.getTime())
    return {
      needs: [],
      fold(history, state) {
        if (convertedAtOf(trained.target, history, state.facts) !== null) return { facts: NONE }
        const lead = leadFactsOf(history, { facts, startedAt })
        if (!lead) return { facts: NONE }
        const [chance = null] = chancesOf(trained, [lead], at)
        return { facts: { predicted_score: chance, predicted_at: new Date(at).toISOString() } }
      },
    }
  },
}

const NONE = { predicted_score: null, predicted_at: null } satisfies FactState
