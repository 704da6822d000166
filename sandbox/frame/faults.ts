// Faults on demand: rules that say which calls go wrong, how, and how often.
import { isObject, numberOf, textOf } from './call.ts'
import type { Json } from './call.ts'

/** What may befall a call to a vendor, and what may befall a webhook that a vendor sends. */
export const INCOMING_FAULTS = [
  'latency',
  'too_many',
  'server_error',
  'dropped',
  'lost_answer',
  'cut_off',
] as const
export const OUTGOING_FAULTS = ['wrong_signature', 'duplicate', 'disorder', 'not_sent'] as const
export const FAULT_KINDS = [...INCOMING_FAULTS, ...OUTGOING_FAULTS] as const

export type FaultKind = (typeof FAULT_KINDS)[number]

export interface Fault {
  id: number
  /** a vendor's id, or `*` for all of them */
  vendor: string
  kind: FaultKind
  /** 0 to 100 */
  percent: number
  /** only where the path holds this text; empty for every call */
  path: string
  /** how long `latency` holds the call up, and by how much `disorder` delays a webhook at most */
  delayMs: number
  /** what `too_many` says in Retry-After */
  retryAfterS: number
  /** what `server_error` answers */
  status: number
  /** how often it may still strike; null for ever */
  left: number | null
  /** how often it struck */
  struck: number
}

export interface Faults {
  list(): Fault[]
  /** Adds one from what a person or a test wrote; a sentence where that makes no sense. */
  add(wanted: Json): Fault | string
  /** Removes one, or all of them; says how many went. */
  remove(id?: number): number
  /** Draws for one call: every rule that strikes now, in order. */
  strike(vendor: string, path: string, kinds: readonly FaultKind[]): Fault[]
}

export function createFaults(chance: () => number): Faults {
  let faults: Fault[] = []
  let lastId = 0
  return {
    list: () => faults,
    add(wanted) {
      if (!isObject(wanted)) return 'A fault is an object with vendor, kind and percent.'
      const kind = FAULT_KINDS.find((known) => known === wanted.kind)
      if (!kind) return `kind must be one of ${FAULT_KINDS.join(', ')}.`
      const percent = numberOf(wanted.percent, 100)
      if (percent < 0 || percent > 100) return 'percent lies between 0 and 100.'
      const status = numberOf(wanted.status, 500)
      if (!Number.isInteger(status) || status < 500 || status > 599) return 'status lies between 500 and 599.'
      const fault: Fault = {
        id: ++lastId,
        vendor: textOf(wanted.vendor) || '*',
        kind,
        percent,
        path: textOf(wanted.path),
        delayMs: numberOf(wanted.delayMs, 1000),
        retryAfterS: numberOf(wanted.retryAfterS, 1),
        status,
        left: numberOf(wanted.times, 0) > 0 ? numberOf(wanted.times, 0) : null,
        struck: 0,
      }
      faults = [...faults, fault]
      return fault
    },
    remove(id) {
      const before = faults.length
      faults = id === undefined ? [] : faults.filter((fault) => fault.id !== id)
      return before - faults.length
    },
    strike(vendor, path, kinds) {
      if (faults.length === 0) return []
      return faults.filter((fault) => {
        const fits =
          (fault.vendor === '*' || fault.vendor === vendor) &&
          kinds.includes(fault.kind) &&
          path.includes(fault.path) &&
          fault.left !== 0
        if (!fits || chance() * 100 >= fault.percent) return false
        fault.struck++
        if (fault.left !== null) fault.left--
        return true
      })
    },
  }
}
