// The visits that events were sent under, as a destination counts them: who, when, what, and for how long somebody was active.
import { Select, Text } from '@mantine/core'
import { IconClockPlay } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { listDestinations, listSentSessions } from '../../../src/activation/conversions/contract.ts'
import type { Destination, SentSession } from '../../../src/activation/conversions/contract.ts'
import { useCall } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { count, formatNumber } from '../../ui/format.ts'
import { LeadLink } from '../../ui/lead-link.tsx'
import { ButtonLink, TextLink } from '../../ui/links.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useWorkspace } from '../../workspace.ts'

export function SessionsPage() {
  const { slug } = useWorkspace()
  const search = useSearch({ from: '/w/$workspace/conversions/sessions' })
  const navigate = useNavigate()
  const found = useCall(listDestinations, {})
  const items = found.data?.items.filter(({ hasSessions }) => hasSessions) ?? []
  const shown = items.find(({ connectionId }) => connectionId === search.destination) ?? items[0]
  return (
    <>
      <PageHeader
        title={shown ? `Sessions at ${shown.name}` : 'Sessions'}
        about={
          <TextLink to="/w/$workspace/conversions" params={{ workspace: slug }}>
            All conversions
          </TextLink>
        }
        actions={
          items.length > 1 && shown ? (
            <Select
              aria-label="Destination"
              w={240}
              allowDeselect={false}
              value={shown.connectionId}
              data={items.map(({ connectionId, name }) => ({ value: connectionId, label: name }))}
              onChange={(destination) =>
                void navigate({
                  to: '/w/$workspace/conversions/sessions',
                  params: { workspace: slug },
                  search: { destination: destination ?? undefined },
                  replace: true,
                })
              }
            />
          ) : undefined
        }
      />
      <Answer
        of={found}
        isEmpty={() => shown === undefined}
        empty={
          <EmptyState
            icon={IconClockPlay}
            title="No destination counts visits"
            actions={
              <ButtonLink to="/w/$workspace/integrations" params={{ workspace: slug }}>
                Go to Integrations
              </ButtonLink>
            }
          >
            Connect an analytics vendor: the visits that events are sent under then stand here.
          </EmptyState>
        }
      >
        {() => (shown ? <Listed key={shown.connectionId} destination={shown} /> : null)}
      </Answer>
    </>
  )
}

function Listed({ destination }: { destination: Destination }) {
  const found = useCall(
    listSentSessions,
    { params: { connectionId: destination.connectionId }, query: { days: 7 } },
    { refetchMs: 15_000 },
  )
  return (
    <Answer
      of={found}
      isEmpty={({ items, withoutSession }) => items.length === 0 && withoutSession === 0}
      empty={
        <EmptyState icon={IconClockPlay} title="No event left in the last seven days">
          Events carry the session of the visitor’s browser, where the tracker and the vendor’s own tag are on
          the page; a program begins and ends one over the API.
        </EmptyState>
      }
    >
      {({ items, withoutSession, isCut }) => (
        <>
          <Text c="dimmed" mb={16} role="status">
            {`${count(items.length, 'session')} of the last seven days.`}
            {withoutSession > 0
              ? ` ${count(withoutSession, 'event')} left under none: no visit there is credited with ${withoutSession === 1 ? 'it' : 'them'}.`
              : ''}
            {isCut ? ' Only the newest 5,000 events were looked at.' : ''}
          </Text>
          {items.length > 0 ? (
            <DataTable
              label="Sessions"
              rows={items}
              rowId={({ clientId, sessionId }) => `${clientId} ${sessionId}`}
              columns={columns}
            />
          ) : null}
        </>
      )}
    </Answer>
  )
}

const columns = [
  {
    key: 'who',
    header: 'Visitor',
    cell: ({ leadId, leadLabel, clientId }: SentSession) => (
      <span>
        {leadId ? <LeadLink id={leadId} label={leadLabel ?? 'a lead'} /> : 'Nobody known'}
        <Text fz="xs" c="dimmed" component="span" display="block" ff="monospace">
          {clientId}
        </Text>
      </span>
    ),
  },
  {
    key: 'began',
    header: 'Began',
    width: 128,
    cell: ({ startedAt, firstAt }: SentSession) => <Time at={startedAt ?? firstAt} />,
  },
  {
    key: 'events',
    header: 'Events',
    show: 'wide' as const,
    cell: ({ events, page }: SentSession) => (
      <span style={{ overflowWrap: 'anywhere' }}>
        {events.join(', ')}
        <Text fz="xs" c="dimmed" component="span" display="block" lineClamp={1}>
          {page}
        </Text>
      </span>
    ),
  },
  {
    key: 'sent',
    header: 'Delivered',
    align: 'right' as const,
    width: 104,
    cell: ({ count: all, delivered }: SentSession) => `${formatNumber(delivered)} of ${formatNumber(all)}`,
  },
  {
    key: 'active',
    header: 'Active for',
    align: 'right' as const,
    width: 104,
    cell: ({ engagementMs }: SentSession) => activeFor(engagementMs),
  },
]

// One millisecond stands for a visit whose time nobody measured.
function activeFor(ms: number): string {
  if (ms < 1_000) return 'not measured'
  const seconds = Math.round(ms / 1_000)
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
