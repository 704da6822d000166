// Asks before a person is erased for good; the name has to be typed.
import { listLeads } from '../../../src/leads/contract.ts'
import type { Lead } from '../../../src/leads/contract.ts'
import { eraseLead, listErasures } from '../../../src/leads/erase/contract.ts'
import { showDone, useWrite } from '../../queries.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'

interface EraseDialogProps {
  lead: Pick<Lead, 'id' | 'label'>
  onClose: () => void
  onErased: () => void
}

export function EraseDialog({ lead, onClose, onErased }: EraseDialogProps) {
  const erase = useWrite(eraseLead, {
    stale: [listLeads, listErasures],
    onDone: () => {
      onClose()
      showDone('The person is erased. The log forgets them within seconds.')
      onErased()
    },
  })
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Erase ${lead.label} for good?`}
      action="Erase for good"
      typed={lead.label.trim()}
      busy={erase.isPending}
      onConfirm={() => erase.mutate({ params: { id: lead.id } })}
    >
      One person goes at once: fields, notes, consent, orders, every event and message. Reports lose what they
      did. Neither imports nor syncs bring them back. This cannot be undone; the bin can.
    </ConfirmDialog>
  )
}
