// Bulk work in words: what a job does, and how it stands. Pure.
import type { BulkAction, BulkJob } from '../../../src/leads/bulk/contract.ts'
import { count, formatNumber, words } from '../../ui/format.ts'
import { purposeNames } from '../lead/purposes.ts'

/** `Add tags vip, new`; `ownerName` and `fieldLabel` name what the action only knows by id. */
export function actionWords(
  action: BulkAction,
  ownerName: (id: string) => string | undefined,
  fieldLabel: (field: string) => string | undefined = () => undefined,
): string {
  switch (action.kind) {
    case 'tag':
      return `Add ${action.tags.length === 1 ? 'tag' : 'tags'} ${action.tags.join(', ')}`
    case 'untag':
      return `Remove ${action.tags.length === 1 ? 'tag' : 'tags'} ${action.tags.join(', ')}`
    case 'assign':
      return action.ownerId === null
        ? 'Take the owner away'
        : `Assign to ${ownerName(action.ownerId) ?? 'a former member'}`
    case 'set': {
      const label = fieldLabel(action.field) ?? words(action.field.replace(/^fields\./, ''))
      return action.value === null || action.value === ''
        ? `Empty ${label}`
        : `Set ${label} to ${valueWords(action.value)}`
    }
    case 'consent':
      return `${purposeNames[action.purpose]}: ${action.state === 'granted' ? 'agreed' : 'refused'}`
    case 'bin':
      return 'Move to the bin'
    case 'restore':
      return 'Take out of the bin'
  }
}

/** How a job stands: `2,000 of 12,345 leads`, `12,345 leads, 12,000 changed, 5 had left meanwhile`. */
export function standWords(job: BulkJob): string {
  if (job.status === 'running') return `${formatNumber(job.done)} of ${count(job.total, 'lead')}`
  const looked =
    job.done < job.total
      ? `${formatNumber(job.done)} of ${count(job.total, 'lead')}`
      : count(job.total, 'lead')
  const changed = job.changed === job.done ? looked : `${looked}, ${formatNumber(job.changed)} changed`
  return job.gone === 0 ? changed : `${changed}, ${formatNumber(job.gone)} had left meanwhile`
}

export const jobStates: Record<BulkJob['status'], { label: string; colour: string }> = {
  running: { label: 'Running', colour: 'blue' },
  done: { label: 'Done', colour: 'green' },
  cancelled: { label: 'Stopped', colour: 'gray' },
  failed: { label: 'Failed', colour: 'red' },
}

function valueWords(value: string | number | boolean): string {
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)
}
