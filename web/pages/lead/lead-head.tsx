// Who the lead is, at a glance: name, ways to reach, first and last touch, what they did and spent, tags and owner.
import { Badge, Select, Text, Title, Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import type { LeadDetail } from '../../../src/leads/contract.ts'
import { ChannelBadge } from '../../ui/channel-badge.tsx'
import { CopyIcon } from '../../ui/copy-field.tsx'
import { countryName } from '../../ui/countries.ts'
import { formatNumber } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay } from '../../workspace.ts'
import { useOwners } from '../leads/facts.ts'
import { useLeadEdit } from './edit-lead.ts'
import { EmailKindBadge } from './inferred.tsx'
import classes from './lead-head.module.css'
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
  const edit = useLeadEdit(lead)
  if (!mayWrite) return owners.find(({ value }) => value === lead.ownerId)?.label ?? <None />
  return (
    <Select
      aria-label="Owner"
      variant="unstyled"
      size="xs"
      searchable
      className={classes.owner}
      data={[{ value: nobody, label: 'Nobody' }, ...owners]}
      value={lead.ownerId ?? nobody}
      disabled={edit.isPending}
      onChange={(chosen) => edit.save({ ownerId: chosen === nobody ? null : chosen })}
    />
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
