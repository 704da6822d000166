// One number by day, as bars from zero; today, which is not over, is hatched. Behind it stands the table.
import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { Bar, BarChart, CartesianGrid, Rectangle, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { BarShapeProps } from 'recharts'
import { DataTable } from '../../ui/data-table.tsx'
import { formatCompact, formatDay } from '../../ui/format.ts'
import classes from './day-chart.module.css'
import type { Series } from './numbers.tsx'

export function DayChart({ series, days }: { series: Series; days: string[] }) {
  const [as, setAs] = useState('chart')
  const rows = days.map((on, index) => ({
    on,
    value: series.values[index] ?? 0,
    isOver: index < days.length - 1,
  }))
  return (
    <div className={classes.root}>
      <div className={classes.head}>
        <h2 className={classes.title}>{series.label} by day</h2>
        <SegmentedControl
          size="xs"
          aria-label="Show as"
          value={as}
          onChange={setAs}
          data={[
            { value: 'chart', label: 'Chart' },
            { value: 'table', label: 'Table' },
          ]}
        />
      </div>
      {as === 'chart' ? (
        <Bars series={series} rows={rows} />
      ) : (
        <DataTable
          label={`${series.label} by day`}
          rows={[...rows].reverse()}
          rowId={(row) => row.on}
          maxHeight="246px"
          columns={[
            {
              key: 'on',
              header: 'Day',
              cell: (row) => formatDay(row.on) + (row.isOver ? '' : ' (not over)'),
            },
            { key: 'value', header: series.label, align: 'right', cell: (row) => series.format(row.value) },
          ]}
        />
      )}
    </div>
  )
}

interface Day {
  on: string
  value: number
  isOver: boolean
}

function Bars({ series, rows }: { series: Series; rows: Day[] }) {
  const isMoney = series.id === 'revenue'
  const tick = { fontSize: 12, fill: 'var(--mantine-color-dimmed)' }
  return (
    <div
      className={classes.chart}
      role="img"
      aria-label={`${series.label} by day; the table shows the same figures`}
    >
      <ResponsiveContainer width="100%" height="100%">
        <BarChart
          data={rows}
          margin={{ top: 8, right: 0, bottom: 0, left: 0 }}
          barCategoryGap="22%"
          accessibilityLayer={false}
        >
          <defs>
            <pattern
              id="not-over"
              width={5}
              height={5}
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect width={5} height={5} fill="var(--mantine-color-accent-6)" fillOpacity={0.18} />
              <rect width={2} height={5} fill="var(--mantine-color-accent-6)" />
            </pattern>
          </defs>
          <CartesianGrid vertical={false} stroke="var(--line-border)" />
          <XAxis
            dataKey="on"
            tickFormatter={(on: string) => formatDay(on, 'short')}
            tick={tick}
            tickLine={false}
            axisLine={{ stroke: 'var(--mantine-color-default-border)' }}
            minTickGap={40}
            tickMargin={8}
          />
          <YAxis
            width={44}
            tick={tick}
            tickLine={false}
            axisLine={false}
            allowDecimals={false}
            tickCount={4}
            tickFormatter={(value: number) => (isMoney ? shortMoney(series, value) : formatCompact(value))}
          />
          <Tooltip
            cursor={{ fill: 'var(--line-hover)' }}
            content={<Pointed series={series} />}
            isAnimationActive={false}
          />
          <Bar dataKey="value" isAnimationActive={false} shape={BarOfDay} maxBarSize={32} />
        </BarChart>
      </ResponsiveContainer>
    </div>
  )
}

function BarOfDay({ x, y, width, height, payload }: BarShapeProps) {
  const { isOver } = payload as Day
  return (
    <Rectangle
      x={x}
      y={y}
      width={width}
      height={height}
      radius={[2, 2, 0, 0]}
      fill={isOver ? 'var(--mantine-color-accent-6)' : 'url(#not-over)'}
    />
  )
}

function Pointed({ series, payload }: { series: Series; payload?: { payload: Day }[] }) {
  const day = payload?.[0]?.payload
  if (!day) return null
  return (
    <div className={classes.tip}>
      <span>{formatDay(day.on)}</span>
      <strong>{series.format(day.value)}</strong>
      {day.isOver ? null : <span>so far today</span>}
    </div>
  )
}

// 1,234,500 cents as "12.3k", with the currency's sign as the full amount has it.
function shortMoney(series: Series, minor: number): string {
  const zero = series.format(0)
  const decimals = /[.,](\d+)/.exec(zero)?.[1]?.length ?? 0
  return zero.replace(/[\d.,]+/, formatCompact(minor / 10 ** decimals))
}
