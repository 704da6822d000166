// Webhooks: servers of one's own that are told of leads, segments, orders and notices.
import { Badge, Button, Modal, Text } from '@mantine/core'
import { IconPlus, IconWebhook } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { createWebhook, listWebhooks } from '../../../src/deliveries/webhooks/contract.ts'
import type { Webhook } from '../../../src/deliveries/webhooks/contract.ts'
import { useCall, useWrite } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { count } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import { Secret } from './secret.tsx'
import { WebhookForm } from './webhook-form.tsx'
import { statusWords, typeLabel } from './words.ts'

export function WebhooksPage() {
  const { slug } = useWorkspace()
  const mayWrite = useMay('settings.write')
  const navigate = useNavigate()
  const [creating, setCreating] = useState(false)
  const found = useCall(listWebhooks, {}, { refetchMs: 15_000 })
  const make = mayWrite ? (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
      New webhook
    </Button>
  ) : null
  return (
    <>
      <PageHeader
        title="Webhooks"
        about="Servers of your own that are told when something happens: signed, tried again for a day, each with its log."
        actions={found.data && found.data.items.length > 0 ? make : null}
      />
      <Answer
        of={found}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState icon={IconWebhook} title="No webhooks yet" actions={make}>
            Give an address of yours and choose what it is told: a person who became known, a stage, a score,
            a segment, an order, or what needs help here.
          </EmptyState>
        }
      >
        {({ items }) => (
          <DataTable
            label="Webhooks"
            keyboard
            rows={items}
            rowId={({ id }) => id}
            onOpen={({ id }) =>
              void navigate({
                to: '/w/$workspace/settings/webhooks/$webhookId',
                params: { workspace: slug, webhookId: id },
              })
            }
            columns={columns}
          />
        )}
      </Answer>
      {creating ? <NewWebhook onClose={() => setCreating(false)} /> : null}
    </>
  )
}

const columns = [
  {
    key: 'name',
    header: 'Name',
    cell: ({ name, url }: Webhook) => (
      <span>
        <Text fw={500} component="span" display="block">
          {name}
        </Text>
        <Text fz="xs" c="dimmed" component="span" style={{ overflowWrap: 'anywhere' }}>
          {url}
        </Text>
      </span>
    ),
  },
  {
    key: 'types',
    header: 'Told when',
    show: 'wide' as const,
    cell: ({ types }: Webhook) =>
      types.length <= 2
        ? types.map(typeLabel).join('; ')
        : count(types.length, 'kind of event', 'kinds of events'),
  },
  {
    key: 'status',
    header: 'State',
    width: 112,
    cell: ({ status }: Webhook) => (
      <Badge color={statusWords[status].colour}>{statusWords[status].label}</Badge>
    ),
  },
  {
    key: 'sent',
    header: 'Last call',
    width: 128,
    show: 'wide' as const,
    cell: ({ lastSentAt }: Webhook) => (lastSentAt ? <Time at={lastSentAt} /> : 'Never'),
  },
]

function NewWebhook({ onClose }: { onClose: () => void }) {
  const create = useWrite(createWebhook, { stale: [listWebhooks], quiet: true })
  return (
    <Modal
      opened
      onClose={onClose}
      title={create.data ? 'Its signing secret' : 'New webhook'}
      size={560}
      closeOnClickOutside={!create.data}
    >
      {create.data ? (
        <Secret secret={create.data.secret} onClose={onClose} />
      ) : (
        <WebhookForm
          action="Make the webhook"
          busy={create.isPending}
          problem={create.error}
          onCancel={onClose}
          onSubmit={({ name, ...words }) =>
            create.mutate({ body: { ...words, ...(name.trim() ? { name: name.trim() } : {}) } })
          }
        />
      )}
    </Modal>
  )
}
