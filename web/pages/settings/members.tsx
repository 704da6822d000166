// The members with their roles; a role is changed in place, removal asks first.
import { Button, Select, Text } from '@mantine/core'
import { useState } from 'react'
import {
  changeRole,
  getMe,
  listMembers,
  mayGrant,
  removeMember,
  roles,
} from '../../../src/accounts/contract.ts'
import type { Member } from '../../../src/accounts/contract.ts'
import { showDone, useCall, useWrite } from '../../queries.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { words } from '../../ui/format.ts'
import { Answer } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useSession, useWorkspace } from '../../workspace.ts'

export function Members({ mayManage }: { mayManage: boolean }) {
  const members = useCall(listMembers, {})
  const { role: mine } = useWorkspace()
  const { user } = useSession()
  const [leaving, setLeaving] = useState<Member>()
  const change = useWrite(changeRole, {
    stale: [listMembers, getMe],
    onDone: ({ name, role }) => showDone(`${name} is ${role} now.`),
  })
  const remove = useWrite(removeMember, { stale: [listMembers, getMe], onDone: () => setLeaving(undefined) })
  return (
    <>
      <Answer of={members}>
        {({ items }) => (
          <DataTable
            label="Members"
            rows={items}
            rowId={(member) => member.userId}
            columns={[
              {
                key: 'name',
                header: 'Name',
                cell: (member) => (
                  <>
                    <Text fw={500} component="span" display="block">
                      {member.name}
                      {member.userId === user.id ? ' (you)' : ''}
                    </Text>
                    <Text fz="xs" c="dimmed" component="span">
                      {member.email}
                    </Text>
                  </>
                ),
              },
              {
                key: 'role',
                header: 'Role',
                width: 160,
                cell: (member) =>
                  mayManage && mayGrant(mine, member.role) ? (
                    <Select
                      size="xs"
                      w={128}
                      aria-label={`Role of ${member.name}`}
                      data={roles
                        .filter((role) => mayGrant(mine, role))
                        .map((role) => ({ value: role, label: words(role) }))}
                      value={member.role}
                      disabled={change.isPending}
                      onChange={(value) => {
                        const role = roles.find((one) => one === value)
                        if (role) change.mutate({ params: { userId: member.userId }, body: { role } })
                      }}
                    />
                  ) : (
                    words(member.role)
                  ),
              },
              {
                key: 'joined',
                header: 'Joined',
                width: 128,
                show: 'wide',
                cell: (member) => <Time at={member.joinedAt} />,
              },
            ]}
            rowActions={
              mayManage
                ? (member) =>
                    mayGrant(mine, member.role) && items.length > 1 ? (
                      <Button
                        size="compact-xs"
                        variant="subtle"
                        color="red"
                        onClick={() => setLeaving(member)}
                      >
                        {member.userId === user.id ? 'Leave' : 'Remove'}
                      </Button>
                    ) : null
                : undefined
            }
          />
        )}
      </Answer>
      <ConfirmDialog
        opened={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        title={`Remove ${leaving?.name ?? ''} from the team`}
        action="Remove"
        busy={remove.isPending}
        onConfirm={() => leaving && remove.mutate({ params: { userId: leaving.userId } })}
      >
        {leaving?.name} can no longer open this workspace or its test twin. What they did stays, under their
        name. A new invitation brings them back.
      </ConfirmDialog>
    </>
  )
}
