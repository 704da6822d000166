// What can be done with a lead from its row: copy the address, open as a page, move to the bin or back.
import { ActionIcon, CopyButton, Tooltip } from '@mantine/core'
import { IconArrowBackUp, IconCheck, IconCopy, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { Lead } from '../../../src/leads/contract.ts'
import { useMay } from '../../workspace.ts'
import { BinDialog, RestoreDialog } from './bin-dialogs.tsx'

export function LeadActions({ lead }: { lead: Lead }) {
  const mayDelete = useMay('leads.delete')
  const [asking, setAsking] = useState(false)
  const isBinned = lead.status === 'binned'
  return (
    <>
      {lead.email ? (
        <CopyButton value={lead.email} timeout={1600}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? 'Copied' : 'Copy the e-mail address'}>
              <ActionIcon
                aria-label={`Copy the e-mail address of ${lead.label}`}
                tabIndex={-1}
                onClick={copy}
              >
                {copied ? <IconCheck size={16} /> : <IconCopy size={16} stroke={1.5} />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      ) : null}
      {mayDelete ? (
        <Tooltip label={isBinned ? 'Take out of the bin' : 'Move to the bin'}>
          <ActionIcon
            aria-label={isBinned ? `Take ${lead.label} out of the bin` : `Move ${lead.label} to the bin`}
            tabIndex={-1}
            onClick={() => setAsking(true)}
          >
            {isBinned ? <IconArrowBackUp size={16} stroke={1.5} /> : <IconTrash size={16} stroke={1.5} />}
          </ActionIcon>
        </Tooltip>
      ) : null}
      {asking && isBinned ? <RestoreDialog lead={lead} onClose={() => setAsking(false)} /> : null}
      {asking && !isBinned ? <BinDialog lead={lead} onClose={() => setAsking(false)} /> : null}
    </>
  )
}
