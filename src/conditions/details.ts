// The details of an event that have a column of their own; every other property is read from what the sender gave.
import type { SubjectEvent } from './fact.ts'

/** Named with a $ in conditions, so that they never hide a property of the same name. All are texts. */
export const eventDetails = [
  { name: '$channel', label: 'Channel', column: 'channel', key: 'channel' },
  { name: '$path', label: 'Page path', column: 'page_path', key: 'pagePath' },
  { name: '$url', label: 'Page address', column: 'page_url', key: 'pageUrl' },
  { name: '$title', label: 'Page title', column: 'page_title', key: 'pageTitle' },
  { name: '$referrer', label: 'Referrer', column: 'referrer', key: 'referrer' },
  { name: '$utm_source', label: 'UTM source', column: 'utm_source', key: 'utmSource' },
  { name: '$utm_medium', label: 'UTM medium', column: 'utm_medium', key: 'utmMedium' },
  { name: '$utm_campaign', label: 'UTM campaign', column: 'utm_campaign', key: 'utmCampaign' },
  { name: '$device', label: 'Device', column: 'device', key: 'device' },
  { name: '$country', label: 'Country of the visit', column: 'country', key: 'country' },
  { name: '$source', label: 'Sent by', column: 'source', key: 'source' },
] as const satisfies readonly { name: string; label: string; column: string; key: keyof SubjectEvent }[]

/** The words for a property: the label of a detail, else its own name. */
export function propertyLabel(property: string): string {
  return eventDetails.find(({ name }) => name === property)?.label ?? property
}

/** Where a property lies within what the sender gave: keys to follow, and those within each element of a list. */
export interface PropertyPath {
  keys: string[]
  /** undefined where the path leads to one value */
  inEach?: string[]
}

/** Reads `total`, `address.city` and `products[].sku`; null for anything else, such as two lists. */
export function propertyPath(property: string): PropertyPath | null {
  const [outer = '', inner, ...more] = property.split('[]')
  const keys = outer.split('.')
  if (keys.some((key) => key === '') || keys.length > 5 || more.length > 0) return null
  if (inner === undefined) return { keys }
  if (inner === '') return { keys, inEach: [] }
  const within = inner.split('.')
  if (within[0] !== '' || within.length > 4 || within.slice(1).some((key) => key === '')) return null
  return { keys, inEach: within.slice(1) }
}
