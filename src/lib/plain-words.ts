// What is wrong with a value, in plain words: a predicate that follows the name of the field, for every kind of issue of zod.
import type { z } from 'zod'

type Issue = z.core.$ZodRawIssue | z.core.$ZodIssue

/**
 * Says what a value must be, as in "must be at least 1" (to be set behind "limit"). Sentences that a schema gives itself go
 * before it. `z.config({ localeError: plainWords })` makes zod speak so.
 */
export function plainWords(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return isMissing(issue) ? `is missing; it must be ${typeName(issue)}` : `must be ${typeName(issue)}`
    case 'too_small':
      return tooSmall(issue)
    case 'too_big':
      return tooBig(issue)
    case 'invalid_format':
      return formatWords(issue)
    case 'invalid_value':
      return `must be ${oneOf(issue.values)}`
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    case 'unrecognized_keys':
      return `has no field named ${list(issue.keys.map(quoted), 'or')}`
    case 'invalid_union':
      return unionWords(issue)
    case 'invalid_key':
      return 'has a key that is not allowed'
    case 'invalid_element':
      return 'has an entry that is not allowed'
    default:
      return 'has a value that is not allowed'
  }
}

/** Where a value stands, as its sender wrote it: `filters.0.value`. Empty for the whole. */
export function placeOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('.')
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  bigint: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  set: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  map: 'an object',
  date: 'a date',
  null: 'null',
  undefined: 'left out',
  void: 'left out',
  never: 'left out',
  nan: 'no number',
  file: 'a file',
}

function typeName(issue: { expected: string }): string {
  return TYPES[issue.expected] ?? 'of another kind'
}

// An issue keeps its input only until it is finished; a finished one tells by the words it was given.
function isMissing(issue: Issue): boolean {
  return 'input' in issue && issue.input === undefined
}

const COUNTED: Readonly<Record<string, [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
  set: ['entry', 'entries'],
  map: ['entry', 'entries'],
  object: ['entry', 'entries'],
  file: ['byte', 'bytes'],
}

function counted(origin: string, bound: number | bigint): string | undefined {
  const unit = COUNTED[origin]
  return unit && `${bound} ${Number(bound) === 1 ? unit[0] : unit[1]}`
}

interface Bounded {
  origin: string
  exact?: boolean
  inclusive?: boolean
}

function tooSmall(issue: Bounded & { minimum: number | bigint }): string {
  const size = counted(issue.origin, issue.minimum)
  if (issue.exact && size) return `must have exactly ${size}`
  if (size && Number(issue.minimum) === 1) return 'must not be empty'
  if (size) return `must have at least ${size}`
  const bound = boundOf(issue.origin, issue.minimum)
  return issue.inclusive === false ? `must be more than ${bound}` : `must be at least ${bound}`
}

function tooBig(issue: Bounded & { maximum: number | bigint }): string {
  const size = counted(issue.origin, issue.maximum)
  if (issue.exact && size) return `must have exactly ${size}`
  if (size) return `must have at most ${size}`
  const bound = boundOf(issue.origin, issue.maximum)
  return issue.inclusive === false ? `must be less than ${bound}` : `must be at most ${bound}`
}

function boundOf(origin: string, bound: number | bigint): string {
  return origin === 'date' ? new Date(Number(bound)).toISOString() : String(bound)
}

const FORMATS: Readonly<Record<string, string>> = {
  email: 'an e-mail address, like ann@shop.example',
  url: 'a web address, like https://shop.example/page',
  uuid: 'an id, like 01a2074b-5c1e-7d3f-8a6b-9c0d1e2f3a4b',
  guid: 'an id, like 01a2074b-5c1e-7d3f-8a6b-9c0d1e2f3a4b',
  datetime: 'an instant, like 2026-03-01T09:30:00Z',
  date: 'a date, like 2026-03-01',
  time: 'a time of day, like 09:30:00',
  duration: 'a span of time, like P3D',
  ipv4: 'an address, like 203.0.113.7',
  ipv6: 'an address, like 2001:db8::7',
  cidrv4: 'a range of addresses, like 203.0.113.0/24',
  cidrv6: 'a range of addresses, like 2001:db8::/32',
  base64: 'base64',
  base64url: 'base64 for addresses',
  json_string: 'JSON',
  e164: 'a phone number, like +4930123456',
  lowercase: 'in small letters',
  uppercase: 'in capital letters',
}

function formatWords(issue: { format: string; prefix?: string; suffix?: string; includes?: string }): string {
  const { format, prefix, suffix, includes } = issue
  if (format === 'starts_with') return `must begin with ${quoted(prefix)}`
  if (format === 'ends_with') return `must end with ${quoted(suffix)}`
  if (format === 'includes') return `must contain ${quoted(includes)}`
  const form = FORMATS[format]
  return form ? `must be ${form}` : 'is not written in a form that is taken here'
}

function unionWords(issue: {
  errors?: readonly (readonly Issue[])[]
  options?: unknown
  note?: string
}): string {
  if (Array.isArray(issue.options) && issue.options.length > 0) return `must be ${oneOf(issue.options)}`
  const branches = issue.errors ?? []
  if (branches.length === 0) return 'is of no kind that is taken here'
  // The branch that was meant is the one that was followed furthest: what is wrong lies deepest in it.
  const depth = (branch: readonly Issue[]) => Math.max(0, ...branch.map(({ path }) => path?.length ?? 0))
  const deepest = Math.max(...branches.map(depth))
  const meant = branches.filter((branch) => depth(branch) === deepest)
  const [only] = meant
  if (deepest > 0 && only) {
    const inner = only.find(({ path }) => (path?.length ?? 0) === deepest) ?? only[0]
    return inner
      ? `is not valid: ${placeOf(inner.path ?? [])} ${wordsOf(inner)}`
      : 'has a value that is not allowed'
  }
  const said = [...new Set(branches.flatMap((branch) => branch.slice(0, 1).map(wordsOf)))]
  const musts = said.filter((words) => words.startsWith('must be ')).map((words) => words.slice(8))
  if (musts.length === said.length) return `must be ${list(musts, 'or')}`
  return said.join(', or ')
}

function wordsOf(issue: Issue): string {
  return typeof issue.message === 'string' && issue.message !== '' ? issue.message : plainWords(issue)
}

function oneOf(values: readonly unknown[]): string {
  const shown = values.map((value) => (typeof value === 'string' ? value : String(value)))
  return shown.length === 1 ? (shown[0] ?? '') : `one of ${list(shown, 'or')}`
}

function list(parts: readonly string[], joint: string): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} ${joint} ${parts.at(-1)}`
}

function quoted(text: unknown): string {
  return `“${String(text)}”`
}
