// Numbering plans compiled once, so that a phone number in plain form is read in half a microsecond.
import type { CountryCode, MetadataJson } from 'libphonenumber-js/core'
import metadata from 'libphonenumber-js/metadata.max.json'

export interface PlainNumber {
  /** E.164 */
  phone: string
  /** ISO 3166-1 alpha-2 */
  region: string
}

/**
 * Reads a number that is written as digits with single blanks or hyphens between them, after a + or in `region`, and
 * that is in its country's plan beyond doubt; null for every other, which says nothing about it: the library decides.
 * What is read is what libphonenumber-js reads (held by a test over all countries); that one compiles the plan's
 * patterns anew for each number and takes 14 microseconds.
 */
export function readPlainNumber(text: string, region: string | undefined): PlainNumber | null {
  const digits = plainDigits(text)
  if (digits === null) return null
  if (text.charCodeAt(0) === PLUS) return readInternational(digits)
  return region === undefined ? null : readNational(digits, region)
}

const PLUS = 0x2b
const ZERO = 0x30

/** The digits of a text of digits, single blanks and hyphens between two of them and a + in front; else null. */
function plainDigits(text: string): string | null {
  const start = text.charCodeAt(0) === PLUS ? 1 : 0
  let isParted = false
  let wasDigit = false
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code >= ZERO && code <= 0x39) wasDigit = true
    else if ((code === 0x20 || code === 0x2d) && wasDigit) {
      isParted = true
      wasDigit = false
    } else return null
  }
  if (!wasDigit) return null
  const digits = start === 0 ? text : text.slice(1)
  return isParted ? digits.replace(/[ -]/g, '') : digits
}

function readInternational(digits: string): PlainNumber | null {
  // No calling code begins with another, so the first that fits is the one.
  for (let length = 1; length <= 3; length++) {
    const countries = countriesOf(digits.slice(0, length))
    if (countries === undefined) continue
    const national = digits.slice(length)
    const main = planOf(countries[0])
    // A prefix that the plan would take off is a matter for the library.
    if (!main || main.prefix?.test(national)) return null
    const found = countryOf(national, countries)
    return found === null ? null : { phone: `+${digits}`, region: found }
  }
  return null
}

function readNational(digits: string, region: string): PlainNumber | null {
  const plan = planOf(region)
  if (!plan?.takesOffZero || digits.charCodeAt(0) !== ZERO || digits.charCodeAt(1) === ZERO) return null
  const national = digits.slice(1)
  const countries = countriesOf(plan.callingCode)
  if (plan.abroad.test(digits) || plan.prefix?.test(national) || !countries) return null
  if (!plan.general.test(national) || countryOf(national, countries) !== region) return null
  return { phone: `+${plan.callingCode}${national}`, region }
}

/** The first of the countries under a calling code whose plan has the number. */
function countryOf(national: string, countries: readonly string[]): string | null {
  if (national.length < 2 || national.length > 17) return null
  for (const country of countries) {
    const plan = planOf(country)
    if (!plan) return null
    if (countries.length > 1 && plan.leading) {
      if (plan.leading.test(national)) return isInPlan(national, plan) ? country : null
    } else if (isInPlan(national, plan)) return country
  }
  return null
}

function isInPlan(national: string, { general, kinds }: Plan): boolean {
  if (!general.test(national)) return false
  for (const { lengths, pattern } of kinds) {
    if (lengths.includes(national.length) && pattern.test(national)) return true
  }
  return false
}

interface Plan {
  callingCode: string
  /** dialled before a foreign number */
  abroad: RegExp
  /** dialled before a number of the country, and no part of it */
  prefix: RegExp | null
  takesOffZero: boolean
  general: RegExp
  leading: RegExp | null
  /** fixed line, mobile, toll free and so on */
  kinds: { pattern: RegExp; lengths: readonly number[] }[]
}

const plans = new Map<string, Plan | null>()

function planOf(country: string | undefined): Plan | null {
  if (country === undefined) return null
  let plan = plans.get(country)
  if (plan === undefined) {
    plan = compile(country as CountryCode)
    plans.set(country, plan)
  }
  return plan
}

const { countries: countryPlans, country_calling_codes: callingCodes }: MetadataJson = metadata
const countriesByCode = new Map<string, readonly string[]>(Object.entries(callingCodes))

function countriesOf(callingCode: string): readonly string[] | undefined {
  return countriesByCode.get(callingCode)
}

// The places of a plan are those of the metadata's fourth format, which libphonenumber-js describes in METADATA.md:
// https://gitlab.com/catamphetamine/libphonenumber-js/-/blob/master/METADATA.md
function compile(country: CountryCode): Plan | null {
  const plan: readonly unknown[] | undefined = countryPlans[country]
  if (metadata.version !== 4 || !plan) return null
  const [callingCode, abroad, general, lengths] = plan
  const kinds = Array.isArray(plan[11]) ? (plan[11] as unknown[]) : []
  const prefix = textOf(plan[7]) || textOf(plan[5])
  const leading = textOf(plan[10])
  return {
    callingCode: textOf(callingCode),
    abroad: new RegExp(`^(?:${textOf(abroad)})`),
    prefix: prefix === '' ? null : new RegExp(`^(?:${prefix})`),
    takesOffZero: prefix === '0',
    general: new RegExp(`^(?:${textOf(general)})$`),
    leading: leading === '' ? null : new RegExp(`^(?:${leading})`),
    kinds: kinds.flatMap((kind) => {
      const [pattern, own] = Array.isArray(kind) ? (kind as unknown[]) : []
      const possible = numbersOf(own).length > 0 ? numbersOf(own) : numbersOf(lengths)
      return textOf(pattern) === ''
        ? []
        : [{ pattern: new RegExp(`^(?:${textOf(pattern)})$`), lengths: possible }]
    }),
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function numbersOf(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'number') : []
}
