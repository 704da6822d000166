// Above the list while leads are picked: how many, all that fit instead, and what can be done with them.
import { ActionIcon, Button, Menu, Tooltip, UnstyledButton } from '@mantine/core'
import {
  IconArrowBackUp,
  IconArrowMerge,
  IconDownload,
  IconPencil,
  IconShieldCheck,
  IconTag,
  IconTagOff,
  IconTrash,
  IconUserCheck,
  IconX,
} from '@tabler/icons-react'
import { useState } from 'react'
import { count, formatNumber } from '../../ui/format.ts'
import { useMay } from '../../workspace.ts'
import { MERGE_LIMIT, MergeDialog } from '../lead/merge/merge-dialog.tsx'
import type { LeadsAddress } from './address.ts'
import classes from './bulk-bar.module.css'
import { BulkDialog } from './bulk-dialog.tsx'
import type { BulkKind } from './bulk-dialog.tsx'
import { ExportDialog } from './export-dialog.tsx'
import { selectionOf } from './selection.ts'
import type { Picked } from './selection.ts'

interface BulkBarProps {
  picked: Picked
  onPick: (picked: Picked) => void
  onDone: () => void
  /** leads became one, which is this */
  onMerged: (leadId: string) => void
  address: LeadsAddress
  total: number
  totalIsExact: boolean
}

export function BulkBar(props: BulkBarProps) {
  const { picked, onPick, onDone, onMerged, address, total, totalIsExact } = props
  const [asking, setAsking] = useState<Asked>()
  const selection = selectionOf(picked, address)
  const inBin = address.status === 'binned'
  const all = totalIsExact ? count(total, 'lead') : `more than ${formatNumber(total)} leads`
  const mayPickAll = !picked.all && (!totalIsExact || total > picked.ids.size)
  return (
    <div className={classes.root} role="group" aria-label="Picked leads">
      <span className={classes.said} role="status">
        {picked.all ? `All that fit: ${all}` : `${count(picked.ids.size, 'lead')} picked`}
      </span>
      {mayPickAll ? (
        <UnstyledButton className={classes.all} onClick={() => onPick({ all: true })}>
          Pick all that fit ({totalIsExact ? formatNumber(total) : `${formatNumber(total)}+`})
        </UnstyledButton>
      ) : null}
      <div className={classes.actions}>
        {inBin ? (
          <BinActions onAsk={setAsking} />
        ) : (
          <Actions onAsk={setAsking} mergeable={!picked.all && mayBeOne(picked.ids.size)} />
        )}
        <Tooltip label="Pick none">
          <ActionIcon aria-label="Pick none" onClick={() => onPick({ all: false, ids: new Set() })}>
            <IconX size={16} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </div>
      {asking === 'export' ? (
        <ExportDialog
          selection={selection}
          status={inBin ? 'binned' : 'active'}
          onClose={() => setAsking(undefined)}
        />
      ) : asking === 'merge' ? (
        picked.all ? null : (
          <MergeDialog
            leadIds={[...picked.ids]}
            onClose={() => setAsking(undefined)}
            onMerged={(leadId) => {
              setAsking(undefined)
              onDone()
              onMerged(leadId)
            }}
          />
        )
      ) : asking ? (
        <BulkDialog
          kind={asking}
          selection={selection}
          onClose={() => setAsking(undefined)}
          onBegun={() => {
            setAsking(undefined)
            onDone()
          }}
        />
      ) : null}
    </div>
  )
}

type Asked = BulkKind | 'export' | 'merge'

interface AskProps {
  onAsk: (asked: Asked) => void
}

function mayBeOne(picked: number): boolean {
  return picked >= 2 && picked <= MERGE_LIMIT
}

function Actions({ onAsk, mergeable }: AskProps & { mergeable: boolean }) {
  const mayWrite = useMay('leads.write')
  const mayDelete = useMay('leads.delete')
  return (
    <>
      {mayWrite ? (
        <>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconTag size={14} />}
            onClick={() => onAsk('tag')}
          >
            Tag
          </Button>
          {mergeable ? (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconArrowMerge size={14} />}
              onClick={() => onAsk('merge')}
            >
              Merge
            </Button>
          ) : null}
          <Menu position="bottom-end" width={220}>
            <Menu.Target>
              <Button size="compact-sm" variant="default" leftSection={<IconPencil size={14} />}>
                Change
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconUserCheck size={16} />} onClick={() => onAsk('assign')}>
                Owner
              </Menu.Item>
              <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => onAsk('set')}>
                A field
              </Menu.Item>
              <Menu.Item leftSection={<IconTagOff size={16} />} onClick={() => onAsk('untag')}>
                Remove tags
              </Menu.Item>
              <Menu.Item leftSection={<IconShieldCheck size={16} />} onClick={() => onAsk('consent')}>
                Consent
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </>
      ) : null}
      <ExportButton onAsk={onAsk} />
      {mayDelete ? (
        <Button
          size="compact-sm"
          variant="default"
          color="red"
          leftSection={<IconTrash size={14} />}
          onClick={() => onAsk('bin')}
        >
          Bin
        </Button>
      ) : null}
    </>
  )
}

function BinActions({ onAsk }: AskProps) {
  const mayDelete = useMay('leads.delete')
  return (
    <>
      {mayDelete ? (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconArrowBackUp size={14} />}
          onClick={() => onAsk('restore')}
        >
          Take out of the bin
        </Button>
      ) : null}
      <ExportButton onAsk={onAsk} />
    </>
  )
}

function ExportButton({ onAsk }: AskProps) {
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<IconDownload size={14} />}
      onClick={() => onAsk('export')}
    >
      Export
    </Button>
  )
}
