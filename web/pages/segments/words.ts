// Segments in words: the state of one, and why a lead entered or left. Pure.
import type { MoveReason, Segment } from '../../../src/segments/contract.ts'
import { eventLabel } from '../../../src/events/contract.ts'

/** Why, as a sentence without a full stop; what it is told of stands before it. */
export function reasonWords({ kind, words, holds, event }: MoveReason, actor: 'entered' | 'left'): string {
  const turned = words === null ? '' : holds ? words : `No longer: ${words}`
  switch (kind) {
    case 'event': {
      const what = event ? eventLabel(event.name) : ''
      return turned === '' || turned === what ? what : `${turned}${what ? `, by “${what}”` : ''}`
    }
    case 'time':
      return turned === '' ? 'Time passed' : `${turned}, as time passed`
    case 'change':
      return turned === '' ? 'What is known of the lead changed' : `${turned}, after a change of the lead`
    case 'definition':
      return actor === 'entered' ? 'Fitted when the segment was made or changed' : 'The segment was changed'
    case 'gone':
      return 'The lead went to the bin or became part of another'
  }
}

/** How it stands, with the colour of its badge. */
export function stateOf({ status, progress }: Pick<Segment, 'status' | 'progress'>): {
  label: string
  colour: string
} {
  if (status === 'broken') return { label: 'Needs a look', colour: 'red' }
  if (status === 'live') return { label: 'Live', colour: 'green' }
  const share =
    progress && progress.total > 0 ? Math.floor((progress.done / progress.total) * 100) : undefined
  return { label: share === undefined ? 'Counting' : `Filling ${share}%`, colour: 'blue' }
}
