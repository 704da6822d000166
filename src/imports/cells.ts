// Reads single cells: lists of tags, countries.
import { cutText } from '../lib/csv/cut.ts'

/** Tags of a cell: parted by comma, semicolon or |, each perhaps in quotes of its own; at most 100 of 100 characters. */
export function readTags(text: string): readonly string[] {
  const known = tagsRead.get(text)
  if (known) return known
  const tags = tagsOf(text)
  if (text.length <= 100) {
    if (tagsRead.size >= 1000) tagsRead.clear()
    tagsRead.set(text, tags)
  }
  return tags
}

// The cells of a tags column are few and come again and again; their lists are shared, so nobody may change one.
const tagsRead = new Map<string, readonly string[]>()

function tagsOf(text: string): readonly string[] {
  const tags: string[] = []
  for (const match of cutText(text, 20_000).matchAll(/"((?:[^"]|"")*)"|([^,;|]+)/g)) {
    const tag = cutText((match[1]?.replaceAll('""', '"') ?? match[2] ?? '').trim(), 100)
    if (tag !== '' && tag !== '"' && !tags.includes(tag)) tags.push(tag)
    if (tags.length === 100) break
  }
  return Object.freeze(tags)
}

/** ISO 3166 alpha-2 of a country's code or name (English, German, French, Swedish, Spanish, Italian, Dutch, Danish, Norwegian); null for others. */
export function readCountry(text: string): string | null {
  if (text.length > 100) return null
  const known = countriesRead.get(text)
  if (known !== undefined) return known
  if (countryNames.size === 0) nameCountries()
  const upper = text.toUpperCase()
  const code = countryCodes.has(upper) ? upper : (countryNames.get(foldName(text)) ?? null)
  if (countriesRead.size > 2000) countriesRead.clear()
  countriesRead.set(text, code)
  return code
}

const countriesRead = new Map<string, string | null>()
const countryCodes = new Set<string>()
const countryNames = new Map<string, string>()

function nameCountries(): void {
  const A = 65
  const displays = ['en', 'de', 'fr', 'sv', 'es', 'it', 'nl', 'da', 'nb'].map(
    (locale) => new Intl.DisplayNames([locale], { type: 'region', fallback: 'none' }),
  )
  for (let i = 0; i < 676; i++) {
    const code = String.fromCharCode(A + Math.floor(i / 26), A + (i % 26))
    if (notCountries.has(code)) continue
    for (const display of displays) {
      const name = display.of(code)
      if (name === undefined) continue
      countryCodes.add(code)
      if (!countryNames.has(foldName(name))) countryNames.set(foldName(name), code)
    }
  }
  for (const [name, code] of Object.entries(otherNames)) countryNames.set(name, code)
}

// Codes that Unicode names though they are no country of ISO 3166: unions, withdrawn and private codes.
const notCountries = new Set(
  'EU EZ UN QO XA XB XK ZZ AC CP CQ DG EA IC TA AN BU CS DD FX NT SU TP YD YU ZR UK'.split(' '),
)
const otherNames: Record<string, string> = {
  usa: 'US',
  'u s a': 'US',
  'united states of america': 'US',
  uk: 'GB',
  'great britain': 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'czech republic': 'CZ',
  holland: 'NL',
  'south korea': 'KR',
  russia: 'RU',
  vietnam: 'VN',
  turkey: 'TR',
}

function foldName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}]+/gu, ' ')
    .trim()
}
