// The event debugger: what comes in as it comes in, and what became of each message.
import { Button } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconPlayerPause, IconPlayerPlay, IconRefresh } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import { listEvents } from '../../../src/events/contract.ts'
import type { InboxItem } from '../../../src/events/contract.ts'
import { useCallPages } from '../../queries.ts'
import { count, formatNumber } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Answer, EmptyState, Loading } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay } from '../../workspace.ts'
import { useHasRoom, useIsNarrow } from '../leads/beside.ts'
import type { EventsAddress } from './address.ts'
import { EventFilters } from './event-filters.tsx'
import { EventRows } from './event-rows.tsx'
import { EventPane } from './event-pane.tsx'
import classes from './events.module.css'
import { FirstEvent } from './first-event.tsx'
import { useLiveEvents } from './live-events.ts'
import type { LiveEvents } from './live-events.ts'
import { joinMessages } from './message-list.ts'
import { RefusedEvents } from './refused-events.tsx'
import { useReplay } from './replay.ts'

export function EventsPage() {
  const address: EventsAddress = useSearch({ from: '/w/$workspace/events' })
  const navigate = useNavigate({ from: '/w/$workspace/events' })
  const hasRoom = useHasRoom()
  const narrow = useIsNarrow()
  const change = useCallback(
    (part: Partial<EventsAddress>) =>
      void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false }),
    [navigate],
  )
  const { status, q, lead, open } = address
  const pages = useCallPages(
    listEvents,
    { query: { status, search: q, leadId: lead, limit: 100 } },
    { keepPrevious: true },
  )
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage, refetch } = pages
  const replay = useReplay()
  const live = useLiveEvents(() => void refetch())
  const listed = useMemo(() => pages.data?.pages.flatMap(({ items }) => items) ?? [], [pages.data])
  const all = useMemo(
    () => joinMessages(listed, live.items, { status, q, lead }),
    [listed, live.items, status, q, lead],
  )
  /** the newest message when it was paused; newer ones are held back */
  const [held, setHeld] = useState<string>()
  const items = useMemo(() => (held === undefined ? all : all.filter(({ id }) => id <= held)), [all, held])
  const isPaused = held !== undefined
  const heldBack = all.length - items.length
  const pause = () => setHeld(held === undefined ? (all[0]?.id ?? '') : undefined)
  useHotkeys([['p', pause]])
  /** the search stopped there: whoever wants it looks further back */
  const searchedBackTo = pages.data?.pages.at(-1)?.searchedBackTo ?? null
  const onEnd = useCallback(() => {
    if (hasNextPage && !searchedBackTo && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage()
  }, [hasNextPage, searchedBackTo, isFetchingNextPage, isFetchNextPageError, fetchNextPage])
  const shown = open === undefined ? undefined : all.find(({ id }) => id === open)
  const isNarrowed = status !== undefined || q !== undefined || lead !== undefined
  const further = (
    <Button
      variant="default"
      size="compact-sm"
      loading={isFetchingNextPage}
      onClick={() => void fetchNextPage()}
    >
      Look further back
    </Button>
  )
  return (
    <div className={classes.root}>
      <PageHeader
        title="Events"
        about={narrow ? undefined : 'What comes in, as it comes in, and what became of each message.'}
        actions={
          <>
            <LiveState live={live} paused={isPaused} heldBack={heldBack} />
            {status === 'parked' || status === 'dropped' ? <ReplayAll items={items} replay={replay} /> : null}
            <Button
              variant="default"
              leftSection={isPaused ? <IconPlayerPlay size={16} /> : <IconPlayerPause size={16} />}
              onClick={pause}
              aria-keyshortcuts="p"
            >
              {isPaused ? 'Resume' : 'Pause'}
            </Button>
          </>
        }
      />
      <RefusedEvents />
      <EventFilters address={address} onChange={change} />
      <div className={classes.columns}>
        <div className={classes.list} data-stale={pages.isPlaceholderData || undefined}>
          <Answer
            of={pages}
            loading={<Loading lines={10} height={20} />}
            isEmpty={() => items.length === 0}
            empty={
              isNarrowed ? (
                <EmptyState
                  title="No message fits"
                  actions={
                    <>
                      {searchedBackTo ? further : null}
                      <Button
                        variant="default"
                        onClick={() => change({ status: undefined, q: undefined, lead: undefined })}
                      >
                        Show all messages
                      </Button>
                    </>
                  }
                >
                  {searchedBackTo ? (
                    <>
                      The messages back to <Time at={searchedBackTo} as="full" /> were looked through.{' '}
                    </>
                  ) : null}
                  New ones that fit appear here by themselves.
                </EmptyState>
              ) : (
                <FirstEvent />
              )
            }
          >
            {() => (
              <EventRows
                items={items}
                openId={open}
                onOpen={(item) => change({ open: item.id })}
                onEnd={onEnd}
                hasMore={hasNextPage}
                busy={isFetchingNextPage}
                searched={searchedBackTo ? { backTo: searchedBackTo, further } : undefined}
                compact={hasRoom && shown !== undefined}
              />
            )}
          </Answer>
        </div>
        {shown ? (
          <EventPane
            item={shown}
            beside={hasRoom}
            replay={replay}
            onClose={() => change({ open: undefined })}
          />
        ) : null}
      </div>
    </div>
  )
}

function LiveState({ live, paused, heldBack }: { live: LiveEvents; paused: boolean; heldBack: number }) {
  if (paused) {
    return (
      <span className={classes.live} data-state="paused" role="status">
        {heldBack > 0 ? `${count(heldBack, 'new message')} held back` : 'Paused'}
      </span>
    )
  }
  if (live.state === 'closed') {
    return (
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        leftSection={<IconRefresh size={14} />}
        onClick={live.again}
      >
        Not live. Connect again
      </Button>
    )
  }
  return (
    <span className={classes.live} data-state={live.state} role="status">
      {live.state === 'live' ? 'Live' : 'Connecting…'}
      {live.untold > 0 ? `, ${count(live.untold, 'message')} came too fast to show` : ''}
    </span>
  )
}

/** as many as the server takes at once */
const replayCount = 1000

function ReplayAll({ items, replay }: { items: InboxItem[]; replay: ReturnType<typeof useReplay> }) {
  const mayWrite = useMay('events.write')
  if (!mayWrite || items.length === 0) return null
  const ids = items.slice(0, replayCount).map(({ id }) => id)
  return (
    <Button
      variant="default"
      leftSection={<IconRefresh size={16} />}
      loading={replay.isPending}
      onClick={() => replay.mutate({ body: { ids } })}
    >
      Replay {ids.length === 1 ? 'this one' : `these ${formatNumber(ids.length)}`}
    </Button>
  )
}
