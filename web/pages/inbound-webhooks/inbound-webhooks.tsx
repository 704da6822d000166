// Inbound webhooks: the URLs that other tools call, what came in through each, and the way to a new one.
import { Badge, Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus, IconWebhook } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { FormEvent } from 'react'
import { createInboundWebhook, listInboundWebhooks } from '../../../src/inbound/contract.ts'
import type { InboundWebhook } from '../../../src/inbound/contract.ts'
import { useCall, useWrite } from '../../queries.ts'
import { CopyField } from '../../ui/copy-field.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { formatNumber } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import classes from './inbound-webhooks.module.css'
import { wayOf, ways } from './words.ts'

export function InboundWebhooksPage() {
  const mayWrite = useMay('settings.write')
  const found = useCall(listInboundWebhooks, {}, { refetchMs: 10_000 })
  const [isNew, setNew] = useState(false)
  const button = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setNew(true)}>
      New webhook
    </Button>
  )
  const isAny = (found.data?.items.length ?? 0) > 0
  return (
    <>
      <PageHeader
        title="Inbound webhooks"
        about="Let any tool send you leads and events: give it a URL, show one example, and say what means what."
        actions={mayWrite && isAny ? button : undefined}
      />
      <Answer
        of={found}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState icon={IconWebhook} title="No webhooks yet" actions={mayWrite ? button : undefined}>
            For booking tools, chat tools, quizzes, phone systems and whatever else can call a URL. Nothing
            that comes in is lost: what nobody mapped yet waits for you.
          </EmptyState>
        }
      >
        {({ items }) => <Webhooks items={items} />}
      </Answer>
      <Modal opened={isNew} onClose={() => setNew(false)} title="New webhook" size={480}>
        <NewWebhook />
      </Modal>
    </>
  )
}

function NewWebhook() {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [way, setWay] = useState('none')
  const create = useWrite(createInboundWebhook, { stale: [listInboundWebhooks], quiet: true })
  const made = create.data
  const open = (id: string) =>
    void navigate({
      to: '/w/$workspace/inbound-webhooks/$webhookId',
      params: { workspace: slug, webhookId: id },
    })
  const save = (event: FormEvent) => {
    event.preventDefault()
    const signature = ways[way]?.signature ?? { scheme: 'none' }
    create.mutate(
      { body: { name, signature } },
      { onSuccess: ({ id, secret }) => (secret === null ? open(id) : undefined) },
    )
  }
  if (made?.secret)
    return (
      <Stack gap={16}>
        <Text>
          Enter this secret at the tool. It is shown this once; if the tool has a secret of its own, enter
          that one under Security instead.
        </Text>
        <CopyField label="secret" value={made.secret} />
        <Group justify="flex-end">
          <Button onClick={() => open(made.id)}>Go on</Button>
        </Group>
      </Stack>
    )
  return (
    <form onSubmit={save}>
      <Stack gap={16}>
        <TextInput
          label="Name"
          placeholder="Booking tool"
          required
          maxLength={100}
          data-autofocus
          value={name}
          error={create.error?.message}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label="How calls prove whom they are from"
          description={ways[way]?.about}
          data={Object.entries(ways).map(([value, { label }]) => ({ value, label }))}
          value={way}
          allowDeselect={false}
          onChange={(value) => setWay(value ?? 'none')}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
            Make the webhook
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function Webhooks({ items }: { items: readonly InboundWebhook[] }) {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  return (
    <DataTable
      label="Inbound webhooks"
      keyboard
      rows={items}
      rowId={({ id }) => id}
      onOpen={({ id }) =>
        void navigate({
          to: '/w/$workspace/inbound-webhooks/$webhookId',
          params: { workspace: slug, webhookId: id },
        })
      }
      columns={[
        {
          key: 'name',
          header: 'Webhook',
          cell: (one) => (
            <span className={classes.name}>
              <Text fw={500} component="span" truncate>
                {one.name}
              </Text>
              <StateBadge webhook={one} />
            </span>
          ),
        },
        {
          key: 'signature',
          header: 'Verified by',
          width: 208,
          show: 'wide',
          cell: ({ signature }) => ways[wayOf(signature)]?.label,
        },
        {
          key: 'taken',
          header: 'Taken',
          align: 'right',
          width: 96,
          cell: ({ taken }) => formatNumber(taken),
        },
        {
          key: 'parked',
          header: 'Parked',
          align: 'right',
          width: 96,
          cell: ({ parked }) => formatNumber(parked),
        },
        {
          key: 'lastAt',
          header: 'Last call',
          width: 136,
          show: 'wide',
          cell: ({ lastAt }) => (lastAt ? <Time at={lastAt} /> : 'none yet'),
        },
      ]}
    />
  )
}

export function StateBadge({ webhook }: { webhook: InboundWebhook }) {
  if (webhook.archivedAt) return <Badge color="gray">Archived</Badge>
  if (webhook.mapping === null) return <Badge color="yellow">Not mapped</Badge>
  return null
}
