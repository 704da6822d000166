// A conversion in the form of Meta's Conversions API, and what Meta would refuse about it. Pure.
// https://developers.facebook.com/docs/marketing-api/conversions-api/parameters
import { normalisePhone } from '../../lib/phone.ts'
import type { Built, Conversion, ConversionProduct, Mapped } from '../conversions.ts'
import { sha256 } from '../hash.ts'
import { hashed } from './normalise.ts'
import type { PersonKey } from './normalise.ts'
import { otherRegion } from './regions.ts'

export interface PayloadSettings {
  limitedDataUse: 'never' | 'when_refused' | 'always'
}

/** `event_time` at most this old: https://developers.facebook.com/docs/marketing-api/conversions-api/using-the-api */
export const MAX_AGE_MS = 7 * 86_400_000
export const MAX_AGE_IN_STORE_MS = 62 * 86_400_000

/** A conversion as an event of `data`. */
export function buildEvent(conversion: Conversion, mapped: Mapped, settings: PayloadSettings): Built {
  const { action_source: given, ...parameters } = mapped.parameters
  const source = actionSource(given, conversion)
  const { browser, consent } = conversion
  const payload: Record<string, unknown> = present({
    event_name: mapped.name,
    event_time: Math.floor(Date.parse(conversion.occurredAt) / 1000),
    event_id: conversion.eventId,
    action_source: source,
    event_source_url: conversion.pageUrl,
    referrer_url: conversion.referrer,
    // Used for measuring, and not for choosing whom ads are shown to.
    opt_out: consent.ad_personalisation === 'denied' ? true : undefined,
    user_data: present({
      ...personOf(conversion),
      client_ip_address: browser.ip,
      client_user_agent: browser.userAgent,
      fbc: browser.fbc ?? clickOf(browser.clicks.fbclid),
      fbp: browser.fbp,
    }),
    custom_data: customData(parameters),
    ...limitedUse(conversion, settings),
  })
  return { payload, problems: problemsOf(payload) }
}

/** What Meta's rules say against an event, as sentences. One event that breaks them would cost its whole batch. */
export function problemsOf(payload: Readonly<Record<string, unknown>>): string[] {
  const problems: string[] = []
  const person = payload.user_data as Record<string, unknown> | undefined
  const keys = Object.keys(person ?? {})
  if (typeof payload.event_name !== 'string' || payload.event_name === '')
    problems.push('It has no event name.')
  if (!Number.isInteger(payload.event_time)) problems.push('It has no time.')
  if (payload.action_source === 'website') {
    if (!payload.event_source_url) problems.push('An event on a website needs the address of its page.')
    if (!person?.client_user_agent) problems.push('An event on a website needs the browser’s user agent.')
  }
  if (TOO_LITTLE.some((set) => keys.every((key) => set.has(key))))
    problems.push(
      'Too little is known of the person for Meta to recognise: an e-mail, a phone, a name or a browser id.',
    )
  const custom = payload.custom_data as Record<string, unknown> | undefined
  if (payload.event_name === 'Purchase' && (typeof custom?.value !== 'number' || !custom.currency))
    problems.push('A purchase needs a value and a currency.')
  return problems
}

/** Alone, these do not find a person: an event with no more than one of these sets is invalid. */
const TOO_LITTLE = [
  ['ct', 'country', 'st', 'zp', 'ge', 'client_user_agent'],
  ['db', 'client_user_agent'],
  ['fn', 'ge'],
  ['ln', 'ge'],
].map((keys) => new Set(keys))

const SOURCES = [
  'email',
  'website',
  'app',
  'phone_call',
  'chat',
  'physical_store',
  'system_generated',
  'business_messaging',
  'other',
]

function actionSource(given: unknown, { pageUrl, browser }: Conversion): string {
  if (typeof given === 'string' && SOURCES.includes(given)) return given
  return pageUrl && browser.userAgent ? 'website' : 'system_generated'
}

function personOf({ person }: Conversion): Record<string, unknown> {
  const list = (key: PersonKey, text: string | undefined) => {
    const hash = text === undefined ? null : hashed(key, text)
    return hash === null ? undefined : [hash]
  }
  const read = person.phone === undefined ? null : normalisePhone(person.phone, person.country)
  return present({
    em: list('em', person.email),
    // Without its country a number would be somebody else's.
    ph: read && 'phone' in read ? list('ph', read.phone) : undefined,
    fn: list('fn', person.firstName),
    ln: list('ln', person.lastName),
    ct: list('ct', person.city),
    st: regionOf(person.region, person.country),
    zp: list('zp', postalOf(person.postalCode, person.country)),
    country: list('country', person.country),
    external_id: list('external_id', person.userId ?? person.leadId),
  })
}

function regionOf(region: string | undefined, country: string | undefined): string[] | undefined {
  if (region === undefined) return undefined
  const isCoded = country === undefined || country === 'US' || country === 'CA'
  const hash = isCoded ? hashed('st', region) : sha256(otherRegion(region))
  return hash === null ? undefined : [hash]
}

// Of a British code area, district and sector are wanted, without the unit: https://en.wikipedia.org/wiki/Postcodes_in_the_United_Kingdom
function postalOf(code: string | undefined, country: string | undefined): string | undefined {
  if (code === undefined || country !== 'GB') return code
  const whole = code.replaceAll(/\s/g, '')
  return /^[a-z]{1,2}\d[a-z\d]?\d[a-z]{2}$/i.test(whole) ? whole.slice(0, -2) : whole
}

// fb.<subdomain index>.<creation in ms>.<fbclid>, the click id to the letter.
function clickOf(click: { value: string; at: string } | undefined): string | undefined {
  return click && `fb.1.${Date.parse(click.at)}.${click.value}`
}

function customData(parameters: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  const shaped = Object.entries(parameters).flatMap(([name, value]): [string, unknown][] => {
    if (!isProducts(value)) return [[name, value]]
    if (name === 'content_ids') return [[name, value.map(({ id }) => id)]]
    if (name === 'contents')
      return [
        [name, value.map(({ id, quantity = 1, price }) => present({ id, quantity, item_price: price }))],
      ]
    return []
  })
  return shaped.length > 0 ? Object.fromEntries(shaped) : undefined
}

function isProducts(value: unknown): value is ConversionProduct[] {
  return Array.isArray(value) && value.every((one) => one !== null && typeof one === 'object' && 'id' in one)
}

// Where there is an address Meta finds the state by it; else California's rules, the strictest, are asked for.
function limitedUse(
  { person, browser, consent }: Conversion,
  settings: PayloadSettings,
): Record<string, unknown> {
  const isAmerican = person.country === 'US'
  const isWanted =
    settings.limitedDataUse === 'always' ||
    (settings.limitedDataUse === 'when_refused' && isAmerican && consent.ad_personalisation === 'denied')
  if (!isWanted) return {}
  return {
    data_processing_options: ['LDU'],
    data_processing_options_country: browser.ip ? 0 : 1,
    data_processing_options_state: browser.ip ? 0 : 1000,
  }
}

function present(given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  )
}
