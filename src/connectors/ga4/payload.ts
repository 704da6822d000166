// A conversion in the form of GA4's Measurement Protocol, and the rules that its live endpoint does not tell of. Pure.
// https://developers.google.com/analytics/devguides/collection/protocol/ga4/reference
import { createHash } from 'node:crypto'
import { normalisePhone } from '../../lib/phone.ts'
import type { Built, Conversion, ConversionProduct, Mapped } from '../conversions.ts'
import { reservedEvents } from './events.ts'
import { googleEmail, googleFirstName, googleLastName, googlePhone, hashOf } from './normalise.ts'

/** Events may be dated back this far. */
export const MAX_AGE_MS = 72 * 3_600_000
export const EVENTS_OF_A_REQUEST = 25
export const REQUEST_BYTES = 130_000
const PARAMETERS = 25
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,39}$/
const RESERVED_PREFIX = /^(?:firebase_|ga_|google_|gtag\.)/
const VALUE_LENGTH = 100

/** What stands before a parameter that describes the person and not the event: `user_properties.tier`. */
export const USER_PROPERTY = 'user_properties.'
/** https://developers.google.com/analytics/devguides/collection/protocol/ga4/user-properties */
const USER_PROPERTIES = 25
const USER_NAME_LENGTH = 24
const USER_VALUE_LENGTH = 36

/** A conversion as a request with one event; those of one person travel together. */
export function buildRequest(conversion: Conversion, mapped: Mapped): Built {
  const { browser, consent, person } = conversion
  const given = Object.entries(mapped.parameters)
  const isOfUser = ([name]: [string, unknown]) => name.startsWith(USER_PROPERTY)
  const ofUser = given.filter(isOfUser).map(([name, value]) => [name.slice(USER_PROPERTY.length), { value }])
  const ofEvent = { ...mapped, parameters: Object.fromEntries(given.filter((one) => !isOfUser(one))) }
  const payload = present({
    client_id: browser.gaClientId ?? clientIdOf(whoIs(conversion)),
    user_id: person.userId,
    timestamp_micros: Date.parse(conversion.occurredAt) * 1000,
    consent: {
      ad_user_data: consent.ad_user_data === 'granted' ? 'GRANTED' : 'DENIED',
      ad_personalization: consent.ad_personalisation === 'granted' ? 'GRANTED' : 'DENIED',
    },
    user_properties: ofUser.length > 0 ? Object.fromEntries(ofUser) : undefined,
    user_data: consent.ad_user_data === 'granted' ? userData(conversion) : undefined,
    ip_override: browser.ip,
    user_agent: browser.userAgent,
    events: [{ name: mapped.name, params: parametersOf(conversion, ofEvent) }],
  })
  return { payload, problems: problemsOf(payload) }
}

/**
 * A client id for whoever no browser told one of: the same for a person for good, in the form that GA4's own tag makes
 * (two numbers with a point between).
 */
export function clientIdOf(leadId: string): string {
  const digest = createHash('sha256').update(leadId).digest()
  return `${digest.readUInt32BE(0)}.${digest.readUInt32BE(4)}`
}

// Of somebody whom nobody knows, by what was said of them, so that they stay one user; else each event is somebody's.
function whoIs({ person, eventId }: Conversion): string {
  const email = person.email === undefined ? null : googleEmail(person.email)
  return person.leadId ?? person.userId ?? email ?? person.phone ?? eventId
}

/** What the debug endpoint would complain of, as sentences: the live one takes anything and drops what is wrong. */
export function problemsOf(payload: Readonly<Record<string, unknown>>): string[] {
  const events = payload.events as { name: string; params: Record<string, unknown> }[]
  const problems = events.flatMap(({ name, params }) => eventProblems(name, params))
  problems.push(...userProblems((payload.user_properties ?? {}) as Record<string, { value: unknown }>))
  if (Buffer.byteLength(JSON.stringify(payload)) > REQUEST_BYTES)
    problems.push('The event is longer than the 130 kB that GA4 takes.')
  return problems
}

