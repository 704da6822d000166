// Takes an ended import back: asks first, shows how far it is, and says what stays and why.
import { Alert, Button, Progress, Text } from '@mantine/core'
import { IconAlertTriangle, IconArrowBackUp } from '@tabler/icons-react'
import { useState } from 'react'
import { getImport, listImports, undoDays, undoImport } from '../../../src/imports/contract.ts'
import type { Import, Undo } from '../../../src/imports/contract.ts'
import { useWrite } from '../../queries.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { count, formatNumber } from '../../ui/format.ts'
import { LeadLink } from '../../ui/lead-link.tsx'
import { Section } from '../../ui/section.tsx'
import { Stat, Stats } from '../../ui/stat.tsx'
import { Time } from '../../ui/time.tsx'
import classes from './imports.module.css'
import { keptWords } from './words.ts'

export function UndoButton({ one }: { one: Import }) {
  const [isAsked, setIsAsked] = useState(false)
  const undo = useWrite(undoImport, { stale: [getImport, listImports], onDone: () => setIsAsked(false) })
  const things = one.kind === 'orders' ? 'order' : 'lead'
  return (
    <>
      <Button variant="default" leftSection={<IconArrowBackUp size={16} />} onClick={() => setIsAsked(true)}>
        Take the import back
      </Button>
      <ConfirmDialog
        opened={isAsked}
        onClose={() => setIsAsked(false)}
        title="Take this import back?"
        action="Take back"
        busy={undo.isPending}
        onConfirm={() => undo.mutate({ params: { id: one.id } })}
      >
        It made {count(one.counts.created, `new ${things}`)} and changed {count(one.counts.updated, things)}.
        New leads that nobody touched since go to the bin, where they can be restored for {undoDays} days
        {one.kind === 'orders'
          ? ', new orders are taken out, orders known before stay as the file told them'
          : ''}
        ; fields, tags and consents go back to what they were, and leads that it merged are two again.
        Whatever was changed since stays as it is, and so do user ids and customer numbers that rows added to
        leads known before, and values of a field that was merged into another since.
      </ConfirmDialog>
    </>
  )
}

export function UndoSection({ one, undo }: { one: Import; undo: Undo }) {
  const kept = Object.entries(undo.kept)
  return (
    <Section
      title={undo.status === 'running' ? 'Being taken back' : 'Taken back'}
      about={
        one.undoneAt === null ? undefined : (
          <>
            by {one.undoneBy}, <Time at={one.undoneAt} as="full" />
          </>
        )
      }
      flush={undo.status !== 'running'}
    >
      {undo.status === 'running' ? (
        <Progress value={undo.progress * 100} aria-label="Taken back" size="lg" />
      ) : null}
      {undo.status === 'failed' ? (
        <Alert color="red" icon={<IconAlertTriangle size={16} />} mb={16}>
          It stopped on an error of ours; the log has it. What was taken back stays so. Try again.
        </Alert>
      ) : null}
      {undo.status === 'running' ? null : (
        <Stats>
          <Stat label="Leads to the bin" value={formatNumber(undo.binned)} />
          <Stat label="Leads as before" value={formatNumber(undo.restored)} />
          {undo.parted > 0 ? <Stat label="Merges undone" value={formatNumber(undo.parted)} /> : null}
          {one.kind === 'orders' ? <Stat label="Orders taken out" value={formatNumber(undo.orders)} /> : null}
          <Stat
            label="Left as they are"
            value={formatNumber(kept.reduce((sum, [, number]) => sum + number, 0))}
          />
        </Stats>
      )}
      {kept.length > 0 ? (
        <ul className={classes.notes}>
          {kept.map(([reason, number]) => (
            <li key={reason}>
              <span className="tabular">{formatNumber(number)}</span>
              <Text component="span">{keptWords[reason] ?? reason}</Text>
            </li>
          ))}
        </ul>
      ) : null}
      {undo.examples.length > 0 ? (
        <Text c="dimmed" fz="xs" mt={8} component="div">
          Among them:{' '}
          {undo.examples.slice(0, 10).map(({ leadId }, index) => (
            <span key={`${leadId}-${index}`}>
              {index > 0 ? ', ' : ''}
              <LeadLink id={leadId} label={`Lead ${leadId.slice(-6)}`} />
            </span>
          ))}
        </Text>
      ) : null}
      {undo.status === 'done' && one.counts.updated > 0 ? (
        <Text c="dimmed" fz="xs" mt={8} px={16}>
          User ids and customer numbers that rows added to leads known before stay: other calls may know those
          people by them by now.
        </Text>
      ) : null}
    </Section>
  )
}
