// Custom fields: what there is, how many leads have it, where it came from, what uses it, and what can be done about it.
import { Badge, Button, Text, UnstyledButton } from '@mantine/core'
import { IconForms, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { countFields, listFields } from '../../../../src/leads/fields/contract.ts'
import type { Field } from '../../../../src/leads/fields/contract.ts'
import type { ReplyOf } from '../../../../src/lib/endpoint.ts'
import { importsPath } from '../../../paths.ts'
import { useCall } from '../../../queries.ts'
import { DataTable } from '../../../ui/data-table.tsx'
import { count, formatNumber } from '../../../ui/format.ts'
import { ButtonLink, TextLink } from '../../../ui/links.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Answer, EmptyState } from '../../../ui/states.tsx'
import { useMay, useWorkspace } from '../../../workspace.ts'
import { FieldMenu } from './field-menu.tsx'
import { NewFieldDialog } from './name-dialogs.tsx'
import { UsesDialog } from './uses.tsx'
import { FieldWorkLines } from './work-lines.tsx'
import { originNames, typeNames, valueWords } from './field-words.ts'
import classes from './fields.module.css'

type Count = ReplyOf<typeof countFields>['items'][number]

export function FieldSettings() {
  const { slug } = useWorkspace()
  const mayWrite = useMay('leads.write')
  const fields = useCall(listFields, {})
  const counts = useCall(countFields, {}, { refetchMs: 60_000 })
  const [creating, setCreating] = useState(false)
  const make = mayWrite ? (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
      New field
    </Button>
  ) : null
  const byKey = new Map(counts.data?.items.map((item) => [item.key, item]))
  return (
    <>
      <PageHeader
        title="Custom fields"
        about="What you know of leads beyond name, company and address. They come with imports, tracking and edits, or you make them here."
        actions={fields.data && fields.data.items.length > 0 ? make : null}
      />
      <FieldWorkLines />
      <Answer
        of={fields}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState
            icon={IconForms}
            title="No custom fields yet"
            actions={
              <>
                {make}
                <ButtonLink variant="default" to={importsPath(slug)}>
                  Import a file
                </ButtonLink>
              </>
            }
          >
            A column of a file that fits no other field becomes one, and so does a trait that your site sends.
          </EmptyState>
        }
      >
        {({ items }) => (
          <>
            <FieldTable
              label="Custom fields"
              items={items.filter(({ archivedAt }) => archivedAt === null)}
              all={items}
              counts={byKey}
            />
            {items.some(({ archivedAt }) => archivedAt !== null) ? (
              <>
                <Text component="h2" fw={600} mt={32} mb={8}>
                  Archived
                </Text>
                <Text c="dimmed" mb={8}>
                  Out of every choice. Their values are kept, and views that name them go on.
                </Text>
                <FieldTable
                  label="Archived custom fields"
                  items={items.filter(({ archivedAt }) => archivedAt !== null)}
                  all={items}
                  counts={byKey}
                />
              </>
            ) : null}
            {counts.data?.isPartial ? (
              <Text c="dimmed" mt={8}>
                Counts are still being made ready; there may be more.
              </Text>
            ) : null}
            {counts.error ? (
              <Text c="red" mt={8} role="alert">
                {counts.error.message}
              </Text>
            ) : null}
          </>
        )}
      </Answer>
      {creating ? <NewFieldDialog onClose={() => setCreating(false)} /> : null}
    </>
  )
}

interface FieldTableProps {
  label: string
  items: readonly Field[]
  all: readonly Field[]
  counts: ReadonlyMap<string, Count>
}

function FieldTable({ label, items, all, counts }: FieldTableProps) {
  const [shown, setShown] = useState<Field>()
  return (
    <>
      <DataTable
        label={label}
        rows={items}
        rowId={({ key }) => key}
        columns={[
          { key: 'name', header: 'Field', cell: (field) => <Name field={field} /> },
          {
            key: 'type',
            header: 'Type',
            width: 112,
            show: 'wide',
            cell: ({ type }) => (
              <Badge color="gray" miw="max-content">
                {typeNames[type]}
              </Badge>
            ),
          },
          {
            key: 'leads',
            header: 'Leads',
            width: 96,
            align: 'right',
            cell: ({ key }) => <Leads fieldKey={key} count={counts.get(key)} />,
          },
          {
            key: 'examples',
            header: 'For example',
            width: 168,
            show: 'wide',
            cell: ({ key }) => {
              const text = counts.get(key)?.examples.map(valueWords).join(', ') || '–'
              return (
                <span className={classes.examples} title={text}>
                  {text}
                </span>
              )
            },
          },
          {
            key: 'uses',
            header: 'Used by',
            width: 88,
            show: 'wide',
            cell: (field) => (
              <UnstyledButton
                fz="sm"
                td="underline"
                onClick={() => setShown(field)}
                aria-label={`${usesText(field)}: what uses ${field.label}`}
              >
                {usesText(field)}
              </UnstyledButton>
            ),
          },
          {
            key: 'menu',
            header: '',
            width: 48,
            cell: (field) => <FieldMenu field={field} all={all} onUses={() => setShown(field)} />,
          },
        ]}
      />
      {shown ? <UsesDialog field={shown} onClose={() => setShown(undefined)} /> : null}
    </>
  )
}

function usesText({ uses }: Field): string {
  return uses.length === 0 ? 'Nothing' : count(uses.length, 'place')
}

function Name({ field }: { field: Field }) {
  const { origin, imports } = field
  const from = imports[0] ? `from ${imports[0].fileName}` : origin ? originNames[origin] : undefined
  return (
    <span className={classes.name}>
      <Text component="span" fw={500}>
        {field.label}
      </Text>
      <Text component="span" fz="xs" c="dimmed" className={classes.key} title={from}>
        <code>{field.key}</code>
        <span className={classes.type}> · {typeNames[field.type]}</span>
        {from ? <span className={classes.from}> · {from}</span> : null}
      </Text>
    </span>
  )
}

// The number is that of the list behind it; what is of another type no filter finds.
function Leads({ fieldKey, count: counted }: { fieldKey: string; count: Count | undefined }) {
  const { slug } = useWorkspace()
  if (!counted) return '…'
  const fitting = counted.leads - counted.unfit
  return (
    <span className={classes.number}>
      {fitting === 0 ? (
        '0'
      ) : (
        <TextLink
          to="/w/$workspace/leads"
          params={{ workspace: slug }}
          search={{ audience: 'all', view: 'none', filter: { fact: `fields.${fieldKey}`, op: 'is_set' } }}
        >
          {formatNumber(fitting)}
        </TextLink>
      )}
      {counted.unfit > 0 ? (
        <Text component="span" fz="xs" c="dimmed">
          {formatNumber(counted.unfit)} unfit
        </Text>
      ) : null}
    </span>
  )
}
