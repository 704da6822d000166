// Two people changed the same field: both values side by side, by whom, and a button to keep either.
import { Button, Group } from '@mantine/core'
import type { ReactNode } from 'react'
import { getTimeline } from '../../../src/leads/contract.ts'
import { useCall } from '../../queries.ts'
import { Time } from '../../ui/time.tsx'
import { useActorName } from './actors.ts'
import classes from './conflict.module.css'

interface ConflictProps {
  leadId: string
  /** as events name it: `company`, `tags`, `fields.plan` */
  field: string
  theirs: ReactNode
  mine: ReactNode
  busy: boolean
  onTheirs: () => void
  onMine: () => void
  /** where both values can stand together */
  onBoth?: () => void
}

export function Conflict(props: ConflictProps) {
  const { leadId, field, theirs, mine, busy, onTheirs, onMine, onBoth } = props
  return (
    <div role="alert" className={classes.root}>
      <p className={classes.said}>
        <Changed leadId={leadId} field={field} />
      </p>
      <dl className={classes.values}>
        <dt>Theirs</dt>
        <dd>{theirs}</dd>
        <dt>Yours</dt>
        <dd>{mine}</dd>
      </dl>
      <Group gap={8}>
        <Button size="compact-xs" variant="default" onClick={onTheirs}>
          Keep theirs
        </Button>
        <Button size="compact-xs" variant="default" loading={busy} onClick={onMine}>
          Keep mine
        </Button>
        {onBoth ? (
          <Button size="compact-xs" variant="default" disabled={busy} onClick={onBoth}>
            Keep both
          </Button>
        ) : null}
      </Group>
    </div>
  )
}

const askAgainMs = 2000

// The line of a lead is a moment behind its record: until it tells who it was, it was somebody.
function Changed({ leadId, field }: Pick<ConflictProps, 'leadId' | 'field'>) {
  const actorName = useActorName()
  const line = useCall(
    getTimeline,
    { params: { id: leadId }, query: { category: 'record', limit: 5 } },
    { refetchMs: askAgainMs, staleMs: 0 },
  )
  const edit = line.data?.items.find(
    ({ properties: { changed } }) => Array.isArray(changed) && changed.includes(field),
  )
  if (!edit) return 'Somebody changed this while you were editing.'
  return (
    <>
      {actorName(edit.actor) ?? 'Somebody'} changed this while you were editing, <Time at={edit.occurredAt} />
      .
    </>
  )
}
