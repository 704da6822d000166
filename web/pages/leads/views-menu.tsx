// The saved views: choose one, save the list as it stands, share it, and open the list with it.
import { Button, Menu, Text } from '@mantine/core'
import {
  IconCheck,
  IconChevronDown,
  IconDeviceFloppy,
  IconHome,
  IconPencil,
  IconPlus,
  IconTrash,
} from '@tabler/icons-react'
import { useState } from 'react'
import { listViews, removeView, setDefaultView, updateView } from '../../../src/leads/views/contract.ts'
import type { SavedView } from '../../../src/leads/views/contract.ts'
import { showDone, useCall, useWrite } from '../../queries.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import type { LeadsAddress } from './address.ts'
import type { useLeadColumns } from './columns.tsx'
import { ViewDialog } from './view-dialog.tsx'
import { addressOfView, isChanged, questionOfAddress, wholeList } from './view-address.ts'

interface ViewsMenuProps {
  address: LeadsAddress
  onChange: (part: Partial<LeadsAddress>) => void
  columns: ReturnType<typeof useLeadColumns>
}

export function ViewsMenu({ address, onChange, columns }: ViewsMenuProps) {
  const { data } = useCall(listViews, {}, { staleMs: 60_000 })
  const [asking, setAsking] = useState<'new' | 'edit' | 'remove'>()
  const views = data?.items ?? []
  const current = views.find(({ id }) => id === address.view)
  const changed = current !== undefined && isChanged(current, address, columns.chosen)
  const choose = (view: SavedView) => {
    onChange(addressOfView(view))
    if (view.columns) columns.choose(view.columns)
  }
  const save = useWrite(updateView, {
    stale: [listViews],
    onDone: ({ name }) => showDone(`${name} is saved as it stands.`),
  })
  const makeDefault = useWrite(setDefaultView, {
    stale: [listViews],
    onDone: ({ viewId }) =>
      showDone(
        viewId
          ? `Your list opens with ${current?.name ?? 'this view'}.`
          : 'Your list opens with everybody known.',
      ),
  })
  const remove = useWrite(removeView, {
    stale: [listViews],
    onDone: () => {
      setAsking(undefined)
      onChange(wholeList)
    },
  })
  const [own, shared] = [views.filter((view) => !view.isShared), views.filter((view) => view.isShared)]
  return (
    <>
      <Menu position="bottom-start" width={260} shadow="sm">
        <Menu.Target>
          <Button
            variant="default"
            rightSection={<IconChevronDown size={14} stroke={1.6} />}
            maw={220}
            aria-label={`View: ${current?.name ?? 'All leads'}${changed ? ', changed' : ''}`}
          >
            {current?.name ?? 'All leads'}
            {changed ? ' *' : ''}
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
          <Menu.Item
            leftSection={current ? <span style={{ width: 16 }} /> : <IconCheck size={16} />}
            onClick={() =>
              onChange({ ...wholeList, view: views.some((view) => view.isDefault) ? 'none' : undefined })
            }
          >
            All leads
          </Menu.Item>
          <Group label="Yours" views={own} current={current} onChoose={choose} />
          <Group label="Shared" views={shared} current={current} onChoose={choose} />
          <Menu.Divider />
          {current && changed && current.mayEdit ? (
            <Menu.Item
              leftSection={<IconDeviceFloppy size={16} stroke={1.6} />}
              onClick={() =>
                save.mutate({
                  params: { id: current.id },
                  body: { question: questionOfAddress(address), columns: columns.chosen },
                })
              }
            >
              Save the changes
            </Menu.Item>
          ) : null}
          <Menu.Item leftSection={<IconPlus size={16} stroke={1.6} />} onClick={() => setAsking('new')}>
            Save as a new view
          </Menu.Item>
          {current?.mayEdit ? (
            <Menu.Item leftSection={<IconPencil size={16} stroke={1.6} />} onClick={() => setAsking('edit')}>
              Rename or share
            </Menu.Item>
          ) : null}
          {current ? (
            <Menu.Item
              leftSection={<IconHome size={16} stroke={1.6} />}
              onClick={() => makeDefault.mutate({ body: { viewId: current.isDefault ? null : current.id } })}
            >
              {current.isDefault ? 'Open my list without it' : 'Open my list with it'}
            </Menu.Item>
          ) : null}
          {current?.mayEdit ? (
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={16} stroke={1.6} />}
              onClick={() => setAsking('remove')}
            >
              Remove the view
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      {asking === 'new' || (asking === 'edit' && current) ? (
        <ViewDialog
          view={asking === 'edit' ? current : undefined}
          question={questionOfAddress(address)}
          columns={columns.chosen}
          onClose={() => setAsking(undefined)}
          onSaved={(view) => {
            setAsking(undefined)
            onChange({ view: view.id })
          }}
        />
      ) : null}
      <ConfirmDialog
        opened={asking === 'remove' && current !== undefined}
        onClose={() => setAsking(undefined)}
        title={`Remove the view ${current?.name ?? ''}?`}
        action="Remove"
        busy={remove.isPending}
        onConfirm={() => current && remove.mutate({ params: { id: current.id } })}
      >
        {current?.isShared ? 'It goes for everybody. ' : ''}The leads in it stay.
      </ConfirmDialog>
    </>
  )
}

interface GroupProps {
  label: string
  views: readonly SavedView[]
  current: SavedView | undefined
  onChoose: (view: SavedView) => void
}

function Group({ label, views, current, onChoose }: GroupProps) {
  if (views.length === 0) return null
  return (
    <>
      <Menu.Label>{label}</Menu.Label>
      {views.map((view) => (
        <Menu.Item
          key={view.id}
          leftSection={
            view.id === current?.id ? <IconCheck size={16} /> : <span style={{ width: 16 }} aria-hidden />
          }
          rightSection={
            view.isDefault ? (
              <Text fz="xs" c="dimmed">
                at start
              </Text>
            ) : null
          }
          onClick={() => onChoose(view)}
        >
          {view.name}
        </Menu.Item>
      ))}
    </>
  )
}
