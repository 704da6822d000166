// The write keys with the domains that may use them.
import { Badge, Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { listWriteKeys, revokeWriteKey } from '../../../src/accounts/contract.ts'
import type { WriteKey } from '../../../src/accounts/contract.ts'
import { showDone, useWrite } from '../../queries.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { CopyIcon } from '../../ui/copy-field.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Time } from '../../ui/time.tsx'
import { WriteKeyDialog } from './write-key-dialog.tsx'

export function WriteKeys({ items, mayWrite }: { items: WriteKey[]; mayWrite: boolean }) {
  const [editing, setEditing] = useState<WriteKey>()
  const [revoking, setRevoking] = useState<WriteKey>()
  const revoke = useWrite(revokeWriteKey, {
    stale: [listWriteKeys],
    onDone: () => {
      setRevoking(undefined)
      showDone('The write key is revoked.')
    },
  })
  return (
    <>
      <DataTable
        label="Write keys"
        rows={items}
        rowId={(key) => key.id}
        columns={[
          {
            key: 'name',
            header: 'Name',
            cell: (key) => (
              <Group gap={8}>
                <Text fw={500} component="span">
                  {key.name}
                </Text>
                {key.kind === 'server' ? <Badge color="gray">Server</Badge> : null}
              </Group>
            ),
          },
          {
            key: 'key',
            header: 'Key',
            cell: (key) => (
              <Group gap={4} wrap="nowrap">
                <Text fz="xs" ff="monospace" component="code">
                  {key.key}
                </Text>
                <CopyIcon value={key.key} label={`write key ${key.name}`} />
              </Group>
            ),
          },
          {
            key: 'domains',
            header: 'Allowed domains',
            show: 'wide',
            cell: (key) => (key.allowedDomains.length > 0 ? key.allowedDomains.join(', ') : 'Any'),
          },
          {
            key: 'created',
            header: 'Made',
            width: 112,
            show: 'wide',
            cell: (key) => <Time at={key.createdAt} />,
          },
        ]}
        rowActions={
          mayWrite
            ? (key) => (
                <>
                  <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setEditing(key)}>
                    Edit
                  </Button>
                  <Button size="compact-xs" variant="subtle" color="red" onClick={() => setRevoking(key)}>
                    Revoke
                  </Button>
                </>
              )
            : undefined
        }
      />
      {editing ? <WriteKeyDialog edited={editing} onClose={() => setEditing(undefined)} /> : null}
      <ConfirmDialog
        opened={revoking !== undefined}
        onClose={() => setRevoking(undefined)}
        title={`Revoke ${revoking?.name ?? ''}`}
        action="Revoke key"
        busy={revoke.isPending}
        typed={revoking?.name}
        onConfirm={() => revoking && revoke.mutate({ params: { id: revoking.id } })}
      >
        Pages and servers that send with this key are refused within seconds, and what they send then is lost.
        Events that already came in stay.
      </ConfirmDialog>
    </>
  )
}
