// The charts that tables of reports are drawn as.
import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import type { ReportColumn, ReportRow, ReportTable } from '../../../src/reports/analytics/contract.ts'
import { ChannelBadge, channelColour } from '../../ui/channel-badge.tsx'
import { Bars } from '../../ui/charts/bars.tsx'
import { Columns } from '../../ui/charts/columns.tsx'
import { Heat } from '../../ui/charts/heat.tsx'
import { Lines } from '../../ui/charts/lines.tsx'
import { formatDay } from '../../ui/format.ts'
import { wordsOf } from './panel.tsx'
import type { Open } from './panel.tsx'
import classes from './analytics.module.css'
import { shown, shownShort } from './values.ts'

/**
 * `columns`: over time or over steps; `bars`: of the first number, with another as a note; `heat`: every number tinted; `lines`:
 * over time, each number beside that of the same name with `Recomputed` behind it.
 */
export type ChartKind =
  | { as: 'columns' }
  | { as: 'bars'; value: string; before?: string; note?: string }
  | { as: 'heat' }
  | { as: 'lines' }

interface ChartProps {
  table: ReportTable
  kind: ChartKind
  onOpen: Open
}

export function Chart({ table, kind, onOpen }: ChartProps) {
  switch (kind.as) {
    case 'columns':
      return <Series table={table} onOpen={onOpen} />
    case 'bars':
      return <Lying table={table} kind={kind} onOpen={onOpen} />
    case 'heat':
      return <Tinted table={table} onOpen={onOpen} />
    case 'lines':
      return <Along table={table} />
  }
}

function Series({ table, onOpen }: Omit<ChartProps, 'kind'>) {
  const [first, ...numbers] = table.columns
  const [key, setKey] = useState(numbers[0]?.key)
  const column = numbers.find((one) => one.key === key) ?? numbers[0]
  if (!first || !column) return null
  return (
    <>
      {numbers.length > 1 ? (
        <NativeSelect
          className={classes.series}
          size="xs"
          aria-label="What the chart shows"
          value={column.key}
          onChange={(event) => setKey(event.currentTarget.value)}
          data={numbers.map((one) => ({
            value: one.key,
            label: one.currency ? `${one.label} (${one.currency})` : one.label,
          }))}
        />
      ) : null}
      <Columns
        label={`${table.label}: ${column.label}; the table shows the same figures`}
        formatAxis={(value) => shownShort(value, column)}
        columns={table.rows.map((row, place) => {
          const name = String(row.values[first.key] ?? '')
          const value = numberOf(row, column)
          return {
            id: `${place}`,
            label: first.kind === 'day' ? formatDay(name, 'short') : name,
            told: `${shown(name, first)}: ${shown(value, column)} ${column.label}${row.isPartial ? ', not over' : ''}`,
            value,
            isPartial: row.isPartial ?? false,
            onOpen: openerOf(table, row, column, onOpen),
          }
        })}
      />
    </>
  )
}

function Along({ table }: { table: ReportTable }) {
  const [first, ...others] = table.columns
  const pairs = others.flatMap((column) => {
    const second = others.find(({ key }) => key === `${column.key}Recomputed`)
    return second ? [{ column, second }] : []
  })
  const [key, setKey] = useState(pairs[0]?.column.key)
  const pair = pairs.find(({ column }) => column.key === key) ?? pairs[0]
  if (!first || !pair) return null
  const { column, second } = pair
  const last = Math.max(1, table.rows.length - 1)
  return (
    <>
      <NativeSelect
        className={classes.series}
        size="xs"
        aria-label="What the chart shows"
        value={column.key}
        onChange={(event) => setKey(event.currentTarget.value)}
        data={pairs.map(({ column: one }) => ({ value: one.key, label: one.label }))}
      />
      <Lines
        label={`${table.label}: ${column.label}; the table shows the same figures`}
        names={['As counted then', 'By the rules of today']}
        formatAxis={(value) => shownShort(value, column)}
        points={table.rows.map((row, place) => {
          const on = String(row.values[first.key] ?? '')
          return {
            id: on,
            label: formatDay(on, 'short'),
            told: `${shown(on, first)}: ${shown(row.values[column.key], column)} as counted then, ${shown(row.values[second.key], second)} by the rules of today${row.isPartial ? ', not over' : ''}`,
            x: place / last,
            values: [column, second].map((one) => {
              const value = row.values[one.key]
              return typeof value === 'number' ? value : null
            }),
          }
        })}
      />
    </>
  )
}

function Lying({
  table,
  kind,
  onOpen,
}: ChartProps & { kind: { value: string; before?: string; note?: string } }) {
  const [first] = table.columns
  // What is not worth money is counted.
  const column =
    table.columns.find(({ key }) => key === kind.value) ?? table.columns.find(({ kind: of }) => of !== 'text')
  const note = table.columns.find(({ key }) => key === kind.note)
  if (!first || !column) return null
  return (
    <Bars
      label={table.label}
      bars={table.rows.slice(0, 16).map((row, place) => {
        const name = row.values[first.key] ?? ''
        const before = kind.before === undefined ? null : row.values[kind.before]
        return {
          id: `${place}`,
          name:
            first.key === 'channel' && name !== '' ? (
              <ChannelBadge channel={String(name)} />
            ) : (
              shown(name, first)
            ),
          value: numberOf(row, column),
          figure: shown(row.values[column.key], column),
          ...(typeof before === 'number' ? { before } : {}),
          ...(note ? { note: row.values[note.key] === null ? '' : shown(row.values[note.key], note) } : {}),
          ...(first.key === 'channel' ? { colour: channelColour(String(name)) } : {}),
          onOpen: openerOf(table, row, column, onOpen),
        }
      })}
    />
  )
}

function Tinted({ table, onOpen }: Omit<ChartProps, 'kind'>) {
  const [first, people, ...numbers] = table.columns
  if (!first || !people) return null
  // A cohort's own month is all of it, and would leave no difference to see between the others.
  const isTinted = ({ key, kind }: ReportColumn) =>
    kind === 'money' || kind === 'decimal' || (kind === 'share' && key !== 'm0')
  const values = table.rows.flatMap((row) => numbers.filter(isTinted).map((column) => numberOf(row, column)))
  const most = Math.max(1e-9, ...values)
  return (
    <Heat
      label={table.label}
      heads={[first.label, people.label, ...numbers.map(({ label }) => label)]}
      rows={table.rows.map((row, place) => ({
        id: `${place}`,
        name: shown(row.values[first.key], first),
        cells: [people, ...numbers].map((column) => {
          const value = row.values[column.key]
          const isTold = typeof value === 'number'
          return {
            id: column.key,
            figure: column.kind === 'money' && isTold ? shownShort(value, column) : shown(value, column),
            strength: !isTold ? null : isTinted(column) ? value / most : 0,
            isPartial: row.partial?.includes(column.key) ?? false,
            onOpen: openerOf(table, row, column, onOpen),
          }
        }),
      }))}
    />
  )
}

function numberOf({ values }: ReportRow, { key }: { key: string }): number {
  const value = values[key]
  return typeof value === 'number' ? value : 0
}

function openerOf(table: ReportTable, row: ReportRow, column: ReportColumn, onOpen: Open) {
  const behind = row.behind?.[column.key]
  return behind ? () => onOpen(behind, wordsOf(table, row, column)) : undefined
}
