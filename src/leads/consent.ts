// The rules of consent: the newest explicit act wins; what has no instant of its own can narrow, never widen.
import type { Purpose } from './contract.ts'

export interface ConsentAct {
  purpose: Purpose
  state: 'granted' | 'denied'
  /** the person's own act; null where the source does not know when (an import, a sync, a merge) */
  actedAt: string | null
  source: string
  proof: Record<string, unknown>
}

export interface StandingConsent extends ConsentAct {
  recordedAt: string
}

/**
 * Whether an act replaces what stands. An undated word can only narrow: it replaces a grant by a refusal, never the
 * reverse; where nothing stands it is taken as it is said, since unknown is no decision of the person. An undated refusal
 * is lifted only by a yes that the person gave after it was recorded.
 */
export function takesEffect(standing: StandingConsent | undefined, act: ConsentAct): boolean {
  if (!standing) return true
  if (act.actedAt === null) return act.state === 'denied' && standing.state === 'granted'
  if (standing.actedAt === null && standing.state === 'granted') return true
  if (act.state === standing.state) return false
  const stoodAt = standing.actedAt ?? standing.recordedAt
  return act.actedAt > stoodAt || (act.actedAt === stoodAt && act.state === 'denied')
}

/**
 * Whether an act says again, later, what stands. It is no change and needs no line in the history, but what stands is as new
 * as it: an act between the two that comes late must not replace it. An undated no may be as new as its record, so it renews
 * a no from before; an undated yes renews nothing.
 * @param recordedAt of the act
 */
export function isRenewal(
  standing: StandingConsent | undefined,
  act: ConsentAct,
  recordedAt: string,
): boolean {
  if (!standing || act.state !== standing.state) return false
  if (act.actedAt === null && act.state === 'granted') return false
  return (act.actedAt ?? recordedAt) > (standing.actedAt ?? standing.recordedAt)
}

/** The consent of two merged leads for one purpose: any refusal survives; a grant stays where the other never said. */
export function strictest(
  a: StandingConsent | undefined,
  b: StandingConsent | undefined,
): StandingConsent | undefined {
  if (!a || !b) return a ?? b
  const [aAt, bAt] = [a.actedAt ?? a.recordedAt, b.actedAt ?? b.recordedAt]
  if (a.state === b.state) return aAt >= bAt ? a : b
  const [refusal, refusedAt, grantedAt] = a.state === 'denied' ? [a, aAt, bAt] : [b, bAt, aAt]
  // One that outlives a newer yes stands by the merge, which has no instant of the person's: repeating that yes lifts nothing.
  return grantedAt >= refusedAt ? { ...refusal, actedAt: null } : refusal
}

/** EEA, United Kingdom and Switzerland: no consent means no. */
export const OPT_IN_COUNTRIES = new Set(
  (
    'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO GB CH ' +
    // The same by another code, and regions that are part of France and Finland.
    'UK EL GF GP MQ RE YT MF AX'
  ).split(' '),
)

/**
 * What the exits act on, and why: a stated consent, or the default where none was stated.
 * @param defaults what the workspace sets by country, `*` for every other; marketing messages always need a yes
 */
export function effectiveConsent(
  standing: Pick<StandingConsent, 'state'> | undefined,
  purpose: Purpose,
  country: string | null,
  defaults: Readonly<Record<string, 'granted' | 'denied'>> = {},
): { effective: 'granted' | 'denied'; because: string } {
  if (standing) {
    return {
      effective: standing.state,
      because: standing.state === 'granted' ? 'The person agreed.' : 'The person refused.',
    }
  }
  if (purpose === 'email_marketing' || purpose === 'sms_marketing') {
    return { effective: 'denied', because: 'Nothing is known, and without a yes nothing is sent.' }
  }
  const set = (country === null ? undefined : defaults[country]) ?? defaults['*']
  if (set) {
    const means = set === 'granted' ? 'is taken as a yes' : 'is taken as a no'
    return { effective: set, because: `Nothing is known, which ${means} by the workspace's settings.` }
  }
  if (country === null || !/^[A-Z]{2}$/.test(country))
    return { effective: 'denied', because: 'Nothing is known, neither consent nor country.' }
  return OPT_IN_COUNTRIES.has(country)
    ? { effective: 'denied', because: `Nothing is known, and in ${country} that means no.` }
    : { effective: 'granted', because: `Nothing is known, and in ${country} that is allowed.` }
}
