// One message: the way it took, step by step, what it carried, and a second try where it was stopped.
import { ActionIcon, Button, Drawer, Tooltip } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconRefresh, IconX } from '@tabler/icons-react'
import { eventLabel, eventType } from '../../../src/events/contract.ts'
import type { InboxItem } from '../../../src/events/contract.ts'
import { CopyIcon } from '../../ui/copy-field.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { LeadLink } from '../../ui/lead-link.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay } from '../../workspace.ts'
import classes from './event-pane.module.css'
import type { useReplay } from './replay.ts'
import { StatusChip } from './status-chip.tsx'
import { stepsOf } from './steps.ts'

interface EventPaneProps {
  item: InboxItem
  beside: boolean
  replay: ReturnType<typeof useReplay>
  onClose: () => void
}

export function EventPane({ item, beside, replay, onClose }: EventPaneProps) {
  useHotkeys([['Escape', onClose]])
  const title = eventLabel(item.call === 'track' ? eventType(item.name).name : item.name) || 'No name'
  if (!beside) {
    return (
      <Drawer opened onClose={onClose} position="right" title={title} size={560}>
        <Way item={item} replay={replay} />
      </Drawer>
    )
  }
  return (
    <aside className={classes.pane} aria-label="Message">
      <div className={classes.bar}>
        <h2 className={classes.title}>{title}</h2>
        <Tooltip label="Close (Esc)">
          <ActionIcon aria-label="Close the message" onClick={onClose}>
            <IconX size={16} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={classes.scroller}>
        <Way item={item} replay={replay} />
      </div>
    </aside>
  )
}

function Way({ item, replay }: { item: InboxItem; replay: ReturnType<typeof useReplay> }) {
  return (
    <>
      <div className={classes.head}>
        <StatusChip item={item} />
        <span className={classes.quiet}>
          <Time at={item.receivedAt} as="full" />
        </span>
        <ReplayButton item={item} replay={replay} />
      </div>
      <ol className={classes.steps} data-status={item.status} aria-label="The way of the message">
        {stepsOf(item).map((step) => (
          <li key={step.title} className={classes.step} data-kind={step.kind}>
            <span className={classes.name}>{step.title}</span>
            <span className={classes.text}>
              {step.text}
              {step.title === 'Matched' && item.leadId ? (
                <>
                  {': '}
                  <LeadLink id={item.leadId} label={item.leadLabel ?? 'the lead'} />
                </>
              ) : null}
            </span>
          </li>
        ))}
      </ol>
      <h3 className={classes.heading}>Message</h3>
      <p className={classes.id}>
        <code>{item.messageId}</code>
        <CopyIcon value={item.messageId} label="message id" />
      </p>
      <JsonView value={item.payload} label="The message as it was sent" maxHeight="none" />
    </>
  )
}

function ReplayButton({ item, replay }: { item: InboxItem; replay: ReturnType<typeof useReplay> }) {
  const mayWrite = useMay('events.write')
  if (!mayWrite || (item.status !== 'parked' && item.status !== 'dropped')) return null
  return (
    <Button
      size="xs"
      variant="default"
      className={classes.replay}
      leftSection={<IconRefresh size={14} />}
      loading={replay.isPending}
      onClick={() => replay.mutate({ body: { ids: [item.id] } })}
    >
      Replay
    </Button>
  )
}
