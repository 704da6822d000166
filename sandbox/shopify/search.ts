// The search syntax of lists, such as `updated_at:>='2026-01-01T00:00:00Z' AND tag:vip`: the part that concerns us.
import type { Bounds } from './shelf.ts'

export type Value = string | number | boolean | null | string[]

export interface Search<T> {
  bounds: Bounds
  accepts(record: T): boolean
  /** names that the list does not search by; such terms are passed over */
  unknown: string[]
}

const TERM = /(-?)\b(\w+):(<=|>=|<|>)?('[^']*'|"[^"]*"|\S+)/g

/** @param fields by name: what a record has there; instants are handled by the bounds */
export function readSearch<T>(query: string, fields: Record<string, (record: T) => Value>): Search<T> {
  const bounds: Bounds = { createdAt: [-Infinity, Infinity], updatedAt: [-Infinity, Infinity] }
  const tests: ((record: T) => boolean)[] = []
  const unknown: string[] = []
  for (const [, minus = '', name = '', sign = '', raw = ''] of query.matchAll(TERM)) {
    const wanted = raw.replace(/^['"]|['"]$/g, '')
    const instants = {
      created_at: bounds.createdAt,
      processed_at: bounds.createdAt,
      updated_at: bounds.updatedAt,
    }
    if (name in instants) {
      narrow(instants[name as keyof typeof instants], sign, Date.parse(wanted))
      continue
    }
    const field = fields[name]
    if (field) tests.push((record) => fits(field(record), sign, wanted) !== (minus === '-'))
    else unknown.push(name)
  }
  if (/\bOR\b/.test(query)) unknown.push('OR')
  return { bounds, unknown, accepts: (record) => tests.every((test) => test(record)) }
}

function narrow(bound: [number, number], sign: string, at: number) {
  if (sign === '>=' || sign === '' || sign === '>') bound[0] = Math.max(bound[0], sign === '>' ? at + 1 : at)
  if (sign === '<=' || sign === '' || sign === '<') bound[1] = Math.min(bound[1], sign === '<' ? at - 1 : at)
}

function fits(value: Value, sign: string, wanted: string): boolean {
  if (Array.isArray(value)) return value.some((each) => fits(each, sign, wanted))
  if (typeof value === 'number') {
    const number = Number(wanted)
    if (sign === '>') return value > number
    if (sign === '>=') return value >= number
    if (sign === '<') return value < number
    return sign === '<=' ? value <= number : value === number
  }
  const text = String(value ?? '').toLowerCase()
  const sought = wanted.toLowerCase()
  return sought.endsWith('*') ? text.startsWith(sought.slice(0, -1)) : text === sought
}
