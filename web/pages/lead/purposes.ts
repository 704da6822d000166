// The purposes of consent and where its acts come from, in words.
import type { Purpose } from '../../../src/leads/contract.ts'
import { words } from '../../ui/format.ts'

export const purposeNames: Record<Purpose, string> = {
  email_marketing: 'E-mail marketing',
  sms_marketing: 'SMS marketing',
  analytics: 'Analytics',
  ad_user_data: 'Data to ad platforms',
  ad_personalisation: 'Personalised ads',
}

/** The middle of a sentence: `from a member of the team`. */
export function consentSource(source: string): string {
  return sources[source] ?? words(source).toLowerCase()
}

const sources: Record<string, string> = {
  user: 'a member of the team',
  api: 'a program with an API key',
  tracker: 'the tracker',
  tracking: 'a tracking call',
  http: 'a tracking call',
  demo: 'the demo data',
}
