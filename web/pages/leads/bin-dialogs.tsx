// Asks before a lead goes to the bin, and before it comes back.
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { binLead, getLead, getTimeline, listLeads, restoreLead } from '../../../src/leads/contract.ts'
import type { Lead } from '../../../src/leads/contract.ts'
import { showDone, useWrite } from '../../queries.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'

interface DialogProps {
  lead: Pick<Lead, 'id' | 'label'>
  onClose: () => void
}

const stale = [listLeads, getLead, getTimeline]

export function BinDialog({ lead, onClose }: DialogProps) {
  const bin = useWrite(binLead, {
    stale,
    onDone: () => {
      onClose()
      showDone(`${lead.label} is in the bin for 30 days.`)
    },
  })
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Move ${lead.label} to the bin?`}
      action="Move to the bin"
      busy={bin.isPending}
      onConfirm={() => bin.mutate({ params: { id: lead.id } })}
    >
      One lead leaves every list, count and send. For 30 days it can be taken out of the bin again; then it is
      gone.
    </ConfirmDialog>
  )
}

export function RestoreDialog({ lead, onClose }: DialogProps) {
  const restore = useWrite(restoreLead, {
    stale,
    onDone: () => {
      onClose()
      showDone(`${lead.label} is back.`)
    },
  })
  return (
    <Modal opened onClose={onClose} title={`Take ${lead.label} out of the bin?`} size={440}>
      <Stack gap={16}>
        <Text>The lead is counted, listed and sent to again, as far as its consent allows.</Text>
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            loading={restore.isPending}
            onClick={() => restore.mutate({ params: { id: lead.id } })}
            data-autofocus
          >
            Take out of the bin
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
