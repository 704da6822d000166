// The verbs of presence: when leads were there and which stages they were in, as a projection of the pass.
import { stages } from '../contract.ts'
import type { LeadState, Projection, Stage } from '../contract.ts'
import { foldPresence } from './fold.ts'

export { foldPresence } from './fold.ts'
export type { Presence } from './fold.ts'

/** Goes after the lifecycle, whose stays it turns into columns. */
export const presence: Projection = {
  name: 'presence',
  prepare: ({ timeZone }) =>
    Promise.resolve({
      needs: [],
      fold: (history, state) => ({ facts: { ...foldPresence(history, timeZone), ...staysOf(state) } }),
    }),
}

// A second of ClickHouse's DateTime ends in 2106.
const LAST_SECOND = 2 ** 32 - 1

function staysOf(state: Readonly<LeadState>): { stay_stages: number[]; stay_since: number[] } {
  const { stays = [] } = (state.details.lifecycle ?? {}) as { stays?: { stage: Stage; since: number }[] }
  return {
    stay_stages: stays.map(({ stage }) => stages.indexOf(stage)),
    stay_since: stays.map(({ since }) => Math.min(Math.max(0, Math.floor(since / 1000)), LAST_SECOND)),
  }
}
