// The ways out of a workspace: leaving it, and deleting it with its name typed.
import { Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { deleteWorkspace, leaveTeam } from '../../../src/accounts/contract.ts'
import { useWrite } from '../../queries.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Section } from '../../ui/section.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'

export function WorkspaceEnd() {
  const { name, slug, role } = useWorkspace()
  const mayDelete = useMay('team.own')
  const [asking, setAsking] = useState<'leave' | 'delete'>()
  // All that this tab knows was of the workspace that is gone.
  const onDone = () => window.location.assign('/')
  const close = () => setAsking(undefined)
  const leave = useWrite(leaveTeam, { onDone })
  const remove = useWrite(deleteWorkspace, { onDone })
  return (
    <Section title="Leave or delete" about="Both concern the live workspace and its test twin.">
      <Text mb={16}>
        {role === 'owner'
          ? 'The last owner cannot leave: make another member an owner first, under Team.'
          : 'Who leaves comes back by a new invitation.'}
        {mayDelete ? ' Deleting takes everything in it away, for everybody, for good.' : ''}
      </Text>
      <Group gap={8}>
        <Button variant="default" onClick={() => setAsking('leave')}>
          Leave {name}
        </Button>
        {mayDelete ? (
          <Button variant="default" color="red" onClick={() => setAsking('delete')}>
            Delete {name}
          </Button>
        ) : null}
      </Group>
      <ConfirmDialog
        opened={asking === 'leave'}
        onClose={close}
        title={`Leave ${name}`}
        action="Leave"
        busy={leave.isPending}
        onConfirm={() => leave.mutate({})}
      >
        You can no longer open this workspace or its test twin. What you did stays, under your name.
      </ConfirmDialog>
      <ConfirmDialog
        opened={asking === 'delete'}
        onClose={close}
        title={`Delete ${name}`}
        action="Delete for good"
        typed={name}
        busy={remove.isPending}
        onConfirm={() => remove.mutate({ params: { id: slug }, body: { name } })}
      >
        Every lead, event, import, key and member of {name} and of its test twin goes. Trackers and programs
        that send here are refused at once. This cannot be undone; an export before it can be kept.
      </ConfirmDialog>
    </Section>
  )
}
