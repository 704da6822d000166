// What stands where data is not: nothing yet (and what to do next), a problem (and how to go on), or still loading.
import { Button, Skeleton, Stack, Text } from '@mantine/core'
import {
  IconCloudOff,
  IconLock,
  IconPlugConnectedX,
  IconRefresh,
  IconZoomQuestion,
} from '@tabler/icons-react'
import type { ComponentType, ReactNode } from 'react'
import { Problem } from '../call.ts'
import classes from './states.module.css'

interface EmptyStateProps {
  icon?: ComponentType<{ size?: number; stroke?: number }>
  title: string
  children?: ReactNode
  /** what to do next: buttons or links */
  actions?: ReactNode
  /** in a card of a page rather than as the page */
  compact?: boolean
}

export function EmptyState({ icon: Icon, title, children, actions, compact }: EmptyStateProps) {
  return (
    <div className={classes.state} data-compact={compact || undefined}>
      {Icon ? (
        <div className={classes.icon} aria-hidden>
          <Icon size={20} stroke={1.5} />
        </div>
      ) : null}
      <Text fw={600} fz={compact ? 'sm' : 'lg'} component={compact ? 'h2' : 'h1'} m={0}>
        {title}
      </Text>
      {children ? (
        <Text c="dimmed" className={classes.words} component="div">
          {children}
        </Text>
      ) : null}
      {actions ? <div className={classes.actions}>{actions}</div> : null}
    </div>
  )
}

/** Says what the server said and offers to try again. */
export function ErrorState({
  problem,
  retry,
  compact,
}: {
  problem: Error
  retry?: () => void
  compact?: boolean
}) {
  const { title, icon: Icon } = describe(problem)
  return (
    <div className={classes.state} data-compact={compact || undefined} role="alert">
      <div className={classes.icon} data-problem aria-hidden>
        <Icon size={20} stroke={1.5} />
      </div>
      <Text fw={600} fz={compact ? 'sm' : 'lg'} component={compact ? 'h2' : 'h1'} m={0}>
        {title}
      </Text>
      <Text c="dimmed" className={classes.words}>
        {problem.message}
      </Text>
      {retry ? (
        <div className={classes.actions}>
          <Button variant="default" leftSection={<IconRefresh size={16} />} onClick={retry}>
            Try again
          </Button>
        </div>
      ) : null}
    </div>
  )
}

/** Grey lines in the place of text or rows. */
export function Loading({
  lines = 4,
  height = 16,
  label = 'Loading',
}: {
  lines?: number
  height?: number
  label?: string
}) {
  return (
    <Stack gap={12} role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={height} width={`${[92, 74, 85, 63][line % 4] ?? 80}%`} radius="sm" />
      ))}
    </Stack>
  )
}

interface Asked<T> {
  data: T | undefined
  error: Error | null
  refetch: () => unknown
}

interface AnswerProps<T> {
  of: Asked<T>
  /** shown while nothing is known; grey lines unless told */
  loading?: ReactNode
  isEmpty?: (data: T) => boolean
  empty?: ReactNode
  compact?: boolean
  children: (data: T) => ReactNode
}

/** The one wrapper around what was asked of the server: loading, problem, empty, or the data. */
export function Answer<T>({ of, loading, isEmpty, empty, compact, children }: AnswerProps<T>) {
  if (of.data !== undefined) return isEmpty?.(of.data) ? empty : children(of.data)
  if (of.error) return <ErrorState problem={of.error} retry={() => void of.refetch()} compact={compact} />
  return loading ?? <Loading />
}

function describe(problem: Error) {
  const { status, code } = problem instanceof Problem ? problem : { status: 500, code: '' }
  if (code === 'log_unreachable') return { title: 'The event log is away', icon: IconCloudOff }
  if (status === 503) return { title: 'The database is away', icon: IconCloudOff }
  if (status === 0) return { title: 'No connection', icon: IconPlugConnectedX }
  if (status === 403) return { title: 'Not for your role', icon: IconLock }
  if (status === 404) return { title: 'Not here', icon: IconZoomQuestion }
  return { title: 'That did not work', icon: IconPlugConnectedX }
}
