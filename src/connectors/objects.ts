// Reads lists of objects out of answers that may hold anything. Pure.
import { asObject } from './exchange.ts'

/** The objects of a list; none where it is no list. */
export function objectsOf(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) return []
  return value.map(asObject).filter((one) => one !== null)
}
