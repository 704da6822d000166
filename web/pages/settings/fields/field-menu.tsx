// What can be done about a custom field.
import { ActionIcon, Menu } from '@mantine/core'
import {
  IconArchive,
  IconArchiveOff,
  IconArrowMerge,
  IconDots,
  IconListSearch,
  IconPencil,
  IconTransform,
  IconTrash,
} from '@tabler/icons-react'
import { useState } from 'react'
import { listFacets } from '../../../../src/leads/contract.ts'
import { archiveField, listFields, restoreField } from '../../../../src/leads/fields/contract.ts'
import type { Field } from '../../../../src/leads/fields/contract.ts'
import { showDone, useWrite } from '../../../queries.ts'
import { useMay } from '../../../workspace.ts'
import { MergeDialog } from './merge-dialog.tsx'
import { RenameDialog } from './name-dialogs.tsx'
import { RemoveDialog } from './remove-dialog.tsx'
import { TypeDialog } from './type-dialog.tsx'

type Deed = 'rename' | 'type' | 'merge' | 'remove'

interface FieldMenuProps {
  field: Field
  all: readonly Field[]
  onUses: () => void
}

export function FieldMenu({ field, all, onUses }: FieldMenuProps) {
  const mayWrite = useMay('leads.write')
  const maySettle = useMay('settings.write')
  const [deed, setDeed] = useState<Deed>()
  const stale = [listFields, listFacets]
  const archive = useWrite(archiveField, {
    stale,
    onDone: () => showDone(`${field.label} is out of every choice. Its values are kept.`),
  })
  const restore = useWrite(restoreField, {
    stale,
    onDone: () => showDone(`${field.label} is offered again.`),
  })
  const icon = { size: 16, stroke: 1.6 }
  const params = { key: field.key }
  const isArchived = field.archivedAt !== null
  const close = () => setDeed(undefined)
  return (
    <>
      <Menu position="bottom-end" width={232}>
        <Menu.Target>
          <ActionIcon aria-label={`More about ${field.label}`}>
            <IconDots {...icon} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconListSearch {...icon} />} onClick={onUses}>
            What uses it
          </Menu.Item>
          {mayWrite ? (
            <Menu.Item leftSection={<IconPencil {...icon} />} onClick={() => setDeed('rename')}>
              Rename
            </Menu.Item>
          ) : null}
          {maySettle ? (
            <>
              <Menu.Item leftSection={<IconTransform {...icon} />} onClick={() => setDeed('type')}>
                Change the type
              </Menu.Item>
              <Menu.Item leftSection={<IconArrowMerge {...icon} />} onClick={() => setDeed('merge')}>
                Merge into another
              </Menu.Item>
            </>
          ) : null}
          {mayWrite ? (
            isArchived ? (
              <Menu.Item
                leftSection={<IconArchiveOff {...icon} />}
                onClick={() => restore.mutate({ params })}
              >
                Restore
              </Menu.Item>
            ) : (
              <Menu.Item leftSection={<IconArchive {...icon} />} onClick={() => archive.mutate({ params })}>
                Archive
              </Menu.Item>
            )
          ) : null}
          {maySettle && isArchived ? (
            <Menu.Item color="red" leftSection={<IconTrash {...icon} />} onClick={() => setDeed('remove')}>
              Remove for good
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      {deed === 'rename' ? <RenameDialog field={field} onClose={close} /> : null}
      {deed === 'type' ? <TypeDialog field={field} onClose={close} /> : null}
      {deed === 'merge' ? <MergeDialog field={field} all={all} onClose={close} /> : null}
      {deed === 'remove' ? <RemoveDialog field={field} onClose={close} /> : null}
    </>
  )
}
