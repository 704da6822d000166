// The list of leads: searched, filtered, sorted, page by page; and what its filters may offer.
import { checkCondition, postgresSql } from '../conditions/index.ts'
import type { Db } from '../platform/postgres.ts'
import type { listLeads as listEndpoint, listFacets as facetsEndpoint, Lead } from './contract.ts'
import type { QueryOf, ReplyOf } from '../lib/endpoint.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { factsOfWorkspace } from './filter.ts'
import { listColumns } from './list-columns.ts'
import { presentLead } from './presenter.ts'
import { readLeadRows } from './store.ts'
import { readActivity } from './store/detail.ts'
import {
  TOTAL_LIMIT,
  countLeads,
  findPlaces,
  readCustomFields,
  readFacets,
  walkPlaces,
} from './store/list.ts'
import type { ListPlace, ListQuestion } from './store/list.ts'

export type LeadQuestion = QueryOf<typeof listEndpoint>

/** One page of the leads that a question finds. The total is that of the first page; the cursor hands it on. */
export async function listLeads(
  db: Db,
  workspaceId: string,
  asked: LeadQuestion,
  now: Date,
): Promise<ReplyOf<typeof listEndpoint>> {
  const cursor = asked.cursor === undefined ? undefined : decodeCursor(asked.cursor, asked.sort, asked.order)
  const search = asked.search?.trim()
  const question: ListQuestion = {
    workspaceId,
    status: asked.status,
    audience: asked.audience,
    search: search !== undefined && search.length >= 2 ? search : undefined,
    filter: await filterOf(db, workspaceId, asked, now),
    sort: asked.sort,
    order: asked.order,
    after: cursor && { value: cursor.value, id: cursor.id },
    limit: asked.limit + 1,
  }
  const { places, total, totalIsExact } = await placesOf(db, question, cursor)
  const shown = places.slice(0, asked.limit)
  const last = shown.at(-1)
  const more = places.length > asked.limit && last
  return {
    items: await presentPlaces(db, shown),
    nextCursor: more
      ? encodeCursor({
          sort: asked.sort,
          order: asked.order,
          value: last.value,
          id: last.id,
          total,
          totalIsExact,
        })
      : null,
    total,
    totalIsExact,
  }
}

/** What the filters may offer in a workspace. */
export async function listFacets(db: Db, workspaceId: string): Promise<ReplyOf<typeof facetsEndpoint>> {
  const [found, customFields] = await Promise.all([
    readFacets(db, workspaceId),
    readCustomFields(db, workspaceId),
  ])
  return {
    tags: found.tags,
    sources: found.sources,
    countries: found.countries,
    customFields: customFields.map(({ key, label, type }) => ({ key, label, type })),
  }
}

/** The filter of a question as SQL over `leads l left join lead_activity a`; refused (400) where it asks for what is not there. */
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

interface Found {
  places: ListPlace[]
  total: number
  totalIsExact: boolean
}

// What narrows may find three leads or all of them; both are quick: either all found are few enough to sort, or so many
// that a walk in order fills the page soon.
async function placesOf(
  db: Db,
  question: ListQuestion,
  cursor: { total: number; totalIsExact: boolean } | undefined,
): Promise<Found> {
  const isNarrowed = question.search !== undefined || question.filter !== undefined
  if (isNarrowed && cursor?.totalIsExact !== false) {
    const { places, total } = await findPlaces(db, question)
    if (total <= TOTAL_LIMIT) return { places, total: cursor?.total ?? total, totalIsExact: true }
    return { places: await walkPlaces(db, question), ...capped(cursor?.total ?? total) }
  }
  const [places, total] = await Promise.all([
    walkPlaces(db, question),
    cursor ? cursor.total : countLeads(db, question),
  ])
  return { places, ...(cursor ? { total, totalIsExact: cursor.totalIsExact } : capped(total)) }
}

function capped(total: number): { total: number; totalIsExact: boolean } {
  return { total: Math.min(total, TOTAL_LIMIT), totalIsExact: total <= TOTAL_LIMIT }
}

async function presentPlaces(db: Db, places: ListPlace[]): Promise<Lead[]> {
  const ids = places.map((place) => place.id)
  const [leads, activity] = await Promise.all([readLeadRows(db, ids), readActivity(db, ids)])
  return ids.flatMap((id) => {
    const lead = leads.get(id)
    return lead ? [presentLead(lead, activity.get(id))] : []
  })
}
