// The lead record and how words about a person change it: the stronger source wins, then the newer word.
import { COLUMNS, fieldNames } from './columns.ts'
import type { LeadFields } from './contract.ts'
import { EVERY, PACKED_FROM, unpackProvenance } from './provenance.ts'

/** A row of `leads`; instants are ISO 8601 in UTC. */
export interface LeadRow {
  id: string
  workspace_id: string
  status: 'active' | 'merged' | 'binned'
  merged_into: string | null
  binned_at: string | null
  is_known: boolean
  email: string | null
  phone: string | null
  first_name: string | null
  last_name: string | null
  company: string | null
  job_title: string | null
  city: string | null
  country: string | null
  language: string | null
  time_zone: string | null
  source: string
  owner_id: string | null
  tags: string[]
  fields: Record<string, unknown>
  provenance: Record<string, [rank: number, at: number]>
  revision: number
  created_at: string
  updated_at: string
}

/** How far a word is trusted: verified > told by a person > imported > inferred. */
export const RANK = { inferred: 1, imported: 2, told: 3, verified: 4 } as const

/** What a message, a row or a member says about a person. A null clears a field and only members may send it. */
export interface Words {
  fields: Partial<LeadFields>
  /** what nobody said but follows from where the call came: the country of an address, the zone of a browser */
  inferred?: Partial<LeadFields>
  custom?: Record<string, string | number | boolean | null>
  /** tags to add */
  tags?: readonly string[]
  /** tags to take away */
  dropTags?: readonly string[]
  /** only what is empty is filled; what stands stays */
  fillsOnly?: boolean
  /** tags as they shall be */
  setTags?: string[]
  ownerId?: string | null
  rank: number
  /** when it was said, ms since 1970 */
  at: number
}

/** Custom fields of one lead at most: a browser's key is no secret, and whoever has it may name fields. */
export const CUSTOM_LIMIT = 200

/** An empty record of a new lead. */
export function newLeadRow(made: {
  id: string
  workspaceId: string
  source: string
  at: Date
  now: Date
  isKnown: boolean
}): LeadRow {
  return {
    id: made.id,
    workspace_id: made.workspaceId,
    status: 'active',
    merged_into: null,
    binned_at: null,
    is_known: made.isKnown,
    email: null,
    phone: null,
    first_name: null,
    last_name: null,
    company: null,
    job_title: null,
    city: null,
    country: null,
    language: null,
    time_zone: null,
    source: made.source,
    owner_id: null,
    tags: [],
    fields: {},
    provenance: {},
    revision: 1,
    created_at: made.at.toISOString(),
    updated_at: made.now.toISOString(),
  }
}

/** What words did to a record. */
export interface Effect {
  /** the names of what changed; empty where the words said nothing new */
  changed: string[]
  /** whether something that stood already was said again by a stronger or later word */
  isConfirmed: boolean
}

/** Applies words to a record, in place. */
export function applyWords(row: LeadRow, words: Words): Effect {
  if (isBlank(row) && !words.inferred) return fillBlank(row, words)
  row.provenance = unpackProvenance(row)
  const changed: string[] = []
  let isConfirmed = false
  const sign = (place: string, rank: number) => {
    const [oldRank, oldAt] = row.provenance[place] ?? [0, 0]
    isConfirmed ||= rank !== oldRank || words.at !== oldAt
    row.provenance[place] = [rank, words.at]
  }
  const say = (name: keyof LeadFields, value: string | null | undefined, rank: number) => {
    const column = COLUMNS[name]
    if (words.fillsOnly && row[column] !== null) return
    if (value === undefined || !isStronger(row, column, row[column], value, { rank, at: words.at })) return
    sign(column, rank)
    if (row[column] === value) return
    row[column] = value
    changed.push(name)
  }
  for (const name of fieldNames) {
    say(name, words.fields[name], words.rank)
    if (words.fields[name] === undefined) say(name, words.inferred?.[name], RANK.inferred)
  }
  for (const [key, value] of Object.entries(words.custom ?? {})) {
    const place = `fields.${key}`
    const current = Object.hasOwn(row.fields, key) ? row.fields[key] : null
    if (words.fillsOnly && current !== null) continue
    if (current === null && Object.keys(row.fields).length >= CUSTOM_LIMIT) continue
    if (!isStronger(row, place, current, value, words)) continue
    sign(place, words.rank)
    if (current === value) continue
    if (value === null) delete row.fields[key]
    else row.fields[key] = value
    changed.push(place)
  }
  const kept = words.dropTags ? row.tags.filter((tag) => !words.dropTags?.includes(tag)) : row.tags
  const tags = words.setTags ?? [...new Set([...kept, ...(words.tags ?? [])])]
  if (tags.length !== row.tags.length || tags.some((tag) => !row.tags.includes(tag))) {
    row.tags = tags.slice(0, 200)
    changed.push('tags')
  }
  if (words.ownerId !== undefined && words.ownerId !== row.owner_id) {
    row.owner_id = words.ownerId
    changed.push('ownerId')
  }
  return { changed, isConfirmed }
}

function isBlank(row: LeadRow): boolean {
  if (Object.keys(row.provenance).length + Object.keys(row.fields).length > 0) return false
  for (const name of fieldNames) if (row[COLUMNS[name]] !== null) return false
  return row.tags.length === 0
}

