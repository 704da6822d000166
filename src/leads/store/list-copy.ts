// Pages of leads out of ClickHouse's copy: any filter, search and sort over a million leads costs one read of few columns.
import { chSql, joinedBy, param, written } from '../../conditions/index.ts'
import type { Fragment } from '../../conditions/index.ts'
import { askPage } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import { isFactSort } from '../cursor.ts'
import type { LeadSort } from '../cursor.ts'
import { isAddress, phoneDigits } from './list.ts'
import type { ListPlace, ListQuestion, RecordSort } from './list.ts'

export type CopyQuestion = Omit<ListQuestion, 'filter' | 'sort'> & {
  sort: LeadSort
  /** of a list sorted by a fact: what it is as of the moment by which the list is sorted */
  fact?: Fragment | undefined
  /** over `lead_facts` */
  filter: Fragment | undefined
}

/**
 * The places of a page in their order, and how many leads the question finds in all; the number only for the first page,
 * since later ones know it. Throws `log_unreachable` (503) where ClickHouse is away.
 */
export async function findPlacesInCopy(
  clickhouse: ClickHouse,
  question: CopyQuestion,
): Promise<{ places: ListPlace[]; total: number }> {
  const { key, missing, asText } = sortOf(question)
  const direction = question.order === 'asc' ? chSql`asc` : chSql`desc`
  const order = missing
    ? chSql`${missing}, ${key} ${direction}, lead_id ${direction}`
    : chSql`${key} ${direction}, lead_id ${direction}`
  const conditions = joinedBy('and', [leadsThatInCopy(question), ...beyond(question)])
  const query = chSql`select lead_id as id, ${asText} as value from lead_facts final
    where ${conditions} order by ${order}`
  const { text, params } = written(query)
  const page = await askPage<ListPlace>(
    clickhouse,
    `${text} limit ${question.limit}`,
    params,
    question.after ? {} : { exact_rows_before_limit: 1 },
  )
  return { places: page.rows, total: page.rowsBeforeLimit }
}

/** What the leads of a question have in common, over `lead_facts final`. */
export function leadsThatInCopy(
  question: Pick<CopyQuestion, 'workspaceId' | 'status' | 'audience' | 'search' | 'filter'>,
): Fragment {
  const { workspaceId, status, audience, search, filter } = question
  return joinedBy('and', [
    chSql`workspace_id = ${param('UUID', workspaceId)}`,
    status === 'active' ? chSql`state = 'active'` : chSql`state = 'binned'`,
    ...(audience === 'all' ? [] : [audience === 'known' ? chSql`is_known` : chSql`not is_known`]),
    ...(search === undefined ? [] : [searched(search)]),
    ...(filter === undefined ? [] : [chSql`(${filter})`]),
  ])
}

interface SortInCopy {
  key: Fragment
  /** the value as a cursor keeps it; null where there is none */
  asText: Fragment
  fromText: (value: string) => Fragment
  /** what is true of leads that have no value, which come last; undefined where each has one */
  missing?: Fragment
}

const asInstant = (value: string) =>
  chSql`fromUnixTimestamp64Milli(${param('Int64', Date.parse(value))}, 'UTC')`
const asString = (value: string) => param('String', value)

function sortOf({ sort, fact }: CopyQuestion): SortInCopy {
  if (!isFactSort(sort)) return sorts[sort]
  if (!fact) throw new Error('a list sorted by a fact is told how it is read')
  return {
    key: fact,
    asText: chSql`toString(${fact})`,
    fromText: (value) => param('Float64', Number(value)),
    missing: chSql`isNull(${fact})`,
  }
}

const sorts: Record<RecordSort, SortInCopy> = {
  lastSeenAt: {
    key: chSql`last_seen_at`,
    asText: chSql`if(isNull(last_seen_at), null, concat(replaceOne(toString(last_seen_at), ' ', 'T'), 'Z'))`,
    fromText: asInstant,
    missing: chSql`isNull(last_seen_at)`,
  },
  createdAt: {
    key: chSql`created_at`,
    asText: chSql`concat(replaceOne(toString(created_at), ' ', 'T'), 'Z')`,
    fromText: asInstant,
  },
  eventCount: {
    key: chSql`event_count`,
    asText: chSql`toString(event_count)`,
    fromText: (value) => param('Int64', Number(value)),
  },
  email: {
    key: chSql`email`,
    asText: chSql`nullIf(email, '')`,
    fromText: asString,
    missing: chSql`email = ''`,
  },
  name: {
    key: chSql`name_key`,
    asText: chSql`nullIf(name_key, '')`,
    fromText: asString,
    missing: chSql`name_key = ''`,
  },
}

// What comes after the last lead of the page before.
function beyond(question: CopyQuestion): Fragment[] {
  const { order, after } = question
  if (!after) return []
  const { key, missing, fromText } = sortOf(question)
  const id = param('UUID', after.id)
  const idBeyond = order === 'asc' ? chSql`lead_id > ${id}` : chSql`lead_id < ${id}`
  if (after.value === null) return missing ? [chSql`${missing} and ${idBeyond}`] : []
  const value = fromText(after.value)
  const keyBeyond = order === 'asc' ? chSql`${key} > ${value}` : chSql`${key} < ${value}`
  const follows = chSql`(${keyBeyond} or (${key} = ${value} and ${idBeyond}))`
  return [missing ? chSql`(${missing} or ${follows})` : follows]
}

// The same as PostgreSQL finds: a whole address as a beginning, digits in the phone number too, anything else anywhere.
function searched(search: string): Fragment {
  const text = param('String', search.toLowerCase())
  if (isAddress(search)) return chSql`startsWith(email, ${text})`
  const contains = chSql`position(search_text, ${text}) > 0`
  const digits = phoneDigits(search)
  return digits === undefined
    ? contains
    : chSql`(${contains} or position(phone, ${param('String', digits)}) > 0)`
}
