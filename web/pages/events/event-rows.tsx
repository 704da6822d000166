// The messages as a table, on a phone as rows.
import { UnstyledButton } from '@mantine/core'
import type { ReactNode } from 'react'
import { eventLabel, eventType } from '../../../src/events/contract.ts'
import type { InboxItem } from '../../../src/events/contract.ts'
import { ChannelBadge } from '../../ui/channel-badge.tsx'
import type { Column } from '../../ui/data-table.tsx'
import { formatNumber, words } from '../../ui/format.ts'
import { LeadLink } from '../../ui/lead-link.tsx'
import { Time } from '../../ui/time.tsx'
import { VirtualRows } from '../../ui/virtual-rows.tsx'
import { VirtualTable } from '../../ui/virtual-table.tsx'
import { useIsNarrow } from '../leads/beside.ts'
import classes from './event-rows.module.css'
import { messageSummary } from './message-summary.ts'
import { Received } from './received.tsx'
import { StatusChip } from './status-chip.tsx'

interface EventRowsProps {
  items: InboxItem[]
  openId: string | undefined
  onOpen: (item: InboxItem) => void
  onEnd: () => void
  hasMore: boolean
  busy: boolean
  /** a search that has not looked through everything: how far back it looked, and what makes it go on */
  searched?: { backTo: string; further: ReactNode }
  /** a message is open beside: fewer columns */
  compact: boolean
}

const columns: (Column<InboxItem> & { width: number })[] = [
  { key: 'at', header: 'Received', width: 112, cell: (item) => <Received at={item.receivedAt} /> },
  { key: 'name', header: 'Event', width: 288, cell: (item) => <EventName item={item} /> },
  {
    key: 'lead',
    header: 'Lead',
    width: 176,
    cell: (item) =>
      item.leadId ? (
        <span className={classes.cut}>
          <LeadLink id={item.leadId} label={item.leadLabel ?? 'Lead'} />
        </span>
      ) : (
        <span className={classes.quiet}>–</span>
      ),
  },
  {
    key: 'channel',
    header: 'Channel',
    width: 144,
    cell: (item) => <ChannelBadge channel={item.trace?.channel ?? ''} />,
  },
  {
    key: 'source',
    header: 'Source',
    width: 104,
    cell: (item) => <span className={classes.cut}>{words(item.source)}</span>,
  },
  { key: 'status', header: 'Status', width: 104, cell: (item) => <StatusChip item={item} /> },
  {
    key: 'reason',
    header: 'Why',
    width: 176,
    cell: (item) => (
      <span className={classes.cut} title={item.explanation ?? undefined}>
        {item.reason ? words(item.reason) : <Quiet>–</Quiet>}
      </span>
    ),
  },
]

const fewColumns = columns.filter(({ key }) => ['at', 'name', 'status'].includes(key))

export function EventRows(props: EventRowsProps) {
  const { items, openId, onOpen, onEnd, hasMore, busy, searched, compact } = props
  const narrow = useIsNarrow()
  const shown = compact ? fewColumns : columns
  if (narrow) {
    return (
      <div className={classes.cards} role="list" aria-label="Messages">
        <VirtualRows
          items={items}
          keyOf={(item) => item.id}
          heightOf={() => 65}
          onEnd={onEnd}
          draw={(item) => (
            <div role="listitem">
              <UnstyledButton className={classes.card} onClick={() => onOpen(item)}>
                <span className={classes.line}>
                  <span className={classes.name}>{nameOf(item)}</span>
                  <StatusChip item={item} />
                </span>
                <span className={classes.line}>
                  <span className={classes.second}>
                    {[item.leadLabel, messageSummary(item)].filter(Boolean).join(' · ') || words(item.source)}
                  </span>
                  <span className={classes.quiet}>
                    <Received at={item.receivedAt} />
                  </span>
                </span>
              </UnstyledButton>
            </div>
          )}
        />
        {searched && !busy ? <Searched {...searched} /> : null}
      </div>
    )
  }
  return (
    <VirtualTable
      label="Messages"
      keyboard
      columns={shown}
      minWidth={shown.reduce((sum, { width }) => sum + width, 0)}
      rows={items}
      rowId={(item) => item.id}
      rowHeight={40}
      onOpen={onOpen}
      openId={openId}
      onEnd={onEnd}
      footer={
        busy ? (
          'Fetching older messages…'
        ) : searched ? (
          <Searched {...searched} />
        ) : hasMore ? (
          `${formatNumber(items.length)} shown, older ones as you scroll`
        ) : (
          'This is all that is kept.'
        )
      }
    />
  )
}

function Searched({ backTo, further }: { backTo: string; further: ReactNode }) {
  return (
    <span>
      Looked through the messages back to <Time at={backTo} as="full" />. {further}
    </span>
  )
}

function EventName({ item }: { item: InboxItem }) {
  return (
    <span className={classes.cut} title={item.name}>
      <span className={classes.name}>{nameOf(item)}</span>{' '}
      <span className={classes.quiet}>{messageSummary(item) || item.call}</span>
    </span>
  )
}

function nameOf({ name, call }: InboxItem): string {
  if (name === '') return 'No name'
  return eventLabel(call === 'track' ? eventType(name).name : name)
}

function Quiet({ children }: { children: string }) {
  return <span className={classes.quiet}>{children}</span>
}
