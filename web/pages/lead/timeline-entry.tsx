// One event on the line: what happened and when; opened, everything that is known of it.
import { Badge, Tooltip, UnstyledButton } from '@mantine/core'
import {
  IconBolt,
  IconFingerprint,
  IconForms,
  IconMail,
  IconMessages,
  IconPencil,
  IconShieldCheck,
  IconShoppingCart,
  IconStairsUp,
  IconWorld,
} from '@tabler/icons-react'
import { memo } from 'react'
import type { ComponentType, ReactNode } from 'react'
import { eventLabel } from '../../../src/events/contract.ts'
import type { TimelineCategory, TimelineItem } from '../../../src/events/contract.ts'
import { ChannelBadge } from '../../ui/channel-badge.tsx'
import { countryName } from '../../ui/countries.ts'
import { words } from '../../ui/format.ts'
import { JsonView } from '../../ui/json-view.tsx'
import { Money } from '../../ui/money.tsx'
import { Time } from '../../ui/time.tsx'
import { useActorName } from './actors.ts'
import { changesOf, eventSummary, ownProperties } from './event-summary.ts'
import { PropertyList } from './property-list.tsx'
import classes from './timeline-entry.module.css'

const icons: Record<TimelineCategory, ComponentType<{ size?: number; stroke?: number }>> = {
  page: IconWorld,
  action: IconBolt,
  form: IconForms,
  commerce: IconShoppingCart,
  message: IconMail,
  conversation: IconMessages,
  identity: IconFingerprint,
  consent: IconShieldCheck,
  record: IconPencil,
  standing: IconStairsUp,
}

const standingNames: Record<string, string> = { stage_moved: 'Stage moved', score_changed: 'Score changed' }

interface TimelineEntryProps {
  item: TimelineItem
  isLast: boolean
  opened: boolean
  onToggle: () => void
}

export const TimelineEntry = memo(
  Entry,
  (before, after) =>
    before.item === after.item && before.opened === after.opened && before.isLast === after.isLast,
)

function Entry({ item, isLast, opened, onToggle }: TimelineEntryProps) {
  const Icon = icons[item.category]
  const actorName = useActorName()
  const summary = eventSummary(item)
  const actor = actorName(item.actor)
  const second = [summary, actor && `by ${actor}`].filter(Boolean).join(' · ')
  return (
    <div className={classes.root} data-last={isLast || undefined} data-opened={opened || undefined}>
      <UnstyledButton className={classes.head} onClick={onToggle} aria-expanded={opened}>
        <span className={classes.icon} data-weight={weightOf(item)} aria-hidden>
          <Icon size={14} stroke={1.75} />
        </span>
        <span className={classes.words}>
          <span className={classes.name}>
            {standingNames[item.name] ?? eventLabel(item.name)}
            {item.valueMinor !== null && item.valueMinor !== 0 ? (
              <span className={classes.value} data-weight={weightOf(item)}>
                <Money minor={item.valueMinor} currency={item.currency} />
              </span>
            ) : null}
            {item.isBot ? (
              <Badge color="gray" size="xs">
                Machine
              </Badge>
            ) : null}
          </span>
          {second ? <span className={classes.second}>{second}</span> : null}
        </span>
        <span className={classes.end}>
          {item.channel ? <ChannelBadge channel={item.channel} /> : null}
          {item.mergedFrom ? (
            <Tooltip label="Written for a lead that was merged into this one">
              <span className={classes.merged}>merged</span>
            </Tooltip>
          ) : null}
          <Time at={item.occurredAt} as="clock" />
        </span>
      </UnstyledButton>
      {opened ? <EntryDetail item={item} actor={actor} /> : null}
    </div>
  )
}

// What earned money and what the person said of themselves stand out; the rest is the way there.
function weightOf({ category, name }: TimelineItem): 'money' | 'word' | undefined {
  if (name === 'order_completed') return 'money'
  return category === 'form' || category === 'consent' ? 'word' : undefined
}

const lateMs = 60_000

function EntryDetail({ item, actor }: { item: TimelineItem; actor: string | undefined }) {
  const isLate = Date.parse(item.receivedAt) - Date.parse(item.occurredAt) > lateMs
  const facts: [string, ReactNode][] = [
    ['When', <Time key="at" at={item.occurredAt} as="full" />],
    ['Received', isLate ? <Time key="received" at={item.receivedAt} as="full" /> : null],
    ['Page', item.pageUrl],
    ['Referrer', item.referrer],
    ['Channel', item.channel ? <ChannelBadge key="channel" channel={item.channel} /> : null],
    ['Campaign', item.campaign],
    ['Device', words(item.device)],
    ['Country', item.country ? countryName(item.country) : ''],
    [
      'Sent by',
      [words(item.source), item.call === 'system' ? '' : `${item.call} call`].filter(Boolean).join(', '),
    ],
    ['Done by', actor],
    ['Visit', item.sessionId],
    ['Written for', item.mergedFrom ? `lead ${item.mergedFrom}, merged since` : null],
  ]
  const changes = changesOf(item.properties)
  const properties: [string, ReactNode][] =
    changes ?? ownProperties(item.properties).map(([key, value]) => [key, shown(value)])
  return (
    <div className={classes.detail}>
      <PropertyList entries={facts.filter(([, value]) => value)} label="What is known of the event" />
      {properties.length > 0 ? (
        <>
          <h3 className={classes.title}>{changes ? 'Changed' : 'Properties'}</h3>
          <PropertyList entries={properties} label="Properties" />
        </>
      ) : null}
      <details className={classes.json}>
        <summary>JSON</summary>
        <JsonView value={item} label="The event" />
      </details>
    </div>
  )
}

function shown(value: unknown): ReactNode {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  return value === null ? '–' : <code className={classes.code}>{JSON.stringify(value)}</code>
}
