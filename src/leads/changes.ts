// How words changed a record that stood already, told so that it can be taken back as long as nothing touched it since. Pure.
import { COLUMNS } from './columns.ts'
import type { LeadFields } from './contract.ts'
import { unpackProvenance } from './provenance.ts'
import type { LeadRow } from './record.ts'

type Word = [rank: number, at: number]

/** What changed in one lead: per column or `fields.<key>` what stood there, by which word, and what was written, by which. */
export interface RecordChange {
  leadId: string
  values: Record<string, { before: unknown; after: unknown; by: Word | null; written: Word }>
  tagsAdded: string[]
  /** whether a consent took effect with it */
  hasConsents: boolean
}

/** A merge that a saying caused, at its place among the changes. */
export interface MergeMade {
  mergeId: string
}

/** What sayings did to leads that stood already, one after the other. */
export type LeadChange = RecordChange | MergeMade

/** A copy of what words may change in a record. */
export function recordAsItStands(row: LeadRow): LeadRow {
  return { ...row, fields: { ...row.fields }, provenance: { ...unpackProvenance(row) } }
}

/** How a record differs from what stood before in these places, or null where nothing took effect. */
export function changeOf(
  stood: LeadRow,
  row: LeadRow,
  changed: readonly string[],
  consents: readonly string[],
): RecordChange | null {
  if (changed.length === 0 && consents.length === 0) return null
  const change: RecordChange = {
    leadId: row.id,
    values: {},
    tagsAdded: [],
    hasConsents: consents.length > 0,
  }
  const written = changed.length > 0 ? unpackProvenance(row) : {}
  for (const name of changed) {
    if (name === 'tags') change.tagsAdded = row.tags.filter((tag) => !stood.tags.includes(tag))
    const place = name.startsWith('fields.') ? name : COLUMNS[name as keyof LeadFields]
    const word = place && written[place]
    if (!word) continue
    change.values[place] = {
      before: valueAt(stood, place),
      after: valueAt(row, place),
      by: stood.provenance[place] ?? null,
      written: [word[0], word[1]],
    }
  }
  return change
}

/** A value of a place as it is kept by now: a field may have got another type since it was written. */
export type AsKeptNow = (place: string, value: unknown) => unknown

/**
 * Takes a change back, in place, except where something wrote over it since.
 * @returns the places that went back and those that stay
 */
export function takeBack(
  row: LeadRow,
  change: RecordChange,
  asKeptNow: AsKeptNow = (_, value) => value,
): { back: string[]; kept: string[] } {
  const back: string[] = []
  const kept: string[] = []
  row.provenance = unpackProvenance(row)
  for (const [place, { before, after, by, written }] of Object.entries(change.values)) {
    const word = row.provenance[place]
    const stands = valueAt(row, place)
    const isOwn = stands === after || stands === asKeptNow(place, after)
    if (word?.[0] !== written[0] || word[1] !== written[1] || !isOwn) {
      kept.push(place)
      continue
    }
    putAt(row, place, stands === after ? before : asKeptNow(place, before))
    if (by) row.provenance[place] = by
    else delete row.provenance[place]
    back.push(place)
  }
  const tags = row.tags.filter((tag) => !change.tagsAdded.includes(tag))
  if (tags.length < row.tags.length) {
    row.tags = tags
    back.push('tags')
  }
  return { back, kept }
}

function valueAt(row: LeadRow, place: string): unknown {
  if (!place.startsWith('fields.')) return row[place as (typeof COLUMNS)[keyof LeadFields]]
  const key = place.slice('fields.'.length)
  return Object.hasOwn(row.fields, key) ? row.fields[key] : null
}

function putAt(row: LeadRow, place: string, value: unknown): void {
  if (place.startsWith('fields.')) {
    const key = place.slice('fields.'.length)
    if (value === null || value === undefined) delete row.fields[key]
    else row.fields[key] = value
  } else row[place as (typeof COLUMNS)[keyof LeadFields]] = value as string | null
}
