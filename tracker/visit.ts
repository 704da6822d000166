// Decides whether an event belongs to the session at hand or begins a new one.
import type { Arrival, Campaign } from './arrival.ts'

const idleMs = 30 * 60_000

/** A session and what brought it: it keeps its campaign and outside referrer for all its events. */
export interface Visit {
  id: string
  lastAtMs: number
  arrivalKey: string
  campaign?: Campaign
  referrer: string
}

/** What is seen at the instant of an event. `arrived`: this is the first event since the page was loaded or its address changed. */
export interface Sight {
  nowMs: number
  arrival: Arrival
  arrived: boolean
  /** The referring page of another site, or ''. */
  referrer: string
  newId: string
}

/**
 * The visit this event belongs to. A new one starts after 30 minutes without an event, or on arriving by another campaign or ad
 * click than the visit came by; reloading the landing page does not.
 */
export function nextVisit(kept: Visit | undefined, sight: Sight): { visit: Visit; started: boolean } {
  const { key, campaign } = sight.arrival
  const sameWay = !sight.arrived || !key || key === (kept && kept.arrivalKey)
  const visit =
    kept && sameWay && sight.nowMs - kept.lastAtMs <= idleMs
      ? { ...kept, lastAtMs: sight.nowMs }
      : {
          id: sight.newId,
          lastAtMs: sight.nowMs,
          arrivalKey: key,
          campaign,
          referrer: sight.arrived ? sight.referrer : '',
        }
  return { visit, started: visit.id === sight.newId }
}

/** The referrer if it is a page of another site than `host`, else ''. */
export function outsideReferrer(referrer: string, host: string): string {
  return referrer.split('/')[2] === host ? '' : referrer
}
