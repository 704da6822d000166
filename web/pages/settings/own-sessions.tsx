// Where one is signed in: device, place and last use of each session, and ending them.
import { Badge, Button, Group, Text } from '@mantine/core'
import { IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react'
import { endOtherSessions, endSession, listSessions } from '../../../src/accounts/contract.ts'
import type { OwnSession } from '../../../src/accounts/contract.ts'
import { showDone, useCall, useWrite } from '../../queries.ts'
import { countryName } from '../../ui/countries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { count } from '../../ui/format.ts'
import { Section } from '../../ui/section.tsx'
import { Answer } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'

export function OwnSessions() {
  const sessions = useCall(listSessions, {})
  const end = useWrite(endSession, {
    stale: [listSessions],
    onDone: () => showDone('That session has ended.'),
  })
  const endOthers = useWrite(endOtherSessions, {
    stale: [listSessions],
    onDone: ({ ended }) => showDone(`${count(ended, 'session')} ended.`),
  })
  const hasOthers = (sessions.data?.items.length ?? 0) > 1
  return (
    <Section
      title="Sessions"
      about="Where you are signed in. End what you do not know, and change your password."
      flush
      actions={
        hasOthers ? (
          <Button variant="default" loading={endOthers.isPending} onClick={() => endOthers.mutate({})}>
            End all others
          </Button>
        ) : null
      }
    >
      <Answer of={sessions}>
        {({ items }) => (
          <DataTable
            label="Sessions"
            rows={items}
            rowId={(session) => session.id}
            columns={[
              { key: 'device', header: 'Device', cell: (session) => <Device session={session} /> },
              { key: 'place', header: 'Place', width: 176, show: 'wide', cell: placeOf },
              {
                key: 'used',
                header: 'Last used',
                width: 128,
                cell: (session) => <Time at={session.lastUsedAt} />,
              },
              {
                key: 'since',
                header: 'Signed in',
                width: 128,
                show: 'wide',
                cell: (session) => <Time at={session.createdAt} />,
              },
            ]}
            rowActions={(session) =>
              session.isCurrent ? null : (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  color="red"
                  loading={end.isPending && end.variables.params.id === session.id}
                  onClick={() => end.mutate({ params: { id: session.id } })}
                >
                  End
                </Button>
              )
            }
          />
        )}
      </Answer>
    </Section>
  )
}

function Device({ session }: { session: OwnSession }) {
  const Icon = session.isPhone ? IconDeviceMobile : IconDeviceDesktop
  return (
    <Group gap={8} wrap="nowrap">
      <Icon size={16} stroke={1.5} aria-label={session.isPhone ? 'Phone or tablet' : 'Computer'} role="img" />
      <Text component="span" truncate>
        {session.device ?? 'Unknown device'}
      </Text>
      {session.isCurrent ? <Badge color="accent">This one</Badge> : null}
    </Group>
  )
}

function placeOf({ address, country }: OwnSession): string {
  if (address === null) return 'Unknown'
  return country ? `${countryName(country)}, ${address}` : address
}
