// The rows of credit behind a bar: which touch of whom earned what of which conversion, a page at a time, and all of them as CSV.
import { Button, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { creditBehind, exportCreditRows, listCreditRows } from '../../../src/reports/analytics/contract.ts'
import type { CreditLineRow } from '../../../src/reports/analytics/contract.ts'
import { UNATTRIBUTED, modelLabels } from '../../../src/projections/attribution/contract.ts'
import { formatMoney } from '../../../src/lib/money.ts'
import { address as addressOf } from '../../call.ts'
import { showProblem, useCallPages } from '../../queries.ts'
import { ChannelBadge } from '../../ui/channel-badge.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { count, formatNumber } from '../../ui/format.ts'
import { LeadLink } from '../../ui/lead-link.tsx'
import { Money } from '../../ui/money.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useWorkspace } from '../../workspace.ts'
import classes from './analytics.module.css'
import { downloadCsv } from './csv.ts'

interface CreditRowsProps {
  /** the filters of the report, and the days of the bar */
  filters: Record<string, unknown>
  /** as the bar says whose it is */
  value: string
  words: string
}

export function CreditRows({ filters, value, words }: CreditRowsProps) {
  const { slug } = useWorkspace()
  const [goal, model, dimension, name] = creditBehind.parse(JSON.parse(value))
  const query = { ...filters, goal, model, dimension, ...(name === null ? {} : { name }) }
  const found = useCallPages(listCreditRows, { query }, { keepPrevious: true })
  const [first] = found.data?.pages ?? []
  const rows = found.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <Answer
      of={{ ...found, data: first }}
      isEmpty={({ total }) => total === 0}
      empty={
        <EmptyState compact title="No rows">
          Nothing was credited here in these days.
        </EmptyState>
      }
    >
      {({ total, sums, run }) => (
        <>
          <div className={classes.told}>
            <Text c="dimmed">
              {count(total, 'row')} by {modelLabels[model]}
              {sums && sums.length > 0 ? `, together ${sums.map(summed).join(' and ')}` : ''}
              {run ? (
                <>
                  , learned <Time at={run.learnedAt} /> (run {run.runId.slice(0, 8)}). Each conversion is
                  shared out whole, so cents may differ from the bar, which shares out journeys together
                </>
              ) : null}
              .
            </Text>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconDownload size={14} />}
              onClick={() =>
                void downloadCsv(addressOf(exportCreditRows.path, {}, query), slug, 'credit').catch(
                  showProblem,
                )
              }
            >
              CSV
            </Button>
          </div>
          <DataTable
            label={`Credit: ${words}`}
            rows={rows}
            rowId={(row) => `${row.leadId} ${row.conversionId} ${row.kind} ${row.touch ?? 0}`}
            columns={[
              {
                key: 'lead',
                header: 'Lead, converted',
                minWidth: 112,
                cell: (row) => (
                  <>
                    <LeadLink id={row.leadId} label={row.leadLabel} />
                    <Text size="xs" c="dimmed">
                      <Time at={row.convertedAt} />
                    </Text>
                  </>
                ),
              },
              { key: 'touch', header: 'Touch', minWidth: 120, cell: (row) => <TouchOf row={row} /> },
              {
                key: 'units',
                header: 'Share',
                align: 'right',
                show: 'wide',
                cell: ({ units }) => `${formatNumber(Math.round(units / 1_000) / 10)} %`,
              },
              {
                key: 'minor',
                header: 'Amount',
                align: 'right',
                cell: ({ minor, currency }) => <Money minor={minor} currency={currency} />,
              },
            ]}
          />
          {found.hasNextPage ? (
            <div className={classes.pages}>
              <Button
                size="xs"
                variant="default"
                loading={found.isFetchingNextPage}
                onClick={() => void found.fetchNextPage()}
              >
                Show more
              </Button>
            </div>
          ) : null}
        </>
      )}
    </Answer>
  )
}

function TouchOf({ row }: { row: CreditLineRow }) {
  const { channel, touch, touchedAt, source, campaign, kind, modelUsed } = row
  const told = [
    kind === 'refund' ? 'refunded' : '',
    touch === null ? '' : `touch ${touch}`,
    source === channel || source === UNATTRIBUTED ? '' : source,
    campaign === UNATTRIBUTED ? '' : campaign,
    modelUsed === 'u_shaped_fallback' ? 'U-shaped, since a milestone is missing' : '',
  ].filter((word) => word !== '')
  return (
    <>
      {channel === UNATTRIBUTED ? 'No touch led to it' : <ChannelBadge channel={channel} />}
      <Text size="xs" c="dimmed">
        {touchedAt === null ? null : <Time at={touchedAt} />}
        {told.length > 0 ? `${touchedAt === null ? '' : ' · '}${told.join(' · ')}` : ''}
      </Text>
    </>
  )
}

function summed({ currency, units, minor }: { currency: string; units: number; minor: number }): string {
  const conversions = count(Math.round(units / 10_000) / 100, 'conversion')
  return minor === 0 ? conversions : `${conversions} worth ${formatMoney(minor, currency)}`
}
