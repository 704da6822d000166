// The members with their roles; a role is changed in place, everything else is in the menu of a row.
import { Badge, Group, Select, Text } from '@mantine/core'
import { changeRole, getMe, listMembers, mayGrant, roles } from '../../../src/accounts/contract.ts'
import { showDone, useCall, useWrite } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { words } from '../../ui/format.ts'
import { Answer } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useSession, useWorkspace } from '../../workspace.ts'
import { MemberMenu } from './member-menu.tsx'

export function Members({ mayManage }: { mayManage: boolean }) {
  const members = useCall(listMembers, {})
  const { role: mine } = useWorkspace()
  const { user } = useSession()
  const change = useWrite(changeRole, {
    stale: [listMembers, getMe],
    onDone: ({ name, role }) => showDone(`${name} is ${role} now.`),
  })
  return (
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
                  <Group gap={8}>
                    <Text fw={500} component="span">
                      {member.name}
                      {member.userId === user.id ? ' (you)' : ''}
                    </Text>
                    {member.twoFactor ? <Badge color="accent">Two-factor</Badge> : null}
                  </Group>
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
                  member.userId !== user.id && mayGrant(mine, member.role) ? (
                    <MemberMenu member={member} />
                  ) : null
              : undefined
          }
        />
      )}
    </Answer>
  )
}
