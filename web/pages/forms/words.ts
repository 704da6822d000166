// Forms in words: kinds of fields, what they fill, and drafts of new ones. Pure.
import { campaignParameters } from '../../../src/forms/contract.ts'
import type { FieldKind, FormDefinition, FormField } from '../../../src/forms/contract.ts'
import type { Purpose } from '../../../src/leads/contract.ts'

export const kindNames: Record<FieldKind, string> = {
  text: 'Text',
  paragraph: 'Long text',
  email: 'E-mail',
  phone: 'Phone',
  number: 'Number',
  date: 'Date',
  choice: 'Choice of one',
  choices: 'Choice of several',
  checkbox: 'Checkbox',
  consent: 'Consent',
  hidden: 'Hidden',
}

export const purposeNames: Record<Purpose, string> = {
  email_marketing: 'E-mail marketing',
  sms_marketing: 'SMS marketing',
  analytics: 'Analytics',
  ad_user_data: 'Telling ad platforms',
  ad_personalisation: 'Personalised ads',
}

/** Fields of leads as forms call them, in the order in which people ask for them. */
export const leadFieldLabels: Record<string, string> = {
  firstName: 'First name',
  lastName: 'Last name',
  email: 'E-mail',
  phone: 'Phone',
  company: 'Company',
  jobTitle: 'Job title',
  city: 'City',
  country: 'Country',
  language: 'Language',
  timeZone: 'Time zone',
}

const plain = {
  isRequired: false,
  placeholder: '',
  help: '',
  options: [],
  purpose: null,
  value: '',
  parameter: null,
}

/** What can be added: fields of the lead that the form does not ask for yet, then one of each kind. */
export interface Offered {
  label: string
  group: 'The lead' | 'Custom fields' | 'Other'
  make: (definition: FormDefinition) => FormField
}

export function offeredFields(
  { fields }: FormDefinition,
  custom: readonly { key: string; label: string; type: string }[],
): Offered[] {
  const isFree = (fills: string) => !fields.some((field) => field.fills === fills)
  const lead = Object.entries(leadFieldLabels)
    .filter(([name]) => isFree(name))
    .map(([name, label]): Offered => {
      const kind = name === 'email' || name === 'phone' ? name : 'text'
      return { label, group: 'The lead', make: (form) => fresh(form, kind, label, name) }
    })
  const own = custom
    .filter(({ key }) => isFree(`custom.${key}`))
    .map(({ key, label, type }): Offered => {
      const kind = customKinds[type] ?? 'text'
      return { label, group: 'Custom fields', make: (form) => fresh(form, kind, label, `custom.${key}`) }
    })
  const others: [FieldKind, string][] = [
    ['consent', 'Yes, send me news and offers by e-mail. I can unsubscribe at any time.'],
    ['text', 'Question'],
    ['paragraph', 'Your message'],
    ['choice', 'Which one?'],
    ['choices', 'Which of these?'],
    ['checkbox', 'I have read the terms.'],
    ['number', 'How many?'],
    ['date', 'When?'],
  ]
  const hidden = campaignParameters.filter((name) => !fields.some(({ parameter }) => parameter === name))
  return [
    ...lead,
    ...own,
    ...others.map(([kind, label]): Offered => ({
      label: kindNames[kind],
      group: 'Other',
      make: (form) => fresh(form, kind, label, null),
    })),
    ...hidden.map((parameter): Offered => ({
      label: `Hidden: ${parameter}`,
      group: 'Other',
      make: (form) => ({ ...fresh(form, 'hidden', '', null, parameter), parameter }),
    })),
    { label: 'Hidden value', group: 'Other', make: (form) => fresh(form, 'hidden', '', null, 'hidden') },
  ]
}

function fresh(
  { fields }: FormDefinition,
  kind: FieldKind,
  label: string,
  fills: string | null,
  wish?: string,
): FormField {
  const base = keyOf(wish ?? fills?.replace('custom.', '') ?? kind)
  let key = base
  for (let nth = 2; fields.some((field) => field.key === key); nth++) key = `${base}_${nth}`
  return {
    ...plain,
    key,
    kind,
    label,
    fills,
    options: kind === 'choice' || kind === 'choices' ? ['First', 'Second'] : [],
    purpose: kind === 'consent' ? 'email_marketing' : null,
    isRequired: fills === 'email',
  }
}

const customKinds: Record<string, FieldKind> = { number: 'number', boolean: 'checkbox', date: 'date' }

// `firstName` becomes first_name.
function keyOf(name: string): string {
  const key = name
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[^a-z]+|_+$/g, '')
  return key.slice(0, 50) || 'field'
}

/** The lines for a website. */
export function embedCode(url: string): string {
  return `<script async src="${url}/embed.js"></script>\n<noscript><a href="${url}">${url}</a></noscript>`
}

export function percent(fraction: number | null): string {
  return fraction === null ? '–' : `${(fraction * 100).toFixed(1)} %`
}
