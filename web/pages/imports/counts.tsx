// What became of a file's rows, or would become of them, as numbers that add up.
import { Text } from '@mantine/core'
import type { Import } from '../../../src/imports/contract.ts'
import { count, formatNumber } from '../../ui/format.ts'
import { Stat, Stats } from '../../ui/stat.tsx'

interface CountsProps {
  kind: Import['kind']
  counts: Import['counts']
}

export function Counts({ kind, counts }: CountsProps) {
  const isOrders = kind === 'orders'
  return (
    <>
      <Stats>
        <Stat
          label="Rows"
          value={formatNumber(counts.rows)}
          note={
            counts.joined > 0 ? `${formatNumber(counts.joined)} are further lines of an order` : undefined
          }
        />
        <Stat label={isOrders ? 'New orders' : 'New leads'} value={formatNumber(counts.created)} />
        <Stat label={isOrders ? 'Orders updated' : 'Leads updated'} value={formatNumber(counts.updated)} />
        <Stat
          label="Left alone"
          value={formatNumber(counts.skipped)}
          note={counts.skipped > 0 ? 'nothing new in them' : undefined}
        />
        <Stat
          label="Rejected"
          value={formatNumber(counts.rejected)}
          note={counts.warnings > 0 ? `and ${count(counts.warnings, 'warning')}` : undefined}
        />
      </Stats>
      {counts.footers > 0 ? (
        <Text c="dimmed" mt={8} fz="xs">
          {count(counts.footers, 'line')} at the end of the file {counts.footers === 1 ? 'is' : 'are'} no data
          (totals, copyright, blank lines before them).
        </Text>
      ) : null}
    </>
  )
}
