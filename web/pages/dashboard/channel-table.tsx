// Channels with what each brought; the bar behind the sessions is their share of the largest.
import type { Dashboard } from '../../../src/reports/contract.ts'
import { ChannelBadge, channelColour } from '../../ui/channel-badge.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import type { Column } from '../../ui/data-table.tsx'
import { formatNumber } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { EmptyState } from '../../ui/states.tsx'
import classes from './channel-table.module.css'

type Row = Dashboard['byChannel'][number]

export function ChannelTable({ rows }: { rows: Row[] }) {
  if (rows.length === 0) {
    return (
      <div className={classes.empty}>
        <EmptyState compact title="No sessions in this range">
          Choose a longer range, or check in the settings that tracking calls arrive.
        </EmptyState>
      </div>
    )
  }
  const most = Math.max(1, ...rows.map((row) => row.sessions ?? 0))
  const columns: Column<Row>[] = [
    {
      key: 'channel',
      header: 'Channel',
      cell: (row) =>
        row.channel === '' ? (
          <span className={classes.unknown}>No channel</span>
        ) : (
          <ChannelBadge channel={row.channel} />
        ),
    },
    {
      key: 'sessions',
      header: 'Sessions',
      width: '28%',
      align: 'right',
      cell: ({ channel, sessions }) =>
        sessions === null ? (
          <span className={classes.unknown}>–</span>
        ) : (
          <span className={classes.measure}>
            <span className={classes.track} aria-hidden>
              <span
                className={classes.bar}
                style={{
                  width: `${(sessions / most) * 100}%`,
                  minWidth: sessions > 0 ? 2 : 0,
                  background: channelColour(channel),
                }}
              />
            </span>
            <span className={classes.figure}>{formatNumber(sessions)}</span>
          </span>
        ),
    },
    { key: 'newLeads', header: 'New leads', align: 'right', cell: (row) => formatNumber(row.newLeads) },
    {
      key: 'orders',
      header: 'Orders',
      align: 'right',
      show: 'wide',
      cell: (row) => formatNumber(row.orders),
    },
    { key: 'revenue', header: 'Revenue', align: 'right', cell: (row) => <Revenue parts={row.revenue} /> },
  ]
  return <DataTable label="Channels" columns={columns} rows={rows} rowId={(row) => row.channel} />
}

function Revenue({ parts }: { parts: Row['revenue'] }) {
  if (parts.length === 0) return <span className={classes.unknown}>–</span>
  return (
    <>
      {parts.map((part) => (
        <div key={part.currency}>
          <Money {...part} />
        </div>
      ))}
    </>
  )
}
