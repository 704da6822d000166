// The team: members and their roles, open invitations, and who may what.
import { Button } from '@mantine/core'
import { IconUserPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useMay } from '../../workspace.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { InviteDialog } from './invite-dialog.tsx'
import { Invitations } from './invitations.tsx'
import { Members } from './members.tsx'
import { RoleTable } from './role-table.tsx'

export function TeamSettings() {
  const mayManage = useMay('team.manage')
  const [inviting, setInviting] = useState(false)
  return (
    <>
      <PageHeader
        title="Team"
        about="The same people work in the live workspace and in its test twin."
        actions={
          mayManage ? (
            <Button leftSection={<IconUserPlus size={16} stroke={1.6} />} onClick={() => setInviting(true)}>
              Invite
            </Button>
          ) : null
        }
      />
      <Section title="Members" flush>
        <Members mayManage={mayManage} />
      </Section>
      {mayManage ? <Invitations /> : null}
      <Section title="Who may what" flush>
        <RoleTable />
      </Section>
      {inviting ? <InviteDialog onClose={() => setInviting(false)} /> : null}
    </>
  )
}
