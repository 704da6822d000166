// Pages of lists: cursors, search and order, as connections of the Admin API have them.
import { financialStatus } from './records.ts'
import type { Checkout, Customer, Order, Product, Variant } from './records.ts'
import { readSearch } from './search.ts'
import type { Search, Value } from './search.ts'
import type { Kept, Position, Shelf, SortKey } from './shelf.ts'

export interface ListArguments {
  first?: number | null
  last?: number | null
  after?: string | null
  before?: string | null
  query?: string | null
  reverse?: boolean | null
  sortKey?: string | null
}

/** A connection; its edges are made when they are asked for. */
export interface Page<T> {
  nodes: T[]
  hasNextPage: boolean
  hasPreviousPage: boolean
  cursorOf(node: T): string
  /** names in the query that the list does not search by */
  unknown: string[]
}

export const CUSTOMER_FIELDS: Record<string, (record: Customer) => Value> = {
  id: ({ id }) => id,
  email: ({ email }) => email,
  phone: ({ phone }) => phone,
  first_name: ({ firstName }) => firstName,
  last_name: ({ lastName }) => lastName,
  tag: ({ tags }) => tags,
  country: ({ address }) => [address?.country ?? '', address?.countryCode ?? ''],
}

export const ORDER_FIELDS: Record<string, (record: Order) => Value> = {
  id: ({ id }) => id,
  name: ({ number }) => `#${number}`,
  email: ({ email }) => email,
  customer_id: ({ customerId }) => customerId,
  financial_status: (order) => financialStatus(order),
  status: ({ cancelledAt }) => ['any', cancelledAt === null ? 'open' : 'cancelled'],
  tag: ({ tags }) => tags,
  test: ({ isTest }) => isTest,
}

export const CHECKOUT_FIELDS: Record<string, (record: Checkout) => Value> = {
  id: ({ id }) => id,
  email: ({ email }) => email,
  recovery_state: ({ completedAt }) => (completedAt === null ? 'not_recovered' : 'recovered'),
  status: ({ completedAt }) => ['any', completedAt === null ? 'open' : 'closed'],
}

export const PRODUCT_FIELDS: Record<string, (record: Product) => Value> = {
  id: ({ id }) => id,
  handle: ({ handle }) => handle,
  product_type: ({ type }) => type,
  status: () => 'active',
  tag: ({ tags }) => tags,
  vendor: ({ vendor }) => vendor,
}

export const VARIANT_FIELDS: Record<string, (record: Variant) => Value> = {
  id: ({ id }) => id,
  sku: ({ sku }) => sku,
  product_id: ({ productId }) => productId,
}

/** A page of a shelf. Throws a RangeError with a sentence for a cursor that is none. */
export function pageOf<T extends Kept>(
  shelf: Shelf<T>,
  given: ListArguments,
  fields: Record<string, (record: T) => Value>,
): Page<T> {
  const sortKey = sortKeyOf(given.sortKey)
  const search = readSearch(given.query ?? '', fields)
  const isBackwards = given.last !== undefined && given.last !== null
  const size = (isBackwards ? given.last : given.first) ?? 0
  const reverse = Boolean(given.reverse) !== isBackwards
  const from = isBackwards ? given.before : given.after
  const nodes: T[] = []
  const after = from ? readCursor(from) : undefined
  let hasMore = false
  for (const record of shelf.walk({ sortKey, reverse, after, bounds: search.bounds })) {
    if (!search.accepts(record)) continue
    if (nodes.length === size) {
      hasMore = true
      break
    }
    nodes.push(record)
  }
  if (isBackwards) nodes.reverse()
  return {
    nodes,
    unknown: search.unknown,
    hasNextPage: isBackwards ? Boolean(from) : hasMore,
    hasPreviousPage: isBackwards ? hasMore : Boolean(from),
    cursorOf: (record) => cursorOf({ id: record.id, value: valueOf(record, sortKey) }),
  }
}

/** A page of a short list that is held whole; its cursors are places. */
export function pageOfArray<T>(list: readonly T[], given: ListArguments): Page<T> {
  const ordered = given.reverse ? [...list].reverse() : [...list]
  const isBackwards = given.last !== undefined && given.last !== null
  const size = (isBackwards ? given.last : given.first) ?? ordered.length
  const after = given.after ? readCursor(given.after).id : -1
  const before = given.before ? readCursor(given.before).id : ordered.length
  const start = isBackwards ? Math.max(after + 1, before - size) : after + 1
  const end = isBackwards ? before : Math.min(before, start + size)
  const places = new Map(ordered.map((node, place) => [node, place]))
  return {
    nodes: ordered.slice(start, end),
    unknown: [],
    hasNextPage: end < ordered.length,
    hasPreviousPage: start > 0,
    cursorOf: (node) => cursorOf({ id: places.get(node) ?? 0, value: 0 }),
  }
}

/** Everything that a search finds, in order. */
export function* walkAll<T extends Kept>(
  shelf: Shelf<T>,
  given: ListArguments,
  fields: Record<string, (record: T) => Value>,
): Generator<T> {
  const search: Search<T> = readSearch(given.query ?? '', fields)
  const walk = { sortKey: sortKeyOf(given.sortKey), reverse: Boolean(given.reverse), bounds: search.bounds }
  for (const record of shelf.walk(walk)) if (search.accepts(record)) yield record
}

export function countOf<T extends Kept>(
  shelf: Shelf<T>,
  query: string,
  fields: Record<string, (record: T) => Value>,
): number {
  if (query === '') return shelf.count()
  let count = 0
  for (const _ of walkAll(shelf, { query }, fields)) count++
  return count
}

function sortKeyOf(name: string | null | undefined): SortKey {
  if (name === 'UPDATED_AT') return 'UPDATED_AT'
  return name === 'CREATED_AT' || name === 'PROCESSED_AT' ? 'CREATED_AT' : 'ID'
}

function valueOf(record: Kept, key: SortKey): number {
  return key === 'ID' ? record.id : key === 'CREATED_AT' ? record.createdAt : record.updatedAt
}

function cursorOf({ id, value }: Position): string {
  return Buffer.from(JSON.stringify({ last_id: id, last_value: value })).toString('base64')
}

function readCursor(cursor: string): Position {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64').toString())
    const { last_id: id, last_value: value } = read as Record<string, unknown>
    if (typeof id === 'number' && typeof value === 'number') return { id, value }
  } catch {
    // Told below, with what is no cursor for other reasons.
  }
  throw new RangeError(`Invalid cursor for current pagination sort: ${cursor}.`)
}
