// What of runs and versions leaves the server. Pure.
import type { RuleSet } from '../contract.ts'
import type { ScoreRun } from './contract.ts'
import type { RunRow } from './store/runs.ts'

export function presentRun(run: RunRow): ScoreRun {
  return {
    id: run.id,
    cause: run.cause,
    status: run.status,
    total: run.total,
    done: run.done,
    error: run.error,
    createdAt: run.createdAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
  }
}

export function presentVersion({ version, adoptedAt, actor, note }: RuleSet<unknown>) {
  return { version, adoptedAt: adoptedAt.toISOString(), actor, note }
}

export const firstVersion = {
  version: 0,
  adoptedAt: null,
  actor: '',
  note: 'What every workspace begins with',
}
