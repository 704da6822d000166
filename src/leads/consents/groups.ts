// Into which groups a purpose parts the leads, each said as a condition, so that a count and the list behind it are one. Pure.
import type { Condition } from '../../conditions/contract.ts'
import type { Purpose } from '../contract.ts'
import type { WithheldReason } from './contract.ts'

export interface PurposeGroups {
  granted: Condition
  denied: Condition
  unknown: Condition
  allowed: Condition
  withheld: Condition
  /** parts of `withheld`, without overlap */
  reasons: { reason: WithheldReason; condition: Condition }[]
}

/** What a message of the purpose goes to; the other purposes need no address of the lead. */
const ADDRESSES: Partial<Record<Purpose, { fact: 'email' | 'phone'; missing: WithheldReason }>> = {
  email_marketing: { fact: 'email', missing: 'no_email' },
  sms_marketing: { fact: 'phone', missing: 'no_phone' },
}

export function groupsOf(purpose: Purpose): PurposeGroups {
  const consent = (op: 'granted' | 'denied' | 'unknown' | 'allowed' | 'withheld'): Condition => ({
    fact: `consent.${purpose}`,
    op,
  })
  const address = ADDRESSES[purpose]
  const reached: Condition[] = address ? [{ fact: address.fact, op: 'is_set' }] : []
  const allowed = all([...reached, consent('allowed')])
  return {
    granted: consent('granted'),
    denied: consent('denied'),
    unknown: consent('unknown'),
    allowed,
    withheld: address ? { not: allowed } : consent('withheld'),
    reasons: [
      ...(address
        ? [{ reason: address.missing, condition: { fact: address.fact, op: 'is_not_set' } as const }]
        : []),
      { reason: 'denied', condition: all([...reached, consent('denied')]) },
      // Of a message silence is a no in any case.
      {
        reason: 'unknown',
        condition: all([...reached, consent('unknown'), ...(address ? [] : [consent('withheld')])]),
      },
    ],
  }
}

/** Whether silence may be a yes for the purpose, by country. */
export function isByCountry(purpose: Purpose): boolean {
  return ADDRESSES[purpose] === undefined
}

/** Who of a country never said. */
export function silentIn(purpose: Purpose, country: string | null): Condition {
  return all([
    { fact: `consent.${purpose}`, op: 'unknown' },
    country === null ? { fact: 'country', op: 'is_not_set' } : { fact: 'country', op: 'is', value: country },
  ])
}

function all(parts: Condition[]): Condition {
  const [first] = parts
  return parts.length === 1 && first ? first : { and: parts }
}
