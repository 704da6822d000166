// The command palette: pages, actions, and leads found by what is typed.
import '@mantine/spotlight/styles.css'
import { Text } from '@mantine/core'
import { useMantineColorScheme } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight, createSpotlight } from '@mantine/spotlight'
import {
  IconArrowsExchange,
  IconBook2,
  IconKeyboard,
  IconMoon,
  IconSearch,
  IconSun,
  IconUsersGroup,
} from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { ComponentType } from 'react'
import { listLeads } from '../../src/leads/contract.ts'
import { duplicatesPath, leadPath } from '../paths.ts'
import { useCall } from '../queries.ts'
import { initials } from '../ui/format.ts'
import { twinOf, useMay, useSession, useWorkspace } from '../workspace.ts'
import classes from './command-palette.module.css'
import type { MenuEntry } from './menu.ts'
import { sameScreen } from './mode-switch.tsx'
import { settingsMenu } from './settings-menu.ts'

interface Command {
  id: string
  label: string
  icon: ComponentType<{ size?: number; stroke?: number }>
  keys?: string
  run: () => void
}

interface CommandPaletteProps {
  opened: boolean
  onClose: () => void
  onKeys: () => void
  entries: readonly MenuEntry[]
}

const [store, spotlight] = createSpotlight()

export function CommandPalette({ opened, onClose, onKeys, entries }: CommandPaletteProps) {
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), 150)
  const leads = useFoundLeads(opened ? search : '')
  const commands = useCommands(entries, onKeys)
  useEffect(() => {
    if (opened) spotlight.open()
    else spotlight.close()
  }, [opened])
  const wanted = typed.trim().toLowerCase()
  const fitting = commands.filter(({ label }) => label.toLowerCase().includes(wanted))
  useFirstSelected([...fitting.map(({ id }) => id), ...leads.items.map(({ id }) => id)].join(' '))
  return (
    <Spotlight.Root
      store={store}
      query={typed}
      onQueryChange={setTyped}
      onSpotlightClose={onClose}
      shortcut={null}
      clearQueryOnClose
      scrollable
      maxHeight={440}
      radius="md"
      overlayProps={{ backgroundOpacity: 0.3, blur: 0 }}
      transitionProps={{ duration: 90 }}
      classNames={{ action: classes.action, actionsGroup: classes.group }}
      attributes={{ content: { 'aria-label': 'Search and commands' } }}
    >
      <Spotlight.Search
        placeholder="Search leads, pages and actions"
        aria-label="Search leads, pages and actions"
        leftSection={<IconSearch size={18} stroke={1.6} />}
      />
      <Spotlight.ActionsList>
        {fitting.length > 0 ? (
          <Spotlight.ActionsGroup label={wanted ? 'Pages and actions' : 'Go to'}>
            {fitting.map(({ id, label, icon: Icon, keys, run }) => (
              <Spotlight.Action key={id} onClick={run}>
                <span className={classes.line}>
                  <Icon size={16} stroke={1.6} />
                  <span className={classes.label}>{label}</span>
                  {keys ? <kbd className={classes.keys}>{keys}</kbd> : null}
                </span>
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        ) : null}
        {leads.items.length > 0 ? (
          <Spotlight.ActionsGroup label="Leads">
            {leads.items.map((lead) => (
              <Spotlight.Action key={lead.id} onClick={() => leads.open(lead.id)}>
                <span className={classes.line}>
                  <span className={classes.portrait} aria-hidden>
                    {initials(lead.label)}
                  </span>
                  <span className={classes.label}>{lead.label}</span>
                  <Text span fz="xs" c="dimmed" truncate>
                    {[lead.email === lead.label ? null : lead.email, lead.company]
                      .filter(Boolean)
                      .join(' · ')}
                  </Text>
                </span>
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        ) : null}
        {fitting.length === 0 && leads.items.length === 0 ? (
          <Spotlight.Empty>
            {leads.busy ? 'Searching…' : `Nothing is called “${typed.trim()}”.`}
          </Spotlight.Empty>
        ) : null}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}

// Spotlight selects the first line when something is typed; leads come later, and then Enter must have a line too.
function useFirstSelected(shown: string): void {
  useEffect(() => {
    const { listId } = store.getState()
    const list = listId ? document.getElementById(listId) : null
    if (!list || list.querySelector('[data-selected]')) return
    list.querySelector('[data-action]')?.setAttribute('data-selected', 'true')
    store.updateState((state) => ({ ...state, selected: 0 }))
  }, [shown])
}

function useFoundLeads(search: string) {
  const { slug } = useWorkspace()
  const { history } = useRouter()
  const mayRead = useMay('leads.read')
  const found = useCall(
    listLeads,
    { query: { search, audience: 'known', limit: 6 } },
    { enabled: mayRead && search.length >= 2, keepPrevious: true },
  )
  return {
    items: search.length >= 2 ? (found.data?.items ?? []) : [],
    busy: found.isFetching,
    open: (id: string) => history.push(leadPath(slug, id)),
  }
}

function useCommands(entries: readonly MenuEntry[], onKeys: () => void): Command[] {
  const workspace = useWorkspace()
  const { workspaces } = useSession()
  const { history } = useRouter()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const twin = twinOf(workspace, workspaces)
  const go = (path: string) => () => history.push(path.replace('$workspace', workspace.slug))
  return [
    ...entries.map(({ to, label, icon, key }) => ({ id: to, label, icon, keys: `g ${key}`, run: go(to) })),
    ...(workspace.permissions.includes('leads.read')
      ? [
          {
            id: 'duplicates',
            label: 'Leads: Duplicates',
            icon: IconUsersGroup,
            run: () => history.push(duplicatesPath(workspace.slug)),
          },
        ]
      : []),
    ...settingsMenu
      .filter(({ needs }) => !needs || workspace.permissions.includes(needs))
      .map(({ to, label, icon }) => ({ id: to, label: `Settings: ${label}`, icon, run: go(to) })),
    ...(twin
      ? [
          {
            id: 'twin',
            label: twin.mode === 'test' ? 'Switch to test' : 'Switch to live',
            icon: IconArrowsExchange,
            run: () => history.push(sameScreen(history.location.pathname, twin.slug)),
          },
        ]
      : []),
    {
      id: 'scheme',
      label: colorScheme === 'dark' ? 'Light colours' : 'Dark colours',
      icon: colorScheme === 'dark' ? IconSun : IconMoon,
      run: () => setColorScheme(colorScheme === 'dark' ? 'light' : 'dark'),
    },
    { id: 'keys', label: 'Keyboard', icon: IconKeyboard, keys: '?', run: onKeys },
    {
      id: 'reference',
      label: 'API reference',
      icon: IconBook2,
      run: () => window.open('/api/docs', '_blank', 'noreferrer'),
    },
  ]
}
