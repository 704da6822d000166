// How Google wants words about a person before they are hashed. Pure.
// https://developers.google.com/analytics/devguides/collection/ga4/uid-data and https://developers.google.com/data-manager
import { sha256 } from '../hash.ts'

/** An address in small letters; of Gmail without dots and without what follows a plus. Null where it is none. */
export function googleEmail(given: string): string | null {
  const text = given.trim().toLowerCase()
  const [local = '', domain = '', ...more] = text.split('@')
  if (more.length > 0 || domain === '' || /\s/.test(text)) return null
  const isGmail = domain === 'gmail.com' || domain === 'googlemail.com'
  const name = isGmail ? (local.split('+')[0] ?? '').replaceAll('.', '') : local
  return name === '' ? null : `${name}@${domain}`
}

/** A number as its digits behind a plus; null where it has none. */
export function googlePhone(given: string): string | null {
  const digits = given.replaceAll(/[^0-9]/g, '')
  return digits === '' ? null : `+${digits}`
}

/** A first name in small letters without a title; null where nothing is left. */
export function googleFirstName(given: string): string | null {
  return (
    given
      .trim()
      .toLowerCase()
      .replace(/^(?:mr|mrs|ms|dr)\.\s*/, '')
      .trim() || null
  )
}

/** A last name in small letters without what follows it, such as `, jr.`; null where nothing is left. */
export function googleLastName(given: string): string | null {
  return (
    given
      .trim()
      .toLowerCase()
      .replace(/(?:,\s*(?:jr\.?|sr\.?|2nd|3rd|ii|iii|iv|v|vi|cpa|dc|dds|vm|jd|md|phd))+\s*$/, '')
      .trim() || null
  )
}

/** The hash of what was normalised; undefined where nothing was left. */
export function hashOf(text: string | null): string | undefined {
  return text === null ? undefined : sha256(text)
}
