// A score and a temperature as lists show them.
import type { Lead } from '../../src/leads/contract.ts'
import { temperatureNames } from './score-names.ts'
import classes from './score.module.css'

export { temperatureNames } from './score-names.ts'

/** Below this share of what the rules ask for, a score says so. */
const UNSURE_BELOW = 0.35

/** Whole points; one that rests on little is marked, and says on what. */
export function ScoreCell({ standing }: { standing: Lead['standing'] }) {
  if (standing?.score === null || standing?.score === undefined) {
    return (
      <span className={classes.none} title="Nothing is known yet that the rules ask for">
        –
      </span>
    )
  }
  const known = Math.round((standing.confidence ?? 0) * 100)
  const isUnsure = (standing.confidence ?? 0) < UNSURE_BELOW
  return (
    <span
      className={isUnsure ? classes.unsure : undefined}
      title={`Rests on ${known} % of what the rules ask for`}
    >
      {Math.round(standing.score)}
      {isUnsure ? '?' : ''}
    </span>
  )
}

/** A dot and a word. */
export function TemperatureBadge({ temperature }: { temperature: string | null | undefined }) {
  if (!temperature) return <span className={classes.none}>–</span>
  return (
    <span className={classes.temperature} data-temperature={temperature}>
      {temperatureNames[temperature] ?? temperature}
    </span>
  )
}
