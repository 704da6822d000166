// System mail: whether it is set up, a test, and what became of the last mails, in the mail server's words.
import { Alert, Badge, Button, Text } from '@mantine/core'
import { IconMail, IconSend } from '@tabler/icons-react'
import { useState } from 'react'
import { getMail, sendTestMail } from '../../../src/accounts/contract.ts'
import type { SystemMail } from '../../../src/accounts/contract.ts'
import { showDone, useCall, useWrite } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'

/** While one waits it is looked at often, else seldom. */
const waitingMs = 1_500
const calmMs = 15_000

export function MailSettings() {
  const [isWaiting, setWaiting] = useState(false)
  const mail = useCall(getMail, {}, { refetchMs: isWaiting ? waitingMs : calmMs })
  const waits = mail.data?.items.some(({ status }) => status === 'waiting') ?? false
  if (waits !== isWaiting) setWaiting(waits)
  const test = useWrite(sendTestMail, {
    stale: [getMail],
    onDone: ({ to }) => showDone(`A test is on its way to ${to}.`),
  })
  return (
    <>
      <PageHeader
        title="Mail"
        about="Invitations, new passwords and notices about accounts. Nothing here goes to leads."
        actions={
          mail.data?.isSetUp ? (
            <Button
              leftSection={<IconSend size={16} stroke={1.6} />}
              loading={test.isPending}
              onClick={() => test.mutate({})}
            >
              Send a test mail
            </Button>
          ) : null
        }
      />
      <Answer of={mail}>
        {({ isSetUp, server, from, resetsByMail, items }) => (
          <>
            <Section title="Mail server">
              {isSetUp ? (
                <Text>
                  Mails go out as <b>{from}</b> through <b>{server}</b>.
                </Text>
              ) : (
                <Text>
                  None is set, so that every such mail is a link to copy: for an invitation when you make it,
                  for a lost password under Team. Whoever runs the installation sets <code>SMTP_URL</code> and{' '}
                  <code>MAIL_FROM</code> and starts it again.
                </Text>
              )}
              {isSetUp && !resetsByMail ? (
                <Alert color="yellow" mt={16} title="Lost passwords are not mailed yet">
                  They need <code>PUBLIC_URL</code>, the address of this app, so that no link can lead
                  elsewhere. Until it is set, admins make the links.
                </Alert>
              ) : null}
            </Section>
            <Section title="Last mails" about="To the team and its members, for 30 days." flush>
              {items.length === 0 ? (
                <EmptyState compact icon={IconMail} title="No mail yet">
                  {isSetUp ? 'Send a test to see that it arrives.' : 'They appear here once mail is set up.'}
                </EmptyState>
              ) : (
                <Mails items={items} />
              )}
            </Section>
          </>
        )}
      </Answer>
    </>
  )
}

function Mails({ items }: { items: readonly SystemMail[] }) {
  return (
    <DataTable
      label="Last mails"
      rows={items}
      rowId={(mail) => mail.id}
      columns={[
        {
          key: 'what',
          header: 'Mail',
          cell: (mail) => (
            <>
              <Text fw={500} component="span" display="block">
                {kindWords[mail.kind]}
              </Text>
              <Text fz="xs" c="dimmed" component="span">
                {mail.to}
              </Text>
            </>
          ),
        },
        {
          key: 'state',
          header: 'State',
          minWidth: 200,
          cell: (mail) => (
            <>
              <Badge color={stateOf(mail).color}>{stateOf(mail).label}</Badge>
              {mail.words ? (
                <Text fz="xs" c="dimmed" mt={4} style={{ overflowWrap: 'anywhere' }}>
                  {mail.words}
                </Text>
              ) : null}
            </>
          ),
        },
        {
          key: 'when',
          header: 'When',
          width: 128,
          show: 'wide',
          cell: (mail) => <Time at={mail.triedAt ?? mail.createdAt} />,
        },
      ]}
    />
  )
}

const kindWords: Record<SystemMail['kind'], string> = {
  password_reset: 'Link to set a new password',
  password_changed: 'Password changed',
  reset_link_made: 'Link made by an admin',
  email_change: 'Confirm a new address',
  email_changed: 'Address changed',
  two_factor_on: 'Two-factor on',
  two_factor_off: 'Two-factor off',
  invitation: 'Invitation',
  test: 'Test',
}

function stateOf({ status, attempts }: SystemMail): { label: string; color: string } {
  if (status === 'sent') return { label: 'Sent', color: 'accent' }
  if (status === 'failed') return { label: 'Not sent', color: 'red' }
  return attempts === 0
    ? { label: 'On its way', color: 'gray' }
    : { label: `Tried ${attempts === 1 ? 'once' : `${attempts} times`}, goes on`, color: 'yellow' }
}
