// The frame of the pages before a workspace: the mark, one column, one card.
import { Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './front.module.css'
import { useTitle } from './page-header.tsx'

export function Front({
  title,
  about,
  wide,
  children,
}: {
  title: string
  about?: ReactNode
  wide?: boolean
  children: ReactNode
}) {
  useTitle(title)
  return (
    <div className={classes.page}>
      <header className={classes.brand}>
        <img src="/favicon.svg" width={24} height={24} alt="" />
        Throughline
      </header>
      <main className={classes.main} data-wide={wide || undefined}>
        <Title order={1}>{title}</Title>
        {about ? (
          <Text c="dimmed" mt={4}>
            {about}
          </Text>
        ) : null}
        <div className={classes.body}>{children}</div>
      </main>
    </div>
  )
}
