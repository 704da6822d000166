// Reads a sample of events as the properties that a builder can offer: paths, types and frequent values. Pure.
import { DAY, INSTANT } from './text.ts'
import { NUMERIC_TEXT } from './memory-event.ts'
import type { PropertyType } from './tree.ts'

export interface FoundProperty {
  property: string
  type: PropertyType
  /** texts and numbers, the most frequent first */
  values: string[]
}

/** The properties that occur, the most frequent first; a property with values of several types has that of most. */
export function propertiesOf(sample: readonly Record<string, unknown>[]): FoundProperty[] {
  const seen = new Map<string, Seen>()
  for (const properties of sample) walk(properties, '', 1, seen)
  return [...seen]
    .sort(([a, one], [b, other]) => other.count - one.count || (a < b ? -1 : 1))
    .slice(0, LIMIT)
    .map(([property, { types, values }]) => ({
      property,
      type: mostFrequent(types)[0] ?? 'text',
      values: mostFrequent(values).slice(0, 20),
    }))
}

/** The keys of a count by how often they occur. */
export function mostFrequent<Key extends string>(counts: ReadonlyMap<Key, number>): Key[] {
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([key]) => key)
}

interface Seen {
  count: number
  types: Map<PropertyType, number>
  values: Map<string, number>
}

const LIMIT = 100
const DEPTH = 4

// A key with a dot or brackets in it cannot be written as a path.
function walk(value: unknown, path: string, depth: number, seen: Map<string, Seen>): void {
  if (value === null || value === undefined) return
  if (Array.isArray(value)) {
    if (path === '' || path.includes('[]')) return
    for (const element of value.slice(0, 10)) {
      if (!Array.isArray(element)) walk(element, `${path}[]`, depth, seen)
    }
    return
  }
  if (typeof value === 'object') {
    if (depth > DEPTH) return
    for (const [key, inner] of Object.entries(value)) {
      if (key === '' || /[.[\]$]/.test(key) || key.length > 100) continue
      walk(inner, path === '' ? key : `${path}.${key}`, depth + 1, seen)
    }
    return
  }
  if (path === '' || seen.size > 1000) return
  const known = seen.get(path) ?? { count: 0, types: new Map(), values: new Map() }
  seen.set(path, known)
  const type = typeOf(value)
  known.count++
  known.types.set(type, (known.types.get(type) ?? 0) + 1)
  const text = String(value)
  if (type !== 'boolean' && text !== '' && text.length <= 200 && known.values.size < 500)
    known.values.set(text, (known.values.get(text) ?? 0) + 1)
}

function typeOf(value: unknown): PropertyType {
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'boolean'
  const text = String(value)
  if (DAY.test(text) || INSTANT.test(text)) return 'date'
  // An amount that a shop sends as text has a fraction; an article's number does not.
  return NUMERIC_TEXT.test(text) && text.includes('.') ? 'number' : 'text'
}
