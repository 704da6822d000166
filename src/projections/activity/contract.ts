// The state of the projection `activity`: what a lead did, as far as lists and conversions need it at hand.

/** Raise it when the fold changes; `throughline rebuild` then folds every lead anew. */
export const ACTIVITY_VERSION = 1

export interface Touch {
  at: string
  eventId: string
  channel: string
  source: string
  medium: string
  campaign: string
  pageUrl: string
  referrer: string
}

/** The latest word of a browser about itself, kept for conversions. */
export interface BrowserContext {
  at: string
  userAgent?: string
  pageUrl?: string
  language?: string
  timeZone?: string
  fbp?: string
  fbc?: string
  gaClientId?: string
  gaSessionId?: string
  ip?: string
}

export interface ActivityState {
  firstSeenAt: string
  lastSeenAt: string
  eventCount: number
  sessionCount: number
  pageCount: number
  machineCount: number
  firstTouch: Touch | null
  lastTouch: Touch | null
  context: BrowserContext | null
  /** per click id parameter: its value and when it was clicked */
  clickIds: Record<string, { value: string; at: string }>
}
