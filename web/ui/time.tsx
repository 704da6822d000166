// An instant, told as a span or a clock, with the full instant in the workspace's zone on hover.
import { useContext, useSyncExternalStore } from 'react'
import { WorkspaceContext } from '../workspace.ts'
import { formatClock, formatInstant, formatRelative } from './format.ts'

/** @param props.at ISO 8601; null shows a dash */
export function Time({ at, as = 'relative' }: { at: string | null; as?: 'relative' | 'clock' | 'full' }) {
  const zone = useZone()
  const now = useNow()
  if (at === null) return <span aria-label="never">–</span>
  const full = formatInstant(at, zone)
  const text = as === 'relative' ? formatRelative(at, now) : as === 'clock' ? formatClock(at, zone) : full
  return (
    <time dateTime={at} title={`${full} (${zone})`} className="tabular" style={{ whiteSpace: 'nowrap' }}>
      {text}
    </time>
  )
}

/** The workspace's time zone; the browser's where there is no workspace. */
export function useZone(): string {
  return useContext(WorkspaceContext)?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
}

const tickMs = 20_000
const listeners = new Set<() => void>()
let current = Date.now()
let timer: number | undefined

// One timer for all that tells spans.
function useNow(): number {
  return useSyncExternalStore(subscribe, () => current)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= window.setInterval(() => {
    current = Date.now()
    for (const told of listeners) told()
  }, tickMs)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    window.clearInterval(timer)
    timer = undefined
  }
}
