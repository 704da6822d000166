// Every touch of a lead, newest first: by day, filtered by category, growing at both ends.
import { Button, UnstyledButton } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { RefObject } from 'react'
import { timelineCategories } from '../../../src/events/contract.ts'
import type { TimelineCategory } from '../../../src/events/contract.ts'
import { getLead, getTimeline } from '../../../src/leads/contract.ts'
import { useCall, useCallPages } from '../../queries.ts'
import { formatNumber } from '../../ui/format.ts'
import { Answer, EmptyState, Loading } from '../../ui/states.tsx'
import { useZone } from '../../ui/time.tsx'
import { VirtualRows } from '../../ui/virtual-rows.tsx'
import { joinNewest, timelineRows } from './timeline-rows.ts'
import { TimelineEntry } from './timeline-entry.tsx'
import classes from './timeline.module.css'

const pollMs = 3000
const newestCount = 30
const pageCount = 100

const categoryNames: Record<TimelineCategory, string> = {
  page: 'Pages',
  action: 'Actions',
  form: 'Forms',
  commerce: 'Shop',
  message: 'Messages',
  conversation: 'Conversations',
  identity: 'Identity',
  consent: 'Consent',
  record: 'Record',
  standing: 'Stage and score',
}

interface TimelineProps {
  leadId: string
  /** what it scrolls in; the page unless told */
  scroller: RefObject<HTMLDivElement | null> | undefined
}

export function Timeline({ leadId, scroller }: TimelineProps) {
  const zone = useZone()
  const [category, setCategory] = useState<TimelineCategory>()
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const { pages, newest, counts, items } = useTimeline(leadId, category)
  const rows = useMemo(() => timelineRows(items, zone, Date.now()), [items, zone])
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = pages
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage])
  const toggle = (id: string) => {
    const next = new Set(open)
    if (!next.delete(id)) next.add(id)
    setOpen(next)
  }
  return (
    <>
      <CategoryFilter counts={counts} chosen={category} onChoose={setCategory} />
      {newest.error?.status === 503 && items.length > 0 ? (
        <p className={classes.away} role="status">
          The event log is away. What stands here is from before; what happens meanwhile is kept and appears
          once it is back.
        </p>
      ) : null}
      <Answer
        of={pages}
        compact
        loading={<Loading lines={8} height={32} />}
        isEmpty={() => items.length === 0}
        empty={
          <EmptyState
            compact
            title={category ? `No ${categoryNames[category].toLowerCase()} yet` : 'No events yet'}
          >
            {category
              ? 'Nothing of this kind happened on this line.'
              : 'What this person does next appears here within seconds.'}
          </EmptyState>
        }
      >
        {() => (
          <>
            <VirtualRows
              items={rows}
              keyOf={(row) => row.key}
              heightOf={(row) => (row.kind === 'day' ? 40 : 52)}
              scroller={scroller}
              onEnd={onEnd}
              draw={(row) =>
                row.kind === 'day' ? (
                  <h2 className={classes.day}>{row.label}</h2>
                ) : (
                  <TimelineEntry
                    item={row.item}
                    isLast={row.isLastOfDay}
                    opened={open.has(row.item.id)}
                    onToggle={() => toggle(row.item.id)}
                  />
                )
              }
            />
            <p className={classes.end}>
              {isFetchNextPageError ? (
                <Button size="compact-xs" variant="subtle" onClick={() => void fetchNextPage()}>
                  Older events could not be fetched. Try again
                </Button>
              ) : isFetchingNextPage ? (
                'Fetching older events…'
              ) : hasNextPage ? null : (
                'This is where the line begins.'
              )}
            </p>
          </>
        )}
      </Answer>
    </>
  )
}

// Older events are paged; the newest are asked for again every few seconds and joined on.
function useTimeline(leadId: string, category: TimelineCategory | undefined) {
  const client = useQueryClient()
  const params = { id: leadId }
  const pages = useCallPages(getTimeline, { params, query: { category, limit: pageCount } })
  const newest = useCall(
    getTimeline,
    { params, query: { category, limit: newestCount } },
    { refetchMs: pollMs, staleMs: 0 },
  )
  const known = useMemo(() => pages.data?.pages.flatMap(({ items }) => items) ?? [], [pages.data])
  const latest = useMemo(() => newest.data?.items ?? [], [newest.data])
  const items = useMemo(() => (pages.data ? joinNewest(latest, known) : []), [latest, known, pages.data])
  const newestId = latest[0]?.id
  const isNews = newestId !== undefined && known.length > 0 && known[0]?.id !== newestId
  useEffect(() => {
    // Something happened: the head of the page tells it too.
    if (isNews) void client.invalidateQueries({ queryKey: [getLead.id] })
  }, [client, isNews, newestId])
  const oldestOfLatest = latest.at(-1)
  const hasGap =
    latest.length === newestCount &&
    oldestOfLatest !== undefined &&
    known[0] !== undefined &&
    oldestOfLatest.occurredAt > known[0].occurredAt
  const { refetch } = pages
  // Not sooner than the next poll, so that a log that fails again is not asked in a circle.
  const isBack = pages.isError && pages.data === undefined && newest.dataUpdatedAt > pages.errorUpdatedAt
  useEffect(() => {
    if (hasGap || isBack) void refetch()
  }, [hasGap, isBack, refetch])
  return { pages, newest, items, counts: newest.data?.counts ?? pages.data?.pages[0]?.counts ?? {} }
}

interface CategoryFilterProps {
  counts: Partial<Record<TimelineCategory, number>>
  chosen: TimelineCategory | undefined
  onChoose: (category: TimelineCategory | undefined) => void
}

function CategoryFilter({ counts, chosen, onChoose }: CategoryFilterProps) {
  const present = timelineCategories.filter((category) => (counts[category] ?? 0) > 0 || category === chosen)
  if (present.length === 0) return null
  const all = Object.values(counts).reduce((sum, events) => sum + events, 0)
  return (
    <div className={classes.filter} role="group" aria-label="Kinds of events">
      <Chip label="All" events={all} pressed={chosen === undefined} onPress={() => onChoose(undefined)} />
      {present.map((category) => (
        <Chip
          key={category}
          label={categoryNames[category]}
          events={counts[category] ?? 0}
          pressed={chosen === category}
          onPress={() => onChoose(chosen === category ? undefined : category)}
        />
      ))}
    </div>
  )
}

interface ChipProps {
  label: string
  events: number
  pressed: boolean
  onPress: () => void
}

function Chip({ label, events, pressed, onPress }: ChipProps) {
  return (
    <UnstyledButton className={classes.chip} aria-pressed={pressed} onClick={onPress}>
      {label} <span className={classes.count}>{formatNumber(events)}</span>
    </UnstyledButton>
  )
}
