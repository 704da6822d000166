// The kinds of e-mail addresses, in words.
import type { LeadDetail } from '../../../src/leads/contract.ts'

export type EmailKind = NonNullable<LeadDetail['enrichment']['emailKind']>

export const emailKindNames: Record<EmailKind, string> = {
  business: 'Own domain',
  free: 'Free mailbox',
  role: 'Shared desk',
  disposable: 'Throw-away',
  placeholder: 'Placeholder',
}
