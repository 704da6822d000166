// One lead: who it is, and all that is known of it, beside the list or as a page.
import { Alert, Skeleton, Tabs } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useRef } from 'react'
import type { RefObject } from 'react'
import { getLead } from '../../../src/leads/contract.ts'
import type { LeadDetail } from '../../../src/leads/contract.ts'
import { useCall } from '../../queries.ts'
import { MissingPage } from '../../shell/stray-pages.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { useTitle } from '../../ui/page-header.tsx'
import { Answer } from '../../ui/states.tsx'
import { useBeside } from '../leads/beside.ts'
import { NOTHING_OPENED, leadTabs } from './address.ts'
import { ConsentTab } from './consent.tsx'
import { DetailsTab } from './details.tsx'
import { IdentityTab } from './identity.tsx'
import { JourneyTab } from './journey.tsx'
import { LeadBar } from './lead-bar.tsx'
import { LeadHead } from './lead-head.tsx'
import { LeadSegments } from './segments.tsx'
import classes from './lead.module.css'
import { NotesTab } from './notes.tsx'
import { ScoreTab } from './score.tsx'
import { Timeline } from './timeline.tsx'

const refreshMs = 30_000

export function LeadPage() {
  const { id } = useParams({ from: '/w/$workspace/leads/$id' })
  return /^[0-9a-f-]{36}$/i.test(id) ? <LeadFrame key={id} id={id} /> : <MissingPage />
}

function LeadFrame({ id }: { id: string }) {
  const beside = useBeside()
  const navigate = useNavigate()
  const scroller = useRef<HTMLDivElement>(null)
  const lead = useCall(getLead, { params: { id } }, { refetchMs: refreshMs })
  useTitle(lead.data?.label ?? 'Lead')
  const close = () =>
    void navigate({
      from: '/w/$workspace/leads/$id',
      to: '/w/$workspace/leads',
      search: (before) => ({ ...before, ...NOTHING_OPENED, tab: undefined }),
    })
  const moveTo = (leadId: string) =>
    void navigate({
      from: '/w/$workspace/leads/$id',
      to: '/w/$workspace/leads/$id',
      params: (before) => ({ ...before, id: leadId }),
      search: (before) => before,
      state: (before) => before,
      replace: true,
    })
  useHotkeys([['Escape', () => document.querySelector('[role="dialog"]') === null && close()]])
  return (
    <div className={classes.frame} data-beside={beside || undefined}>
      <LeadBar id={id} lead={lead.data} beside={beside} onClose={close} onMoved={moveTo} />
      <div ref={scroller} className={classes.scroller}>
        <Answer of={lead} loading={<LeadLoading />}>
          {(data) => (
            <div>
              {data.id === id ? null : (
                <Alert variant="light" mb={16}>
                  This address belonged to a lead that was merged into {data.label}.
                </Alert>
              )}
              <LeadHead lead={data} />
              <LeadSegments leadId={data.id} />
              <LeadTabs lead={data} scroller={beside ? scroller : undefined} />
            </div>
          )}
        </Answer>
      </div>
    </div>
  )
}

interface LeadTabsProps {
  lead: LeadDetail
  scroller: RefObject<HTMLDivElement | null> | undefined
}

function LeadTabs({ lead, scroller }: LeadTabsProps) {
  const { tab = 'timeline' } = useSearch({ from: '/w/$workspace/leads/$id' })
  const navigate = useNavigate()
  const choose = (chosen: string | null) =>
    void navigate({
      from: '/w/$workspace/leads/$id',
      to: '.',
      search: (before) => ({
        ...before,
        ...NOTHING_OPENED,
        tab: chosen === 'timeline' ? undefined : leadTabs.find((one) => one === chosen),
      }),
      state: (before) => before,
      replace: true,
      resetScroll: false,
    })
  return (
    <Tabs value={tab} onChange={choose} keepMounted={false} className={classes.tabs}>
      <Tabs.List className={classes.tabList}>
        <Tabs.Tab value="timeline">Timeline</Tabs.Tab>
        <Tabs.Tab value="journey">Journey</Tabs.Tab>
        <Tabs.Tab value="score">Score</Tabs.Tab>
        <Tabs.Tab value="details">Details</Tabs.Tab>
        <Tabs.Tab value="notes">Notes</Tabs.Tab>
        <Tabs.Tab value="consent">Consent</Tabs.Tab>
        <Tabs.Tab value="identity">Identity</Tabs.Tab>
        <Tabs.Tab value="json">JSON</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="timeline" className={classes.panel}>
        <Timeline leadId={lead.id} scroller={scroller} />
      </Tabs.Panel>
      <Tabs.Panel value="journey" className={classes.panel}>
        <JourneyTab lead={lead} />
      </Tabs.Panel>
      <Tabs.Panel value="score" className={classes.panel}>
        <ScoreTab lead={lead} />
      </Tabs.Panel>
      <Tabs.Panel value="details" className={classes.panel}>
        <DetailsTab lead={lead} />
      </Tabs.Panel>
      <Tabs.Panel value="notes" className={classes.panel}>
        <NotesTab leadId={lead.id} />
      </Tabs.Panel>
      <Tabs.Panel value="consent" className={classes.panel}>
        <ConsentTab lead={lead} />
      </Tabs.Panel>
      <Tabs.Panel value="identity" className={classes.panel}>
        <IdentityTab lead={lead} />
      </Tabs.Panel>
      <Tabs.Panel value="json" className={classes.panel}>
        <JsonView value={lead} label="The lead as the API gives it" maxHeight="none" />
      </Tabs.Panel>
    </Tabs>
  )
}

function LeadLoading() {
  return (
    <div role="status" aria-label="Loading">
      <Skeleton height={28} width={220} />
      <Skeleton height={14} width={280} mt={12} />
      <Skeleton height={96} mt={24} />
      <Skeleton height={32} mt={24} />
      {[0, 1, 2, 3, 4].map((line) => (
        <Skeleton key={line} height={40} mt={12} />
      ))}
    </div>
  )
}
