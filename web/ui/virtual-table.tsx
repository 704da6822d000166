// A table of thousands of rows that draws only those in sight, and says when the end comes near.
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef } from 'react'
import { DataTable } from './data-table.tsx'
import type { DataTableProps } from './data-table.tsx'

interface VirtualTableProps<Row> extends Omit<DataTableProps<Row>, 'drawn' | 'maxHeight'> {
  /** px; every row has this height, and cells keep to one line or cut */
  rowHeight: number
  /** px; below it the table scrolls sideways */
  minWidth: number
  /** how many rows the whole list has, as far as that is known */
  total?: number
  /** the last rows are near: fetch more */
  onEnd?: () => void
}

export function VirtualTable<Row>({ rowHeight, minWidth, total, onEnd, ...table }: VirtualTableProps<Row>) {
  const scroller = useRef<HTMLDivElement>(null)
  const { rows, openId, rowId } = table
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const ids = useMemo(() => rows.map(rowId), [rows, rowId])
  const items = virtual.getVirtualItems()
  const first = items[0]
  const last = items.at(-1)
  const nearEnd = last !== undefined && last.index >= rows.length - 15
  useEffect(() => {
    if (nearEnd) onEnd?.()
  }, [nearEnd, onEnd])
  const openAt = openId === undefined ? -1 : rows.findIndex((row) => rowId(row) === openId)
  useEffect(() => {
    if (openAt >= 0) virtual.scrollToIndex(openAt, { align: 'auto' })
    // Only a newly opened row is brought into sight, not one that moved because rows arrived.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [openId])
  return (
    <DataTable
      {...table}
      rows={first && last ? rows.slice(first.index, last.index + 1) : []}
      drawn={{
        scroller,
        above: first?.start ?? 0,
        below: last ? virtual.getTotalSize() - last.end : virtual.getTotalSize(),
        first: first?.index ?? 0,
        total: Math.max(total ?? 0, rows.length),
        ids,
        minWidth,
      }}
    />
  )
}
