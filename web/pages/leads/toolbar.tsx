// Above the list: search, known or anonymous, filters, columns, the bin.
import { ActionIcon, Menu, SegmentedControl, TextInput, Tooltip } from '@mantine/core'
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks'
import {
  IconArrowLeft,
  IconChecks,
  IconDots,
  IconEraser,
  IconSearch,
  IconStack2,
  IconTrash,
} from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { LeadsAddress } from './address.ts'
import { ColumnMenu } from './columns.tsx'
import type { useLeadColumns } from './columns.tsx'
import { MenuLink } from '../../ui/links.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import { Filters } from './filters.tsx'
import classes from './toolbar.module.css'
import { ViewsMenu } from './views-menu.tsx'

interface ToolbarProps {
  address: LeadsAddress
  onChange: (part: Partial<LeadsAddress>) => void
  /** null where there are none to choose */
  columns: ReturnType<typeof useLeadColumns>
  /** whether there is room to show columns, so that choosing them does something */
  hasColumns: boolean
  /** picks all that the list finds; absent where there is nobody */
  onPickAll?: () => void
}

const audiences = [
  { value: 'known', label: 'Known' },
  { value: 'anonymous', label: 'Anonymous' },
  { value: 'all', label: 'All' },
]

export function Toolbar({ address, onChange, columns, hasColumns, onPickAll }: ToolbarProps) {
  const { slug } = useWorkspace()
  const mayDelete = useMay('leads.delete')
  const inBin = address.status === 'binned'
  return (
    <div className={classes.root}>
      {inBin ? null : <ViewsMenu address={address} onChange={onChange} columns={columns} />}
      <SearchBox value={address.q ?? ''} onChange={(q) => onChange({ q: q || undefined })} />
      {inBin ? null : (
        <SegmentedControl
          aria-label="Which leads"
          data={audiences}
          value={address.audience ?? 'known'}
          onChange={(value) =>
            onChange({ audience: value === 'anonymous' || value === 'all' ? value : undefined })
          }
        />
      )}
      <Filters
        filter={address.filter}
        audience={inBin ? 'all' : (address.audience ?? 'known')}
        onChange={(filter) => onChange({ filter })}
      />
      <div className={classes.end}>
        {hasColumns ? <ColumnMenu columns={columns} /> : null}
        <Menu position="bottom-end" width={200}>
          <Menu.Target>
            <Tooltip label="More">
              <ActionIcon variant="default" size={32} aria-label="More">
                <IconDots size={16} stroke={1.6} />
              </ActionIcon>
            </Tooltip>
          </Menu.Target>
          <Menu.Dropdown>
            {onPickAll ? (
              <Menu.Item leftSection={<IconChecks size={16} stroke={1.6} />} onClick={onPickAll}>
                Pick all that fit
              </Menu.Item>
            ) : null}
            <MenuLink
              leftSection={<IconStack2 size={16} stroke={1.6} />}
              to="/w/$workspace/leads/bulk"
              params={{ workspace: slug }}
            >
              Bulk work
            </MenuLink>
            {mayDelete ? (
              <MenuLink
                leftSection={<IconEraser size={16} stroke={1.6} />}
                to="/w/$workspace/leads/erased"
                params={{ workspace: slug }}
              >
                Erased
              </MenuLink>
            ) : null}
            {inBin ? (
              <Menu.Item
                leftSection={<IconArrowLeft size={16} stroke={1.6} />}
                onClick={() => onChange({ status: undefined })}
              >
                Back to the leads
              </Menu.Item>
            ) : (
              <Menu.Item
                leftSection={<IconTrash size={16} stroke={1.6} />}
                onClick={() => onChange({ status: 'binned' })}
              >
                Show the bin
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      </div>
    </div>
  )
}

const pauseMs = 250

function SearchBox({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(value)
  const told = useRef(value)
  const tell = useDebouncedCallback((next: string) => {
    told.current = next
    onChange(next)
  }, pauseMs)
  useEffect(() => {
    // The address changed by other means than typing: a cleared filter, the back button.
    if (value !== told.current) setTyped(value)
    told.current = value
  }, [value])
  useHotkeys([['/', () => input.current?.focus()]])
  return (
    <TextInput
      ref={input}
      type="search"
      className={classes.search}
      size="sm"
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value)
        tell(event.currentTarget.value.trim())
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && event.currentTarget.value === '') event.currentTarget.blur()
      }}
      leftSection={<IconSearch size={16} stroke={1.6} />}
      placeholder="Name, e-mail, phone or company"
      aria-label="Search leads"
      aria-keyshortcuts="/"
    />
  )
}
