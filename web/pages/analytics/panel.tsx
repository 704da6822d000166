// A table of a report in its frame: as a chart where there is one, as the table itself, and as CSV.
import { Button, SegmentedControl, UnstyledButton } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import type { Behind, ReportColumn, ReportRow, ReportTable } from '../../../src/reports/analytics/contract.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { LeadLink } from '../../ui/lead-link.tsx'
import { Section } from '../../ui/section.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { Chart } from './chart.tsx'
import type { ChartKind } from './chart.tsx'
import classes from './analytics.module.css'
import { shown } from './values.ts'

export type Open = (behind: Behind, words: string) => void

interface PanelProps {
  table: ReportTable
  chart: ChartKind | undefined
  onOpen: Open
  onCsv: () => void
  /** whether the report says at its foot what a reader must know */
  hasNotes: boolean
}

export function Panel({ table, chart, onOpen, onCsv, hasNotes }: PanelProps) {
  const [as, setAs] = useState('chart')
  const isEmpty = !table.rows.some(isTold)
  return (
    <Section
      title={table.label}
      about={table.about}
      flush={!isEmpty && (!chart || as === 'table')}
      actions={
        isEmpty ? undefined : (
          <>
            {chart ? (
              <SegmentedControl
                size="xs"
                aria-label={`Show ${table.label} as`}
                value={as}
                onChange={setAs}
                data={[
                  { value: 'chart', label: 'Chart' },
                  { value: 'table', label: 'Table' },
                ]}
              />
            ) : null}
            <Button
              size="xs"
              variant="default"
              leftSection={<IconDownload size={14} />}
              aria-label={`${table.label} as CSV`}
              onClick={onCsv}
            >
              CSV
            </Button>
          </>
        )
      }
    >
      {isEmpty ? (
        <EmptyState compact title={table.missing ? 'Not known yet' : 'Nobody here'}>
          {table.missing ?? (
            <>
              Choose a longer range or fewer filters, or look again when more has come in.
              {hasNotes ? ' The notes at the foot of the page say what may be missing.' : ''}
            </>
          )}
        </EmptyState>
      ) : chart && as === 'chart' ? (
        <Chart table={table} kind={chart} onOpen={onOpen} />
      ) : (
        <Rows table={table} onOpen={onOpen} />
      )}
    </Section>
  )
}

// A row of names alone tells as much as no row.
function isTold({ values }: ReportRow): boolean {
  return (
    values.lead !== undefined ||
    Object.values(values).some((value) => typeof value === 'number' && value !== 0)
  )
}

function Rows({ table, onOpen }: { table: ReportTable; onOpen: Open }) {
  const columns = table.columns.filter(({ kind }) => kind !== 'lead')
  return (
    <div className={classes.rows}>
      <DataTable
        label={table.label}
        rows={table.rows}
        rowId={(row) => `${table.rows.indexOf(row)}`}
        maxHeight={table.rows.length > 12 ? '400px' : undefined}
        columns={columns.map((column, place) => ({
          key: column.key,
          header: column.label,
          minWidth: place === 0 ? 128 : 88,
          align: column.kind === 'text' || column.kind === 'day' ? undefined : ('right' as const),
          cell: (row: ReportRow) => <Value table={table} row={row} column={column} onOpen={onOpen} />,
        }))}
      />
    </div>
  )
}

function Value({
  table,
  row,
  column,
  onOpen,
}: {
  table: ReportTable
  row: ReportRow
  column: ReportColumn
  onOpen: Open
}) {
  const value = row.values[column.key]
  const lead = row.values.lead
  if (column.key === 'name' && typeof lead === 'string') return <LeadLink id={lead} label={String(value)} />
  if (column.key === 'seenAt' && typeof value === 'string') return <Time at={value} />
  const text = shown(value, column)
  const behind = row.behind?.[column.key]
  const isMarked = row.partial?.includes(column.key) || (row.isPartial && column.kind === 'day')
  const told = isMarked ? `${text} (not over)` : text
  if (!behind || value === 0 || value === null) return told
  return (
    <UnstyledButton className={classes.number} onClick={() => onOpen(behind, wordsOf(table, row, column))}>
      {told}
    </UnstyledButton>
  )
}

/** What a number is, for the list of who is behind it. */
export function wordsOf({ label, columns }: ReportTable, row: ReportRow, column: ReportColumn): string {
  const [first] = columns
  const name = first && first.key !== column.key ? shown(row.values[first.key], first) : label
  return `${name}: ${column.label}`
}
