// API keys: made for a program, shown once, revoked at once.
import { Badge, Button, Text } from '@mantine/core'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { listApiKeys, revokeApiKey } from '../../../src/accounts/contract.ts'
import type { ApiKey } from '../../../src/accounts/contract.ts'
import { showDone, useCall, useWrite } from '../../queries.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { count, words } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useWorkspace } from '../../workspace.ts'
import { ApiKeyDialog } from './api-key-dialog.tsx'

export function ApiKeySettings() {
  const { mode } = useWorkspace()
  const keys = useCall(listApiKeys, {})
  const [creating, setCreating] = useState(false)
  const [revoking, setRevoking] = useState<ApiKey>()
  const revoke = useWrite(revokeApiKey, {
    stale: [listApiKeys],
    onDone: () => {
      setRevoking(undefined)
      showDone('The key is revoked.')
    },
  })
  const make = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
      New API key
    </Button>
  )
  return (
    <>
      <PageHeader
        title="API keys"
        about={`With a key, a program reads and writes this ${mode} workspace: Authorization: Bearer KEY.`}
        actions={keys.data && keys.data.items.length > 0 ? make : null}
      />
      <Answer
        of={keys}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState icon={IconKey} title="No API keys yet" actions={make}>
            Make one for each program, with the smallest role that does. The API reference lists what it can
            call.
          </EmptyState>
        }
      >
        {({ items }) => (
          <DataTable
            label="API keys"
            rows={items}
            rowId={(key) => key.id}
            columns={[
              {
                key: 'name',
                header: 'Name',
                cell: (key) => (
                  <>
                    <Text fw={500} component="span" display="block">
                      {key.name}
                    </Text>
                    <Text fz="xs" c="dimmed" component="span" ff="monospace">
                      {key.prefix}…
                    </Text>
                  </>
                ),
              },
              {
                key: 'role',
                header: 'Role',
                width: 176,
                cell: (key) =>
                  key.scopes ? `${words(key.role)}, ${count(key.scopes.length, 'scope')}` : words(key.role),
              },
              { key: 'by', header: 'Made by', show: 'wide', cell: (key) => key.createdBy },
              {
                key: 'used',
                header: 'Last used',
                width: 120,
                show: 'wide',
                cell: (key) => (key.lastUsedAt ? <Time at={key.lastUsedAt} /> : 'Never'),
              },
              { key: 'expires', header: 'Expires', width: 120, cell: (key) => <Expiry at={key.expiresAt} /> },
            ]}
            rowActions={(key) => (
              <Button size="compact-xs" variant="subtle" color="red" onClick={() => setRevoking(key)}>
                Revoke
              </Button>
            )}
          />
        )}
      </Answer>
      {creating ? <ApiKeyDialog onClose={() => setCreating(false)} /> : null}
      <ConfirmDialog
        opened={revoking !== undefined}
        onClose={() => setRevoking(undefined)}
        title={`Revoke ${revoking?.name ?? ''}`}
        action="Revoke key"
        busy={revoke.isPending}
        onConfirm={() => revoking && revoke.mutate({ params: { id: revoking.id } })}
      >
        Every program that uses this key is refused from now on. This cannot be undone; a new key takes its
        place.
      </ConfirmDialog>
    </>
  )
}

function Expiry({ at }: { at: string | null }) {
  if (at === null) return 'Never'
  return new Date(at) <= new Date() ? <Badge color="red">Expired</Badge> : <Time at={at} />
}
