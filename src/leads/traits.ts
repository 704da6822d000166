// What the traits of an identify or group call say about a person, in the words of the lead record. Pure.
import { isZone } from '../lib/instant.ts'
import { normaliseEmail } from '../lib/email.ts'
import { splitName, surnameKey } from '../lib/names.ts'
import { normalisePhone } from '../lib/phone.ts'
import { clipText } from '../lib/text.ts'
import type { LeadFields } from './contract.ts'

export interface ReadTraits {
  fields: Partial<LeadFields>
  custom: Record<string, string | number | boolean>
  emailKey?: string
  surname?: string
}

/**
 * Reads the traits of Segment's identify specification (https://segment.com/docs/connections/spec/identify/#traits); other
 * simple values become custom fields, at most 50. An e-mail, phone or country that cannot be read is kept as a custom field,
 * so that nothing is lost and nothing false is matched.
 * @param country ISO alpha-2, for phones written without a country code
 */
export function readTraits(traits: Record<string, unknown>, country: string | undefined): ReadTraits {
  const fields: Partial<LeadFields> = {}
  const custom: ReadTraits['custom'] = {}
  let emailKey: string | undefined
  const email = text(traits.email, 320)
  if (email) {
    const read = normaliseEmail(email)
    if ('email' in read) {
      fields.email = read.email
      emailKey = read.matchKey
    } else custom.email_as_given = clipText(email, 320)
  }
  const phone = text(traits.phone, 60)
  const address = record(traits.address)
  const statedCountry = text(address?.country ?? traits.country, 60)
  const code = /^[a-z]{2}$/i.test(statedCountry) ? statedCountry.toUpperCase() : undefined
  const stated = code && (OTHER_CODES[code] ?? code)
  const region = stated ?? country
  if (phone) {
    const read = normalisePhone(phone, region)
    if ('phone' in read) fields.phone = read.phone
    else custom.phone_as_given = phone
  }
  const name = text(traits.name, 200)
  const parts = name ? splitName(name) : undefined
  fill(fields, 'firstName', text(traits.firstName ?? traits.first_name, 100) || parts?.firstName)
  fill(fields, 'lastName', text(traits.lastName ?? traits.last_name, 100) || parts?.lastName)
  fill(fields, 'company', text(record(traits.company)?.name ?? traits.company, 200))
  fill(fields, 'jobTitle', text(traits.title ?? traits.jobTitle ?? traits.position, 200))
  fill(fields, 'city', text(address?.city ?? traits.city, 100))
  if (stated) fields.country = stated
  else if (statedCountry) custom.country_as_given = statedCountry
  fill(fields, 'language', text(traits.language ?? traits.locale, 35))
  const zone = text(traits.timezone ?? traits.timeZone, 64)
  if (zone && isZone(zone)) fields.timeZone = zone
  for (const [key, value] of Object.entries(traits)) {
    if (Object.keys(custom).length >= 50) break
    if (KNOWN.has(key) || !isSimple(value)) continue
    const clean = fieldKey(key)
    if (clean) custom[clean] = typeof value === 'string' ? clipText(value, 5000) : value
  }
  return { fields, custom, emailKey, surname: surnameKey(fields.lastName) ?? undefined }
}

/** The key of a custom field as it is stored: lower case, digits and underscores. */
export function fieldKey(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 100)
}

/** The type that a custom field gets from its first value. */
export function fieldType(value: unknown): 'text' | 'number' | 'boolean' {
  return typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'text'
}

// Codes in use that ISO 3166 has under another name.
const OTHER_CODES: Record<string, string> = { UK: 'GB', EL: 'GR' }

const KNOWN = new Set(
  'email phone name firstName first_name lastName last_name company title jobTitle position address city country language locale timezone timeZone id avatar'.split(
    ' ',
  ),
)

function fill(fields: Partial<LeadFields>, name: keyof LeadFields, value: string | null | undefined): void {
  if (value) fields[name] = value
}

function isSimple(value: unknown): value is string | number | boolean {
  return (
    (typeof value === 'string' && value !== '') ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  )
}

function record(value: unknown): Record<string, unknown> | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}

function text(value: unknown, max: number): string {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' ? clipText(value.trim(), max) : ''
}
