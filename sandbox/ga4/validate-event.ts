// The validation of one event of the Measurement Protocol, its parameters and its items.
import { isObject } from '../frame/call.ts'
import type { Json, JsonObject } from '../frame/call.ts'
import { ITEM_NUMBERS, ITEM_TEXTS, NUMBERS, REQUIRED, RESERVED_EVENTS, TEXTS } from './fields.ts'
import { NAME, RESERVED_PREFIX } from './validate.ts'
import type { Report } from './validate.ts'

const MAX_PARAMS = 25
const MAX_CUSTOM_ITEM_PARAMS = 10
const MAX_NAME = 40
const MAX_VALUE = 100

/** Pages have long addresses: https://support.google.com/analytics/answer/9267744 */
const LONGER: Record<string, number> = { page_title: 300, page_referrer: 420, page_location: 1000 }

const EVENT_FIELDS = new Set(['name', 'params', 'items', 'timestamp_micros'])

export function validateEvent(event: Json | undefined, path: string, report: Report) {
  if (!isObject(event)) return report(path, 'VALUE_INVALID', 'An event must be an object.')
  for (const field of Object.keys(event))
    if (!EVENT_FIELDS.has(field))
      report(`${path}.${field}`, 'VALUE_INVALID', `An event has no field ${field}.`)
  const { name, params } = event
  if (typeof name !== 'string' || name === '')
    return report(`${path}.name`, 'VALUE_REQUIRED', 'An event needs a name.')
  validateEventName(name, `${path}.name`, report)
  if (params === undefined) {
    for (const required of REQUIRED[name] ?? [])
      report(`${path}.params.${required}`, 'VALUE_REQUIRED', `The event ${name} needs ${required}.`)
    return
  }
  if (!isObject(params)) return report(`${path}.params`, 'VALUE_INVALID', 'params must be an object.')
  validateParams(name, params, `${path}.params`, report)
}

/** Why GA4 does not record an event of this name; undefined where it does. */
export function nameProblem(name: string): 'NAME_INVALID' | 'NAME_RESERVED' | undefined {
  if (RESERVED_EVENTS.has(name) || RESERVED_PREFIX.test(name)) return 'NAME_RESERVED'
  return NAME.test(name) && name.length <= MAX_NAME ? undefined : 'NAME_INVALID'
}

function validateEventName(name: string, path: string, report: Report) {
  const problem = nameProblem(name)
  if (problem === 'NAME_RESERVED') report(path, problem, `The event name ${name} is reserved.`)
  if (problem === 'NAME_INVALID')
    report(path, problem, 'The name of an event is at most 40 letters, digits and underscores.')
}

function validateParams(event: string, params: JsonObject, path: string, report: Report) {
  const names = Object.keys(params)
  if (names.length > MAX_PARAMS)
    report(
      path,
      'EXCEEDED_MAX_ENTITIES',
      `An event takes ${MAX_PARAMS} parameters; this one has ${names.length}.`,
    )
  for (const name of names) {
    if (name === 'items') validateItems(params.items, `${path}.items`, report)
    else validateParam(name, params[name], `${path}.${name}`, report, NUMBERS, TEXTS)
  }
  for (const required of REQUIRED[event] ?? [])
    if (params[required] === undefined)
      report(`${path}.${required}`, 'VALUE_REQUIRED', `The event ${event} needs ${required}.`)
  if (params.value !== undefined && params.currency === undefined)
    report(`${path}.currency`, 'VALUE_REQUIRED', 'A value needs its currency.')
  if (params.currency !== undefined && params.value === undefined && !REQUIRED[event]?.includes('value'))
    report(`${path}.value`, 'VALUE_REQUIRED', 'A currency needs its value.')
}

function validateItems(items: Json | undefined, path: string, report: Report) {
  if (!Array.isArray(items) || items.length === 0)
    return report(path, 'VALUE_INVALID', 'items must be a list with at least one item.')
  for (const [place, item] of items.entries()) {
    const at = `${path}[${place}]`
    if (!isObject(item)) {
      report(at, 'VALUE_INVALID', 'An item must be an object.')
      continue
    }
    if (item.item_id === undefined && item.item_name === undefined)
      report(at, 'VALUE_REQUIRED', 'An item needs an item_id or an item_name.')
    const names = Object.keys(item)
    for (const name of names)
      validateParam(name, item[name], `${at}.${name}`, report, ITEM_NUMBERS, ITEM_TEXTS)
    const custom = names.filter((name) => !ITEM_NUMBERS.has(name) && !ITEM_TEXTS.has(name))
    if (custom.length > MAX_CUSTOM_ITEM_PARAMS)
      report(at, 'EXCEEDED_MAX_ENTITIES', `An item takes ${MAX_CUSTOM_ITEM_PARAMS} parameters of its own.`)
  }
}

function validateParam(
  name: string,
  value: Json | undefined,
  path: string,
  report: Report,
  numbers: Set<string>,
  texts: Set<string>,
) {
  if (RESERVED_PREFIX.test(name))
    report(path, 'NAME_RESERVED', `The name ${name} begins with a reserved prefix.`)
  else if (!NAME.test(name) || name.length > MAX_NAME)
    report(path, 'NAME_INVALID', 'The name of a parameter is at most 40 letters, digits and underscores.')
  if (numbers.has(name) && typeof value !== 'number')
    report(path, 'VALUE_INVALID', `${name} must be a number.`)
  if (!texts.has(name) && typeof value !== 'string') return
  if (typeof value !== 'string') return report(path, 'VALUE_INVALID', `${name} must be text.`)
  if (name === 'currency' && !/^[A-Z]{3}$/.test(value))
    report(path, 'VALUE_INVALID', 'currency must be three capital letters.')
  const longest = LONGER[name] ?? MAX_VALUE
  if (value.length > longest)
    report(path, 'VALUE_OUT_OF_BOUNDS', `The value of ${name} has at most ${longest} characters.`)
}
