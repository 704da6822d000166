// The reconciliation of a destination: what happened, and what became of each, so that the parts add up to the whole.
import { workspaceSettings } from '../../accounts/index.ts'
import { deliveryReasons, reasonWords } from '../../deliveries/contract.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import { Refusal } from '../../lib/refusal.ts'
import type { Services } from '../../platform/services.ts'
import type { Reconciliation } from './contract.ts'
import { find } from './destinations.ts'
import { KINDS } from './item.ts'
import { mappingsOf } from './mapping.ts'
import { countDelivered, countLogged } from './store.ts'
import type { DeliveryCount } from './store.ts'

/** @param days first and last day, in the workspace's zone; the last seven unless told */
export async function reconcile(
  { db, clickhouse, clock }: Services,
  workspaceId: WorkspaceId,
  connectionId: string,
  days: { from?: string; to?: string },
): Promise<Reconciliation> {
  const { connector, row } = await find(db, workspaceId, connectionId)
  const { timeZone } = await workspaceSettings(db, workspaceId)
  const last = days.to ?? dayIn(clock(), timeZone)
  const first = days.from ?? dayAfter(last, -6)
  const between = { from: startOfDay(first, timeZone), until: startOfDay(dayAfter(last), timeZone) }
  if (between.until <= between.from)
    throw new Refusal('range_invalid', 400, 'The range ends before it begins: swap its days.')
  const counts = await countDelivered(db, workspaceId, connectionId, between)
  const mapped = mappingsOf(connector, row.mappings).flatMap(({ event, isOn }) => (isOn ? [event] : []))
  const names = [...new Set([...mapped, ...counts.map(({ event }) => event)])]
  return addUp(counts, await countLogged(clickhouse, workspaceId, names, between))
}

/**
 * Adds up what the log and the outbox count. Pure. An event may be in the outbox and not yet in the log, which follows within
 * seconds, or in the log and not in the outbox, where nothing was to be forwarded.
 */
export function addUp(counts: readonly DeliveryCount[], logged: ReadonlyMap<string, number>): Reconciliation {
  const forwarded = counts.filter(({ kind }) => kind === KINDS.forwarded)
  const by = (list: readonly DeliveryCount[], status: string) =>
    list.reduce((sum, one) => (one.status === status ? sum + one.count : sum), 0)
  const total = (list: readonly DeliveryCount[]) => list.reduce((sum, { count }) => sum + count, 0)
  const events = [...new Set([...logged.keys(), ...forwarded.map(({ event }) => event)])].sort()
  const perEvent = events.map((event) => {
    const own = forwarded.filter((one) => one.event === event)
    return { event, happened: Math.max(logged.get(event) ?? 0, total(own)), delivered: by(own, 'sent') }
  })
  const happened = perEvent.reduce((sum, one) => sum + one.happened, 0)
  return {
    happened,
    delivered: by(forwarded, 'sent'),
    withheld: by(forwarded, 'withheld'),
    withheldWhy: why(forwarded, 'withheld'),
    failed: by(forwarded, 'refused'),
    failedWhy: why(forwarded, 'refused'),
    unknown: by(forwarded, 'unknown'),
    waiting: by(forwarded, 'waiting') + by(forwarded, 'sending'),
    notTaken: happened - total(forwarded),
    byHand: total(counts) - total(forwarded),
    events: perEvent,
  }
}

function why(counts: readonly DeliveryCount[], status: string): Reconciliation['withheldWhy'] {
  return deliveryReasons
    .map((reason) => ({
      reason,
      words: reasonWords[reason],
      count: counts.reduce(
        (sum, one) => (one.status === status && one.reason === reason ? sum + one.count : sum),
        0,
      ),
    }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
}

function dayAfter(day: string, days = 1): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

function dayIn(at: Date, timeZone: string): string {
  return new Date(at.getTime() + offsetMs(at.getTime(), timeZone)).toISOString().slice(0, 10)
}

// The zone's offset is asked at the midnight that it would be in UTC, and once more at what that gives.
function startOfDay(day: string, timeZone: string): Date {
  const utc = Date.parse(`${day}T00:00:00Z`)
  const once = utc - offsetMs(utc, timeZone)
  return new Date(utc - offsetMs(once, timeZone))
}

function offsetMs(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at)
  const [, sign = '+', hours = '0', minutes = '0'] =
    /GMT([+-])(\d{2}):(\d{2})/.exec(parts.find(({ type }) => type === 'timeZoneName')?.value ?? '') ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}
