// What follows from what is known of a lead, offline: company, kind of address, country, time zone, parts of the name. Pure.
import { getCountry, getTimezonesForCountry } from 'countries-and-timezones'
import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { getDomain, getPublicSuffix } from 'tldts'
import { sharedEmail } from '../lib/email.ts'
import { mailDomainKind } from '../lib/mail-domains.ts'
import type { LeadFields } from './contract.ts'

/** How an e-mail address is to be taken. */
export type EmailKind = 'business' | 'free' | 'disposable' | 'role' | 'placeholder'

/** A value that nobody told, with what it follows from: `the e-mail domain`. */
export interface Inferred {
  field: keyof LeadFields
  value: string
  from: string
}

export interface Enrichment {
  emailKind: EmailKind | null
  /** ISO 3166 alpha-2 of the phone number */
  phoneCountry: string | null
  /** only for fields that are empty: what was told always wins */
  inferred: Inferred[]
}

/** Enriches a record. Computed whenever it is read and never stored, so that a better rule is at once in force everywhere. */
export function enrich(fields: LeadFields): Enrichment {
  const emailKind = emailKindOf(fields.email)
  const phone = fields.phone === null ? undefined : parsePhoneNumberFromString(fields.phone)
  const phoneCountry = phone?.country ?? null
  const inferred: Inferred[] = []
  const infer = (field: keyof LeadFields, value: string | null, from: string) => {
    if (value === null || fields[field]) return
    if (!inferred.some((one) => one.field === field)) inferred.push({ field, value, from })
  }
  const [first, last] = nameParts(fields)
  infer('lastName', last, 'the full name in the first name')
  if (last !== null) infer('firstName', first, 'the full name')
  const [mailFirst, mailLast] = emailKind === 'role' ? [null, null] : nameOfAddress(fields)
  infer('firstName', mailFirst, 'the e-mail address')
  infer('lastName', mailLast, 'the e-mail address')
  if (emailKind === 'business' || emailKind === 'role') {
    infer('company', companyOf(fields.email), 'the e-mail domain')
  }
  infer('country', phoneCountry, 'the phone number')
  infer('country', countryOfDomain(fields.email), 'the e-mail domain')
  const country = fields.country ?? inferred.find((one) => one.field === 'country')?.value ?? null
  infer('timeZone', zoneOf(country), 'the country, which has one time zone')
  return { emailKind, phoneCountry, inferred }
}

/** @param email normalised */
export function emailKindOf(email: string | null): EmailKind | null {
  if (email === null) return null
  const shared = sharedEmail(email)
  if (shared === 'placeholder') return 'placeholder'
  const kind = mailDomainKind(email.slice(email.lastIndexOf('@') + 1))
  if (kind === 'disposable') return 'disposable'
  if (shared === 'role_account') return 'role'
  return kind === 'free' ? 'free' : 'business'
}

// "acme-tools.co.uk" is written "Acme Tools"; what cannot be cut into words stays one.
function companyOf(email: string | null): string | null {
  if (email === null) return null
  const host = email.slice(email.lastIndexOf('@') + 1)
  const domain = getDomain(host, { validateHostname: false })
  const suffix = getPublicSuffix(host, { validateHostname: false })
  if (!domain || !suffix || domain.length <= suffix.length + 1) return null
  const name = domain.slice(0, -suffix.length - 1)
  if (name.startsWith('xn--') || name.length < 2) return null
  return name.split('-').filter(Boolean).map(capitalised).join(' ')
}

// Generic country codes that are sold as words are no country.
const SOLD = new Set(
  'ac ai am bz cc cd co fm gg im in io la ly me mu nu pw sc sh so st tk to tv vc ws eu su'.split(' '),
)

function countryOfDomain(email: string | null): string | null {
  if (email === null) return null
  const top = email.slice(email.lastIndexOf('.') + 1)
  if (top === 'uk') return 'GB'
  if (top.length !== 2 || SOLD.has(top)) return null
  return getCountry(top.toUpperCase())?.id ?? null
}

// Several zones that keep the same time all year are one: Berlin and Büsingen.
function zoneOf(country: string | null): string | null {
  const zones = country === null ? [] : (getTimezonesForCountry(country) ?? [])
  const [first] = zones
  const isOne = zones.every((z) => z.utcOffset === first?.utcOffset && z.dstOffset === first.dstOffset)
  return first && isOne ? first.name : null
}

// "Ann Smith" in the first name, and no last name: the last word is the surname, with what belongs to it.
function nameParts({ firstName, lastName }: LeadFields): [string | null, string | null] {
  if (!firstName || lastName) return [null, null]
  const words = firstName.trim().split(/\s+/)
  if (words.length < 2 || words.length > 5) return [null, null]
  let at = words.length - 1
  while (at > 1 && PARTICLES.has(words[at - 1]!.toLowerCase())) at--
  return [words.slice(0, at).join(' '), words.slice(at).join(' ')]
}

const PARTICLES = new Set(
  'al bin da das de del della den der di do dos du el la le ten ter van vom von zu zum zur'.split(' '),
)

// "ann.smith@" and "ann_smith@" name somebody; "asmith@" and "ann.s1@" are left alone.
function nameOfAddress({ email, firstName, lastName }: LeadFields): [string | null, string | null] {
  if (email === null || firstName || lastName) return [null, null]
  const local = email.slice(0, email.lastIndexOf('@')).replace(/\+.*$/, '')
  const words = local.split(/[._]/)
  if (words.length !== 2 || !words.every((word) => /^\p{L}{2,}(-\p{L}{2,})?$/u.test(word)))
    return [null, null]
  return [named(words[0]!), named(words[1]!)]
}

function named(word: string): string {
  return word.split('-').map(capitalised).join('-')
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
