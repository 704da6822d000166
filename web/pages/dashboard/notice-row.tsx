// One thing that waits for a person, with who takes care of it and a way to dismiss it.
import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core'
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconCheck,
  IconFileAlert,
  IconFileCheck,
  IconFlame,
  IconPlugConnectedX,
  IconShoppingCartX,
  IconSnowflake,
  IconUserPlus,
  IconUsersGroup,
} from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { getLead, listLeads } from '../../../src/leads/contract.ts'
import { assignNotice, dismissNotice, listNotices, restoreNotice } from '../../../src/notices/contract.ts'
import type { Notice, NoticeKind } from '../../../src/notices/contract.ts'
import { showDone, useWrite } from '../../queries.ts'
import { LeadLink } from '../../ui/lead-link.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import { useActorName } from '../lead/actors.ts'
import { useOwners } from '../leads/facts.ts'
import { noticePath } from './notice-path.ts'
import { noticeName, noticeWords, sinceWords } from './notice-words.ts'
import classes from './notices.module.css'

const icons: Record<NoticeKind, ComponentType<{ size?: number; stroke?: number }>> = {
  hot_lead: IconFlame,
  cold_lead: IconSnowflake,
  abandoned_carts: IconShoppingCartX,
  parked_messages: IconAlertTriangle,
  refused_events: IconAlertTriangle,
  failed_import: IconFileAlert,
  lost_connection: IconPlugConnectedX,
  stopped_webhook: IconPlugConnectedX,
  finished_import: IconFileCheck,
  failed_deliveries: IconAlertTriangle,
  duplicates: IconUsersGroup,
  failed_jobs: IconAlertTriangle,
}

export function NoticeRow({ notice }: { notice: Notice }) {
  const Icon = icons[notice.kind]
  const mayWrite = useMay('leads.write')
  const actorName = useActorName()
  return (
    <li className={classes.row}>
      <span className={classes.icon} data-kind={notice.kind} aria-hidden>
        <Icon size={16} stroke={1.6} />
      </span>
      <div className={classes.words}>
        <Subject notice={notice} />
        <span className={classes.small}>
          {notice.lead ? `${noticeWords(notice)} · ` : ''}
          {notice.dismissed ? (
            <>
              dismissed by {actorName(notice.dismissed.by) ?? 'somebody'} <Time at={notice.dismissed.at} />
            </>
          ) : (
            <>
              {sinceWords(notice.kind)}{' '}
              <Time
                at={notice.kind === 'cold_lead' ? (notice.lead?.lastSeenAt ?? null) : notice.happenedAt}
              />
            </>
          )}
        </span>
      </div>
      <div className={classes.acts}>
        <Owner notice={notice} mayWrite={mayWrite} />
        {mayWrite ? <Dismiss notice={notice} /> : null}
      </div>
    </li>
  )
}

function Subject({ notice }: { notice: Notice }) {
  const { slug } = useWorkspace()
  const { lead } = notice
  if (lead) return <LeadLink id={lead.id} label={lead.label} />
  const to = noticePath(notice, slug)
  return to ? (
    <Link to={to} className={classes.link}>
      {noticeWords(notice)}
    </Link>
  ) : (
    <span>{noticeWords(notice)}</span>
  )
}

function Owner({ notice, mayWrite }: { notice: Notice; mayWrite: boolean }) {
  const { kind, subject, ownerId } = notice
  const members = useOwners()
  const assign = useWrite(assignNotice, { stale: [listNotices, getLead, listLeads] })
  const owner =
    ownerId === null
      ? undefined
      : (members.find(({ value }) => value === ownerId)?.label ?? 'A former member')
  if (!mayWrite) return owner ? <span className={classes.small}>{owner}</span> : null
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          className={classes.owner}
          leftSection={owner ? undefined : <IconUserPlus size={14} stroke={1.6} />}
          aria-label={`${owner ? `${owner} takes care of` : 'Assign'} ${noticeName(notice)}`}
          loading={assign.isPending}
        >
          {owner ?? 'Assign'}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{notice.lead ? 'Owner of the lead' : 'Who takes care of it'}</Menu.Label>
        {members.map(({ value, label }) => (
          <Menu.Item
            key={value}
            leftSection={value === ownerId ? <IconCheck size={14} /> : undefined}
            onClick={() => assign.mutate({ body: { kind, subject, ownerId: value } })}
          >
            {label}
          </Menu.Item>
        ))}
        {ownerId === null ? null : (
          <Menu.Item onClick={() => assign.mutate({ body: { kind, subject, ownerId: null } })}>
            Nobody
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

function Dismiss({ notice }: { notice: Notice }) {
  const { kind, subject, happenedAt, dismissed } = notice
  const dismiss = useWrite(dismissNotice, {
    stale: [listNotices],
    onDone: () => showDone('Dismissed for the team. It comes back when it happens anew.'),
  })
  const restore = useWrite(restoreNotice, { stale: [listNotices] })
  const label = `${dismissed ? 'Bring back' : 'Dismiss'} ${noticeName(notice)}`
  return (
    <Tooltip label={dismissed ? 'Bring back' : 'Dismiss for the team'}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={label}
        loading={dismiss.isPending || restore.isPending}
        onClick={() =>
          dismissed
            ? restore.mutate({ body: { kind, subject } })
            : dismiss.mutate({ body: { kind, subject, happenedAt } })
        }
      >
        {dismissed ? <IconArrowBackUp size={16} stroke={1.6} /> : <IconCheck size={16} stroke={1.6} />}
      </ActionIcon>
    </Tooltip>
  )
}
