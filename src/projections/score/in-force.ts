// Which rules and which scale a workspace's scores go by, as readings by version.
import type { Db } from '../../platform/postgres.ts'
import { readRuleSets, readRulesInForce } from '../history/index.ts'
import { defaultScoreRules } from './defaults.ts'
import { readingOf } from './reading.ts'
import type { ScoreReading } from './reading.ts'
import { defaultScale } from './rules.ts'
import type { ScoreRules, ScoreScale } from './rules.ts'

/** The rules and the scale in force. */
export async function readInForce(db: Db, workspaceId: string): Promise<ScoreReading> {
  const [rules, scale] = await Promise.all([
    readRulesInForce(db, workspaceId, 'score'),
    readScale(db, workspaceId),
  ])
  return readingOf(rules?.version ?? 0, (rules?.rules as ScoreRules | undefined) ?? defaultScoreRules, scale)
}

/** Readings of the versions that leads may be scored by now: those in force and those before, the newest first. */
export async function readReadings(db: Db, workspaceId: string): Promise<ScoreReading[]> {
  const [sets, scale] = await Promise.all([
    readRuleSets(db, workspaceId, 'score', 2),
    readScale(db, workspaceId),
  ])
  const readings = sets.map(({ version, rules }) => readingOf(version, rules as ScoreRules, scale))
  return readings.length < 2 ? [...readings, readingOf(0, defaultScoreRules, scale)] : readings
}

export async function readScale(db: Db, workspaceId: string): Promise<ScoreScale> {
  const found = await readRulesInForce(db, workspaceId, 'score_scale')
  return (found?.rules as ScoreScale | undefined) ?? defaultScale
}
