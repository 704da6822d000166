// Pages for where nothing is: an unknown address, and a page that broke.
import { Button } from '@mantine/core'
import { IconMapPinOff } from '@tabler/icons-react'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { EmptyState, ErrorState } from '../ui/states.tsx'

export function MissingPage() {
  return (
    <main>
      <EmptyState
        icon={IconMapPinOff}
        title="There is nothing at this address"
        actions={
          <Button variant="default" component="a" href="/">
            Go to the dashboard
          </Button>
        }
      >
        The link may be old, or the page belongs to a workspace that you are not a member of.
      </EmptyState>
    </main>
  )
}

export function CrashPage({ error: thrown, reset }: ErrorComponentProps) {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  // After an update of the server the old chunks are gone; loading the page again fetches the new ones.
  const isOutdated = /dynamically imported module|Importing a module script failed/.test(error.message)
  if (isOutdated) {
    return (
      <ErrorState
        problem={new Error('Throughline was updated while this page was open. Load it again to go on.')}
        retry={() => window.location.reload()}
      />
    )
  }
  return <ErrorState problem={error} retry={reset} />
}
