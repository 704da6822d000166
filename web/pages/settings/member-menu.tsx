// What can be done about a member: a link for a lost password, two-factor off, ownership, removal. Each asks first.
import { ActionIcon, Button, Group, Menu, Modal, Stack, Text } from '@mantine/core'
import { IconCrown, IconDots, IconKey, IconShieldOff, IconUserMinus } from '@tabler/icons-react'
import { useState } from 'react'
import {
  endTwoFactorOf,
  getMe,
  handOver,
  listMembers,
  makeResetLink,
  removeMember,
} from '../../../src/accounts/contract.ts'
import type { Member } from '../../../src/accounts/contract.ts'
import { showDone, useWrite } from '../../queries.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { CopyField } from '../../ui/copy-field.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import { PasswordDialog } from './password-dialog.tsx'

type Deed = 'link' | 'two_factor' | 'hand_over' | 'remove'

export function MemberMenu({ member }: { member: Member }) {
  const mayOwn = useMay('team.own')
  const [deed, setDeed] = useState<Deed>()
  const icon = { size: 16, stroke: 1.6 }
  const close = () => setDeed(undefined)
  return (
    <>
      <Menu position="bottom-end" width={264}>
        <Menu.Target>
          <ActionIcon aria-label={`More about ${member.name}`}>
            <IconDots {...icon} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconKey {...icon} />} onClick={() => setDeed('link')}>
            Link to set a new password
          </Menu.Item>
          {member.twoFactor ? (
            <Menu.Item leftSection={<IconShieldOff {...icon} />} onClick={() => setDeed('two_factor')}>
              Turn two-factor off
            </Menu.Item>
          ) : null}
          {mayOwn ? (
            <Menu.Item leftSection={<IconCrown {...icon} />} onClick={() => setDeed('hand_over')}>
              Hand ownership over
            </Menu.Item>
          ) : null}
          <Menu.Divider />
          <Menu.Item color="red" leftSection={<IconUserMinus {...icon} />} onClick={() => setDeed('remove')}>
            Remove from the team
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {deed === 'link' ? <ResetLink member={member} onClose={close} /> : null}
      {deed === 'two_factor' ? <TwoFactorOff member={member} onClose={close} /> : null}
      {deed === 'hand_over' ? <HandOver member={member} onClose={close} /> : null}
      {deed === 'remove' ? <Remove member={member} onClose={close} /> : null}
    </>
  )
}

interface DeedProps {
  member: Member
  onClose: () => void
}

function ResetLink({ member, onClose }: DeedProps) {
  const make = useWrite(makeResetLink, { quiet: true })
  return (
    <Modal
      opened
      onClose={onClose}
      title={`New password for ${member.name}`}
      size={480}
      closeOnClickOutside={!make.data}
    >
      <Stack gap={16}>
        {make.data ? (
          <>
            <Text>
              Pass this link on to {member.name}, by a way that you trust. It works once and is shown only
              now; it ends <Time at={make.data.expiresAt} />.
            </Text>
            <CopyField value={make.data.link} label="link to set a new password" />
          </>
        ) : (
          <Text>
            Whoever opens the link sets a new password for {member.email}. Until then the present one stays;
            afterwards every session of {member.name} ends. That you made it stands in the audit log.
          </Text>
        )}
        {make.error ? (
          <Text c="red" role="alert">
            {make.error.message}
          </Text>
        ) : null}
        <Group justify="flex-end" gap={8}>
          {make.data ? (
            <Button onClick={onClose}>Done</Button>
          ) : (
            <>
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button
                loading={make.isPending}
                onClick={() => make.mutate({ params: { userId: member.userId } })}
              >
                Make the link
              </Button>
            </>
          )}
        </Group>
      </Stack>
    </Modal>
  )
}

function TwoFactorOff({ member, onClose }: DeedProps) {
  const end = useWrite(endTwoFactorOf, {
    stale: [listMembers],
    onDone: () => {
      showDone(`Two-factor of ${member.name} is off.`)
      onClose()
    },
  })
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Turn two-factor off for ${member.name}`}
      action="Turn off"
      busy={end.isPending}
      onConfirm={() => end.mutate({ params: { userId: member.userId } })}
    >
      Do this for somebody who lost the phone and the recovery codes, once you are sure who asks. From then on
      the password alone opens the account.
    </ConfirmDialog>
  )
}

function HandOver({ member, onClose }: DeedProps) {
  const { name } = useWorkspace()
  const give = useWrite(handOver, {
    stale: [listMembers, getMe],
    quiet: true,
    onDone: () => {
      showDone(`${member.name} owns ${name} now; you are an admin.`)
      onClose()
    },
  })
  return (
    <PasswordDialog
      title={`Hand ${name} over to ${member.name}`}
      action="Hand over"
      color="red"
      busy={give.isPending}
      problem={give.error}
      onConfirm={(password) => give.mutate({ params: { userId: member.userId }, body: { password } })}
      onClose={onClose}
    >
      {member.name} becomes the owner in your place and you become an admin. Only the new owner can give it
      back. To own it together, make {member.name} an owner by the role instead.
    </PasswordDialog>
  )
}

function Remove({ member, onClose }: DeedProps) {
  const remove = useWrite(removeMember, {
    stale: [listMembers],
    onDone: () => {
      showDone(`${member.name} is no longer in the team.`)
      onClose()
    },
  })
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Remove ${member.name} from the team`}
      action="Remove"
      busy={remove.isPending}
      onConfirm={() => remove.mutate({ params: { userId: member.userId } })}
    >
      {member.name} can no longer open this workspace or its test twin. What they did stays, under their name.
      API keys that they made go on working. A new invitation brings them back.
    </ConfirmDialog>
  )
}
