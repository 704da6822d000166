// How Meta wants words about a person before they are hashed. Pure.
// https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/customer-information-parameters
import { isHashed, sha256 } from '../hash.ts'
import { countryCode } from './countries.ts'
import { regionCode } from './regions.ts'

export type PersonKey =
  'em' | 'ph' | 'fn' | 'ln' | 'db' | 'ge' | 'ct' | 'st' | 'zp' | 'country' | 'external_id'

/** A word as it is hashed; null where nothing of it can be sent. A hash stays as it is. */
export function normalise(key: PersonKey, given: string): string | null {
  const text = given.trim()
  if (isHashed(text)) return text
  return READERS[key](text) || null
}

/** The hash of a word; null where nothing of it can be sent. */
export function hashed(key: PersonKey, given: string): string | null {
  const text = normalise(key, given)
  if (text === null) return null
  return isHashed(text) ? text.toLowerCase() : sha256(text)
}

const READERS: Record<PersonKey, (text: string) => string> = {
  em: (text) => (ADDRESS.test(text.toLowerCase()) ? text.toLowerCase() : ''),
  ph: (text) => text.replaceAll(/[^0-9]/g, '').replace(/^0+/, ''),
  fn: name,
  ln: name,
  db: birthday,
  ge: (text) => gender(text.toLowerCase()),
  ct: city,
  st: regionCode,
  zp: postalCode,
  country: countryCode,
  external_id: (text) => text.toLowerCase().replaceAll(/\s/g, ''),
}

const ADDRESS =
  /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/

function name(text: string): string {
  return text.toLowerCase().replaceAll(/[\s!-/:-@[-`{-~]/g, '')
}

// Letters beyond ASCII stay, as the documentation allows.
function city(text: string): string {
  const letters = text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
  return /^\p{L}/u.test(letters) ? letters : ''
}

// Of a ZIP+4 the first five digits.
function postalCode(text: string): string {
  const code = (text.toLowerCase().split('-')[0] ?? '').replaceAll(/\s/g, '')
  return code.length < 2 ? '' : code
}

// Month before day where both are possible, as in the United States.
function birthday(text: string): string {
  const parts = text.match(/[0-9]+/g) ?? []
  const [a = '', b = '', c = ''] = parts[0]?.length === 8 ? split(parts[0]) : parts
  const [year, month, day] = a.length === 4 ? [a, b, c] : Number(a) > 12 ? [c, b, a] : [c, a, b]
  if (!/^\d{4}$/.test(year) || !isIn(month, 12) || !isIn(day, 31) || Number(year) < 1800) return ''
  return `${year}${month.padStart(2, '0')}${day.padStart(2, '0')}`
}

function split(digits: string): string[] {
  return [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6)]
}

function isIn(digits: string, most: number): boolean {
  return digits.length <= 2 && Number(digits) >= 1 && Number(digits) <= most
}

function gender(text: string): string {
  if (FEMALE.has(text)) return 'f'
  return MALE.has(text) ? 'm' : ''
}

const FEMALE = words(
  'f female she her hers herself woman girl lady miss mrs ms madam ma’am mom mommy mother daughter sister aunt niece wife bride ' +
    'girlfriend widow queen princess duchess countess empress dame goddess lass chick belle mum mama grandmother heroine',
)
const MALE = words(
  'm male he him his himself man boy gentleman sir mr mister dad daddy papa father son brother uncle nephew husband groom ' +
    'boyfriend widower king prince duke count emperor lord god lad fellow chap dude guy bloke grandfather hero',
)

function words(text: string): ReadonlySet<string> {
  return new Set(text.replaceAll('’', "'").split(' '))
}
