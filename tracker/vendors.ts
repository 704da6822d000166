// Reads the identifiers that Google's and Meta's own tags left in first-party cookies.
import type { ClickIds } from './arrival.ts'

/** Google Analytics' ids of this browser, for joining server-side events to its session. */
export interface GaIds {
  clientId?: string
  sessionId?: string
}

/**
 * The client id is the last two parts of `_ga` (GA1.1.<random>.<seconds>). The session id is the third part of `_ga_<container>`:
 * plain in the GS1 format (GS1.1.<id>.<number>...), marked `s` among `$`-separated fields in any order in GS2 (GS2.1.s<id>$o1$g0...).
 * With several containers the session that began last is taken.
 */
export function gaIds(cookies: Record<string, string>): GaIds {
  const [, clientId] = /^GA\d\.[\d-]+\.(\d+\.\d+)$/.exec(cookies._ga || '') || []
  let sessionId: string | undefined
  for (const name of Object.keys(cookies)) {
    const [, id] = (/^_ga_./.test(name) && /^GS\d\.[\d-]+\.(?:.*\$)?s?(\d+)/.exec(cookies[name] || '')) || []
    if (Number(id) > Number(sessionId || 0)) sessionId = id
  }
  return { clientId, sessionId }
}

/**
 * Meta's browser and click ids. Where the page has a click id but no `_fbc` cookie, the value is worded as Meta asks:
 * `fb.1.<milliseconds of the click>.<fbclid>` (https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/fbp-and-fbc).
 */
export function metaIds(cookies: Record<string, string>, clickIds: ClickIds): { fbp?: string; fbc?: string } {
  const click = clickIds.fbclid
  return {
    fbp: cookies._fbp,
    fbc: cookies._fbc || (click && 'fb.1.' + Date.parse(click.at) + '.' + click.value),
  }
}
