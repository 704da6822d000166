// Consent by purpose in words: what a purpose is for, why somebody would get nothing, where an act comes from. Pure.
import type { Purpose } from '../../../src/leads/contract.ts'
import type { ConsentActs, WithheldReason } from '../../../src/leads/consents/contract.ts'
import { words } from '../../ui/format.ts'

interface PurposeWords {
  /** what the page is about */
  about: string
  /** who is left in */
  allowed: string
  /** the head of the part about today */
  today: string
}

export const purposeWords: Record<Purpose, PurposeWords> = {
  email_marketing: {
    about: 'Newsletters, offers and automated e-mail. It always needs a yes.',
    allowed: 'Would get the e-mail',
    today: 'If an e-mail went out today',
  },
  sms_marketing: {
    about: 'Offers and reminders by text message. It always needs a yes.',
    allowed: 'Would get the message',
    today: 'If a text message went out today',
  },
  analytics: {
    about: 'Measuring what people do on the website.',
    allowed: 'May be measured',
    today: 'If they came to the website today',
  },
  ad_user_data: {
    about: 'Telling ad platforms who did something, so that conversions are counted.',
    allowed: 'Would be told to the platform',
    today: 'If a conversion were sent today',
  },
  ad_personalisation: {
    about: 'Showing people ads picked for them, as audiences of ad platforms do.',
    allowed: 'Would be in the audience',
    today: 'If an audience were sent today',
  },
}

export const reasonWords: Record<WithheldReason, string> = {
  no_email: 'No e-mail address',
  no_phone: 'No phone number',
  denied: 'Refused',
  unknown: 'Never said, and that means no',
}

/** Where a consent comes from, as the name of a row. */
export function sourceWords({ source, via }: ConsentActs['sources'][number]): string {
  if (source === 'import') return 'Import of a file'
  if (source === 'user') return 'By hand, by a member of the team'
  if (source === 'api') return 'A program with an API key'
  if (via === 'choice') return 'Choice in the cookie banner'
  if (via === 'event') return 'Form or preference page'
  return sources[source] ?? words(source)
}

const sources: Record<string, string> = {
  tracker: 'The tracker',
  http: 'A tracking call',
  tracking: 'A tracking call',
  merge: 'A merged lead',
  form: 'A website form',
  webhook: 'An inbound webhook',
}
