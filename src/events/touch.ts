// The nouns of where an event came from: the channels, what tells them apart, and the answer.

export const channels = [
  'Direct',
  'Cross-network',
  'Paid Search',
  'Paid Shopping',
  'Paid Social',
  'Paid Video',
  'Display',
  'Paid Other',
  'Organic Search',
  'Organic Shopping',
  'Organic Social',
  'Organic Video',
  'AI Assistant',
  'Email',
  'SMS',
  'Mobile Push',
  'Affiliates',
  'Audio',
  'Referral',
  'Unassigned',
] as const
export type Channel = (typeof channels)[number]

export const deviceTypes = ['desktop', 'mobile', 'tablet', 'tv', 'console', 'wearable', 'other'] as const
export type DeviceType = (typeof deviceTypes)[number]

/** What an event tells about where it came from. URLs as the browser gave them; `campaign` as `context.campaign` of the tracking specification. */
export interface Origin {
  pageUrl?: string | null
  referrer?: string | null
  campaign?: { name?: string; source?: string; medium?: string; term?: string; content?: string } | null
  /** by parameter name, as `gclid`; those in the page URL are read from it */
  clickIds?: Readonly<Record<string, string>> | null
  /** hosts or domains of the workspace beside the page's own */
  ownDomains?: readonly string[]
}

/**
 * Where an event came from. `channel` is null where the event is no touch: a page inside a visit, a return from a
 * payment or sign-in page, or a call without any page. Source and medium are in lower case, the rest as given.
 * `rule` says why: `utm:paid_search`, `click_id:gclid`, `referrer:search`, `own_domain`, `direct`.
 */
export interface Touch {
  channel: Channel | null
  source: string | null
  medium: string | null
  campaign: string | null
  term: string | null
  content: string | null
  rule: string
}
