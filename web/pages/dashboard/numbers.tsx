// The numbers of the range; each is a button that draws its days below.
import { UnstyledButton } from '@mantine/core'
import { formatMoney } from '../../../src/lib/money.ts'
import type { Dashboard } from '../../../src/reports/contract.ts'
import { changeOf, formatChange, formatNumber } from '../../ui/format.ts'
import classes from './numbers.module.css'

export type SeriesId = 'newLeads' | 'sessions' | 'events' | 'orders' | 'revenue'

export interface Series {
  id: SeriesId
  label: string
  now: number
  before: number
  values: number[]
  format: (value: number) => string
  /** under the number, where there is more to say */
  note?: string
}

/**
 * What the dashboard can draw, without sessions and events while the log is away. Revenue is that of the largest
 * currency; the others are named beside it.
 */
export function seriesOf({ leads, sessions, events, orders, revenue, byDay }: Dashboard): Series[] {
  const [largest, ...others] = revenue
  const counted: Series[] = [
    {
      id: 'newLeads',
      label: 'New leads',
      ...leads.new,
      values: byDay.map((day) => day.newLeads),
      format: formatNumber,
      note: 'anonymous visitors left out',
    },
    ...(sessions
      ? [
          {
            id: 'sessions' as const,
            label: 'Sessions',
            ...sessions,
            values: byDay.map((day) => day.sessions ?? 0),
            format: formatNumber,
          },
        ]
      : []),
    ...(events
      ? [
          {
            id: 'events' as const,
            label: 'Events',
            ...events,
            values: byDay.map((day) => day.events ?? 0),
            format: formatNumber,
          },
        ]
      : []),
    {
      id: 'orders',
      label: 'Orders',
      ...orders,
      values: byDay.map((day) => day.orders),
      format: formatNumber,
    },
  ]
  if (!largest) return counted
  const { currency } = largest
  return [
    ...counted,
    {
      id: 'revenue',
      label: 'Revenue',
      now: largest.now,
      before: largest.before,
      values: byDay.map((day) => day.revenue.find((part) => part.currency === currency)?.minor ?? 0),
      format: (minor) => formatMoney(minor, currency),
      note: others.map((other) => `+ ${formatMoney(other.now, other.currency)}`).join(', '),
    },
  ]
}

interface NumbersProps {
  series: readonly Series[]
  shownId: SeriesId | undefined
  onShow: (id: SeriesId) => void
}

export function Numbers({ series, shownId, onShow }: NumbersProps) {
  return (
    <div className={classes.row} role="group" aria-label="Numbers of the range: choose what the chart shows">
      {series.map(({ id, label, now, before, format, note }) => (
        <UnstyledButton
          key={id}
          className={classes.number}
          aria-pressed={id === shownId}
          onClick={() => onShow(id)}
        >
          <span className={classes.label}>{label}</span>
          <span className={classes.value}>{format(now)}</span>
          <span className={classes.foot}>
            <Change now={now} before={before} told={format(before)} />
          </span>
          {note ? <span className={classes.foot}>{note}</span> : null}
        </UnstyledButton>
      ))}
    </div>
  )
}

function Change({ now, before, told }: { now: number; before: number; told: string }) {
  const change = changeOf(now, before)
  if (change === null) return <span>none in the period before</span>
  return (
    <span title="the same number of days before, up to the same time of day">
      <span className={classes.change} data-direction={change > 0 ? 'up' : change < 0 ? 'down' : undefined}>
        {formatChange(change)}
      </span>{' '}
      from {told}
    </span>
  )
}
