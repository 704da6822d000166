// What the address of the event debugger says: which messages, and which one is open. Pure; app.tsx validates with it.

export const shownStatuses = ['waiting', 'logged', 'dropped', 'parked', 'refused'] as const
export type ShownStatus = (typeof shownStatuses)[number]

export interface EventsAddress {
  /** every status unless told */
  status?: ShownStatus
  q?: string
  /** messages of this lead only */
  lead?: string
  /** the message whose way is shown */
  open?: string
}

/** Takes what is well formed and leaves the rest out. */
export function eventsAddress(search: Record<string, unknown>): EventsAddress {
  const status = shownStatuses.find((one) => one === search.status)
  const id = (value: unknown) =>
    typeof value === 'string' && /^[0-9a-f-]{36}$/i.test(value) ? value : undefined
  const lead = id(search.lead)
  const open = id(search.open)
  return {
    ...(status ? { status } : {}),
    ...(typeof search.q === 'string' && search.q !== '' ? { q: search.q.slice(0, 200) } : {}),
    ...(lead ? { lead } : {}),
    ...(open ? { open } : {}),
  }
}
