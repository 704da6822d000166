// What a person or a program gives for a lead, read into words: addresses and numbers normalised, or refused with the reason.
import { normaliseEmail } from '../lib/email.ts'
import { isZone } from '../lib/instant.ts'
import { normalisePhone } from '../lib/phone.ts'
import { Refusal } from '../lib/refusal.ts'
import type { LeadFields } from './contract.ts'
import { fieldNames } from './columns.ts'
import { fieldKey } from './traits.ts'

export interface GivenLead extends Partial<LeadFields> {
  tags?: string[] | undefined
  fields?: Record<string, string | number | boolean | null> | undefined
}

export interface ReadGiven {
  /** an empty text clears a field, as null does */
  fields: Partial<LeadFields>
  custom: Record<string, string | number | boolean | null>
  tags: string[] | undefined
  /** what the e-mail address is matched by */
  emailKey: string | undefined
}

/**
 * Throws a Refusal (400) for an e-mail address, phone number, zone or field name that cannot be read.
 * @param country ISO alpha-2, for a phone written without a country code where none is given with it
 */
export function readGiven(given: GivenLead, country: string | null = null): ReadGiven {
  const fields: Partial<LeadFields> = {}
  for (const name of fieldNames) {
    const value = given[name]
    if (value !== undefined) fields[name] = value === '' ? null : value
  }
  let emailKey: string | undefined
  if (fields.email) {
    const read = normaliseEmail(fields.email)
    if ('problem' in read) throw new Refusal('email_invalid', 400, read.problem)
    fields.email = read.email
    emailKey = read.matchKey
  }
  if (fields.phone) {
    const read = normalisePhone(fields.phone, fields.country ?? country)
    if ('problem' in read) throw new Refusal('phone_invalid', 400, read.problem)
    fields.phone = read.phone
  }
  if (fields.timeZone && !isZone(fields.timeZone)) {
    throw new Refusal(
      'time_zone_unknown',
      400,
      `${fields.timeZone} is not a time zone; name one like Europe/Berlin.`,
    )
  }
  return { fields, custom: customOf(given.fields ?? {}), tags: given.tags && tagsOf(given.tags), emailKey }
}

function customOf(given: Record<string, string | number | boolean | null>): ReadGiven['custom'] {
  const custom: ReadGiven['custom'] = {}
  for (const [name, value] of Object.entries(given)) {
    const key = fieldKey(name)
    if (!key) {
      throw new Refusal(
        'field_name_invalid',
        400,
        `A custom field cannot be called "${name}": use Latin letters or digits.`,
      )
    }
    custom[key] = value === '' ? null : value
  }
  return custom
}

function tagsOf(given: string[]): string[] {
  return [...new Set(given.filter((tag) => tag !== ''))]
}
