// What the address of a lead says beside its id: the tab. Pure; app.tsx validates with it.

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
}

export function leadAddress(search: Record<string, unknown>): LeadAddress {
  const tab = leadTabs.find((name) => name === search.tab)
  return tab ? { tab } : {}
}
