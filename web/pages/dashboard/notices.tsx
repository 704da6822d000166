// What waits for a person: hot leads, leads going cold, and what needs help; each to dismiss for the team or to give to a member.
import { Button, SegmentedControl, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import {
  COLD_AFTER_DAYS,
  COLD_UNTIL_DAYS,
  listNotices,
  promisingStages,
} from '../../../src/notices/contract.ts'
import type { NoticeKind } from '../../../src/notices/contract.ts'
import type { Condition } from '../../../src/conditions/contract.ts'
import type { ReplyOf } from '../../../src/lib/endpoint.ts'
import { useCall } from '../../queries.ts'
import { count, formatNumber } from '../../ui/format.ts'
import { Section } from '../../ui/section.tsx'
import { Answer, EmptyState, Loading } from '../../ui/states.tsx'
import { useSession, useWorkspace } from '../../workspace.ts'
import { NoticeRow } from './notice-row.tsx'
import { byKind, isOfLeads, kindNames } from './notice-words.ts'
import classes from './notices.module.css'

type Listed = ReplyOf<typeof listNotices>

const SHOWN = 5

export function Notices() {
  const { user } = useSession()
  const [whose, setWhose] = useState('all')
  const [state, setState] = useState<'open' | 'dismissed'>('open')
  const notices = useCall(
    listNotices,
    { query: { state, limit: SHOWN, ...(whose === 'mine' ? { owner: user.id } : {}) } },
    { refetchMs: 30_000, keepPrevious: true },
  )
  return (
    <Section
      title={state === 'open' ? 'Needs a person' : 'Dismissed'}
      about={
        state === 'open'
          ? 'For the whole team: what one dismisses is gone for all, until it happens anew.'
          : 'These come back by themselves when they happen anew.'
      }
      flush
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Whose"
          value={whose}
          onChange={setWhose}
          data={[
            { value: 'all', label: 'Everybody’s' },
            { value: 'mine', label: 'Mine' },
          ]}
        />
      }
    >
      <div className={classes.frame}>
        <Answer of={notices} loading={<Loading lines={6} />}>
          {(data) => (
            <>
              {data.problem ? (
                <Text c="dimmed" role="status" className={classes.note}>
                  Leads are missing here. {data.problem}
                </Text>
              ) : null}
              {data.items.length === 0 ? <Nothing state={state} isMine={whose === 'mine'} /> : null}
              {byKind(data.items).map(({ kind, items }) => (
                <div key={kind} className={classes.group}>
                  <GroupHead kind={kind} shown={items.length} totals={data.totals} state={state} />
                  <ul aria-label={isOfLeads(kind) ? kindNames[kind] : 'To look after'}>
                    {items.map((notice) => (
                      <NoticeRow key={`${notice.kind} ${notice.subject}`} notice={notice} />
                    ))}
                  </ul>
                </div>
              ))}
              {data.others > 0 || state === 'dismissed' ? (
                <div className={classes.foot}>
                  <Button
                    size="compact-xs"
                    variant="subtle"
                    color="gray"
                    onClick={() => setState(state === 'open' ? 'dismissed' : 'open')}
                  >
                    {state === 'open'
                      ? `Show ${formatNumber(data.others)} dismissed`
                      : 'Back to what is open'}
                  </Button>
                </div>
              ) : null}
            </>
          )}
        </Answer>
      </div>
    </Section>
  )
}

function Nothing({ state, isMine }: { state: 'open' | 'dismissed'; isMine: boolean }) {
  if (state === 'dismissed') return <EmptyState compact title="Nothing is dismissed" />
  return (
    <EmptyState compact title={isMine ? 'Nothing is given to you' : 'Nothing waits for you'}>
      {isMine
        ? 'What somebody gives you, and the leads that you own, show up here when they need you.'
        : 'When a lead turns hot or falls silent, or something could not be worked on, it is told here.'}
    </EmptyState>
  )
}

function GroupHead({
  kind,
  shown,
  totals,
  state,
}: {
  kind: NoticeKind
  shown: number
  totals: Listed['totals']
  state: 'open' | 'dismissed'
}) {
  const { slug } = useWorkspace()
  if (!isOfLeads(kind)) return <h3 className={classes.head}>To look after</h3>
  const filter = kind === 'hot_lead' ? hotFilter : coldFilter
  return (
    <h3 className={classes.head}>
      <span>
        {kindNames[kind]} <span className={classes.count}>{formatNumber(totals[kind])}</span>
      </span>
      {state === 'open' && totals[kind] > shown ? (
        <Link
          to="/w/$workspace/leads"
          params={{ workspace: slug }}
          search={{ filter, ...(kind === 'hot_lead' ? { sort: 'score' } : {}) }}
          className={classes.all}
          aria-label={`All ${count(totals[kind], kind === 'hot_lead' ? 'hot lead' : 'lead')} in the list`}
        >
          In the list
        </Link>
      ) : null}
    </h3>
  )
}

const hotFilter: Condition = { fact: 'temperature', op: 'is', value: 'hot' }
const coldFilter: Condition = {
  and: [
    { fact: 'stage', op: 'any_of', value: [...promisingStages] },
    { fact: 'lastSeenAt', op: 'more_than_ago', value: { count: COLD_AFTER_DAYS, unit: 'days' } },
    { fact: 'lastSeenAt', op: 'in_last', value: { count: COLD_UNTIL_DAYS, unit: 'days' } },
  ],
}
