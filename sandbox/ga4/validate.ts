// The validation of the Measurement Protocol: what the debug endpoint says of a request.
import { isObject, parseJson } from '../frame/call.ts'
import type { Json, JsonObject } from '../frame/call.ts'
import { validateEvent } from './validate-event.ts'
import { DEVICE, PLACE, TOP } from './fields.ts'

export type Code =
  | 'VALUE_INVALID'
  | 'VALUE_REQUIRED'
  | 'NAME_INVALID'
  | 'NAME_RESERVED'
  | 'VALUE_OUT_OF_BOUNDS'
  | 'EXCEEDED_MAX_ENTITIES'
  | 'NAME_DUPLICATED'

export interface Message {
  fieldPath: string
  description: string
  validationCode: Code
}

export type Report = (fieldPath: string, validationCode: Code, description: string) => void

const MAX_BYTES = 130_000
const MAX_EVENTS = 25
const MAX_USER_PROPERTIES = 25
const HOUR_MS = 3_600_000
const OLDEST_MS = 72 * HOUR_MS
const HASH = /^[a-f0-9]{64}$/

/** Names of events, parameters and user properties. */
export const NAME = /^[A-Za-z][A-Za-z0-9_]*$/
export const RESERVED_PREFIX = /^(firebase_|ga_|google_|gtag\.)/

/** Everything wrong with a request, in the order of its fields; empty where it is well. */
export function validate(body: Buffer, now: number): Message[] {
  const messages: Message[] = []
  const report: Report = (fieldPath, validationCode, description) =>
    void messages.push({ fieldPath, description, validationCode })
  if (body.length >= MAX_BYTES)
    report(
      '',
      'VALUE_OUT_OF_BOUNDS',
      `The body has ${body.length} bytes; fewer than ${MAX_BYTES} are allowed.`,
    )
  const payload = parseJson(body)
  if (!isObject(payload)) {
    report('', 'VALUE_INVALID', 'The body is no JSON object.')
    return messages
  }
  validateTop(payload, now, report)
  validateUserProperties(payload.user_properties, report)
  validateUserData(payload.user_data, report)
  validateEvents(payload, now, report)
  return messages
}

function validateTop(payload: JsonObject, now: number, report: Report) {
  for (const name of Object.keys(payload))
    if (!TOP.has(name)) report(name, 'VALUE_INVALID', `A request has no field ${name}.`)
  if (!payload.client_id && !payload.app_instance_id)
    report('client_id', 'VALUE_REQUIRED', 'A web stream needs a client_id.')
  for (const name of ['client_id', 'user_id', 'ip_override', 'user_agent'])
    if (payload[name] !== undefined && typeof payload[name] !== 'string')
      report(name, 'VALUE_INVALID', `${name} must be text.`)
  if (payload.non_personalized_ads !== undefined && typeof payload.non_personalized_ads !== 'boolean')
    report('non_personalized_ads', 'VALUE_INVALID', 'non_personalized_ads must be true or false.')
  validateChoice(payload, 'validation_behavior', ['RELAXED', 'ENFORCE_RECOMMENDATIONS'], '', report)
  validateTime(payload.timestamp_micros, 'timestamp_micros', isEnforced(payload), now, report)
  validateTexts(payload.user_location, 'user_location', PLACE, report)
  validateTexts(payload.device, 'device', DEVICE, report)
  if (payload.consent === undefined) return
  if (!isObject(payload.consent)) return report('consent', 'VALUE_INVALID', 'consent must be an object.')
  for (const name of Object.keys(payload.consent)) {
    if (name !== 'ad_user_data' && name !== 'ad_personalization')
      report(`consent.${name}`, 'VALUE_INVALID', `consent has no field ${name}.`)
    else validateChoice(payload.consent, name, ['GRANTED', 'DENIED'], 'consent.', report)
  }
}

