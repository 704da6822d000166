// An act of consent: what was said, and the proof of it.
import { words } from '../../ui/format.ts'
import classes from './consent.module.css'

/** What an act of consent rests on. */
export function Proof({ proof }: { proof: Record<string, unknown> }) {
  const entries = Object.entries(proof)
  if (entries.length === 0) return <p className={classes.quiet}>No proof was given.</p>
  const { statement } = proof
  if (entries.length === 1 && typeof statement === 'string')
    return <p className={classes.proof}>“{statement}”</p>
  return (
    <p className={classes.proof}>
      {entries
        .map(
          ([key, value]) => `${labelOf(key)}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
        )
        .join(' · ')}
    </p>
  )
}

export function ConsentState({ state }: { state: 'granted' | 'denied' | 'unknown' }) {
  return (
    <span className={classes.state} data-state={state}>
      {stateNames[state]}
    </span>
  )
}

const stateNames = { granted: 'Agreed', denied: 'Refused', unknown: 'Not known' }

// `messageId` becomes `Message id`.
function labelOf(key: string): string {
  return words(key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`))
}
