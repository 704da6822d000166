// Above a lead: back or close, open as a page, the bin.
import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core'
import {
  IconActivity,
  IconArrowMerge,
  IconArrowBackUp,
  IconArrowLeft,
  IconDots,
  IconDownload,
  IconEraser,
  IconLink,
  IconMaximize,
  IconTrash,
  IconX,
} from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { LeadDetail } from '../../../src/leads/contract.ts'
import { showDone, showProblem } from '../../queries.ts'
import { MenuLink } from '../../ui/links.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import { BinDialog, RestoreDialog } from '../leads/bin-dialogs.tsx'
import { EraseDialog } from '../leads/erase-dialog.tsx'
import { fetchFile } from '../leads/fetch-file.ts'
import classes from './lead-bar.module.css'
import { MergeDialog } from './merge/merge-dialog.tsx'

interface LeadBarProps {
  id: string
  lead: LeadDetail | undefined
  beside: boolean
  onClose: () => void
  onMoved: (leadId: string) => void
}

export function LeadBar({ id, lead, beside, onClose, onMoved }: LeadBarProps) {
  const { slug } = useWorkspace()
  return (
    <div className={classes.root} data-beside={beside || undefined}>
      {beside ? null : (
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          leftSection={<IconArrowLeft size={16} />}
          onClick={onClose}
        >
          Leads
        </Button>
      )}
      <div className={classes.end}>
        {lead ? <LeadMenu lead={lead} onErased={onClose} onMoved={onMoved} /> : null}
        {beside ? (
          <>
            <Tooltip label="Open as a page">
              <ActionIcon
                aria-label="Open as a page"
                renderRoot={(props) => (
                  <Link
                    {...props}
                    to="/w/$workspace/leads/$id"
                    params={{ workspace: slug, id }}
                    search={(before) => ({ ...before })}
                    preload={false}
                  />
                )}
              >
                <IconMaximize size={16} stroke={1.6} />
              </ActionIcon>
            </Tooltip>
            <Tooltip label="Close (Esc)">
              <ActionIcon aria-label="Close the lead" onClick={onClose}>
                <IconX size={16} stroke={1.6} />
              </ActionIcon>
            </Tooltip>
          </>
        ) : null}
      </div>
    </div>
  )
}

interface LeadMenuProps {
  lead: LeadDetail
  onErased: () => void
  /** the lead is part of another one now */
  onMoved: (leadId: string) => void
}

function LeadMenu({ lead, onErased, onMoved }: LeadMenuProps) {
  const mayWrite = useMay('leads.write')
  const mayDelete = useMay('leads.delete')
  const { slug } = useWorkspace()
  const [asking, setAsking] = useState(false)
  const [erasing, setErasing] = useState(false)
  const [merging, setMerging] = useState(false)
  const isBinned = lead.status === 'binned'
  const copyAddress = () => {
    void navigator.clipboard
      .writeText(window.location.origin + window.location.pathname)
      .then(() => showDone('The address of this lead is copied.'))
  }
  const download = () =>
    fetchFile(
      `/api/leads/${lead.id}/export`,
      {},
      {
        workspace: slug,
        fileName: `person-${lead.id}.json`,
        type: 'application/json',
        signal: new AbortController().signal,
        onBytes: () => undefined,
      },
    ).then(() => showDone('Everything that is held about this person is in the file.'), showProblem)
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <ActionIcon aria-label="What can be done with this lead">
            <IconDots size={16} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconLink size={16} stroke={1.6} />} onClick={copyAddress}>
            Copy the address
          </Menu.Item>
          <MenuLink
            leftSection={<IconActivity size={16} stroke={1.6} />}
            to="/w/$workspace/events"
            params={{ workspace: slug }}
            search={{ lead: lead.id }}
          >
            Its messages as they came in
          </MenuLink>
          <Menu.Item leftSection={<IconDownload size={16} stroke={1.6} />} onClick={() => void download()}>
            Download all that is held
          </Menu.Item>
          {mayWrite && !isBinned ? (
            <Menu.Item
              leftSection={<IconArrowMerge size={16} stroke={1.6} />}
              onClick={() => setMerging(true)}
            >
              Merge with…
            </Menu.Item>
          ) : null}
          {mayDelete && isBinned ? (
            <Menu.Item
              leftSection={<IconArrowBackUp size={16} stroke={1.6} />}
              onClick={() => setAsking(true)}
            >
              Take out of the bin
            </Menu.Item>
          ) : null}
          {mayDelete && !isBinned ? (
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={16} stroke={1.6} />}
              onClick={() => setAsking(true)}
            >
              Move to the bin
            </Menu.Item>
          ) : null}
          {mayDelete ? (
            <Menu.Item
              color="red"
              leftSection={<IconEraser size={16} stroke={1.6} />}
              onClick={() => setErasing(true)}
            >
              Erase for good
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      {merging ? (
        <MergeDialog
          leadIds={[lead.id]}
          onClose={() => setMerging(false)}
          onMerged={(id) => {
            setMerging(false)
            if (id !== lead.id) onMoved(id)
          }}
        />
      ) : null}
      {erasing ? <EraseDialog lead={lead} onClose={() => setErasing(false)} onErased={onErased} /> : null}
      {asking && isBinned ? <RestoreDialog lead={lead} onClose={() => setAsking(false)} /> : null}
      {asking && !isBinned ? <BinDialog lead={lead} onClose={() => setAsking(false)} /> : null}
    </>
  )
}
