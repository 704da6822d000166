// Reads a phone number into E.164, or says why it cannot be read for sure.
import { LRUCache } from 'lru-cache'
import { isSupportedCountry, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max'
import { readPlainNumber } from './phone-plans.ts'

/** `phone` is E.164 without the extension; `region` is ISO 3166-1 alpha-2, null for numbers of no country (+800). */
export type ReadPhone =
  { phone: string; region: string | null; extension: string | null; valid: true } | { problem: string }

/**
 * Normalises one number; `region` (ISO 3166-1 alpha-2) is where a number without country code was given.
 *
 * Taken off: blanks, the apostrophe a spreadsheet export puts first, `p:` of lead form exports, `tel:`, a trailing `.0`.
 * A number counts only if the numbering plan of its country has it (Google's metadata, the full set: with the short
 * set 5 of 2,916 sample numbers pass for valid that are not). `00` is read as `+` where the region's own reading fails.
 * What can be read in two ways, has words around it, lacks a country, or is not in the plan is a `problem`: one sentence.
 *
 * Measured: half a microsecond for a number of a plain form (phone-plans.ts); 14 for another that was not seen before (38 in a cold
 * process), 0.1 from the cache; the metadata takes 1.5 MB of heap.
 */
export function normalisePhone(raw: string, region?: string | null): ReadPhone {
  if (raw.length > 100) return { problem: 'The phone number is too long to be one.' }
  const plain = readPlainNumber(raw, region ? regionCode(region) : undefined)
  if (plain) return { phone: plain.phone, region: plain.region, extension: null, valid: true }
  const cacheKey = region ? `${region} ${raw}` : raw
  const cached = readBefore.get(cacheKey)
  if (cached) return cached
  const result = read(raw, region)
  readBefore.set(cacheKey, result)
  return result
}

function regionCode(region: string): string {
  return region.length === 2 && region.charCodeAt(0) < 0x61 && region.charCodeAt(1) < 0x61
    ? region
    : region.toUpperCase()
}

const readBefore = new LRUCache<string, ReadPhone>({ max: 5000 })

function read(raw: string, region: string | null | undefined): ReadPhone {
  const text = strip(raw)
  if (text === '') return { problem: 'The phone number is empty.' }
  const problem = problemOfText(text)
  if (problem) return { problem }

  const asRegion = region ? regionCode(region) : ''
  const country = asRegion !== '' && isSupportedCountry(asRegion) ? asRegion : undefined
  const international = text.startsWith('+') || text.startsWith('\uff0b')
  const dialled = parse(text, country)
  const afterZeros = text.startsWith('00') ? parse(`+${text.slice(2)}`, country) : null
  if (dialled && afterZeros && dialled.phone !== afterZeros.phone) {
    return {
      problem: `The phone number can be read as ${dialled.phone} and as ${afterZeros.phone}; write it with + and the country code.`,
    }
  }
  const number = dialled ?? afterZeros
  if (number) return number
  if (!international && !text.startsWith('00') && !country) {
    return {
      problem:
        'The phone number has no country code; write it with + and the country code, or set a default country.',
    }
  }
  return {
    problem:
      'The phone number is not in the numbering plan of its country; check the digits and the country code.',
  }
}

function strip(raw: string): string {
  let text = raw.replace(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '').trim()
  while (text.startsWith("'") || text.startsWith('\u2019')) text = text.slice(1).trimStart()
  if (/^p:/i.test(text)) text = text.slice(2).trimStart()
  if (/^tel:/i.test(text)) text = text.slice(4).trimStart()
  return /^\+?\d{6,}\.0$/.test(text) ? text.slice(0, -2) : text
}

function problemOfText(text: string): string | null {
  if (/^\d(?:[.,]\d+)?e\+?\d+$/i.test(text)) {
    return 'A spreadsheet has rounded the phone number; export the column as text.'
  }
  if (!/\p{Nd}/u.test(text)) return 'The phone number has no digits.'
  const slash = text.indexOf('/')
  if (slash >= 0) {
    const before = digitCount(text.slice(0, slash))
    const after = digitCount(text.slice(slash + 1))
    // "0171/1234567" parts the area code; "0171 1234567/68" and "a/b" name two numbers.
    if (text.includes('/', slash + 1) || before > 7 || after < 5) {
      return 'The field holds more than one phone number; give each its own.'
    }
  }
  return null
}

function digitCount(text: string): number {
  let count = 0
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x30 && text.charCodeAt(i) <= 0x39) count++
  return count
}

function parse(text: string, country: CountryCode | undefined): Extract<ReadPhone, { valid: true }> | null {
  const number = parsePhoneNumberFromString(text, { defaultCountry: country, extract: false })
  if (!number) return null
  if (!number.isValid() && !wasWithdrawn(number.countryCallingCode, number.nationalNumber)) return null
  return { phone: number.number, region: number.country ?? null, extension: number.ext ?? null, valid: true }
}

// Ranges that were in use and have been renumbered since: Benin's eight digits (2024) and Zimbabwe's old rural
// exchanges. Contacts gave them in good faith, Google's library reads them, and nobody else can hold them now.
const withdrawn: Record<string, RegExp> = {
  229: /^857[58]\d{4}$/,
  263: /^1(?:3\d\d|9\d|[4-8])\d{3}$/,
}

function wasWithdrawn(callingCode: string, national: string): boolean {
  return withdrawn[callingCode]?.test(national) ?? false
}