// What `applyWords` comes to where nothing was said before: an import's rows are mostly that, and it takes a fifth of the time.
function fillBlank(row: LeadRow, words: Words): Effect {
  const changed: string[] = []
  for (const name of fieldNames) {
    const value = words.fields[name]
    if (value === undefined || value === null || value === '') continue
    row[COLUMNS[name]] = value
    changed.push(name)
  }
  let custom = 0
  for (const key in words.custom) {
    const value = words.custom[key]
    if (value === undefined || value === null || value === '') continue
    if (custom++ >= CUSTOM_LIMIT) break
    row.fields[key] = value
    changed.push(`fields.${key}`)
  }
  const isConfirmed = changed.length > 0
  const word: [number, number] = [words.rank, words.at]
  if (changed.length >= PACKED_FROM) row.provenance[EVERY] = word
  else for (const place of changed) row.provenance[COLUMNS[place as keyof LeadFields] ?? place] = word
  const tags = words.setTags ?? words.tags
  if (tags && tags.length > 0) {
    row.tags = (words.setTags ?? [...new Set(tags)]).slice(0, 200)
    changed.push('tags')
  }
  if (words.ownerId !== undefined && words.ownerId !== row.owner_id) {
    row.owner_id = words.ownerId
    changed.push('ownerId')
  }
  return { changed, isConfirmed }
}

/** What a merge did to the winner, enough to undo it to the letter. */
export interface MergeTrace {
  winner: Pick<LeadRow, 'created_at' | 'is_known'>
  /** per column or `fields.<key>`: what stood before, by which word, and what the merge wrote, by which */
  values: Record<
    string,
    { before: unknown; after: unknown; provenance: [number, number] | null; written?: [number, number] }
  >
  tagsAdded: string[]
  /** the owner that the winner lacked and took from the loser, or that was chosen */
  ownerTaken?: string
  /** whom it belonged to before another was chosen; absent where to nobody */
  ownerBefore?: string
}

/** Takes over into the winner, in place, what the loser knows better. */
export function mergeRecords(winner: LeadRow, loser: LeadRow): MergeTrace {
  winner.provenance = unpackProvenance(winner)
  const said = unpackProvenance(loser)
  const trace: MergeTrace = {
    winner: { created_at: winner.created_at, is_known: winner.is_known },
    values: {},
    tagsAdded: loser.tags.filter((tag) => !winner.tags.includes(tag)),
  }
  const take = (place: string, before: unknown, after: unknown, write: () => void) => {
    if (after === null || after === undefined || after === before) return
    const [rank, at] = said[place] ?? [RANK.inferred, 0]
    if (!isStronger(winner, place, before, after, { rank, at })) return
    trace.values[place] = { before, after, provenance: winner.provenance[place] ?? null, written: [rank, at] }
    winner.provenance[place] = [rank, at]
    write()
  }
  for (const name of fieldNames) {
    const column = COLUMNS[name]
    take(column, winner[column], loser[column], () => {
      winner[column] = loser[column]
    })
  }
  for (const [key, value] of Object.entries(loser.fields)) {
    take(`fields.${key}`, Object.hasOwn(winner.fields, key) ? winner.fields[key] : null, value, () => {
      winner.fields[key] = value
    })
  }
  if (winner.owner_id === null && loser.owner_id !== null) {
    trace.ownerTaken = loser.owner_id
    winner.owner_id = loser.owner_id
  }
  winner.tags = [...winner.tags, ...trace.tagsAdded]
  if (loser.created_at < winner.created_at) winner.created_at = loser.created_at
  winner.is_known ||= loser.is_known
  return trace
}

/** Takes back, in place, what a merge wrote, except where somebody wrote over it since. */
export function unmergeRecord(winner: LeadRow, trace: MergeTrace): void {
  for (const [place, { before, after, provenance, written }] of Object.entries(trace.values)) {
    const [rank, at] = winner.provenance[place] ?? [0, 0]
    if (written && (rank !== written[0] || at !== written[1])) continue
    if (place.startsWith('fields.')) {
      const key = place.slice('fields.'.length)
      if ((winner.fields[key] ?? null) !== after) continue
      if (before === null) delete winner.fields[key]
      else winner.fields[key] = before
    } else {
      const column = place as (typeof COLUMNS)[keyof LeadFields]
      if (winner[column] !== after) continue
      winner[column] = before as string | null
    }
    if (provenance) winner.provenance[place] = provenance
    else delete winner.provenance[place]
  }
  if (trace.ownerTaken !== undefined && winner.owner_id === trace.ownerTaken)
    winner.owner_id = trace.ownerBefore ?? null
  winner.tags = winner.tags.filter((tag) => !trace.tagsAdded.includes(tag))
  winner.created_at = trace.winner.created_at
  winner.is_known = trace.winner.is_known
}

/** How a person is called in lists: name, else e-mail, else phone, else a short form of the id. */
export function leadLabel(
  row: Pick<LeadRow, 'id' | 'first_name' | 'last_name' | 'email' | 'phone' | 'is_known'>,
): string {
  const name = [row.first_name, row.last_name].filter(Boolean).join(' ')
  return name || row.email || row.phone || `${row.is_known ? 'Lead' : 'Visitor'} ${row.id.slice(-6)}`
}

function isStronger(
  row: LeadRow,
  place: string,
  current: unknown,
  value: unknown,
  words: Pick<Words, 'rank' | 'at'>,
): boolean {
  if (value === '' || (value === null && words.rank < RANK.told)) return false
  const provenance = row.provenance[place]
  // What somebody emptied stays empty until a word that is as strong and newer fills it.
  if (!provenance && (current === null || current === undefined)) return value !== null
  const [rank, at] = provenance ?? [0, 0]
  return words.rank > rank || (words.rank === rank && words.at >= at)
}
