// Invitations that wait to be accepted; nothing where there are none.
import { Button } from '@mantine/core'
import { listInvitations, revokeInvitation } from '../../../src/accounts/contract.ts'
import { showDone, useCall, useWrite } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { words } from '../../ui/format.ts'
import { Section } from '../../ui/section.tsx'
import { Time } from '../../ui/time.tsx'

export function Invitations() {
  const invitations = useCall(listInvitations, {})
  const revoke = useWrite(revokeInvitation, {
    stale: [listInvitations],
    onDone: () => showDone('The invitation is taken back; its link no longer works.'),
  })
  const items = invitations.data?.items ?? []
  if (items.length === 0) return null
  return (
    <Section title="Invitations" about="Whoever opens the link can join, once." flush>
      <DataTable
        label="Invitations"
        rows={items}
        rowId={(invitation) => invitation.id}
        columns={[
          { key: 'email', header: 'For', cell: (invitation) => invitation.email ?? 'Anyone with the link' },
          { key: 'role', header: 'Role', width: 112, cell: (invitation) => words(invitation.role) },
          { key: 'by', header: 'Invited by', show: 'wide', cell: (invitation) => invitation.invitedBy },
          {
            key: 'expires',
            header: 'Expires',
            width: 128,
            show: 'wide',
            cell: (invitation) => <Time at={invitation.expiresAt} />,
          },
        ]}
        rowActions={(invitation) => (
          <Button
            size="compact-xs"
            variant="subtle"
            color="red"
            loading={revoke.isPending && revoke.variables.params.id === invitation.id}
            onClick={() => revoke.mutate({ params: { id: invitation.id } })}
          >
            Take back
          </Button>
        )}
      />
    </Section>
  )
}
