// Live or test: which of the two twins is shown.
import { Tooltip, UnstyledButton } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import type { Workspace } from '../../src/accounts/contract.ts'
import { twinOf } from '../workspace.ts'
import type { Session } from '../workspace.ts'
import classes from './mode-switch.module.css'

const about = {
  live: 'Your real leads',
  test: 'A twin for trying things out: its leads never enter live numbers',
}

export function ModeSwitch({ session, workspace }: { session: Session; workspace: Workspace }) {
  const { history } = useRouter()
  const twin = twinOf(workspace, session.workspaces)
  if (!twin) return null
  return (
    <div className={classes.root} role="group" aria-label="Live or test">
      {(['live', 'test'] as const).map((mode) => (
        <Tooltip key={mode} label={about[mode]} multiline w={200}>
          <UnstyledButton
            className={classes.choice}
            data-mode={mode}
            aria-pressed={workspace.mode === mode}
            onClick={() => {
              if (workspace.mode !== mode) history.push(sameScreen(history.location.pathname, twin.slug))
            }}
          >
            {mode === 'live' ? 'Live' : 'Test'}
          </UnstyledButton>
        </Tooltip>
      ))}
    </div>
  )
}

/** The address of the same screen in the other twin; a single record is left for its list, as it lives in one twin only. */
export function sameScreen(path: string, slug: string): string {
  const [, , , screen, detail] = path.split('/')
  return ['', 'w', slug, screen, screen === 'settings' ? detail : undefined]
    .filter((part) => part !== undefined)
    .join('/')
}
