// Values of a report as people read them. Pure.
import { formatMoney } from '../../../src/lib/money.ts'
import { stageLabels } from '../../../src/projections/lifecycle/contract.ts'
import type { ReportColumn } from '../../../src/reports/analytics/contract.ts'
import { formatCompact, formatDay, formatNumber, words } from '../../ui/format.ts'

type Kind = Pick<ReportColumn, 'kind' | 'currency'> & { key?: string }

/** `1,234`, `12.3 %`, `€1,234.50`, `4.2 days`, `Mon 1 Jun 2026`; a dash where nothing is known. */
export function shown(value: string | number | null | undefined, { kind, currency, key }: Kind): string {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'string') return wordsOf(value, kind, key)
  switch (kind) {
    case 'share':
      return `${formatNumber(rounded(value * 100, value !== 0 && value < 0.1 ? 1 : 0))} %`
    case 'money':
      return formatMoney(value, currency ?? '')
    case 'days':
      return spanOf(value, key)
    case 'decimal':
      return formatNumber(rounded(value, 1))
    default:
      return formatNumber(value)
  }
}

// The median with open stays is known to the day.
function spanOf(days: number, key: string | undefined): string {
  if (days < 1 && key === 'medianOfAll') return '< 1 d'
  if (days < 1 / 24) return `${formatNumber(Math.round(days * 1440))} min`
  return days < 1 ? `${formatNumber(rounded(days * 24, 1))} h` : `${formatNumber(rounded(days, 1))} d`
}

/** The same for the axis of a chart, in few letters. */
export function shownShort(value: number, { kind, currency }: Kind): string {
  if (kind === 'share') return `${Math.round(value * 100)} %`
  if (kind !== 'money') return formatCompact(value)
  const zero = formatMoney(0, currency ?? '')
  const decimals = /[.,](\d+)/.exec(zero)?.[1]?.length ?? 0
  return zero.replace(/[\d.,]+/, formatCompact(value / 10 ** decimals))
}

function wordsOf(value: string, kind: ReportColumn['kind'], key: string | undefined): string {
  if (value === '') return 'None known'
  if (kind === 'day' && /^\d{4}-\d{2}-\d{2}$/.test(value)) {
    return key === 'cohort'
      ? new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
          new Date(value),
        )
      : formatDay(value)
  }
  if (key === 'stage' && value in stageLabels) return stageLabels[value as keyof typeof stageLabels]
  return key === 'source' || key === 'channel' ? words(value) : value
}

function rounded(value: number, digits: number): number {
  const unit = 10 ** digits
  return Math.round(value * unit) / unit
}
