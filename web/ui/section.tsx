// A part of a page in a frame of its own: what it is, what it is for, and its content.
import { Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './section.module.css'

interface SectionProps {
  title: string
  about?: ReactNode
  actions?: ReactNode
  /** the content reaches the frame, as a table does */
  flush?: boolean
  children: ReactNode
}

export function Section({ title, about, actions, flush, children }: SectionProps) {
  return (
    <section className={classes.root} aria-label={title}>
      <div className={classes.head}>
        <div className={classes.words}>
          <Title order={2}>{title}</Title>
          {about ? <Text c="dimmed">{about}</Text> : null}
        </div>
        {actions ? <div className={classes.actions}>{actions}</div> : null}
      </div>
      <div className={classes.body} data-flush={flush || undefined}>
        {children}
      </div>
    </section>
  )
}