function eventProblems(name: string, params: Record<string, unknown>): string[] {
  const problems: string[] = []
  if (!NAME.test(name) || RESERVED_PREFIX.test(name))
    problems.push(
      `GA4 takes no event called ${name}: 40 letters, digits and _ at most, beginning with a letter.`,
    )
  if (reservedEvents.has(name)) problems.push(`GA4 keeps the name ${name} for itself.`)
  const names = Object.keys(params)
  if (names.length > PARAMETERS)
    problems.push(`GA4 takes ${PARAMETERS} parameters of an event, and there are ${names.length}.`)
  for (const one of names)
    if (!NAME.test(one) || RESERVED_PREFIX.test(one)) problems.push(`GA4 takes no parameter called ${one}.`)
  if (params.value !== undefined && typeof params.value !== 'number') problems.push('The value is no number.')
  if (params.value !== undefined && !/^[A-Z]{3}$/.test(String(params.currency ?? '')))
    problems.push('A value needs its currency, three capital letters.')
  if (['purchase', 'refund'].includes(name) && !params.transaction_id)
    problems.push(`A ${name} needs the id of its transaction, by which GA4 counts it once.`)
  return problems
}

function userProblems(properties: Readonly<Record<string, { value: unknown }>>): string[] {
  const given = Object.entries(properties)
  const problems = given.flatMap(([name, { value }]) => {
    const isNamed = name.length <= USER_NAME_LENGTH && NAME.test(name) && !RESERVED_PREFIX.test(name)
    if (!isNamed)
      return `GA4 takes no user property called ${name}: ${USER_NAME_LENGTH} letters, digits and _ at most, beginning with a letter.`
    return String(value).length > USER_VALUE_LENGTH
      ? `The user property ${name} is longer than the ${USER_VALUE_LENGTH} characters that GA4 takes.`
      : []
  })
  return given.length > USER_PROPERTIES
    ? [`GA4 takes ${USER_PROPERTIES} user properties, and there are ${given.length}.`, ...problems]
    : problems
}

function parametersOf(
  { eventId, browser, pageUrl, referrer }: Conversion,
  { parameters }: Mapped,
): Record<string, unknown> {
  const given = Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      isProducts(value) ? value.map(itemOf) : clipped(name, value),
    ]),
  )
  return present({
    ...given,
    session_id: given.session_id ?? browser.gaSessionId,
    // Without it GA4 shows nobody as active.
    engagement_time_msec: given.engagement_time_msec ?? 1,
    page_location: given.page_location ?? clipped('page_location', pageUrl),
    page_referrer: given.page_referrer ?? clipped('page_referrer', referrer),
    event_id: eventId,
  })
}

// https://support.google.com/analytics/answer/9267744: addresses of pages may be longer.
function clipped(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value
  return value.slice(0, name === 'page_location' ? 1_000 : name === 'page_referrer' ? 420 : VALUE_LENGTH)
}

function itemOf(product: ConversionProduct): Record<string, unknown> {
  return present({
    item_id: product.id.slice(0, VALUE_LENGTH),
    item_name: product.name?.slice(0, VALUE_LENGTH),
    quantity: product.quantity,
    price: product.price,
    item_brand: product.brand?.slice(0, VALUE_LENGTH),
    item_category: product.category?.slice(0, VALUE_LENGTH),
    item_variant: product.variant?.slice(0, VALUE_LENGTH),
  })
}

function userData({ person }: Conversion): Record<string, unknown> | undefined {
  const read = person.phone === undefined ? null : normalisePhone(person.phone, person.country)
  const email = person.email === undefined ? undefined : hashOf(googleEmail(person.email))
  const phone = read && 'phone' in read ? hashOf(googlePhone(read.phone)) : undefined
  const address = present({
    sha256_first_name: person.firstName && hashOf(googleFirstName(person.firstName)),
    sha256_last_name: person.lastName && hashOf(googleLastName(person.lastName)),
    city: person.city?.toLowerCase(),
    region: person.region?.toLowerCase(),
    postal_code: person.postalCode,
    country: person.country,
  })
  const data = present({
    sha256_email_address: email && [email],
    sha256_phone_number: phone && [phone],
    address: address.sha256_first_name && address.sha256_last_name ? [address] : undefined,
  })
  return Object.keys(data).length > 0 ? data : undefined
}

function isProducts(value: unknown): value is ConversionProduct[] {
  return Array.isArray(value) && value.every((one) => one !== null && typeof one === 'object' && 'id' in one)
}

function present(given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  )
}
