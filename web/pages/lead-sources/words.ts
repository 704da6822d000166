// What lead sources are called on the screen.
import type { CaughtStatus, LeadSourceCard } from '../../../src/lead-sources/contract.ts'
import type { Purpose } from '../../../src/leads/contract.ts'

export const healthWords: Record<LeadSourceCard['health'], { label: string; colour: string }> = {
  good: { label: 'Works', colour: 'green' },
  new: { label: 'No lead yet', colour: 'gray' },
  warning: { label: 'Needs attention', colour: 'yellow' },
  bad: { label: 'No leads arrive', colour: 'red' },
}

export const statusWords: Record<CaughtStatus, { label: string; colour: string }> = {
  waiting: { label: 'Waiting', colour: 'gray' },
  caught: { label: 'Lead', colour: 'green' },
  test: { label: 'Test', colour: 'blue' },
  failed: { label: 'Failed', colour: 'red' },
  withdrawn: { label: 'Taken back', colour: 'gray' },
}

export const fieldWords: Record<string, string> = {
  email: 'E-mail',
  phone: 'Phone',
  fullName: 'Full name',
  firstName: 'First name',
  lastName: 'Last name',
  company: 'Company',
  jobTitle: 'Job title',
  city: 'City',
  country: 'Country',
  language: 'Language',
}

export const purposeWords: Record<Purpose, string> = {
  email_marketing: 'Marketing by e-mail',
  sms_marketing: 'Marketing by SMS',
  analytics: 'Analytics',
  ad_user_data: 'Data for ads',
  ad_personalisation: 'Personalised ads',
}

/** What an answer fills, in words. */
export function targetWords(fills: string): string {
  return fills.startsWith('custom.')
    ? `${fills.slice(7).replaceAll('_', ' ')} (custom)`
    : (fieldWords[fills] ?? fills)
}
