// The bell: what is new since it was last looked at, with the way to each cause.
import { ActionIcon, Indicator, Popover, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBell } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { readBell, seeNotices } from '../../src/notices/contract.ts'
import type { ReplyOf } from '../../src/lib/endpoint.ts'
import { noticeName, noticeWords } from '../pages/dashboard/notice-words.ts'
import { noticePath } from '../pages/dashboard/notice-path.ts'
import { useCall, useWrite } from '../queries.ts'
import { count } from '../ui/format.ts'
import { EmptyState } from '../ui/states.tsx'
import { Time } from '../ui/time.tsx'
import { useWorkspace } from '../workspace.ts'
import classes from './bell.module.css'

type Ring = ReplyOf<typeof readBell>['items'][number]

const MANY = 99

export function Bell() {
  const [opened, { open, close }] = useDisclosure(false)
  const { data, error } = useCall(readBell, {}, { refetchMs: 30_000 })
  const see = useWrite(seeNotices, { stale: [readBell], quiet: true })
  const unread = data?.unread ?? 0
  const newest = data?.items[0]?.happenedAt
  // What was read stays marked while the list is open, and is seen once it closes.
  const leave = () => {
    close()
    if (unread > 0 && newest) see.mutate({ body: { through: newest } })
  }
  const label = unread === 0 ? 'Notices' : `Notices: ${count(unread, 'new one', 'new ones')}`
  return (
    <Popover
      // The frame of the number is no button: the one within it says what it opens.
      withRoles={false}
      opened={opened}
      onChange={(wanted) => (wanted ? open() : leave())}
      position="bottom-end"
      width={360}
      trapFocus
      returnFocus
    >
      <Indicator
        disabled={unread === 0}
        label={unread > MANY ? `${MANY}+` : unread}
        size={16}
        offset={6}
        color="red"
        className={classes.bell}
      >
        <Popover.Target>
          <ActionIcon size={36} aria-label={label} title={label} onClick={opened ? leave : open}>
            <IconBell size={18} stroke={1.6} />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown className={classes.list} role="dialog" aria-label="Notices">
        <Text fw={600} component="h2" className={classes.head}>
          Notices
        </Text>
        {data && data.items.length > 0 ? (
          <ul aria-label="Notices">
            {data.items.map((one) => (
              <Row key={`${one.kind} ${one.subject}`} ring={one} onLeave={leave} />
            ))}
          </ul>
        ) : (
          <EmptyState compact title={error ? 'The notices cannot be read right now' : 'Nothing is new'}>
            {error
              ? error.message
              : 'Lost connections, deliveries that cannot go, imports and leads that turned hot are told here.'}
          </EmptyState>
        )}
      </Popover.Dropdown>
    </Popover>
  )
}

function Row({ ring, onLeave }: { ring: Ring; onLeave: () => void }) {
  const { slug } = useWorkspace()
  const to = noticePath(ring, slug)
  const words = (
    <>
      <span className={classes.words}>{noticeName(ring)}</span>
      <span className={classes.small}>
        {ring.lead ? `${noticeWords(ring)} · ` : ''}
        <Time at={ring.happenedAt} />
        {ring.isUnread ? ' · new' : ''}
      </span>
    </>
  )
  return (
    <li data-unread={ring.isUnread || undefined}>
      {to ? (
        <Link to={to} className={classes.row} onClick={onLeave}>
          {words}
        </Link>
      ) : (
        <div className={classes.row}>{words}</div>
      )}
    </li>
  )
}
