// What the address of a lead says beside its id: the tab, and what is opened in it. Pure; app.tsx validates with it.
import { shownModels } from '../../../src/projections/attribution/contract.ts'
import type { ShownModel } from '../../../src/projections/attribution/contract.ts'

export const leadTabs = [
  'timeline',
  'journey',
  'score',
  'details',
  'notes',
  'consent',
  'identity',
  'json',
] as const
type LeadTab = (typeof leadTabs)[number]

export interface LeadAddress {
  /** the timeline unless told */
  tab?: LeadTab
  /** the rule of the score whose events are shown, by its place and id */
  why?: string
  /** how credit is shared; the settings’ first unless told */
  model?: ShownModel
}

/** What closes whatever is opened in a tab. */
export const NOTHING_OPENED = { why: undefined, model: undefined } as const

export function leadAddress(search: Record<string, unknown>): LeadAddress {
  const tab = leadTabs.find((name) => name === search.tab)
  const model = shownModels.find((name) => name === search.model)
  return {
    ...(tab ? { tab } : {}),
    ...(typeof search.why === 'string' && search.why.length <= 120 ? { why: search.why } : {}),
    ...(model ? { model } : {}),
  }
}
