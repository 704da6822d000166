// The score in the pass: rules and scale read once for a turn, each history folded, each change of a score kept with its cause.
import { factsOfWorkspace } from '../../leads/index.ts'
import { newId } from '../../lib/ids.ts'
import type { LeadHistory, Projection, Turn, Understood } from '../contract.ts'
import { compileRules } from './compile.ts'
import type { CompiledRules } from './compile.ts'
import { foldScore } from './fold.ts'
import type { Earned } from './fold.ts'
import { readInForce } from './in-force.ts'
import { readScore } from './reading.ts'
import type { ScoreNow, ScoreReading } from './reading.ts'
import { writeHistory } from './store/history.ts'
import type { ScoredRow } from './store/history.ts'

/** A change below this is none that anybody must hear of. */
const WORTH_TELLING = 0.5

export const scoreProjection: Projection = {
  name: 'score',
  async prepare(turn) {
    const [reading, { facts }] = await Promise.all([
      readInForce(turn.tx, turn.workspaceId),
      factsOfWorkspace(turn.tx, turn.workspaceId),
    ])
    const compiled = compileRules(reading.version, reading.rules, facts)
    return {
      needs: compiled.needs,
      fold: (history) => ({ facts: foldScore(history, compiled).facts }),
      async save(understood) {
        const rows = understood.flatMap((one) => changeOf(one, compiled, reading, turn))
        await writeHistory(turn.clickhouse, rows, newId())
      },
    }
  },
}

/** Rules ready to be asked of histories in a workspace, with the reading of what comes out. */
export async function prepareRules(
  db: Turn['tx'],
  workspaceId: string,
  reading: ScoreReading,
): Promise<CompiledRules> {
  const { facts } = await factsOfWorkspace(db, workspaceId)
  return compileRules(reading.version, reading.rules, facts)
}

// Who was never seen and is scored for the first time is no news: an import of a million is none.
function changeOf(
  { history, state, before }: Understood,
  compiled: CompiledRules,
  reading: ScoreReading,
  { now }: Turn,
): ScoredRow[] {
  const ms = now.getTime()
  const score = readScore(state.facts, reading, ms)
  if (score.total === null || (!before && !state.facts.is_seen)) return []
  const isRecomputed = before !== undefined && before.facts.score_version !== reading.version
  const was = before && !isRecomputed ? readScore(before.facts, reading, ms) : null
  if (was && isSame(was, score)) return []
  const cause = isRecomputed
    ? RULES
    : causeOf(history, foldScore(history, compiled).earned, before?.computedAt)
  return [
    {
      workspaceId: history.workspaceId,
      leadId: history.leadId,
      at: now,
      score,
      before: was,
      ruleVersion: reading.version,
      isRecomputed,
      ...cause,
    },
  ]
}

const RULES = { causeEventId: '', cause: 'rules_adopted' }

function isSame(a: ScoreNow, b: ScoreNow): boolean {
  return (
    a.total !== null &&
    b.total !== null &&
    Math.abs(a.total - b.total) < WORTH_TELLING &&
    a.grade === b.grade &&
    a.temperature === b.temperature
  )
}

// Of what came in since: the event with the most points; else the newest; else somebody edited the record.
function causeOf(
  history: LeadHistory,
  earned: readonly Earned[],
  since: Date | undefined,
): { causeEventId: string; cause: string } {
  const from = since ? since.getTime() - LATE_MS : -Infinity
  const candidates = earned.filter(({ event }) => event.receivedAt >= from)
  const [strongest] = [...candidates].sort(
    (a, b) =>
      Math.abs(b.deed.rule.points) - Math.abs(a.deed.rule.points) || b.event.receivedAt - a.event.receivedAt,
  )
  const event = strongest?.event ?? history.events.findLast(({ receivedAt }) => receivedAt >= from)
  return event
    ? { causeEventId: event.eventId, cause: event.name }
    : { causeEventId: '', cause: 'record_changed' }
}

/** What came in shortly before the last pass may have been decided after it. */
const LATE_MS = 5_000
