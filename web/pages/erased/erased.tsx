// What was erased on request and purged from the bin, naming nobody; and letting somebody come back who asked for it.
import { Alert, Badge, Button, Group, Select, TextInput } from '@mantine/core'
import { IconEraser } from '@tabler/icons-react'
import { useState } from 'react'
import type { FormEvent } from 'react'
import { identifierKinds } from '../../../src/leads/contract.ts'
import type { IdentifierKind } from '../../../src/leads/contract.ts'
import { BIN_DAYS, liftErasure, listErasures } from '../../../src/leads/erase/contract.ts'
import type { Erasure } from '../../../src/leads/erase/contract.ts'
import { leadsPath } from '../../paths.ts'
import { useCall, useWrite } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { formatNumber } from '../../ui/format.ts'
import { ButtonLink } from '../../ui/links.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useWorkspace } from '../../workspace.ts'
import { useActorName } from '../lead/actors.ts'

export function ErasedPage() {
  const { slug } = useWorkspace()
  const erasures = useCall(listErasures, {}, { refetchMs: 5_000 })
  return (
    <>
      <PageHeader
        title="Erased"
        about={`People erased on request, and leads purged after ${BIN_DAYS} days in the bin. Who they were is kept nowhere.`}
        actions={
          <ButtonLink variant="default" to={leadsPath(slug)}>
            To the leads
          </ButtonLink>
        }
      />
      <Section
        title="Let somebody come back"
        about="Only where the person asked for it. Their next call or import counts again."
      >
        <Lift />
      </Section>
      <Section title="What was erased" flush>
        <Answer
          of={erasures}
          compact
          isEmpty={({ items }) => items.length === 0}
          empty={
            <EmptyState compact icon={IconEraser} title="Nobody was erased">
              A lead's menu has “Erase for good”, for whoever asks to be forgotten.
            </EmptyState>
          }
        >
          {({ items }) => <Erasures items={items} />}
        </Answer>
      </Section>
    </>
  )
}

function Erasures({ items }: { items: readonly Erasure[] }) {
  const actorName = useActorName()
  return (
    <DataTable
      label="Erased"
      rows={items}
      rowId={({ id }) => id}
      columns={[
        {
          key: 'kind',
          header: 'What',
          cell: ({ kind }) => (kind === 'erased' ? 'Erased on request' : 'Purged from the bin'),
        },
        {
          key: 'people',
          header: 'People',
          align: 'right',
          width: 96,
          cell: ({ people }) => formatNumber(people),
        },
        {
          key: 'log',
          header: 'Log',
          width: 136,
          cell: ({ logClearedAt }) =>
            logClearedAt ? <Badge color="green">Cleared</Badge> : <Badge color="blue">Clearing</Badge>,
        },
        {
          key: 'who',
          header: 'Who',
          width: 176,
          show: 'wide',
          cell: ({ actor }) => actorName(actor) ?? 'The nightly purge',
        },
        { key: 'when', header: 'When', width: 136, cell: ({ erasedAt }) => <Time at={erasedAt} /> },
      ]}
    />
  )
}

const kindNames: Record<IdentifierKind, string> = {
  user_id: 'User id',
  vendor_customer_id: 'Customer id',
  email: 'E-mail',
  anonymous_id: 'Browser id',
  phone: 'Phone',
}

function Lift() {
  const [kind, setKind] = useState<IdentifierKind>('email')
  const [value, setValue] = useState('')
  const lift = useWrite(liftErasure, { quiet: true })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    lift.mutate({ body: { kind, value } })
  }
  return (
    <form onSubmit={submit}>
      <Group gap={8} align="flex-end">
        <Select
          label="By"
          w={140}
          data={identifierKinds.map((one) => ({ value: one, label: kindNames[one] }))}
          value={kind}
          onChange={(chosen) => setKind(identifierKinds.find((one) => one === chosen) ?? kind)}
        />
        <TextInput
          label={kindNames[kind]}
          flex="1 1 200px"
          maw={360}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={!value.trim()} loading={lift.isPending}>
          Let them come back
        </Button>
      </Group>
      {lift.error ? (
        <Alert color="red" variant="light" mt={12} role="alert">
          {lift.error.message}
        </Alert>
      ) : null}
      {lift.data ? (
        <Alert color={lift.data.wasErased ? 'green' : 'gray'} variant="light" mt={12} role="status">
          {lift.data.wasErased
            ? 'They may come back under this.'
            : 'Nobody was erased under this, so nothing keeps them away.'}
        </Alert>
      ) : null}
    </form>
  )
}
