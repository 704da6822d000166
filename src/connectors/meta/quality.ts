// An estimate of how well Meta will recognise the person of an event, and what would raise it. Pure.
import type { MatchQuality } from '../conversions.ts'

// Meta shows its own score only afterwards and does not tell its weights: these follow the order in which it ranks the parameters
// (https://www.facebook.com/business/help/765081237991954), and sum to ten.
const WEIGHTS: readonly [keys: readonly string[], what: string, weight: number][] = [
  [['em'], 'E-mail', 3],
  [['fbc'], 'Click id of an ad', 1.5],
  [['ph'], 'Phone', 1.5],
  [['external_id'], 'Your own id', 1],
  [['client_ip_address', 'client_user_agent'], 'IP address and browser', 1],
  [['fbp'], 'Browser id', 0.8],
  [['fn', 'ln'], 'First and last name', 0.7],
  [['zp', 'ct', 'country'], 'Postal code, city and country', 0.5],
]

/** Of `user_data`, 0 to 10. */
export function qualityOf(person: Readonly<Record<string, unknown>>): MatchQuality {
  const has: string[] = []
  const missing: MatchQuality['missing'] = []
  let score = 0
  for (const [keys, what, weight] of WEIGHTS) {
    const share = keys.filter((key) => person[key] !== undefined).length / keys.length
    score += weight * share
    if (share === 1) has.push(what)
    else missing.push({ what, wouldAdd: round(weight * (1 - share)) })
  }
  return { score: round(score), has, missing: missing.sort((a, b) => b.wouldAdd - a.wouldAdd) }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
