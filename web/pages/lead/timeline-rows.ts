// Turns events into the rows of a timeline: days as headings, the newest first. Pure.
import type { TimelineItem } from '../../../src/events/contract.ts'
import { formatDay } from '../../ui/format.ts'

export type TimelineRow =
  | { kind: 'day'; key: string; label: string }
  | { kind: 'item'; key: string; item: TimelineItem; isLastOfDay: boolean }

/**
 * @param items newest first
 * @param timeZone IANA name; a day begins and ends in it
 * @param now ms since 1970, for "Today" and "Yesterday"
 */
export function timelineRows(items: readonly TimelineItem[], timeZone: string, now: number): TimelineRow[] {
  const dayIn = dayReader(timeZone)
  const today = dayIn(now)
  const yesterday = dayIn(now - 86_400_000)
  const rows: TimelineRow[] = []
  let current = ''
  for (const item of items) {
    const day = dayIn(Date.parse(item.occurredAt))
    if (day !== current) {
      closeDay(rows)
      current = day
      const label = day === today ? 'Today' : day === yesterday ? 'Yesterday' : formatDay(day)
      rows.push({ kind: 'day', key: day, label })
    }
    rows.push({ kind: 'item', key: item.id, item, isLastOfDay: false })
  }
  closeDay(rows)
  return rows
}

/** The newer events joined to those that were there, each once, newest first; the newer word of an event stands. */
export function joinNewest(newer: readonly TimelineItem[], known: readonly TimelineItem[]): TimelineItem[] {
  const byId = new Map([...known, ...newer].map((item) => [item.id, item]))
  return [...byId.values()].sort(
    (a, b) => b.occurredAt.localeCompare(a.occurredAt) || (b.id < a.id ? -1 : b.id > a.id ? 1 : 0),
  )
}

function closeDay(rows: TimelineRow[]): void {
  const last = rows.at(-1)
  if (last?.kind === 'item') last.isLastOfDay = true
}

function dayReader(timeZone: string): (at: number) => string {
  // Sweden writes dates as ISO 8601 does.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' })
  return (at) => format.format(at)
}
