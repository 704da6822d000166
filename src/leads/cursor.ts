// Where a page of a list ended, as opaque text: it stands through inserts, and carries the total of the first page.
import { parseInstant } from '../lib/instant.ts'
import { Refusal } from '../lib/refusal.ts'
import { idSchema } from '../lib/ids.ts'
import { textProblem } from '../lib/text.ts'
import { z } from 'zod'
import { leadSorts } from './contract.ts'
import { factSorts } from './nouns.ts'

export type LeadSort = (typeof leadSorts)[number]
export type Order = 'asc' | 'desc'
export type FactSort = (typeof factSorts)[number]

export function isFactSort(sort: LeadSort): sort is FactSort {
  return factSorts.some((one) => one === sort)
}

/** The last lead of a page: its value under the sort (null where it has none), and its id among equals. */
export interface ListCursor {
  sort: LeadSort
  order: Order
  value: string | null
  id: string
  total: number
  totalIsExact: boolean
  /** who answered: the records in PostgreSQL or their copy in ClickHouse; each has an order of its own among equals */
  from: ListSource
}

export type ListSource = (typeof sources)[number]
const sources = ['records', 'copy'] as const

export function encodeCursor(cursor: ListCursor): string {
  const { sort, order, value, id, total, totalIsExact, from } = cursor
  return Buffer.from(JSON.stringify([sort, order, value, id, total, totalIsExact, from])).toString(
    'base64url',
  )
}

/** Refuses (400) what is no cursor of a list sorted like this. */
export function decodeCursor(text: string, sort: LeadSort, order: Order): ListCursor {
  const read = cursorSchema.safeParse(parsed(text))
  if (read.success) {
    const [cursorSort, cursorOrder, value, id, total, totalIsExact, from] = read.data
    const fits = value === null || valueFits(sort, value)
    if (cursorSort === sort && cursorOrder === order && fits)
      return { sort, order, value, id, total, totalIsExact, from }
  }
  throw new Refusal(
    'cursor_invalid',
    400,
    'The cursor does not belong to this list. Start again without one; pass `nextCursor` with the same sort and order.',
  )
}

const cursorSchema = z.tuple([
  z.enum(leadSorts),
  z.enum(['asc', 'desc']),
  z.string().max(400).nullable(),
  idSchema,
  z.number().int().min(0).max(10_000),
  z.boolean(),
  z.enum(sources),
])

/** A score and the moment that it was sorted by, as a cursor keeps them: the next page goes by the same moment. */
export function scorePlace(value: string): { score: string; asOf: Date } | undefined {
  const found = /^(\d{1,3}(?:\.\d{1,20})?(?:e-\d{1,3})?)@(\d{1,15})$/.exec(value)
  return found ? { score: found[1]!, asOf: new Date(Number(found[2])) } : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString())
  } catch {
    return undefined
  }
}

function valueFits(sort: LeadSort, value: string): boolean {
  if (isFactSort(sort)) return scorePlace(value) !== undefined
  if (sort === 'eventCount') return /^\d{1,9}$/.test(value)
  if (sort === 'lastSeenAt' || sort === 'createdAt')
    return value.endsWith('Z') && parseInstant(value) !== null
  return textProblem(JSON.stringify(value)) === undefined
}
