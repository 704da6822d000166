// A change of a lead against what somebody else did meanwhile: which fields it is about, and whether they met. Pure.
import { leadFieldNames } from '../../../src/leads/contract.ts'
import type { Lead, updateLead } from '../../../src/leads/contract.ts'
import type { CallInput } from '../../call.ts'

export type LeadChange = NonNullable<CallInput<typeof updateLead>['body']>

/** The fields that a change is about, as events name them: `company`, `tags`, `fields.plan`. */
export function namesIn({ fields, revision: _revision, ...standing }: LeadChange): string[] {
  return [...Object.keys(standing), ...Object.keys(fields ?? {}).map((key) => `fields.${key}`)]
}

/** The fields that differ between two looks at a lead. */
export function changedBetween(seen: Lead, now: Lead): string[] {
  const custom = new Set([...Object.keys(seen.fields), ...Object.keys(now.fields)])
  const names = [...leadFieldNames, 'tags', 'ownerId', ...[...custom].map((key) => `fields.${key}`)]
  return names.filter((name) => said(seen, name) !== said(now, name))
}

/** Whether somebody changed one of the fields that a change is about. */
export function isMet(change: LeadChange, seen: Lead, now: Lead): boolean {
  const changed = changedBetween(seen, now)
  return namesIn(change).some((name) => changed.includes(name))
}

/** Whether two sets of tags are the same, in whatever order. */
export function sameTags(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((tag) => other.includes(tag))
}

function said(lead: Lead, name: string): string {
  if (name === 'tags') return JSON.stringify([...lead.tags].sort())
  const value = name.startsWith('fields.')
    ? lead.fields[name.slice('fields.'.length)]
    : lead[name as keyof Lead]
  return JSON.stringify(value ?? null)
}
