// Which workspace this is, and the way to another one.
import { Menu, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { IconCheck, IconPlus, IconSelector } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { Suspense, lazy, useState } from 'react'
import type { Workspace } from '../../src/accounts/contract.ts'
import { initials } from '../ui/format.ts'
import type { Session } from '../workspace.ts'
import classes from './workspace-switcher.module.css'

const NewWorkspace = lazy(() =>
  import('./new-workspace.tsx').then((part) => ({ default: part.NewWorkspace })),
)

export function WorkspaceSwitcher({ session, workspace }: { session: Session; workspace: Workspace }) {
  const { history } = useRouter()
  const [creating, setCreating] = useState(false)
  const choices = session.workspaces.filter((one) => one.mode === workspace.mode)
  return (
    <>
      <Menu position="bottom-start" width={256}>
        <Menu.Target>
          <UnstyledButton className={classes.target}>
            <span className={classes.mark} aria-hidden>
              {initials(workspace.name).slice(0, 1)}
            </span>
            <VisuallyHidden>Workspace</VisuallyHidden>
            <span className={classes.name}>{workspace.name}</span>
            <IconSelector size={16} stroke={1.6} aria-hidden className={classes.arrows} />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Workspaces</Menu.Label>
          {choices.map((one) => (
            <Menu.Item
              key={one.id}
              rightSection={one.id === workspace.id ? <IconCheck size={16} aria-label="open now" /> : null}
              onClick={() => history.push(`/w/${one.slug}`)}
            >
              {one.name}
            </Menu.Item>
          ))}
          {workspace.permissions.includes('team.manage') ? (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<IconPlus size={16} stroke={1.6} />} onClick={() => setCreating(true)}>
                New workspace
              </Menu.Item>
            </>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      {creating ? (
        <Suspense>
          <NewWorkspace like={workspace} onClose={() => setCreating(false)} />
        </Suspense>
      ) : null}
    </>
  )
}
