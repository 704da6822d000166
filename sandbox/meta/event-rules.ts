// What Meta demands of a conversion, written from its documentation: the first breach of an event, or none.
import { isObject } from '../frame/call.ts'
import type { Json, JsonObject } from '../frame/call.ts'

export interface Breach {
  title: string
  message: string
  subcode?: number
}

const SOURCES = new Set([
  'email',
  'website',
  'app',
  'phone_call',
  'chat',
  'physical_store',
  'system_generated',
  'business_messaging',
  'other',
])

const DAY_S = 86_400
const OLDEST_S = 7 * DAY_S
const OLDEST_IN_STORE_S = 62 * DAY_S

/** Values sent as SHA-256 alone; Meta's own library adds a suffix after a dot. */
const HASHED = ['em', 'ph', 'fn', 'ln', 'db', 'ge', 'ct', 'st', 'zp', 'country']
const HASH = /^[a-f0-9]{64}(\.[A-Za-z0-9_-]{2,8})?$/

/** Too little to find a person by, where an event has no more than one of these sets. */
const TOO_LITTLE = [
  ['ct', 'country', 'st', 'zp', 'ge', 'client_user_agent'],
  ['db', 'client_user_agent'],
  ['fn', 'ge'],
  ['ln', 'ge'],
].map((keys) => new Set(keys))

/** @param nowS seconds since 1970 */
export function breachOf(event: Json | undefined, nowS: number): Breach | undefined {
  if (!isObject(event)) return missing('event')
  const { event_name: name, event_time: time, action_source: source, user_data: person } = event
  if (typeof name !== 'string' || name === '') return missing('event_name')
  if (!isSeconds(time)) return missing('event_time')
  if (source === undefined) return missing('action_source')
  if (typeof source !== 'string' || !SOURCES.has(source))
    return {
      title: 'Invalid action_source',
      message: 'The action_source of an event must be one of the values in the documentation.',
    }
  if (!isObject(person)) return missing('user_data')
  return (
    ageBreach(Number(time), source, nowS) ??
    hashBreach(person) ??
    matchBreach(person) ??
    websiteBreach(event, source, person) ??
    limitedUseBreach(event)
  )
}

function ageBreach(time: number, source: string, nowS: number): Breach | undefined {
  if (nowS - time <= (source === 'physical_store' ? OLDEST_IN_STORE_S : OLDEST_S)) return undefined
  return {
    title: 'Event Timestamp Too Old',
    message: 'The timestamp of an event is too far in the past. Nothing of this request was processed.',
    subcode: 2804003,
  }
}

function hashBreach(person: JsonObject): Breach | undefined {
  for (const key of HASHED) {
    if (person[key] === undefined || person[key] === null) continue
    for (const value of Array.isArray(person[key]) ? person[key] : [person[key]]) {
      if (typeof value !== 'string' || !HASH.test(value))
        return {
          title: 'Unhashed customer information',
          message: `Values of user_data.${key} must be SHA-256 in lower-case hexadecimal.`,
        }
    }
  }
  return undefined
}

function matchBreach(person: JsonObject): Breach | undefined {
  const given = Object.keys(person).filter((key) => !isEmpty(person[key]))
  if (!TOO_LITTLE.some((set) => given.every((key) => set.has(key)))) return undefined
  return {
    title: 'Not enough customer information parameters',
    message: 'The customer information of an event is too little, or too broad, to be matched to a person.',
    subcode: 2804050,
  }
}

function websiteBreach(event: JsonObject, source: string, person: JsonObject): Breach | undefined {
  if (source !== 'website') return undefined
  if (isEmpty(person.client_user_agent)) return missing('client_user_agent')
  if (isEmpty(event.event_source_url)) return missing('event_source_url')
  return undefined
}

function limitedUseBreach(event: JsonObject): Breach | undefined {
  const options = event.data_processing_options
  if (!Array.isArray(options) || !options.includes('LDU')) return undefined
  if (isCode(event.data_processing_options_country) && isCode(event.data_processing_options_state))
    return undefined
  return {
    title: 'Limited Data Use without a place',
    message: 'data_processing_options LDU needs data_processing_options_country and _state.',
  }
}

function missing(parameter: string): Breach {
  return { title: 'Missing parameter', message: `An event lacks a valid ${parameter}.` }
}

function isSeconds(value: Json | undefined): boolean {
  return typeof value === 'number'
    ? Number.isInteger(value)
    : typeof value === 'string' && /^\d+$/.test(value)
}

function isCode(value: Json | undefined): boolean {
  return Number.isInteger(typeof value === 'string' && value !== '' ? Number(value) : value)
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}