function validateEvents(payload: JsonObject, now: number, report: Report) {
  const { events } = payload
  if (!Array.isArray(events) || events.length === 0)
    return report('events', 'VALUE_REQUIRED', 'A request needs a list of events.')
  if (events.length > MAX_EVENTS)
    report(
      'events',
      'EXCEEDED_MAX_ENTITIES',
      `A request takes ${MAX_EVENTS} events; this one has ${events.length}.`,
    )
  for (const [place, event] of events.entries()) {
    const path = `events[${place}]`
    validateEvent(event, path, report)
    if (isObject(event))
      validateTime(event.timestamp_micros, `${path}.timestamp_micros`, isEnforced(payload), now, report)
  }
}

function validateUserProperties(properties: Json | undefined, report: Report) {
  if (properties === undefined) return
  if (!isObject(properties))
    return report('user_properties', 'VALUE_INVALID', 'user_properties must be an object.')
  const names = Object.keys(properties)
  if (names.length > MAX_USER_PROPERTIES)
    report('user_properties', 'EXCEEDED_MAX_ENTITIES', `There may be ${MAX_USER_PROPERTIES} user properties.`)
  for (const name of names) {
    const path = `user_properties.${name}`
    if (RESERVED_PREFIX.test(name))
      report(path, 'NAME_RESERVED', `The name ${name} begins with a reserved prefix.`)
    else if (!NAME.test(name) || name.length > 24)
      report(
        path,
        'NAME_INVALID',
        'The name of a user property is at most 24 letters, digits and underscores.',
      )
    const property = properties[name]
    if (!isObject(property) || property.value === undefined)
      report(path, 'VALUE_REQUIRED', 'A user property is an object with a value.')
    else if (typeof property.value === 'string' && property.value.length > 36)
      report(
        `${path}.value`,
        'VALUE_OUT_OF_BOUNDS',
        'The value of a user property has at most 36 characters.',
      )
  }
}

function validateUserData(data: Json | undefined, report: Report) {
  if (data === undefined) return
  if (!isObject(data)) return report('user_data', 'VALUE_INVALID', 'user_data must be an object.')
  const hashed = (path: string, value: Json | undefined) => {
    for (const each of Array.isArray(value) ? value : [value])
      if (each !== undefined && (typeof each !== 'string' || !HASH.test(each)))
        report(path, 'VALUE_INVALID', `${path} must be SHA-256 in hexadecimal.`)
  }
  hashed('user_data.sha256_email_address', data.sha256_email_address)
  hashed('user_data.sha256_phone_number', data.sha256_phone_number)
  for (const address of Array.isArray(data.address) ? data.address : [data.address]) {
    if (!isObject(address)) continue
    for (const name of ['sha256_first_name', 'sha256_last_name', 'sha256_street'])
      hashed(`user_data.address.${name}`, address[name])
  }
}

function validateTexts(object: Json | undefined, path: string, known: Set<string>, report: Report) {
  if (object === undefined) return
  if (!isObject(object)) return report(path, 'VALUE_INVALID', `${path} must be an object.`)
  for (const [name, value] of Object.entries(object)) {
    if (!known.has(name)) report(`${path}.${name}`, 'VALUE_INVALID', `${path} has no field ${name}.`)
    else if (typeof value !== 'string') report(`${path}.${name}`, 'VALUE_INVALID', `${name} must be text.`)
  }
}

function validateChoice(object: JsonObject, name: string, choices: string[], prefix: string, report: Report) {
  const value = object[name]
  if (value === undefined || (typeof value === 'string' && choices.includes(value))) return
  report(`${prefix}${name}`, 'VALUE_INVALID', `${name} must be ${choices.join(' or ')}.`)
}

function validateTime(time: Json | undefined, path: string, enforced: boolean, now: number, report: Report) {
  if (time === undefined) return
  const micros = Number(time)
  if (!Number.isFinite(micros)) return report(path, 'VALUE_INVALID', 'timestamp_micros must be a number.')
  if (enforced && micros / 1000 < now - OLDEST_MS)
    report(path, 'VALUE_OUT_OF_BOUNDS', 'An event can be dated back by 72 hours.')
}

function isEnforced(payload: JsonObject): boolean {
  return payload.validation_behavior === 'ENFORCE_RECOMMENDATIONS'
}
