// Snapshots of leads: a moment each, what was known then, and what came of it within 90 days; a table to learn from. Pure.
import type { HistoryOrder } from '../../contract.ts'
import { createFeatureGatherer } from './feature-columns.ts'
import type { Shape } from './feature-columns.ts'
import { featuresAt } from './features.ts'
import type { FieldWord, LeadFacts } from './features.ts'
import type { Table } from './table.ts'

/** How long after the snapshot a conversion may come. */
export const horizonDays = 90
/** Ages at which leads are looked at. */
export const landmarkDays = [0, 1, 3, 7, 14, 30, 60, 90, 180] as const
const dayMs = 86_400_000

/** What is asked: a first paid order (shops), or reaching the stage `opportunity` (B2B). */
export const targets = ['order', 'opportunity'] as const
export type Target = (typeof targets)[number]

/** `censored`: its 90 days are not over. `converted`: it was a customer already, whom this model is not about. */
export type Snapshot = { is: 'open'; at: number; outcome: 0 | 1 } | { is: 'censored' } | { is: 'converted' }

/**
 * The snapshot of a lead. Its age is drawn from the landmarks by the lead's id alone, never by what came of it: looking at
 * winners shortly before they won would be a leak of its own. One snapshot a lead, so that no lead is in two folds.
 */
export function snapshotOf(
  lead: Pick<LeadFacts, 'leadId' | 'leadSince'>,
  convertedAt: number | null,
  now: number,
): Snapshot {
  const landmark = landmarkDays[hashOf(lead.leadId) % landmarkDays.length] as number
  const at = lead.leadSince + landmark * dayMs
  if (convertedAt !== null && convertedAt <= at) return { is: 'converted' }
  if (at + horizonDays * dayMs > now) return { is: 'censored' }
  return {
    is: 'open',
    at,
    outcome: convertedAt !== null && convertedAt <= at + horizonDays * dayMs ? 1 : 0,
  }
}

/** When the first order was placed that was paid and kept: no test, not cancelled, not free, not given back whole. */
export function firstPaidAt(
  orders: readonly Pick<
    HistoryOrder,
    'placedAt' | 'cancelledAt' | 'isTest' | 'totalMinor' | 'refundedMinor'
  >[],
): number | null {
  let first: number | null = null
  for (const { placedAt, cancelledAt, isTest, totalMinor, refundedMinor } of orders) {
    if (isTest || cancelledAt !== null || totalMinor <= 0 || refundedMinor >= totalMinor) continue
    if (first === null || placedAt < first) first = placedAt
  }
  return first
}

export interface LeadToLearn extends LeadFacts {
  convertedAt: number | null
  /** the score by rules at the snapshot, where there is one */
  ruleScore?: number | null
}

export interface Snapshots {
  /** takes a lead; false where it is no open snapshot at `now` */
  add(lead: LeadToLearn): boolean
  /** how many leads were taken, and left aside for what */
  counted(): Record<Snapshot['is'], number>
  /** the table for `learn`, and the shape by which the model later reads leads that are open */
  finish(): { table: Table; shape: Shape }
}

/** Gathers snapshots into a table for `learn`; its time is the moments of the snapshots. */
export function createSnapshots(now: number, target: Target): Snapshots {
  const counted = { open: 0, censored: 0, converted: 0 }
  const features = createFeatureGatherer()
  const moments: number[] = []
  const outcomes: number[] = []
  const ruleScores: number[] = []
  const changed = new Map<string, number>()
  let conversions = 0

  return {
    counted: () => ({ ...counted }),
    add(lead) {
      const snapshot = snapshotOf(lead, lead.convertedAt, now)
      counted[snapshot.is]++
      if (snapshot.is !== 'open') return false
      features.add(featuresAt(lead, snapshot.at))
      moments.push(snapshot.at)
      outcomes.push(snapshot.outcome)
      ruleScores.push(lead.ruleScore ?? Number.NaN)
      if (snapshot.outcome === 1) {
        conversions++
        for (const field of changedAfter(lead.words, lead.convertedAt))
          changed.set(field, (changed.get(field) ?? 0) + 1)
      }
      return true
    },
    finish() {
      const { columns, shape } = features.finish()
      const hasScores = ruleScores.length > 0 && !ruleScores.some(Number.isNaN)
      const table: Table = {
        label: target === 'order' ? 'ordered within 90 days' : 'became an opportunity within 90 days',
        conversion: 'yes',
        other: 'no',
        read: counted.open + counted.censored + counted.converted,
        withoutOutcome: counted.censored + counted.converted,
        outcomes: Uint8Array.from(outcomes),
        rowNumbers: Int32Array.from(moments, (_, row) => row + 1),
        columns,
        ignored: [],
        time: { column: 'moment', isDate: true, values: Float64Array.from(moments) },
        changedAfterOutcome: new Map(
          [...changed].map(([field, times]) => [field, times / Math.max(1, conversions)]),
        ),
        ruleScores: hasScores ? Float64Array.from(ruleScores) : null,
      }
      return { table, shape }
    },
  }
}

function changedAfter(words: readonly FieldWord[], convertedAt: number | null): Set<string> {
  return new Set(
    words.flatMap(({ field, knownFrom }) => (convertedAt !== null && knownFrom > convertedAt ? [field] : [])),
  )
}

// FNV-1a, 32 bits: the same on every machine, and even over random ids.
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
