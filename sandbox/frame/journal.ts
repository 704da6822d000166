// Keeps the last calls of each vendor, in and out, with what was answered: bounded, whatever the load.
import type { IncomingHttpHeaders } from 'node:http'

/** Calls kept for each vendor, and how much of a body is kept: at most 200 * 2 * 16 kB = 6.4 MB a vendor. */
const KEPT_CALLS = 200
const KEPT_BODY_BYTES = 16 * 1024

export interface Entry {
  id: number
  vendor: string
  /** `in`: the vendor was called. `out`: the vendor sent a webhook. */
  direction: 'in' | 'out'
  /** ms since 1970, by the sandbox's clock */
  at: number
  method: string
  url: string
  requestHeaders: IncomingHttpHeaders
  requestBody: string
  /** null where no answer was given or none came */
  status: number | null
  answerHeaders: Record<string, string>
  answerBody: string
  /** faults that struck, by kind */
  faults: string[]
  note: string
  tookMs: number
}

export interface Journal {
  write(entry: Omit<Entry, 'id' | 'requestBody' | 'answerBody'> & Bodies): void
  /** The newest first. */
  read(vendor?: string, limit?: number): Entry[]
  /** Calls since the start or the last reset. */
  count(vendor: string, direction: 'in' | 'out'): number
  clear(vendor?: string): void
}

interface Bodies {
  requestBody: Buffer | string
  answerBody: Buffer | string
}

export function createJournal(): Journal {
  const rings = new Map<string, { kept: Entry[]; in: number; out: number }>()
  let lastId = 0
  return {
    write(entry) {
      const ring = rings.get(entry.vendor) ?? { kept: [], in: 0, out: 0 }
      rings.set(entry.vendor, ring)
      const kept: Entry = {
        ...entry,
        id: ++lastId,
        requestBody: cut(entry.requestBody),
        answerBody: cut(entry.answerBody),
      }
      ring[entry.direction]++
      const place = (ring.in + ring.out - 1) % KEPT_CALLS
      ring.kept[place] = kept
    },
    read(vendor, limit = KEPT_CALLS) {
      const chosen = vendor === undefined ? [...rings.values()] : [rings.get(vendor) ?? { kept: [] }]
      return chosen
        .flatMap((ring) => ring.kept)
        .sort((a, b) => b.id - a.id)
        .slice(0, limit)
    },
    count: (vendor, direction) => rings.get(vendor)?.[direction] ?? 0,
    clear(vendor) {
      if (vendor === undefined) rings.clear()
      else rings.delete(vendor)
    },
  }
}

function cut(body: Buffer | string): string {
  if (body.length <= KEPT_BODY_BYTES) return body.toString()
  const shown = typeof body === 'string' ? body.slice(0, KEPT_BODY_BYTES) : body.subarray(0, KEPT_BODY_BYTES)
  return `${shown.toString()} ... (${body.length} bytes)`
}
