// The list of leads: searched, filtered, sorted, page by page; and what its filters may offer.
import { checkCondition, chSql, conditionSql, momentSql, postgresSql } from '../conditions/index.ts'
import type { Fragment } from '../conditions/index.ts'
import { Refusal } from '../lib/refusal.ts'
import type { ClickHouse } from '../platform/clickhouse.ts'
import type { Db } from '../platform/postgres.ts'
import type { listLeads as listEndpoint, listFacets as facetsEndpoint, Lead } from './contract.ts'
import type { QueryOf, ReplyOf } from '../lib/endpoint.ts'
import { decodeCursor, encodeCursor, isFactSort, scorePlace } from './cursor.ts'
import type { FactSort, LeadSort, ListCursor, ListSource } from './cursor.ts'
import { showLeads } from './fact-feed.ts'
import { factsOfWorkspace } from './filter.ts'
import { listColumns } from './list-columns.ts'
import { presentLead } from './presenter.ts'
import { copyOrRefuse, isCopyAway, isOnlyInCopy, sourceOf } from './source.ts'
import { readStandings } from './standing.ts'
import { readLeadRows } from './store.ts'
import { readActivity } from './store/detail.ts'
import {
  TOTAL_LIMIT,
  countLeads,
  findPlaces,
  isLarge,
  readCustomFields,
  readFacets,
  walkPlaces,
} from './store/list.ts'
import { findPlacesInCopy } from './store/list-copy.ts'
import type { CopyQuestion } from './store/list-copy.ts'
import type { FacetRows, ListPlace, ListQuestion } from './store/list.ts'
import { readFacetsInCopy } from './store/suggest.ts'

export type LeadQuestion = QueryOf<typeof listEndpoint>

/**
 * One page of the leads that a question finds. The total is that of the first page; the cursor hands it on. Who is shown was
 * looked up just now: a lead that changed since it was found stands there as it is, one that is gone is left out.
 * @param clickhouse the copy of the leads, which answers where they are many; without it PostgreSQL answers
 */
export async function listLeads(
  db: Db,
  workspaceId: string,
  asked: LeadQuestion,
  now: Date,
  clickhouse?: ClickHouse,
): Promise<ReplyOf<typeof listEndpoint>> {
  const cursor = asked.cursor === undefined ? undefined : decodeCursor(asked.cursor, asked.sort, asked.order)
  const search = asked.search?.trim()
  const question: Question = {
    workspaceId,
    status: asked.status,
    audience: asked.audience,
    search: search !== undefined && search.length >= 2 ? search : undefined,
    sort: asked.sort,
    order: asked.order,
    after: cursor && { value: cursor.value, id: cursor.id },
    limit: asked.limit + 1,
  }
  const found = await find(db, clickhouse, question, asked, cursor, now)
  const shown = found.places.slice(0, asked.limit)
  const last = shown.at(-1)
  const more = found.places.length > asked.limit && last
  const { total, totalIsExact, from } = found
  return {
    items: await presentPlaces(db, workspaceId, asked.status, shown, now),
    nextCursor: more
      ? encodeCursor({
          sort: asked.sort,
          order: asked.order,
          value: last.value,
          id: last.id,
          total,
          totalIsExact,
          from,
        })
      : null,
    total,
    totalIsExact,
  }
}

/** Lets the list show leads as they are now, where it is read from the copy; the worker feeds it a little later anyway. */
export async function showChanged(
  stores: { db: Db; clickhouse: ClickHouse },
  workspaceId: string,
  leadIds: string[],
): Promise<void> {
  if (await isLarge(stores.db, workspaceId)) await showLeads(stores, workspaceId, leadIds)
}

/**
 * What the filters may offer in a workspace.
 * @param clickhouse the copy of the leads, which tells it of many leads; while it is away PostgreSQL does, more slowly
 */
export async function listFacets(
  db: Db,
  workspaceId: string,
  clickhouse?: ClickHouse,
): Promise<ReplyOf<typeof facetsEndpoint>> {
  const [found, customFields, archivedFields] = await Promise.all([
    findFacets(db, clickhouse, workspaceId),
    readCustomFields(db, workspaceId),
    readCustomFields(db, workspaceId, { archived: true }),
  ])
  return {
    tags: found.tags,
    sources: found.sources,
    countries: found.countries,
    customFields,
    archivedFields,
  }
}

/**
 * The filter of a question as SQL over `leads l left join lead_activity a`; refused (400) where it asks for what is not there.
 * One that only the copy can answer is not for it.
 */
export async function filterOf(
  db: Db,
  workspaceId: string,
  asked: Pick<LeadQuestion, 'filter'>,
  now: Date,
): Promise<ListQuestion['filter']> {
  if (!asked.filter) return undefined
  const { facts, customFields, timeZone } = await factsOfWorkspace(db, workspaceId)
  return postgresSql(checkCondition(asked.filter, facts), { now, timeZone }, listColumns(customFields))
}

/** The same over `lead_facts`. */
export async function copyFilterOf(
  db: Db,
  workspaceId: string,
  asked: Pick<LeadQuestion, 'filter'>,
  now: Date,
): Promise<Fragment | undefined> {
  if (!asked.filter) return undefined
  const { facts, timeZone } = await factsOfWorkspace(db, workspaceId)
  return conditionSql(checkCondition(asked.filter, facts), {
    now,
    timeZone,
    workspaceId,
    leadId: chSql`lead_id`,
  })
}

