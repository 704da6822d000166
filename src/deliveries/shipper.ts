// What a kind of delivery declares: how its items pass the door, travel together and are sent.
import type { Connector, Outcome, ShowPlace, Wire } from '../connectors/index.ts'
import type { Db } from '../platform/postgres.ts'
import type { DeliveryReason, ShownRequest } from './contract.ts'

/** An item on its way. */
export interface Leaving {
  id: string
  workspaceId: string
  key: string
  leadId: string | null
  event: string
  occurredAt: Date
  item: Record<string, unknown>
  /** as it left before */
  payload: Record<string, unknown> | null
  leftAt: Date | null
  attemptCount: number
  /** since when it is tried */
  waitingSince: Date
  /** it left since then, and its answer was lost */
  mayHaveArrived: boolean
}

/** Whether an item may leave now, and in which form; or why not. */
export type Verdict =
  | { kind: 'goes'; payload: Record<string, unknown> }
  | { kind: 'withheld' | 'refused'; reason: DeliveryReason; words: string }

/** How one kind of item leaves. */
export interface Shipper {
  /** items of one turn at most, for a connection */
  turn(wire: Wire): number
  /** asked right before they leave: consent, age, the vendor's rules; one verdict for each, in order */
  door(db: Db, wire: Wire, items: readonly Leaving[], now: Date): Promise<Verdict[]>
  /** places of payloads that travel in one call */
  group(wire: Wire, payloads: readonly Record<string, unknown>[]): number[][]
  send(wire: Wire, payloads: readonly Record<string, unknown>[]): Promise<Outcome[]>
  /** whether the vendor counts a repeat once */
  honoursRepeat(connector: string, payload: Record<string, unknown>, ageMs: number): boolean
  /** whether the vendor recognises one payload as a repeat of another; always unless told */
  isRepeat?(connector: string, before: Record<string, unknown>, now: Record<string, unknown>): boolean
  /**
   * when one that did not arrive is tried again, in ms since it began to wait, the last time at the last; without it, at growing
   * pauses for three days
   */
  triesAtMs?: readonly number[]
  /** what the connection's page says once the receiver wants nothing more; @param words the receiver's */
  problemOf?(words: string): string
  /** the request of a payload, secrets hidden */
  show(
    connector: Connector,
    settings: Readonly<Record<string, unknown>>,
    payload: Record<string, unknown>,
    where: ShowPlace,
  ): ShownRequest | null
}

/** By the kind of their items. */
export type Shippers = Readonly<Record<string, Shipper>>
