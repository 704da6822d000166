// The list on a phone: a row per lead that can be hit with a thumb.
import { Link } from '@tanstack/react-router'
import type { Lead } from '../../../src/leads/contract.ts'
import { useWorkspace } from '../../workspace.ts'
import { ChannelBadge } from '../../ui/channel-badge.tsx'
import { countryName } from '../../ui/countries.ts'
import { words } from '../../ui/format.ts'
import { Time } from '../../ui/time.tsx'
import { VirtualRows } from '../../ui/virtual-rows.tsx'
import classes from './lead-cards.module.css'

interface LeadCardsProps {
  leads: readonly Lead[]
  onEnd: () => void
  busy: boolean
}

export function LeadCards({ leads, onEnd, busy }: LeadCardsProps) {
  return (
    <div className={classes.root} role="list" aria-label="Leads">
      <VirtualRows
        items={leads}
        keyOf={(lead) => lead.id}
        heightOf={() => 85}
        draw={(lead) => <Card lead={lead} />}
        onEnd={onEnd}
      />
      {busy ? (
        <p className={classes.busy} role="status">
          Fetching more…
        </p>
      ) : null}
    </div>
  )
}

function Card({ lead }: { lead: Lead }) {
  const { slug } = useWorkspace()
  const second = [lead.email === lead.label ? null : lead.email, lead.company].filter(Boolean).join(' · ')
  return (
    <div role="listitem">
      <Link
        from="/w/$workspace/leads"
        to="/w/$workspace/leads/$id"
        params={{ workspace: slug, id: lead.id }}
        search={(before) => ({ ...before })}
        state={{ beside: true }}
        preload={false}
        className={classes.card}
      >
        <span className={classes.line}>
          <span className={classes.name} data-anonymous={!lead.isKnown || undefined}>
            {lead.label}
          </span>
          <span className={classes.quiet}>
            <Time at={lead.lastSeenAt ?? lead.createdAt} />
          </span>
        </span>
        <span className={classes.second}>{second || lead.phone || `From ${words(lead.source)}`}</span>
        <span className={classes.line}>
          {lead.firstChannel ? (
            <ChannelBadge channel={lead.firstChannel} />
          ) : (
            <span className={classes.quiet}>{words(lead.source)}</span>
          )}
          <span className={classes.quiet}>{lead.country ? countryName(lead.country) : ''}</span>
        </span>
      </Link>
    </div>
  )
}
