// The pieces that answers are made of: columns, rows and cards. Pure.
import type { Behind, Measure, ReportCard, ReportColumn, ReportRow } from './contract.ts'
import { bucketsOf, dayText } from './window.ts'
import type { Bucket, DaySpan, Window } from './window.ts'

export function column(
  key: string,
  label: string,
  kind: ReportColumn['kind'] = 'number',
  currency?: string,
): ReportColumn {
  return currency === undefined ? { key, label, kind } : { key, label, kind, currency }
}

/** @param spans where the number is of other days than the report's */
export function behind(of: Measure, value?: string, span?: DaySpan): Behind {
  return {
    of,
    ...(value === undefined ? {} : { value }),
    ...(span === undefined ? {} : { from: dayText(span.from), to: dayText(span.to) }),
  }
}

/** A number of the range beside that of the range before. */
export function card(
  window: Window,
  parts: Pick<ReportCard, 'id' | 'label'> & {
    now: number | null
    before: number | null | undefined
  } & Partial<ReportCard>,
): ReportCard {
  return { kind: 'number', ...parts, before: window.before === undefined ? null : (parts.before ?? null) }
}

/** A row for each bucket of the range, also where nothing happened. */
export function timeline(
  window: Window,
  values: (bucket: Bucket) => ReportRow['values'],
  behindOf?: (span: DaySpan) => ReportRow['behind'],
): ReportRow[] {
  const buckets = bucketsOf(window)
  return buckets.map((bucket, place) => {
    const next = buckets[place + 1]
    const span = { from: dayOf(bucket.on), to: next ? dayOf(next.on) - 1 : window.now.to }
    return {
      values: { on: bucket.on, ...values(bucket) },
      ...(behindOf ? { behind: behindOf(span) } : {}),
      ...(bucket.isPartial ? { isPartial: true } : {}),
    }
  })
}

/** A share, null of nothing. */
export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

/** Sums by a key. */
export function sums<Row>(rows: readonly Row[], key: (row: Row) => string, value: (row: Row) => number) {
  const totals = new Map<string, number>()
  for (const row of rows) totals.set(key(row), (totals.get(key(row)) ?? 0) + value(row))
  return { of: (name: string) => totals.get(name) ?? 0, keys: [...totals.keys()] }
}

function dayOf(text: string): number {
  return Date.parse(`${text}T00:00:00.000Z`) / 86_400_000
}
