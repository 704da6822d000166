// Asks before a merge is undone, and says what then is again what it was.
import {
  getLead,
  getTimeline,
  listConsent,
  listLeads,
  listNotes,
  unmergeLeads,
} from '../../../../src/leads/contract.ts'
import type { LeadDetail } from '../../../../src/leads/contract.ts'
import { showDone, useWrite } from '../../../queries.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'

export type StandingMerge = LeadDetail['mergedLeads'][number]

interface UndoMergeProps {
  /** the lead that stayed */
  lead: LeadDetail
  merge: StandingMerge
  onClose: () => void
}

export function UndoMerge({ lead, merge, onClose }: UndoMergeProps) {
  const undo = useWrite(unmergeLeads, {
    stale: [getLead, getTimeline, listLeads, listNotes, listConsent],
    onDone: () => {
      showDone(`${merge.label} is a lead of its own again.`)
      onClose()
    },
  })
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Take ${merge.label} out again?`}
      action="Undo the merge"
      busy={undo.isPending}
      onConfirm={() => undo.mutate({ body: { mergeId: merge.mergeId } })}
    >
      Both leads are again what they were, each with its own events, consent and identifiers. What happened
      since the merge stays with {lead.label}.
    </ConfirmDialog>
  )
}
