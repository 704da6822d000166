// Keys pressed one after the other (g, then l), outside of text fields.
import { useEffect, useRef } from 'react'

const pauseMs = 1000

/**
 * Calls what a sequence stands for: `{ 'g l': openLeads, '?': showKeys }`.
 * Keys pressed in a field, with a modifier, or while a dialog is open are not looked at.
 */
export function useSequences(sequences: Record<string, () => void>): void {
  const latest = useRef(sequences)
  useEffect(() => {
    latest.current = sequences
  })
  useEffect(() => {
    let before: { key: string; at: number } | undefined
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target))
        return
      if (document.querySelector('[role="dialog"]')) return
      const pair = before && event.timeStamp - before.at < pauseMs ? `${before.key} ${event.key}` : undefined
      const action = (pair && latest.current[pair]) || latest.current[event.key]
      before = action ? undefined : { key: event.key, at: event.timeStamp }
      if (!action) return
      event.preventDefault()
      action()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}
