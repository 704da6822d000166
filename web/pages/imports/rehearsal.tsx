// Counts what a waiting file would come to before anything is saved.
import { Alert, Button, Progress, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { getImport, rehearseImport } from '../../../src/imports/contract.ts'
import type { Import } from '../../../src/imports/contract.ts'
import { useWrite } from '../../queries.ts'
import { Section } from '../../ui/section.tsx'
import { Counts } from './counts.tsx'

export function RehearsalSection({ one, disabled }: { one: Import; disabled: boolean }) {
  const begin = useWrite(rehearseImport, { stale: [getImport] })
  const { rehearsal } = one
  const isRunning = rehearsal?.status === 'running'
  return (
    <Section
      title="What it would come to"
      about="Every row is decided as if it were imported, and nothing is saved."
      flush={rehearsal?.status === 'done'}
      actions={
        <Button
          variant="default"
          size="compact-sm"
          disabled={disabled || isRunning}
          loading={begin.isPending}
          onClick={() => begin.mutate({ params: { id: one.id } })}
        >
          {rehearsal ? 'Count again' : 'Count without importing'}
        </Button>
      }
    >
      {rehearsal === null ? (
        <Text c="dimmed">Not counted yet. A change of how the file is read above asks for a new count.</Text>
      ) : null}
      {isRunning ? (
        <Progress value={rehearsal.progress * 100} aria-label="Counted" size="lg" animated />
      ) : null}
      {rehearsal?.status === 'done' ? (
        <>
          <Counts kind={one.kind} counts={rehearsal.counts} />
          {rehearsal.isExact ? null : (
            <Text c="dimmed" mt={8} fz="xs">
              So many rows speak of the same people that the numbers are near, not exact.
            </Text>
          )}
        </>
      ) : null}
      {rehearsal?.error ? (
        <Alert color="yellow" icon={<IconAlertTriangle size={16} />} mt={16}>
          {rehearsal.error}
        </Alert>
      ) : null}
    </Section>
  )
}
