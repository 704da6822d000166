// Whether a lead stands beside the list: where it was opened from the list and there is room; otherwise it is a page.
import { useMediaQuery } from '@mantine/hooks'
import { useLocation } from '@tanstack/react-router'

declare module '@tanstack/history' {
  interface HistoryState {
    /** the detail was opened from its list */
    beside?: boolean
  }
}

export function useBeside(): boolean {
  const hasRoom = useHasRoom()
  const asked = useLocation({ select: ({ state }) => state.beside === true })
  return hasRoom && asked
}

/** Wide enough for a list and a detail. */
export function useHasRoom(): boolean {
  return useMediaQuery('(min-width: 75em)', undefined, { getInitialValueInEffect: false }) ?? true
}

/** A phone, where a table becomes a list. */
export function useIsNarrow(): boolean {
  return useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false }) ?? false
}
