// What the address of a segment says: which of its lists is open, and the lead that is explained. Pure; app.tsx validates with it.
export const segmentTabs = ['members', 'moves', 'versions'] as const

export interface SegmentAddress {
  /** members unless told */
  tab?: 'moves' | 'versions'
  /** a lead: why it is in the segment or not */
  why?: string
}

/** Takes what is well formed and leaves the rest out. */
export function segmentAddress(search: Record<string, unknown>): SegmentAddress {
  return {
    ...(search.tab === 'moves' || search.tab === 'versions' ? { tab: search.tab } : {}),
    ...(typeof search.why === 'string' && /^[0-9a-f-]{36}$/i.test(search.why) ? { why: search.why } : {}),
  }
}
