// Reads from a landing URL what brought the visitor: campaign parameters and the ad networks' click ids.

/** Segment's `context.campaign`; `name` is utm_campaign. */
export type Campaign = Partial<Record<string, string>>
/** Each click id with the instant (ISO) at which this browser first carried it. */
export type ClickIds = Record<string, { value: string; at: string }>

export interface Arrival {
  /** Tells one arrival from another; '' where nothing in the URL says how the visitor came. */
  key: string
  campaign?: Campaign
  clickIds: ClickIds
}

const telling =
  /^(?:utm_(source|medium|campaign|term|content|id)|gclid|gbraid|wbraid|fbclid|ttclid|msclkid|li_fat_id)$/
const keptMs = 90 * 86_400_000
/** Longer values are no campaign name of anybody's, and would crowd the 32 kB that an event may have. */
const longest = 500

/** What a query string tells, click ids dated `at` (ISO) and with their letter case kept. */
export function arrivalOf(search: string, at: string): Arrival {
  const arrival: Arrival = { key: '', clickIds: {} }
  new URLSearchParams(search).forEach((text, name) => {
    const match = telling.exec(name)
    const value = text.slice(0, longest)
    if (!match || !value) return
    const part = match[1]
    if (part) arrival.campaign = { ...arrival.campaign, [part === 'campaign' ? 'name' : part]: value }
    else arrival.clickIds[name] = { value, at }
    arrival.key += name + '=' + value + '&'
  })
  return arrival
}

/** Kept click ids joined by fresh ones: the same click keeps its first instant, a new one replaces, 90 days old ones go. */
export function mergeClickIds(kept: ClickIds, fresh: ClickIds, nowMs: number): ClickIds {
  const merged = { ...fresh }
  for (const [name, click] of Object.entries(kept)) {
    const now = fresh[name]
    if (nowMs - Date.parse(click.at) < keptMs && (!now || now.value === click.value)) merged[name] = click
  }
  return merged
}
