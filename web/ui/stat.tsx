// One number with its name, its unit, and how it changed against the period before.
import { Skeleton, Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import { changeOf, formatChange, formatNumber } from './format.ts'
import classes from './stat.module.css'

interface StatProps {
  label: string
  value: ReactNode
  /** what is counted, in a few words, under the number */
  note?: ReactNode
  change?: { now: number; before: number; unit: string }
}

export function Stat({ label, value, note, change }: StatProps) {
  return (
    <div className={classes.root}>
      <dt className={classes.label}>{label}</dt>
      <dd className={classes.body}>
        <span className={classes.value}>{value}</span>
        <span className={classes.foot}>
          {change ? <Change {...change} /> : null}
          {note ? <span>{note}</span> : null}
        </span>
      </dd>
    </div>
  )
}

/** A row of numbers in one frame. */
export function Stats({ children }: { children: ReactNode }) {
  return <dl className={classes.row}>{children}</dl>
}

export function StatsLoading({ columns }: { columns: number }) {
  return (
    <div className={classes.row} role="status" aria-label="Loading">
      {Array.from({ length: columns }, (_, column) => (
        <div key={column} className={classes.root}>
          <Skeleton height={14} width={72} />
          <Skeleton height={24} width={96} mt={12} />
          <Skeleton height={12} width={120} mt={12} />
        </div>
      ))}
    </div>
  )
}

function Change({ now, before, unit }: { now: number; before: number; unit: string }) {
  const fraction = changeOf(now, before)
  const told = `${formatNumber(before)} ${unit} in the period before`
  if (fraction === null) return now === 0 ? null : <span title={told}>none before</span>
  const direction = fraction > 0 ? 'up' : fraction < 0 ? 'down' : 'level'
  return (
    <Tooltip label={told}>
      <span className={classes.change} data-direction={direction} tabIndex={0}>
        {formatChange(fraction)}
      </span>
    </Tooltip>
  )
}
