// What the address of a form's page says: which part of it is shown.

export const formTabs = ['edit', 'share', 'numbers'] as const
export type FormTab = (typeof formTabs)[number]

export function formAddress(search: Record<string, unknown>): { tab?: FormTab } {
  const tab = formTabs.find((one) => one === search.tab)
  return tab && tab !== 'edit' ? { tab } : {}
}
