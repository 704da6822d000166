// How good a caught lead is, from 0 to 100: what could be reached of it, and what it told. Each part says what it is for. Pure.
import type { FormLead } from '../connectors/index.ts'
import { emailKindOf } from '../leads/index.ts'
import { normaliseEmail } from '../lib/email.ts'
import { splitName } from '../lib/names.ts'
import { normalisePhone } from '../lib/phone.ts'
import type { MappedLead, QualityPart } from './nouns.ts'

const EMAIL: Record<string, [points: number, what: string]> = {
  business: [40, 'An e-mail address of a company'],
  free: [30, 'A private e-mail address'],
  role: [18, 'An e-mail address that several people read'],
  disposable: [0, 'An e-mail address made to be thrown away'],
  placeholder: [0, 'An e-mail address that stands for none'],
}

/** @param lead as it was filled in; its share of answered questions counts */
export function qualityOf(
  { fields, consents }: Pick<MappedLead, 'fields' | 'custom' | 'consents'>,
  lead: Pick<FormLead, 'answers'>,
): Pick<MappedLead, 'quality' | 'qualityParts'> {
  const parts = [
    emailPart(fields.email),
    phonePart(fields.phone, fields.country),
    namePart(fields),
    answersPart(lead.answers),
    consents.some(({ purpose }) => purpose === 'email_marketing' || purpose === 'sms_marketing')
      ? { what: 'Agreed to be written to', points: 10, of: 10 }
      : { what: 'Did not agree to be written to', points: 0, of: 10 },
  ]
  return { quality: parts.reduce((sum, { points }) => sum + points, 0), qualityParts: parts }
}

function emailPart(given: string | undefined): QualityPart {
  if (!given) return { what: 'No e-mail address', points: 0, of: 40 }
  const read = normaliseEmail(given)
  if (!('email' in read)) return { what: 'An e-mail address that cannot be right', points: 0, of: 40 }
  const [points, what] = EMAIL[emailKindOf(read.email) ?? ''] ?? [0, 'An e-mail address that stands for none']
  return { what, points, of: 40 }
}

function phonePart(given: string | undefined, country: string | undefined): QualityPart {
  if (!given) return { what: 'No phone number', points: 0, of: 20 }
  return 'phone' in
    normalisePhone(given, country && /^[a-z]{2}$/i.test(country) ? country.toUpperCase() : null)
    ? { what: 'A phone number that can be called', points: 20, of: 20 }
    : { what: 'A phone number that cannot be right', points: 0, of: 20 }
}

function namePart({ fullName, firstName, lastName }: Record<string, string>): QualityPart {
  const parted = fullName ? splitName(fullName) : undefined
  const known = [firstName ?? parted?.firstName, lastName ?? parted?.lastName].filter(Boolean).length
  if (known === 2) return { what: 'First and last name', points: 15, of: 15 }
  return known === 1 ? { what: 'Only one name', points: 7, of: 15 } : { what: 'No name', points: 0, of: 15 }
}

function answersPart(answers: FormLead['answers']): QualityPart {
  const told = answers.filter(({ values }) => values.some((value) => value.trim() !== '')).length
  const share = answers.length === 0 ? 0 : told / answers.length
  return {
    what: `${told} of ${answers.length} questions answered`,
    points: Math.round(15 * share),
    of: 15,
  }
}
