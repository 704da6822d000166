// What is shown of a proposed pair: each lead's own values, and what a look for duplicates found of the two.
import type { ReplyOf } from '../../lib/endpoint.ts'
import type { listProposals } from '../contract.ts'
import { presentLead } from '../presenter.ts'
import type { LeadRow } from '../record.ts'

type Item = ReplyOf<typeof listProposals>['items'][number]

export function presentTwin(row: LeadRow): Item['leads'][number] {
  const { id, label, email, phone, company, jobTitle, city, country, createdAt } = presentLead(row, undefined)
  return { id, label, email, phone, company, jobTitle, city, country, createdAt }
}

/** The evidence of a proposal as a look wrote it; nulls and nothing where a shared identifier alone proposed it. */
export function presentLookAlike(
  evidence: Record<string, unknown>,
): Pick<Item, 'probability' | 'needsPerson' | 'because'> {
  const { probability, needsPerson, because } = evidence
  return {
    probability: typeof probability === 'number' ? probability : null,
    needsPerson: typeof needsPerson === 'string' ? needsPerson : null,
    because: Array.isArray(because) ? because.filter(isReason) : [],
  }
}

function isReason(value: unknown): value is Item['because'][number] {
  return (
    typeof value === 'object' &&
    value !== null &&
    'column' in value &&
    typeof value.column === 'string' &&
    'level' in value &&
    typeof value.level === 'string' &&
    'bits' in value &&
    typeof value.bits === 'number'
  )
}
