// Lifecycle as a projection: the stage of each lead for its state, and its stays for questions over many.
import { factsOfWorkspace } from '../../leads/index.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Prepared, Projection, Turn, Understood } from '../contract.ts'
import { needsOf, readRulesInForce } from '../history/index.ts'
import type { LifecycleState } from './fold.ts'
import { readyRules, wayOf } from './ready.ts'
import type { ReadyRules } from './ready.ts'
import { defaultLifecycleRules, lifecycleRulesSchema } from './rules.ts'
import type { LifecycleRules } from './rules.ts'
import { removeStageRows, writeStageRows } from './store.ts'
import type { StageRow } from './store.ts'

/** What `lead_states` keeps of a lead's way: all of it, and by which version of the rules it was made. */
export interface LifecycleDetails extends LifecycleState {
  ruleVersion: number
}

export const lifecycle: Projection = {
  name: 'lifecycle',
  async prepare(turn): Promise<Prepared> {
    const { version, rules, ready } = await rulesInForce(turn.tx, turn.workspaceId)
    return {
      needs: needsOf(rules.rules.filter(({ isOn }) => isOn).map(({ when }) => when)),
      fold(history, _state, earlier) {
        const way = wayOf(history, ready.rules, turn.timeZone, earlier)
        const details: LifecycleDetails = { ...way, ruleVersion: version }
        return { facts: { stage: way.stage, stage_since: new Date(way.since).toISOString() }, details }
      },
      save: (understood) => saveStays(turn, understood),
      forget: (leadIds) => removeStageRows(turn, turn.workspaceId, leadIds),
    }
  },
}

/** The rules that a workspace goes by, read and checked. */
export async function rulesInForce(
  db: Db,
  workspaceId: string,
): Promise<{ version: number; rules: LifecycleRules; ready: ReadyRules }> {
  const [stored, { facts }] = await Promise.all([
    readRulesInForce(db, workspaceId, 'lifecycle'),
    factsOfWorkspace(db, workspaceId),
  ])
  const rules = stored ? lifecycleRulesSchema.parse(stored.rules) : defaultLifecycleRules
  return { version: stored?.version ?? 0, rules, ready: readyRules(rules.rules, facts) }
}

// What stands already is not written again, but for a refill: then the copy may have lost what it had.
async function saveStays(turn: Turn, understood: readonly Understood[]): Promise<void> {
  const written: StageRow[] = []
  const gone: { leadId: string; place: number }[] = []
  for (const { history, state, before } of understood) {
    const { leadId } = history
    const now = stageRows(leadId, state.details.lifecycle as LifecycleDetails)
    const said = before?.details.lifecycle as LifecycleDetails | undefined
    const old = said ? stageRows(leadId, said) : []
    const known = turn.lane === 'bulk' ? [] : old.map((row) => JSON.stringify(row))
    written.push(...now.filter((row, place) => JSON.stringify(row) !== known[place]))
    gone.push(...old.slice(now.length))
  }
  await writeStageRows(turn, turn.workspaceId, written, gone)
}

/** The stays of a lead, each with the move that began it. */
export function stageRows(leadId: string, { stays, moves, ruleVersion }: LifecycleDetails): StageRow[] {
  return stays.map(({ stage, since, until, touches }, place) => {
    const move = place === 0 ? undefined : moves[place - 1]
    return {
      leadId,
      place,
      at: since,
      until,
      from: move?.from ?? '',
      to: stage,
      kind: !move ? 'began' : move.rule === null ? 'manual' : 'automatic',
      isBackward: move?.isBackward ?? false,
      skipped: move?.skipped ?? [],
      rule: move?.rule ?? '',
      ruleVersion,
      causeId: move?.cause.id ?? '',
      actor: move?.actor ?? '',
      amountMinor: move?.amountMinor ?? null,
      currency: move?.currency ?? '',
      touches,
    }
  })
}
