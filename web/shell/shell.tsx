// The frame of a workspace: navigation, header, palette and keys around the page; knows who is signed in and where.
import { ActionIcon, Skeleton, Tooltip, UnstyledButton } from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { IconBook2, IconKeyboard, IconSearch } from '@tabler/icons-react'
import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router'
import { Suspense, lazy, useEffect, useMemo, useState } from 'react'
import { getMe } from '../../src/accounts/contract.ts'
import type { Workspace } from '../../src/accounts/contract.ts'
import { WorkspaceSlug, useCall } from '../queries.ts'
import { ErrorState } from '../ui/states.tsx'
import { SessionContext, WorkspaceContext } from '../workspace.ts'
import type { Session } from '../workspace.ts'
import { useSequences } from './keyboard.ts'
import { rememberWorkspace } from './last-workspace.ts'
import { menu } from './menu.ts'
import { ModeSwitch } from './mode-switch.tsx'
import classes from './shell.module.css'
import { MissingPage } from './stray-pages.tsx'
import { UserMenu } from './user-menu.tsx'
import { WorkspaceSwitcher } from './workspace-switcher.tsx'

const Bell = lazy(() => import('./bell.tsx').then((part) => ({ default: part.Bell })))
const ShopWatch = lazy(() =>
  import('../pages/shop/shop-watch.tsx').then((part) => ({ default: part.ShopWatch })),
)
const CommandPalette = lazy(() =>
  import('./command-palette.tsx').then((part) => ({ default: part.CommandPalette })),
)
const KeySheet = lazy(() => import('./key-sheet.tsx').then((part) => ({ default: part.KeySheet })))

export function Shell() {
  const { workspace: slug } = useParams({ from: '/w/$workspace' })
  const me = useCall(getMe, {}, { staleMs: 60_000 })
  const session = useMemo(
    () => (me.data ? { user: me.data.user, workspaces: me.data.workspaces } : undefined),
    [me.data],
  )
  const workspace = session?.workspaces.find((one) => one.slug === slug)
  useEffect(() => {
    if (workspace) rememberWorkspace(workspace.slug)
  }, [workspace])
  if (me.error && !me.data) {
    return me.error.status === 401 ? null : <ErrorState problem={me.error} retry={() => void me.refetch()} />
  }
  if (!session) return <ShellLoading />
  if (!workspace) return <MissingPage />
  return (
    <SessionContext value={session}>
      <WorkspaceContext value={workspace}>
        <WorkspaceSlug value={workspace.slug}>
          <Frame key={workspace.slug} session={session} workspace={workspace} />
        </WorkspaceSlug>
      </WorkspaceContext>
    </SessionContext>
  )
}

function Frame({ session, workspace }: { session: Session; workspace: Workspace }) {
  const navigate = useNavigate()
  const [keysOpen, keys] = useDisclosure(false)
  const palette = usePalette()
  const params = { workspace: workspace.slug }
  const [hasShop, setHasShop] = useState(false)
  const entries = menu.filter(
    ({ needs, needsShop }) => (!needs || workspace.permissions.includes(needs)) && (!needsShop || hasShop),
  )
  useSequences({
    '?': keys.open,
    '/': palette.open,
    ...Object.fromEntries(
      entries.map((entry) => [`g ${entry.key}`, () => void navigate({ to: entry.to, params })]),
    ),
  })
  useHotkeys([['mod+K', palette.open]], [])
  return (
    <div className={classes.app} data-mode={workspace.mode}>
      <a href="#main" className={classes.skip}>
        Skip to the page
      </a>
      {workspace.mode === 'test' ? <div className={classes.testBar} aria-hidden /> : null}
      <aside className={classes.sidebar}>
        <div className={classes.top}>
          <WorkspaceSwitcher session={session} workspace={workspace} />
        </div>
        <nav aria-label="Pages" className={classes.nav}>
          {entries.map(({ to, label, icon: Icon }) => (
            <Link
              key={to}
              to={to}
              params={params}
              className={classes.link}
              activeOptions={{
                exact: to === '/w/$workspace' || to === '/w/$workspace/shop',
                includeSearch: false,
              }}
            >
              <Icon size={18} stroke={1.6} />
              <span>{label}</span>
            </Link>
          ))}
        </nav>
        <div className={classes.foot}>
          <UnstyledButton className={classes.quiet} onClick={keys.open}>
            <IconKeyboard size={16} stroke={1.6} aria-hidden /> Keyboard
          </UnstyledButton>
          <a className={classes.quiet} href="/api/docs" target="_blank" rel="noreferrer">
            <IconBook2 size={16} stroke={1.6} aria-hidden /> API reference
          </a>
        </div>
      </aside>
      <div className={classes.column}>
        <header className={classes.header}>
          <div className={classes.phoneOnly}>
            <WorkspaceSwitcher session={session} workspace={workspace} />
          </div>
          <UnstyledButton
            className={classes.search}
            onClick={palette.open}
            aria-keyshortcuts="Control+K Meta+K"
          >
            <IconSearch size={16} stroke={1.6} aria-hidden />
            <span>Search or jump to…</span>
            <kbd aria-hidden>{isMac ? '⌘' : 'Ctrl'} K</kbd>
          </UnstyledButton>
          <div className={classes.tools}>
            <Tooltip label="Search">
              <ActionIcon
                size={36}
                className={classes.searchIcon}
                aria-label="Search or jump to"
                onClick={palette.open}
              >
                <IconSearch size={18} stroke={1.6} />
              </ActionIcon>
            </Tooltip>
            <Suspense fallback={<span className={classes.bellPlace} />}>
              {workspace.permissions.includes('leads.read') ? (
                <>
                  <ShopWatch tell={setHasShop} />
                  <Bell />
                </>
              ) : null}
            </Suspense>
            <ModeSwitch session={session} workspace={workspace} />
            <UserMenu user={session.user} workspace={workspace} onKeys={keys.open} />
          </div>
        </header>
        <main id="main" tabIndex={-1} className={classes.main}>
          <Outlet />
        </main>
      </div>
      {palette.wanted || keysOpen ? (
        <Suspense>
          {palette.wanted ? (
            <CommandPalette
              opened={palette.opened}
              onClose={palette.close}
              onKeys={keys.open}
              entries={entries}
            />
          ) : null}
          {keysOpen ? <KeySheet entries={entries} onClose={keys.close} /> : null}
        </Suspense>
      ) : null}
    </div>
  )
}

// The palette's code is fetched when it is first asked for, and kept then.
function usePalette() {
  const [wanted, setWanted] = useState(false)
  const [opened, { open, close }] = useDisclosure(false)
  return {
    wanted,
    opened,
    close,
    open: () => {
      setWanted(true)
      open()
    },
  }
}

const isMac = /Mac|iP(hone|ad)/.test(navigator.userAgent)

function ShellLoading() {
  return (
    <div className={classes.app} role="status" aria-label="Loading">
      <aside className={classes.sidebar}>
        <div className={classes.top}>
          <Skeleton height={28} width={150} m={8} />
        </div>
        <div className={classes.nav}>
          {[96, 72, 80, 64].map((width) => (
            <Skeleton key={width} height={14} width={width} m={11} />
          ))}
        </div>
      </aside>
      <div className={classes.column}>
        <div className={classes.header} />
        <div className={classes.main}>
          <Skeleton height={28} width={200} />
        </div>
      </div>
    </div>
  )
}
