// What of the audit log's filter stands in the address of its page, and what the server is asked for it.
import { localToInstant } from '../../../src/lib/instant.ts'

export interface AuditAddress {
  actor?: string
  action?: string
  /** days on the workspace's clock, `2026-11-23`, both inclusive */
  from?: string
  to?: string
}

/** Reads the address; what is no filter is left out. */
export function auditAddress(search: Record<string, unknown>): AuditAddress {
  const address: AuditAddress = {}
  for (const name of ['actor', 'action'] as const) {
    const value = search[name]
    if (typeof value === 'string' && value !== '') address[name] = value.slice(0, 100)
  }
  for (const name of ['from', 'to'] as const) {
    const value = search[name]
    if (typeof value === 'string' && isDay(value)) address[name] = value
  }
  return address
}

function isDay(text: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN
  // A 30th of February is read as the 2nd of March.
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}

/** The filter as the server takes it: days become instants on the workspace's clock. */
export function auditQuery({ actor, action, from, to }: AuditAddress, timeZone: string) {
  return {
    ...(actor ? { actor } : {}),
    ...(action ? { action } : {}),
    ...dayBound('from', from, 0, timeZone),
    ...dayBound('to', to, 1, timeZone),
  }
}

function dayBound(name: 'from' | 'to', day: string | undefined, daysLater: number, timeZone: string) {
  if (day === undefined) return {}
  const later = new Date(Date.parse(`${day}T00:00:00Z`) + daysLater * 86_400_000)
  const [year, month, date] = [later.getUTCFullYear(), later.getUTCMonth() + 1, later.getUTCDate()]
  const instant = localToInstant(year, month, date, 0, 0, 0, timeZone)
  return instant === null ? {} : { [name]: new Date(instant).toISOString() }
}
