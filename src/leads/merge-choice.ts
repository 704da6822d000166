// What a person decides when two leads are merged by hand: a preview of what would win, and values of their own choice. Pure.
import { strictest } from './consent.ts'
import type { StandingConsent } from './consent.ts'
import { COLUMNS, fieldNames } from './columns.ts'
import { purposes } from './contract.ts'
import type { LeadFields, Purpose } from './contract.ts'
import { RANK, mergeRecords } from './record.ts'
import type { LeadRow, MergeTrace } from './record.ts'

export type FieldValue = string | number | boolean | null

/** Values that hold after the merge, whatever the two leads say. */
export interface MergeChoice {
  fields?: Partial<LeadFields> | undefined
  custom?: Record<string, FieldValue> | undefined
}

export interface PreviewedField {
  /** a field of every lead, or `fields.<key>` */
  field: string
  winner: unknown
  loser: unknown
  result: unknown
}

export interface PreviewedConsent {
  purpose: Purpose
  winner: 'granted' | 'denied' | 'unknown'
  loser: 'granted' | 'denied' | 'unknown'
  result: 'granted' | 'denied' | 'unknown'
}

/** What a merge would come to, field by field; the rows stay as they are. Fields that both lack are left out. */
export function previewFields(winner: LeadRow, loser: LeadRow): PreviewedField[] {
  const result = structuredClone(winner)
  mergeRecords(result, structuredClone(loser))
  const standing = fieldNames.map((name) => ({
    field: name as string,
    winner: winner[COLUMNS[name]],
    loser: loser[COLUMNS[name]],
    result: result[COLUMNS[name]],
  }))
  const keys = [...new Set([...Object.keys(winner.fields), ...Object.keys(loser.fields)])].sort()
  const custom = keys.map((key) => ({
    field: `fields.${key}`,
    winner: winner.fields[key] ?? null,
    loser: loser.fields[key] ?? null,
    result: result.fields[key] ?? null,
  }))
  return [...standing, ...custom].filter((one) => one.winner !== null || one.loser !== null)
}

/** Per purpose what each lead said and what holds afterwards: the stricter. */
export function previewConsents(
  winner: ReadonlyMap<Purpose, StandingConsent>,
  loser: ReadonlyMap<Purpose, StandingConsent>,
): PreviewedConsent[] {
  return purposes.flatMap((purpose) => {
    const [mine, theirs] = [winner.get(purpose), loser.get(purpose)]
    if (!mine && !theirs) return []
    return {
      purpose,
      winner: mine?.state ?? 'unknown',
      loser: theirs?.state ?? 'unknown',
      result: strictest(mine, theirs)?.state ?? 'unknown',
    }
  })
}

/** Writes the chosen values into a winner that has just been merged, in place, so that undoing the merge takes them back. */
export function applyChoice(winner: LeadRow, trace: MergeTrace, choice: MergeChoice, at: number): void {
  const choose = (place: string, current: unknown, value: unknown, write: () => void) => {
    if ((current ?? null) === value) return
    const earlier = trace.values[place]
    trace.values[place] = {
      before: earlier ? earlier.before : (current ?? null),
      after: value,
      provenance: earlier ? earlier.provenance : (winner.provenance[place] ?? null),
      written: [RANK.told, at],
    }
    winner.provenance[place] = [RANK.told, at]
    write()
  }
  for (const name of fieldNames) {
    const value = choice.fields?.[name]
    if (value === undefined) continue
    const column = COLUMNS[name]
    choose(column, winner[column], value, () => {
      winner[column] = value
    })
  }
  for (const [key, value] of Object.entries(choice.custom ?? {})) {
    choose(`fields.${key}`, winner.fields[key], value, () => {
      if (value === null) delete winner.fields[key]
      else winner.fields[key] = value
    })
  }
}
