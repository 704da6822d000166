// One segment: whom it holds and why, who came and went, and the definitions that it had.
import { Alert, Button, Menu, Progress, Tabs, Text } from '@mantine/core'
import { IconDots, IconDownload, IconPencil, IconTrash, IconUsers } from '@tabler/icons-react'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { getSegment, listSegments, removeSegment } from '../../../src/segments/contract.ts'
import type { Segment } from '../../../src/segments/contract.ts'
import { useCall, useWrite } from '../../queries.ts'
import { MissingPage } from '../../shell/stray-pages.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { count, formatNumber } from '../../ui/format.ts'
import { ButtonLink, TextLink } from '../../ui/links.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Answer } from '../../ui/states.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import { ExportDialog } from '../leads/export-dialog.tsx'
import { segmentTabs } from './address.ts'
import { Members } from './members.tsx'
import { Moves } from './moves.tsx'
import classes from './segments.module.css'
import { StateBadge } from './state-badge.tsx'
import { Trend } from './trend.tsx'
import { Versions } from './versions.tsx'
import { Why } from './why.tsx'

const refreshMs = { filling: 500, live: 5_000 }

export function SegmentPage() {
  const { segmentId } = useParams({ from: '/w/$workspace/segments/$segmentId' })
  return /^[0-9a-f-]{36}$/i.test(segmentId) ? <Frame key={segmentId} id={segmentId} /> : <MissingPage />
}

function Frame({ id }: { id: string }) {
  const { slug } = useWorkspace()
  const [isFilling, setFilling] = useState(true)
  const found = useCall(
    getSegment,
    { params: { id } },
    { refetchMs: isFilling ? refreshMs.filling : refreshMs.live },
  )
  const segment = found.data
  const status = segment?.status
  useEffect(() => setFilling(status === undefined || status === 'filling'), [status])
  return (
    <>
      <PageHeader
        title={segment?.name ?? 'Segment'}
        aside={segment ? <StateBadge segment={segment} /> : undefined}
        about={
          segment?.description || (
            <TextLink to="/w/$workspace/segments" params={{ workspace: slug }}>
              All segments
            </TextLink>
          )
        }
        actions={segment ? <Actions segment={segment} /> : undefined}
      />
      <Answer of={found}>{(one) => <Detail segment={one} />}</Answer>
    </>
  )
}

/** The filter of the lead list that finds the members. */
function filterOf({ id }: Pick<Segment, 'id'>) {
  return { fact: 'segment', op: 'has_any' as const, value: [id] }
}

function Actions({ segment }: { segment: Segment }) {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  const mayWrite = useMay('leads.write')
  const [asked, setAsked] = useState<'export' | 'remove'>()
  const remove = useWrite(removeSegment, {
    stale: [listSegments],
    onDone: () => void navigate({ to: '/w/$workspace/segments', params: { workspace: slug } }),
  })
  const toLeads = (
    <ButtonLink
      variant="default"
      to="/w/$workspace/leads"
      params={{ workspace: slug }}
      search={{ audience: 'all', filter: filterOf(segment), view: 'none' }}
      leftSection={<IconUsers size={16} />}
    >
      Open as leads
    </ButtonLink>
  )
  return (
    <>
      {toLeads}
      {mayWrite ? (
        <ButtonLink
          to="/w/$workspace/segments/$segmentId/edit"
          params={{ workspace: slug, segmentId: segment.id }}
          leftSection={<IconPencil size={16} />}
        >
          Change
        </ButtonLink>
      ) : null}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px={8} aria-label="More">
            <IconDots size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconDownload size={16} />} onClick={() => setAsked('export')}>
            Export as CSV
          </Menu.Item>
          {mayWrite ? (
            <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => setAsked('remove')}>
              Remove
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      {asked === 'export' ? (
        <ExportDialog
          selection={{ filter: JSON.stringify(filterOf(segment)), audience: 'all' }}
          status="active"
          onClose={() => setAsked(undefined)}
        />
      ) : null}
      <ConfirmDialog
        opened={asked === 'remove'}
        onClose={() => setAsked(undefined)}
        title={`Remove ${segment.name}?`}
        action="Remove the segment"
        busy={remove.isPending}
        typed={segment.name}
        onConfirm={() => remove.mutate({ params: { id: segment.id } })}
      >
        {count(segment.size, 'lead')} will be in it no more, and who entered and left is forgotten. The leads
        themselves stay. This cannot be undone.
      </ConfirmDialog>
    </>
  )
}

function Detail({ segment }: { segment: Segment }) {
  const { tab, why } = useSearch({ from: '/w/$workspace/segments/$segmentId' })
  const navigate = useNavigate()
  const { progress, problem } = segment
  const go = (search: { tab?: 'moves' | 'versions'; why?: string }) =>
    void navigate({
      from: '/w/$workspace/segments/$segmentId',
      to: '.',
      search: (before) => ({ ...before, ...search }),
      replace: true,
      resetScroll: false,
    })
  const explain = (leadId: string) => go({ why: leadId })
  return (
    <>
      {problem ? (
        <Alert color="red" mb={16} title="It cannot be kept as it is">
          {problem} Until then its members stay as they are.
        </Alert>
      ) : null}
      {progress && progress.total > 0 ? (
        <Progress
          mb={16}
          value={(progress.done / progress.total) * 100}
          aria-label={`${formatNumber(progress.done)} of ${formatNumber(progress.total)} leads`}
        />
      ) : null}
      <dl className={classes.figures}>
        <Figure label="Leads now">{formatNumber(segment.size)}</Figure>
        <Figure label="Last 30 days">
          <Trend trend={segment.trend} width={160} height={32} />
        </Figure>
      </dl>
      <Text className={classes.said}>
        {segment.words}.
        <Text span c="dimmed">
          {segment.movesWithTime ? ' Time alone moves leads too: that is looked at every ten minutes.' : ''}
        </Text>
      </Text>
      <Named label="Asks for" items={segment.uses} />
      <Named label="Used by" items={segment.usedBy} />
      <Tabs
        value={tab ?? 'members'}
        keepMounted={false}
        onChange={(chosen) => {
          const next = segmentTabs.find((one) => one === chosen)
          go({ tab: next === 'members' ? undefined : next })
        }}
      >
        <Tabs.List>
          <Tabs.Tab value="members">Members</Tabs.Tab>
          <Tabs.Tab value="moves">Entries and exits</Tabs.Tab>
          <Tabs.Tab value="versions">Versions</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="members" className={classes.panel}>
          <Members segment={segment} onExplain={explain} />
        </Tabs.Panel>
        <Tabs.Panel value="moves" className={classes.panel}>
          <Moves segment={segment} onExplain={explain} />
        </Tabs.Panel>
        <Tabs.Panel value="versions" className={classes.panel}>
          <Versions segment={segment} />
        </Tabs.Panel>
      </Tabs>
      <Why segment={segment} leadId={why} onClose={() => go({ why: undefined })} />
    </>
  )
}

function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Named({ label, items }: { label: string; items: Segment['uses'] }) {
  const { slug } = useWorkspace()
  if (items.length === 0) return null
  return (
    <Text mb={16} component="div" className={classes.names}>
      <Text span c="dimmed">
        {label}
      </Text>
      {items.map(({ id, name }) => (
        <TextLink key={id} to="/w/$workspace/segments/$segmentId" params={{ workspace: slug, segmentId: id }}>
          {name}
        </TextLink>
      ))}
    </Text>
  )
}
