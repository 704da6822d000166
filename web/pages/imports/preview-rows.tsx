// The first rows of a file as the leads or orders they will be, and what is wrong with some.
import { Badge, Text } from '@mantine/core'
import type { ImportPreview } from '../../../src/imports/contract.ts'
import { DataTable } from '../../ui/data-table.tsx'
import type { Column } from '../../ui/data-table.tsx'
import { formatNumber, words } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { Time } from '../../ui/time.tsx'
import classes from './imports.module.css'

type Item = ImportPreview['items'][number]

export function PreviewRows({ preview }: { preview: ImportPreview }) {
  return (
    <>
      {preview.items.length > 0 ? (
        <DataTable
          label="First rows as they will be"
          maxHeight="440px"
          rows={preview.items}
          rowId={({ row }) => String(row)}
          columns={preview.mapping.kind === 'orders' ? [...orderColumns, ...buyerColumns] : personColumns}
        />
      ) : (
        <Text c="dimmed">None of the first rows can be imported as the columns are read now.</Text>
      )}
      {preview.problems.length > 0 ? <Problems problems={preview.problems} /> : null}
    </>
  )
}

/** Sentences about rows, as the error file has them. */
function Problems({ problems }: { problems: ImportPreview['problems'] }) {
  return (
    <>
      <Text fw={500} mt={16} mb={8}>
        Among these rows
      </Text>
      <ul className={classes.notes}>
        {problems.slice(0, 20).map(({ row, severity, column, problem }, index) => (
          <li key={index}>
            <span className="tabular">Row {formatNumber(row)}</span>
            <Text component="span" c={severity === 'rejected' ? 'var(--line-bad)' : 'dimmed'}>
              {column ? `${column}: ` : ''}
              {problem}
              {severity === 'rejected' ? ' The row is left out.' : ''}
            </Text>
          </li>
        ))}
      </ul>
    </>
  )
}

const orderColumns: Column<Item>[] = [
  { key: 'order', header: 'Order', width: 104, cell: ({ order }) => order?.number ?? '' },
  {
    key: 'total',
    header: 'Total',
    width: 120,
    align: 'right',
    cell: ({ order }) => (order ? <Money minor={order.totalMinor} currency={order.currency} /> : null),
  },
  {
    key: 'placed',
    header: 'Ordered',
    width: 184,
    cell: ({ order }) => <Time at={order?.placedAt ?? null} as="full" />,
  },
  { key: 'lines', header: 'Lines', width: 64, align: 'right', cell: ({ order }) => order?.lines.length ?? 0 },
]

const personColumns: Column<Item>[] = [
  {
    key: 'name',
    header: 'Name',
    cell: ({ fields }) => [fields.firstName, fields.lastName].filter(Boolean).join(' ') || '–',
  },
  { key: 'email', header: 'E-mail', cell: ({ email }) => email ?? '–' },
  { key: 'phone', header: 'Phone', width: 144, cell: ({ phone }) => phone ?? '–' },
  {
    key: 'place',
    header: 'Place',
    show: 'wide',
    cell: ({ fields }) => [fields.city, fields.country].filter(Boolean).join(', ') || '–',
  },
  {
    key: 'more',
    header: 'More',
    show: 'wide',
    cell: ({ tags, consents, custom, fields }) => (
      <span className={classes.tags}>
        {fields.company ? (
          <Badge color="gray" miw="max-content">
            {fields.company}
          </Badge>
        ) : null}
        {consents.map(({ purpose, state, actedAt }) => (
          <Badge
            key={purpose}
            miw="max-content"
            color={state === 'denied' ? 'red' : actedAt ? 'green' : 'gray'}
            title={
              state === 'granted' && !actedAt
                ? 'Kept as evidence; without an instant it widens nothing'
                : undefined
            }
          >
            {words(purpose)}: {state === 'denied' ? 'no' : actedAt ? 'yes' : 'yes, undated'}
          </Badge>
        ))}
        {tags.slice(0, 4).map((tag) => (
          <Badge key={tag} color="accent" miw="max-content">
            {tag}
          </Badge>
        ))}
        {Object.keys(custom).length > 0 ? (
          <Text
            component="span"
            fz="xs"
            c="dimmed"
            title={Object.entries(custom)
              .map(([key, value]) => `${key}: ${value}`)
              .join('\n')}
          >
            {Object.keys(custom).length} custom
          </Text>
        ) : null}
      </span>
    ),
  },
]

const buyerColumns = personColumns.filter(({ key }) => key !== 'phone' && key !== 'place')
