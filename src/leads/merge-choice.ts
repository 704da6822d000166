// What a person decides when leads are merged by hand: a preview of what would win, and values of their own choice. Pure.
import type { ReplyOf } from '../lib/endpoint.ts'
import { strictest } from './consent.ts'
import type { StandingConsent } from './consent.ts'
import { COLUMNS, fieldNames } from './columns.ts'
import { purposes } from './contract.ts'
import type { LeadFields, Purpose, previewMerge as previewEndpoint } from './contract.ts'
import { RANK, mergeRecords } from './record.ts'
import type { LeadRow, MergeTrace } from './record.ts'

export type FieldValue = string | number | boolean | null

/** Values that hold after the merge, whatever the leads say. */
export interface MergeChoice {
  fields?: Partial<LeadFields> | undefined
  custom?: Record<string, FieldValue> | undefined
  /** one of the leads' own */
  ownerId?: string | undefined
}

type Preview = ReplyOf<typeof previewEndpoint>

/** What a merge of leads would come to, field by field; the rows stay as they are. Fields that all lack are left out. */
export function previewRecord([winner, ...losers]: LeadRow[]): Pick<Preview, 'fields' | 'tags' | 'ownerId'> {
  const result = structuredClone(winner!)
  for (const loser of losers) mergeRecords(result, structuredClone(loser))
  const leads = [winner!, ...losers]
  const standing = fieldNames.map((name) => ({
    field: name as string,
    values: leads.map((lead) => lead[COLUMNS[name]]),
    result: result[COLUMNS[name]],
  }))
  const keys = [...new Set(leads.flatMap((lead) => Object.keys(lead.fields)))].sort()
  const custom = keys.map((key) => ({
    field: `fields.${key}`,
    values: leads.map((lead) => lead.fields[key] ?? null),
    result: result.fields[key] ?? null,
  }))
  const fields = [...standing, ...custom].filter(({ values }) => values.some((value) => value !== null))
  return { fields, tags: result.tags, ownerId: result.owner_id }
}

export interface ConsentingLead {
  label: string
  consents: ReadonlyMap<Purpose, StandingConsent>
}

/** Per purpose what each lead said, what holds afterwards, and why. Purposes that none spoke of are left out. */
export function previewConsents(leads: ConsentingLead[]): Preview['consents'] {
  return purposes.flatMap((purpose) => {
    const said = leads.map(({ label, consents }) => ({ label, consent: consents.get(purpose) }))
    const result = said.map(({ consent }) => consent).reduce(strictest, undefined)
    if (!result) return []
    return {
      purpose,
      states: said.map(({ consent }) => consent?.state ?? ('unknown' as const)),
      result: result.state,
      because: reasonOf(said, result.state),
    }
  })
}

function reasonOf(
  said: { label: string; consent: StandingConsent | undefined }[],
  result: StandingConsent['state'],
): string {
  const namesOf = (state: StandingConsent['state']) =>
    said.flatMap(({ label, consent }) => (consent?.state === state ? label : []))
  const agreed = listed(namesOf('granted'))
  if (result === 'granted') {
    return said.every(({ consent }) => consent)
      ? 'All of them agreed.'
      : `${agreed} agreed, and nobody refused.`
  }
  const refused = listed(namesOf('denied'))
  return agreed === '' ? `${refused} refused.` : `${refused} refused, which outweighs that ${agreed} agreed.`
}

function listed(names: string[]): string {
  return new Intl.ListFormat('en-GB').format(names)
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
  const { ownerId } = choice
  if (ownerId === undefined || ownerId === winner.owner_id) return
  // What the merge itself took from the loser stood nowhere before.
  const before = trace.ownerTaken === undefined ? winner.owner_id : null
  trace.ownerTaken = ownerId
  if (before !== null) trace.ownerBefore = before
  winner.owner_id = ownerId
}
