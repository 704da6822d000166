// Forms: all of them with what they brought in, and the way to a new one.
import { Badge, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { IconForms, IconPlus } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { FormEvent } from 'react'
import { createForm, listForms } from '../../../src/forms/contract.ts'
import type { Form } from '../../../src/forms/contract.ts'
import { useCall, useWrite } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { formatNumber } from '../../ui/format.ts'
import { TextLink } from '../../ui/links.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import classes from './forms.module.css'
import { percent } from './words.ts'

export function FormsPage() {
  const { slug } = useWorkspace()
  const mayWrite = useMay('leads.write')
  const found = useCall(listForms, {}, { refetchMs: 10_000 })
  const [isNew, setNew] = useState(false)
  const button = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setNew(true)}>
      New form
    </Button>
  )
  const isAny = (found.data?.items.length ?? 0) > 0
  return (
    <>
      <PageHeader
        title="Forms"
        about={
          <>
            Forms for your website: on a page of their own, or in any page of yours. Who sends one is a lead
            at once. Forms of another tool can send you their leads by an{' '}
            <TextLink to="/w/$workspace/inbound-webhooks" params={{ workspace: slug }} underline="always">
              inbound webhook
            </TextLink>
            .
          </>
        }
        actions={mayWrite && isAny ? button : undefined}
      />
      <Answer
        of={found}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState icon={IconForms} title="No forms yet" actions={mayWrite ? button : undefined}>
            Make one in a minute: it begins with name, e-mail and a consent, and you see it as your visitors
            will while you change it.
          </EmptyState>
        }
      >
        {({ items }) => <Table items={items} />}
      </Answer>
      <Modal opened={isNew} onClose={() => setNew(false)} title="New form" size={440}>
        <NewForm />
      </Modal>
    </>
  )
}

function NewForm() {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const create = useWrite(createForm, {
    stale: [listForms],
    quiet: true,
    onDone: ({ id }) =>
      void navigate({ to: '/w/$workspace/forms/$formId', params: { workspace: slug, formId: id } }),
  })
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() !== '') create.mutate({ body: { name } })
  }
  return (
    <form onSubmit={save}>
      <Stack gap={16}>
        <TextInput
          label="Name"
          description="Only your team sees it."
          placeholder="Newsletter on the home page"
          required
          maxLength={100}
          data-autofocus
          value={name}
          error={create.error?.message}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
            Make the form
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function Table({ items }: { items: readonly Form[] }) {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  return (
    <DataTable
      label="Forms"
      keyboard
      rows={items}
      rowId={({ id }) => id}
      onOpen={({ id }) =>
        void navigate({ to: '/w/$workspace/forms/$formId', params: { workspace: slug, formId: id } })
      }
      columns={[
        {
          key: 'name',
          header: 'Form',
          cell: (form) => (
            <span className={classes.name}>
              <Text fw={500} component="span" truncate>
                {form.name}
              </Text>
              {form.archivedAt ? <Badge color="gray">Archived</Badge> : null}
            </span>
          ),
        },
        {
          key: 'views',
          header: 'Views',
          align: 'right',
          width: 96,
          show: 'wide',
          cell: ({ counts }) => formatNumber(counts.views),
        },
        {
          key: 'submissions',
          header: 'Submissions',
          align: 'right',
          width: 112,
          cell: ({ counts }) => formatNumber(counts.submissions),
        },
        {
          key: 'conversion',
          header: 'Conversion',
          align: 'right',
          width: 112,
          show: 'wide',
          cell: ({ counts }) => percent(counts.conversion),
        },
        {
          key: 'refused',
          header: 'Refused',
          align: 'right',
          width: 96,
          cell: ({ counts }) => formatNumber(counts.refused),
        },
        {
          key: 'changed',
          header: 'Changed',
          width: 136,
          show: 'wide',
          cell: ({ updatedAt }) => <Time at={updatedAt} />,
        },
      ]}
      footer={
        <Text fz="xs" c="dimmed">
          Counts are of the last 30 days.
        </Text>
      }
    />
  )
}
