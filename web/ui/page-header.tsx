// The head of a page: its title (also the browser tab's), one line on what it is for, and its actions.
import { Text, Title } from '@mantine/core'
import { useContext, useEffect } from 'react'
import type { ReactNode } from 'react'
import { WorkspaceContext } from '../workspace.ts'
import classes from './page-header.module.css'

interface PageHeaderProps {
  title: string
  about?: ReactNode
  actions?: ReactNode
  /** beside the title: a count, a badge */
  aside?: ReactNode
}

export function PageHeader({ title, about, actions, aside }: PageHeaderProps) {
  useTitle(title)
  return (
    <header className={classes.root}>
      <div className={classes.words}>
        <div className={classes.title}>
          <Title order={1}>{title}</Title>
          {aside}
        </div>
        {about ? (
          <Text c="dimmed" className={classes.about}>
            {about}
          </Text>
        ) : null}
      </div>
      {actions ? <div className={classes.actions}>{actions}</div> : null}
    </header>
  )
}

/** Names the browser tab after the page and the workspace. */
export function useTitle(title: string): void {
  const workspace = useContext(WorkspaceContext)
  const place = workspace ? `${workspace.name}${workspace.mode === 'test' ? ' (test)' : ''}` : undefined
  useEffect(() => {
    document.title = [title, place, 'Throughline'].filter(Boolean).join(' · ')
  }, [title, place])
}
