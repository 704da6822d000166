// Who the lead is, at a glance: name, ways to reach, first and last touch, what they did and spent, tags and owner.
import { Badge, Select, Text, Title, Tooltip } from '@mantine/core'
import { useState } from 'react'
import type { ReactNode } from 'react'
import type { LeadDetail } from '../../../src/leads/contract.ts'
import { showProblem } from '../../queries.ts'
import { ChannelBadge } from '../../ui/channel-badge.tsx'
import { CopyIcon } from '../../ui/copy-field.tsx'
import { countryName } from '../../ui/countries.ts'
import { formatNumber } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay } from '../../workspace.ts'
import { useOwners } from '../leads/facts.ts'
import { Conflict } from './conflict.tsx'
import { useLeadEdit } from './edit-lead.ts'
import { EmailKindBadge } from './inferred.tsx'
import classes from './lead-head.module.css'
import { MergedLine } from './merge/merged-line.tsx'
import { Standing } from './standing.tsx'
import { TagsLine } from './tags-line.tsx'

export function LeadHead({ lead }: { lead: LeadDetail }) {
  const place = [lead.city, lead.country && countryName(lead.country)].filter(Boolean).join(', ')
  const work = [lead.jobTitle, lead.company].filter(Boolean).join(', ')
  return (
    <header className={classes.head}>
      <div className={classes.title}>
        <Title order={1} className={classes.name}>
          {lead.label}
        </Title>
        {lead.isKnown ? null : (
          <Tooltip label="Nobody has said yet who this is: no e-mail, phone or user id.">
            <Badge color="gray" tabIndex={0}>
              Anonymous
            </Badge>
          </Tooltip>
        )}
        {lead.status === 'binned' ? <Badge color="red">In the bin</Badge> : null}
      </div>
      <div className={classes.reach}>
        {lead.email ? (
          <span className={classes.way}>
            <a href={`mailto:${lead.email}`}>{lead.email}</a>
            <CopyIcon value={lead.email} label="e-mail address" />
            <EmailKindBadge kind={lead.enrichment.emailKind} />
          </span>
        ) : null}
        {lead.phone ? (
          <span className={classes.way}>
            <a href={`tel:${lead.phone}`}>{lead.phone}</a>
          </span>
        ) : null}
        {work ? <span>{work}</span> : null}
        {place ? <span>{place}</span> : null}
      </div>
      <MergedLine lead={lead} />
      <Standing lead={lead} />
      <dl className={classes.facts}>
        <Fact label="Last seen">
          <Time at={lead.lastSeenAt} />
        </Fact>
        <Fact label="First seen">
          <Time at={lead.firstSeenAt} />
        </Fact>
        <Fact label="Sessions">{formatNumber(lead.sessionCount)}</Fact>
        <Fact label="Events">{formatNumber(lead.eventCount)}</Fact>
        <Fact label="Orders">{formatNumber(lead.orders.count)}</Fact>
        <Fact label="Net revenue">
          {lead.orders.revenue.length === 0 ? (
            <None />
          ) : (
            lead.orders.revenue.map(({ currency, minor }) => (
              <div key={currency}>
                <Money minor={minor} currency={currency} />
              </div>
            ))
          )}
        </Fact>
        <Fact label="First touch">
          <Touch touch={lead.firstTouch} channel={lead.firstChannel} />
        </Fact>
        <Fact label="Last touch">
          <Touch touch={lead.lastTouch} channel={lead.lastChannel} />
        </Fact>
        <Fact label="Owner">
          <Owner lead={lead} />
        </Fact>
      </dl>
      <TagsLine lead={lead} />
    </header>
  )
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Touch({ touch, channel }: { touch: LeadDetail['firstTouch']; channel: string | null }) {
  if (!channel) return <None />
  const text = (key: string) => (typeof touch?.[key] === 'string' ? touch[key] : '')
  const medium = [text('source'), text('medium')].filter(Boolean).join(' / ')
  const more = [medium, text('campaign')].filter(Boolean).join(' · ')
  return (
    <span className={classes.touch}>
      <ChannelBadge channel={channel} />
      {more ? (
        <Text span fz="xs" c="dimmed" truncate title={more}>
          {more}
        </Text>
      ) : null}
    </span>
  )
}

function Owner({ lead }: { lead: LeadDetail }) {
  const owners = useOwners()
  const mayWrite = useMay('leads.write')
  // What was chosen while somebody else chose another, until it is decided.
  const [wanted, setWanted] = useState<{ ownerId: string | null }>()
  const edit = useLeadEdit(lead, { quiet: true })
  const nameOf = (id: string | null) =>
    id === null ? 'Nobody' : (owners.find(({ value }) => value === id)?.label ?? 'A former member')
  if (!mayWrite) return lead.ownerId === null ? <None /> : nameOf(lead.ownerId)
  const save = (ownerId: string | null) =>
    edit.save(
      { ownerId },
      {
        onDone: () => setWanted(undefined),
        onProblem: (problem) =>
          problem.code === 'revision_outdated' ? setWanted({ ownerId }) : showProblem(problem),
      },
    )
  return (
    <>
      <Select
        aria-label="Owner"
        variant="unstyled"
        size="xs"
        searchable
        className={classes.owner}
        data={[{ value: nobody, label: 'Nobody' }, ...owners]}
        value={lead.ownerId ?? nobody}
        disabled={edit.isPending}
        onChange={(chosen) => save(chosen === nobody ? null : chosen)}
      />
      {wanted && wanted.ownerId !== lead.ownerId ? (
        <Conflict
          leadId={lead.id}
          field="ownerId"
          theirs={nameOf(lead.ownerId)}
          mine={nameOf(wanted.ownerId)}
          busy={edit.isPending}
          onTheirs={() => setWanted(undefined)}
          onMine={() => save(wanted.ownerId)}
        />
      ) : null}
    </>
  )
}

const nobody = 'nobody'

function None() {
  return (
    <Text span c="dimmed">
      –
    </Text>
  )
}
