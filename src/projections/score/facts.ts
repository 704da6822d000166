// The score as facts: what filters, segments and rules may ask of it, and what lists show, as of a moment. Pure.
import type { Fact } from '../../conditions/index.ts'
import type { AsOf, Fragment } from '../../conditions/index.ts'
import type { LeadSubject } from '../../leads/index.ts'
import { scoreFactList } from './fact-list.ts'
import { readScore, scoreSql } from './reading.ts'
import type { ScoreNow, ScoreReading, ScoreSql } from './reading.ts'
import type { Dimension } from './rules.ts'

/** @param readings the newest first: leads may still be scored by the rules before */
export function scoreFacts(readings: readonly ScoreReading[]): Fact<LeadSubject>[] {
  const byVersion = new Map(readings.map((reading) => [reading.version, reading]))
  const now = ({ state }: LeadSubject, asOf: AsOf): ScoreNow | null => {
    const reading = byVersion.get(state?.score_version ?? -1)
    return state && reading ? readScore(state, reading, asOf.now.getTime()) : null
  }
  const number = (
    name: Name,
    read: (score: ScoreNow) => number | null,
    of: (sql: ScoreSql) => Fragment,
  ): Fact<LeadSubject> => ({
    name,
    label: labelOf(name),
    type: 'number',
    movesWithTime: true,
    read: (lead, asOf) => {
      const score = now(lead, asOf)
      return score && read(score)
    },
    column: { sql: (asOf) => of(scoreSql(readings, asOf.now.getTime())) },
  })
  const component = (name: Name, dimension: Dimension) =>
    number(
      name,
      ({ components }) => components[dimension],
      ({ components }) => components[dimension],
    )
  const choice = (
    name: Name,
    read: (score: ScoreNow) => string | null,
    of: (sql: ScoreSql) => Fragment,
  ): Fact<LeadSubject> => ({
    name,
    label: labelOf(name),
    type: 'choice',
    movesWithTime: true,
    read: (lead, asOf) => {
      const score = now(lead, asOf)
      return score && read(score)
    },
    column: { sql: (asOf) => of(scoreSql(readings, asOf.now.getTime())) },
  })
  return [
    number(
      'score',
      ({ total }) => total,
      ({ total }) => total,
    ),
    choice(
      'grade',
      ({ grade }) => grade,
      ({ grade }) => grade,
    ),
    choice(
      'temperature',
      ({ temperature }) => temperature,
      ({ temperature }) => temperature,
    ),
    number(
      'scoreConfidence',
      ({ confidence }) => confidence,
      ({ confidence }) => confidence,
    ),
    component('scoreDemographic', 'demographic'),
    component('scoreFirmographic', 'firmographic'),
    component('scoreBehavioural', 'behavioural'),
    component('scoreEngagement', 'engagement'),
    component('scoreIntent', 'intent'),
  ]
}

type Name = (typeof scoreFactList)[number]['name']

function labelOf(name: Name): string {
  return scoreFactList.find((fact) => fact.name === name)!.label
}
