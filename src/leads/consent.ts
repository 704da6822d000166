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
 * reverse; where nothing stands it is taken as it is said, since unknown is no decision of the person.
 */
export function takesEffect(standing: StandingConsent | undefined, act: ConsentAct): boolean {
  if (!standing) return true
  if (act.actedAt === null) return act.state === 'denied' && standing.state === 'granted'
  if (standing.actedAt === null) return true
  if (act.actedAt === standing.actedAt) return act.state === 'denied' && standing.state === 'granted'
  return act.actedAt > standing.actedAt && !sameAgain(standing, act)
}

/** The consent of two merged leads for one purpose: any refusal survives; a grant stays where the other never said. */
export function strictest(
  a: StandingConsent | undefined,
  b: StandingConsent | undefined,
): StandingConsent | undefined {
  if (!a || !b) return a ?? b
  if (a.state !== b.state) return a.state === 'denied' ? a : b
  return (a.actedAt ?? '') >= (b.actedAt ?? '') ? a : b
}

// EEA, United Kingdom and Switzerland: no consent means no.
const OPT_IN_COUNTRIES = new Set(
  'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO GB CH'.split(
    ' ',
  ),
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
  if (country === null)
    return { effective: 'denied', because: 'Nothing is known, neither consent nor country.' }
  return OPT_IN_COUNTRIES.has(country)
    ? { effective: 'denied', because: `Nothing is known, and in ${country} that means no.` }
    : { effective: 'granted', because: `Nothing is known, and in ${country} that is allowed.` }
}

// A page view repeats the visitor's choice each time; only a change is an act worth keeping.
function sameAgain(standing: StandingConsent, act: ConsentAct): boolean {
  return standing.state === act.state
}
