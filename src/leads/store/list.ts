// Pages of leads by keyset: a broad list walks an index and stops early, a narrow one is found first and sorted then.
import type { RawBuilder } from 'kysely'
import { firstRow, rows, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { CustomField } from '../facts.ts'
import type { LeadSort, Order } from '../cursor.ts'

/** Counted exactly up to here: counting on would cost more than the page itself. */
export const TOTAL_LIMIT = 10_000

/** Sorts of the records; what moves with time is sorted in the copy alone. */
export const recordSorts = [
  'lastSeenAt',
  'createdAt',
  'name',
  'email',
  'eventCount',
] as const satisfies readonly LeadSort[]
export type RecordSort = (typeof recordSorts)[number]

export interface ListQuestion {
  workspaceId: string
  status: 'active' | 'binned'
  audience: 'known' | 'anonymous' | 'all'
  /** at least two characters, or undefined */
  search: string | undefined
  /** over `leads l left join lead_activity a` */
  filter: RawBuilder<boolean> | undefined
  sort: RecordSort
  order: Order
  after: { value: string | null; id: string } | undefined
  limit: number
}

/** A lead's place in the list: its value under the sort as text, null where it has none. */
export interface ListPlace {
  id: string
  value: string | null
}

/** Whether a search is a whole e-mail address, or the beginning of a longer one. */
export function isAddress(search: string): boolean {
  return /^\S+@\S+\.\S+$/.test(search)
}

/** The digits to look for in phone numbers, where a search may be part of one. */
export function phoneDigits(search: string): string | undefined {
  const digits = /^[+\d\s()./-]+$/.test(search) ? search.replaceAll(/\D/g, '') : ''
  return digits.length < 3 ? undefined : digits
}

/** Up to so many leads of a workspace PostgreSQL answers any question in under 50 ms. */
const LARGE_FROM = 20_000

/** Whether a workspace has many leads, anonymous ones too. */
export async function isLarge(db: Db, workspaceId: string): Promise<boolean> {
  const beyond = await firstRow(
    db,
    sql`select 1 from leads where workspace_id = ${workspaceId} and status = 'active' offset ${LARGE_FROM} limit 1`,
  )
  return beyond !== undefined
}

/** How many leads the question finds, at most one more than TOTAL_LIMIT. */
export async function countLeads(db: Db, question: ListQuestion): Promise<number> {
  const counted = await firstRow<{ count: number }>(
    db,
    sql`select count(*)::int as count from (
          select 1 from leads l left join lead_activity a on a.lead_id = l.id
          where ${leadsThat(question)} limit ${TOTAL_LIMIT + 1}) found`,
  )
  return counted?.count ?? 0
}

/**
 * Finds all, then sorts: for questions that find few. Gives the total with the page; above TOTAL_LIMIT the page is not
 * to be used, since the search ended early.
 */
export async function findPlaces(
  db: Db,
  question: ListQuestion,
): Promise<{ places: ListPlace[]; total: number }> {
  const { key } = sorts[question.sort]
  const direction = question.order === 'asc' ? sql`asc` : sql`desc`
  const after = question.after
  const beyond = !after
    ? sql`true`
    : after.value === null
      ? sql`(place.key is null and ${idAfter(sql`place.id`, question)})`
      : sql`(place.key is null or ${keyAfter(sql`place.key`, sql`place.id`, question, after.value)})`
  const found = await rows<ListPlace & { total: number }>(
    db,
    sql`with place as materialized (
          select l.id, ${key} as key from leads l left join lead_activity a on a.lead_id = l.id
          where ${leadsThat(question)} limit ${TOTAL_LIMIT + 1}
        )
        select place.id, ${asText(question.sort, sql`place.key`)} as value, (select count(*)::int from place) as total
        from place where ${beyond}
        order by place.key is null, place.key ${direction}, place.id ${direction} limit ${question.limit}`,
  )
  return { places: found.map(({ id, value }) => ({ id, value })), total: found[0]?.total ?? 0 }
}

/** Walks the leads in order until the page is full: for questions that find many. */
export async function walkPlaces(db: Db, question: ListQuestion): Promise<ListPlace[]> {
  const valued = question.after?.value === null ? [] : await walkValued(db, question)
  if (valued.length >= question.limit) return valued
  const rest = await walkUnvalued(db, { ...question, limit: question.limit - valued.length })
  return [...valued, ...rest]
}

async function walkValued(db: Db, question: ListQuestion): Promise<ListPlace[]> {
  const { key, id, from, present = sql`(${key}) is not null` } = sorts[question.sort]
  const direction = question.order === 'asc' ? sql`asc` : sql`desc`
  const after = question.after
  return rows(
    db,
    sql`select ${id} as id, ${asText(question.sort, key)} as value from ${from}
        where ${leadsThat(question)} and ${present}
          ${question.sort === 'lastSeenAt' ? sql`and a.workspace_id = ${question.workspaceId}` : sql``}
          ${after && after.value !== null ? sql`and ${keyAfter(key, id, question, after.value)}` : sql``}
        order by ${key} ${direction}, ${id} ${direction} limit ${question.limit}`,
  )
}

async function walkUnvalued(db: Db, question: ListQuestion): Promise<ListPlace[]> {
  const { missing } = sorts[question.sort]
  if (!missing) return []
  const direction = question.order === 'asc' ? sql`asc` : sql`desc`
  return rows(
    db,
    sql`select l.id, null as value from leads l left join lead_activity a on a.lead_id = l.id
        where ${leadsThat(question)} and ${missing}
          ${question.after?.value === null ? sql`and ${idAfter(sql`l.id`, question)}` : sql``}
        order by l.id ${direction} limit ${question.limit}`,
  )
}

/** The custom fields that lists and filters offer, or those that were archived. */
export async function readCustomFields(
  db: Db,
  workspaceId: string,
  { archived = false } = {},
): Promise<CustomField[]> {
  return rows(
    db,
    sql`select key, label, type from custom_fields
        where workspace_id = ${workspaceId} and (archived_at is not null) = ${archived} and merged_into is null and not is_leaving
        order by label, key limit 1000`,
  )
}

export interface FacetRows {
  tags: string[]
  sources: string[]
  countries: string[]
}

/** What active leads have, each list at most 500 long. */
export async function readFacets(db: Db, workspaceId: string): Promise<FacetRows> {
  const distinct = async (value: RawBuilder<unknown>, isThere: RawBuilder<unknown>) => {
    const found = await rows<{ value: string }>(
      db,
      sql`select distinct ${value} as value from leads l
          where l.workspace_id = ${workspaceId} and l.status = 'active' and ${isThere} order by value limit 500`,
    )
    return found.map((row) => row.value)
  }
  const [tags, sources, countries] = await Promise.all([
    distinct(sql`unnest(l.tags)`, sql`l.tags <> '{}'`),
    distinct(sql`l.source`, sql`true`),
    distinct(sql`l.country`, sql`l.country is not null`),
  ])
  return { tags, sources, countries }
}

interface SortSql {
  key: RawBuilder<unknown>
  id: RawBuilder<unknown>
  from: RawBuilder<unknown>
  type: RawBuilder<unknown>
  /** what is true of leads that have no value; undefined where each has one */
  missing?: RawBuilder<unknown>
  /** the opposite, as the index says it */
  present?: RawBuilder<unknown>
}

const leadsFirst = sql`leads l left join lead_activity a on a.lead_id = l.id`

const sorts: Record<RecordSort, SortSql> = {
  lastSeenAt: {
    key: sql`a.last_seen_at`,
    id: sql`a.lead_id`,
    from: sql`lead_activity a join leads l on l.id = a.lead_id`,
    type: sql`timestamptz`,
    missing: sql`a.lead_id is null`,
  },
  createdAt: { key: sql`l.created_at`, id: sql`l.id`, from: leadsFirst, type: sql`timestamptz` },
  eventCount: { key: sql`coalesce(a.event_count, 0)`, id: sql`l.id`, from: leadsFirst, type: sql`integer` },
  email: {
    key: sql`l.email collate "C"`,
    id: sql`l.id`,
    from: leadsFirst,
    type: sql`text`,
    missing: sql`l.email is null`,
    present: sql`l.email is not null`,
  },
  name: {
    key: sql`nullif(btrim(coalesce(l.first_name, '') || ' ' || coalesce(l.last_name, '')), '') collate "und-x-icu"`,
    id: sql`l.id`,
    from: leadsFirst,
    type: sql`text`,
    missing: sql`nullif(btrim(coalesce(l.first_name, '') || ' ' || coalesce(l.last_name, '')), '') is null`,
  },
}

/** What the leads of a question have in common, over `leads l left join lead_activity a`. */
export function leadsThat(
  question: Pick<ListQuestion, 'workspaceId' | 'status' | 'audience' | 'search' | 'filter'>,
): RawBuilder<unknown> {
  const { workspaceId, status, audience, search, filter } = question
  const parts = [
    sql`l.workspace_id = ${workspaceId}`,
    status === 'active' ? sql`l.status = 'active'` : sql`l.status = 'binned'`,
    ...(audience === 'all' ? [] : [audience === 'known' ? sql`l.is_known` : sql`not l.is_known`]),
    ...(search === undefined ? [] : [searchSql(search)]),
    ...(filter === undefined ? [] : [filter]),
  ]
  return sql.join(parts, sql` and `)
}

// A whole address is looked up by its index, as a beginning, since more may still be typed. Anything else reads each lead's
// search text. A trigram index would be quicker, but makes an import half as slow again.
function searchSql(search: string): RawBuilder<unknown> {
  if (isAddress(search)) return sql`l.email collate "C" like ${`${escaped(search.toLowerCase())}%`}`
  const contains = sql`l.search_text like ${`%${escaped(search.toLowerCase())}%`}`
  const digits = phoneDigits(search)
  return digits === undefined ? contains : sql`(${contains} or l.phone like ${`%${digits}%`})`
}

function escaped(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&')
}

function keyAfter(
  key: RawBuilder<unknown>,
  id: RawBuilder<unknown>,
  question: ListQuestion,
  value: string,
): RawBuilder<unknown> {
  const beyond = question.order === 'asc' ? sql`>` : sql`<`
  const { type } = sorts[question.sort]
  return sql`(${key}, ${id}) ${beyond} (${value}::${type}, ${question.after?.id}::uuid)`
}

function idAfter(id: RawBuilder<unknown>, question: ListQuestion): RawBuilder<unknown> {
  return question.order === 'asc'
    ? sql`${id} > ${question.after?.id}::uuid`
    : sql`${id} < ${question.after?.id}::uuid`
}

function asText(sort: RecordSort, key: RawBuilder<unknown>): RawBuilder<unknown> {
  return sort === 'lastSeenAt' || sort === 'createdAt'
    ? sql`to_char(${key} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
    : sql`(${key})::text`
}