/** The leads at places as they are now; one that is gone, or has another status by now, is left out. */
export async function presentPlaces(
  db: Db,
  workspaceId: string,
  status: LeadQuestion['status'],
  places: ListPlace[],
  now: Date,
): Promise<Lead[]> {
  const ids = places.map((place) => place.id)
  const [leads, activity, standings] = await Promise.all([
    readLeadRows(db, ids),
    readActivity(db, ids),
    readStandings(db, workspaceId, ids, now),
  ])
  return ids.flatMap((id) => {
    const lead = leads.get(id)
    const isShown = lead?.workspace_id === workspaceId && lead.status === status
    return isShown ? [{ ...presentLead(lead, activity.get(id)), standing: standings.get(id) ?? null }] : []
  })
}

type Question = Omit<ListQuestion, 'filter' | 'sort'> & { sort: LeadSort }

interface Found {
  places: ListPlace[]
  total: number
  totalIsExact: boolean
  from: ListSource
}

async function find(
  db: Db,
  clickhouse: ClickHouse | undefined,
  question: Question,
  asked: LeadQuestion,
  cursor: ListCursor | undefined,
  now: Date,
): Promise<Found> {
  const { workspaceId, search, sort } = question
  const from = isFactSort(sort)
    ? await copyOrRefuse(db, workspaceId)
    : cursor && !isOnlyInCopy(asked.filter)
      ? cursor.from
      : clickhouse
        ? await sourceOf(db, workspaceId, { search, filter: asked.filter })
        : 'records'
  if (from === 'copy' && clickhouse) {
    try {
      return await findInCopy(db, clickhouse, question, asked, cursor, now)
    } catch (error) {
      if (!isCopyAway(error)) throw error
      const isWalked =
        asked.filter === undefined && question.search === undefined && walkedSorts.has(asked.sort)
      if (cursor || !isWalked) throw copyUnreachable()
    }
  }
  if (isFactSort(sort)) throw copyUnreachable()
  return findRecords(db, { ...question, sort, filter: await filterOf(db, workspaceId, asked, now) }, cursor)
}

async function findFacets(
  db: Db,
  clickhouse: ClickHouse | undefined,
  workspaceId: string,
): Promise<FacetRows> {
  const everybody = { search: undefined, filter: undefined }
  if (!clickhouse || (await sourceOf(db, workspaceId, everybody)) === 'records')
    return readFacets(db, workspaceId)
  try {
    return await readFacetsInCopy(clickhouse, workspaceId)
  } catch (error) {
    if (!isCopyAway(error)) throw error
    return readFacets(db, workspaceId)
  }
}

/** Sorts that PostgreSQL answers at any size, since an index is in their order. */
const walkedSorts: ReadonlySet<string> = new Set(['lastSeenAt', 'createdAt', 'email'])

async function findInCopy(
  db: Db,
  clickhouse: ClickHouse,
  question: Question,
  asked: LeadQuestion,
  cursor: ListCursor | undefined,
  now: Date,
): Promise<Found> {
  const filter = await copyFilterOf(db, question.workspaceId, asked, now)
  const { places, total } = isFactSort(question.sort)
    ? await findByFact(db, clickhouse, { ...question, filter }, question.sort, now)
    : await findPlacesInCopy(clickhouse, { ...question, filter })
  if (cursor) return { places, total: cursor.total, totalIsExact: cursor.totalIsExact, from: 'copy' }
  return { places, ...capped(total), from: 'copy' }
}

// The score falls while somebody reads: all pages go by the moment of the first.
async function findByFact(
  db: Db,
  clickhouse: ClickHouse,
  question: CopyQuestion,
  sort: FactSort,
  now: Date,
): Promise<{ places: ListPlace[]; total: number }> {
  const { facts, timeZone } = await factsOfWorkspace(db, question.workspaceId)
  const fact = facts.byName.get(sort)
  if (fact?.type !== 'number') throw new Error(`nothing declares ${sort}`)
  const last = question.after?.value ? scorePlace(question.after.value) : undefined
  const asOf = last?.asOf ?? now
  const found = await findPlacesInCopy(clickhouse, {
    ...question,
    fact: momentSql(fact.column.sql, { now: asOf, timeZone }),
    after: question.after && { ...question.after, value: last?.score ?? null },
  })
  const places = found.places.map(({ id, value }) => ({
    id,
    value: value === null ? null : `${value}@${asOf.getTime()}`,
  }))
  return { places, total: found.total }
}

// What narrows may find three leads or all of them; both are quick: either all found are few enough to sort, or so many
// that a walk in order fills the page soon.
async function findRecords(
  db: Db,
  question: ListQuestion,
  cursor: { total: number; totalIsExact: boolean } | undefined,
): Promise<Found> {
  const from = 'records'
  const isNarrowed = question.search !== undefined || question.filter !== undefined
  if (isNarrowed && cursor?.totalIsExact !== false) {
    const { places, total } = await findPlaces(db, question)
    if (total <= TOTAL_LIMIT) return { places, total: cursor?.total ?? total, totalIsExact: true, from }
    return { places: await walkPlaces(db, question), ...capped(cursor?.total ?? total), from }
  }
  const [places, total] = await Promise.all([
    walkPlaces(db, question),
    cursor ? cursor.total : countLeads(db, question),
  ])
  return { places, ...(cursor ? { total, totalIsExact: cursor.totalIsExact } : capped(total)), from }
}

function capped(total: number): { total: number; totalIsExact: boolean } {
  return { total: Math.min(total, TOTAL_LIMIT), totalIsExact: total <= TOTAL_LIMIT }
}

function copyUnreachable(): Refusal {
  return new Refusal(
    'leads_unreachable',
    503,
    'So many leads are searched and filtered in ClickHouse, which cannot be reached right now. Until it is back, the list without search and filter works, sorted by last seen, created or e-mail.',
    { retryAfterSeconds: 5 },
  )
}
