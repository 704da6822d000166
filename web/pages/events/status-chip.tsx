// What became of a message, as a small chip.
import type { InboxItem } from '../../../src/events/contract.ts'
import classes from './status-chip.module.css'

const names = {
  waiting: 'Waiting',
  logged: 'Logged',
  stored: 'Stored',
  dropped: 'Dropped',
  parked: 'Parked',
  refused: 'Refused',
} as const

export function StatusChip({ item }: { item: Pick<InboxItem, 'status' | 'stored'> }) {
  const state = item.status === 'logged' && item.stored ? 'stored' : item.status
  return (
    <span className={classes.root} data-state={state}>
      {names[state]}
    </span>
  )
}
